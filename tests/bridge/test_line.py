"""One serial line, fed by hand: what kiosk-core is told of its bytes and silences."""

from firmware_bridge.line import NONSENSE, QUIET_S, Line
from firmware_bridge.presence import UNREADABLE_AFTER_S
from firmware_bridge.readers.em4100_ascii import Em4100Ascii, Em4100Bare
from firmware_bridge.readers.reading import Decoder
from kiosk.wire.messages import CardPresented, CardRemoved, CardUnreadable, ReaderStatus
from tests.bridge.frames import GOOD, A, rdm6300

DIGITS = next(iter(GOOD.values()))
FRAME = rdm6300(DIGITS)


def line(decoder: Decoder | None = None) -> Line:
    return Line("door", decoder or Em4100Ascii(), 0.3)


def presented(at_s: float) -> CardPresented:
    return CardPresented("door", A.technology, A.assurance, A.credential, at_s)


def test_a_frame_is_a_presentation_stamped_with_the_moment_it_was_read() -> None:
    door = line()
    assert door.feed(FRAME[:6], 1.0) == []
    assert door.feed(FRAME[6:], 1.01) == [presented(1.01)]


def test_half_a_frame_and_then_silence_is_unreadable() -> None:
    door = line()
    assert door.feed(FRAME[:6], 0.0) == []
    assert door.tick(QUIET_S) == []
    assert door.next_deadline() == QUIET_S + UNREADABLE_AFTER_S
    assert door.tick(QUIET_S + UNREADABLE_AFTER_S) == [CardUnreadable("door", "half a frame")]
    assert door.next_deadline() is None


def test_bytes_that_wait_when_the_program_wakes_late_still_belong_to_their_frame() -> None:
    door = line(Em4100Bare())
    assert door.feed(DIGITS[:5], 0.0) == []
    assert door.feed(DIGITS[5:], 0.5) == [presented(0.5)]


def test_silence_separates_frames_that_have_nothing_around_them() -> None:
    door = line(Em4100Bare())
    door.feed(DIGITS[:5], 0.0)
    door.tick(QUIET_S)
    assert door.feed(DIGITS, 0.06) == [presented(0.06)]


def test_a_lost_reader_takes_its_card_with_it() -> None:
    door = line()
    door.feed(FRAME, 0.0)
    assert door.lost() == [CardRemoved("door")]


def test_a_device_that_sends_anything_but_cards_is_said_to_be_no_reader_until_it_shows_one() -> (
    None
):
    door = line()
    for second in range(12):
        door.feed(b"$GPGGA,120000,5100.0,N,00000.0,W*00\r\n", float(second))
        door.tick(second + 0.5)
    assert door.status(11.5) == ReaderStatus("door", up=False, reason=NONSENSE)
    door.feed(FRAME, 11.6)
    assert door.status(11.6) == ReaderStatus("door", up=True)


def test_the_line_asks_to_be_looked_at_when_silence_makes_it_usable_again() -> None:
    door = line()
    for second in range(12):
        door.feed(bytes(70), float(second))
        door.tick(second + 0.5)
    due_s = door.next_deadline()
    assert due_s is not None
    assert door.status(due_s) == ReaderStatus("door", up=True)
