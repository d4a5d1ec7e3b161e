"""One serial line, fed by hand: what kiosk-core is told of its bytes and silences."""

import tracemalloc

from firmware_bridge.flood import BURST, CALM_S
from firmware_bridge.line import FLOOD, POWER, Line
from firmware_bridge.presence import UNREADABLE_AFTER_S
from firmware_bridge.readers.em4100_ascii import Em4100Ascii, Em4100Bare, Em4100Frame
from firmware_bridge.readers.line_profile import LineSettings, converse
from firmware_bridge.readers.listening import NONSENSE, QUIET_S, Listening
from firmware_bridge.readers.reading import CaseSeen, Decoder, OtherFrame, PowerSeen, Reading
from kiosk.clock import Seconds
from kiosk.wire.devices import (
    CardPresented,
    CardRemoved,
    CardUnreadable,
    Indication,
    ReaderStatus,
    Tamper,
)
from tests.bridge.frames import GOOD, A, rdm6300

DIGITS = next(iter(GOOD.values()))
FRAME = rdm6300(DIGITS)


def line(decoder: Decoder | None = None) -> Line:
    return Line("door", Listening(decoder or Em4100Ascii()), 0.3)


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


def test_a_card_that_silence_completes_is_stamped_with_the_moment_of_its_last_byte() -> None:
    swipes = LineSettings(name="door", port="/dev/null", profile="magstripe")
    door = Line("door", converse(swipes), 0.3)
    door.feed(b"%5452300551227189", 0.98)
    door.feed(b"^2512?", 1.0)
    (shown,) = door.tick(1.0 + QUIET_S)
    assert isinstance(shown, CardPresented)
    assert shown.last_byte_at_s == 1.0
    assert door.tick(1.0 + QUIET_S + 0.29) == []


def test_a_card_that_its_track_completes_is_told_before_silence_and_once() -> None:
    swipes = LineSettings(name="door", port="/dev/null", profile="magstripe")
    door = Line("door", converse(swipes), 0.3)
    assert door.feed(b"%5452300551227189^2512?", 0.98) == []
    (shown,) = door.feed(b";5452300551227189=2512?", 1.0)
    assert isinstance(shown, CardPresented)
    assert shown.last_byte_at_s == 1.0
    assert door.feed(b"+E?", 1.01) + door.tick(1.01 + QUIET_S) == []
    assert door.tick(1.29) == []
    assert door.tick(1.31) == [CardRemoved("door")]


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


def test_a_reader_that_shows_more_cards_than_people_can_hold_is_believed_no_more_for_a_while() -> (
    None
):
    door = line()
    cards = [Em4100Frame(number.to_bytes(5)).to_bytes() for number in range(BURST + 10)]
    shown = [said for card in cards for said in door.feed(card, 1.0)]
    assert len(shown) == BURST
    assert door.status(1.0) == ReaderStatus("door", up=False, reason=FLOOD)
    assert not door.is_cut_off(1.0)
    assert door.next_deadline() is not None
    door.tick(1.0 + CALM_S)
    assert door.status(1.0 + CALM_S) == ReaderStatus("door", up=True)
    assert door.next_deadline() is None


def test_a_card_that_is_held_when_a_flood_ends_is_presented() -> None:
    door = line()
    for number in range(BURST + 10):
        door.feed(Em4100Frame(number.to_bytes(5)).to_bytes(), 1.0)
    assert door.feed(FRAME, 1.0) == []
    moments = [1.0 + 0.06 * n for n in range(1, 60)]
    said = [(now, message) for now in moments for message in door.feed(FRAME, now)]
    assert [message for _, message in said if isinstance(message, CardPresented)] == [
        presented(said[0][0])
    ]
    assert door.status(moments[-1]).up


def test_a_line_that_is_never_silent_is_held_in_bounded_memory() -> None:
    door = line()
    tracemalloc.start()
    try:
        for number in range(6000):
            door.feed(Em4100Frame(number.to_bytes(5)).to_bytes(), number / 1000)
            if number == 1000:
                before_bytes, _ = tracemalloc.get_traced_memory()
        after_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after_bytes - before_bytes < 20_000


def test_on_a_line_that_is_never_silent_a_card_is_taken_away_and_a_fault_is_told() -> None:
    door = line()
    said = door.feed(FRAME, 0.0)
    for hundredth in range(1, 100):
        said += door.feed(FRAME[:3], hundredth / 100)
    assert [type(message) for message in said] == [CardPresented, CardRemoved, CardUnreadable]


def test_a_card_whose_frame_was_begun_when_a_stopped_program_goes_on_was_there_all_along() -> None:
    door = line()
    door.feed(FRAME, 0.0)
    assert door.feed(FRAME[:6], 5.0) == []
    assert door.feed(FRAME[6:], 5.01) == []


def test_a_thousand_cards_a_minute_are_no_flood() -> None:
    door = line()
    for number in range(1000):
        now = number * 0.06
        door.tick(now)
        assert any(
            isinstance(said, CardPresented)
            for said in door.feed(Em4100Frame(number.to_bytes(5)).to_bytes(), now)
        )
        assert door.status(now).up


def test_nothing_is_due_after_a_device_that_talked_nonsense_fell_silent() -> None:
    door = line()
    for tenth in range(130):
        door.feed(b"$GPGGA,not a card", tenth / 10)
    assert not door.status(12.9).up
    for _ in range(4):
        door.tick(door.next_deadline() or 20.0)
    assert door.next_deadline() is None
    assert door.status(20.0).up


class Watched:
    """A conversation that says what a test wants of the reader's case and power."""

    def __init__(self) -> None:
        self.next: list[Reading] = []
        self.why: str | None = None
        self.closed = False

    def feed(self, data: bytes, now: Seconds) -> list[Reading]:
        return self.next

    def tick(self, now: Seconds) -> list[Reading]:
        return []

    def to_send(self) -> bytes:
        return b""

    def next_deadline(self) -> Seconds | None:
        return None

    def fault(self, now: Seconds) -> str | None:
        return self.why

    def indicate(self, indication: Indication) -> None:
        return None

    def close(self) -> None:
        self.closed = True


def test_a_reader_whose_case_is_opened_is_tampered_with() -> None:
    watched = Watched()
    door = Line("door", watched, 0.3)
    watched.next = [CaseSeen(is_open=True), OtherFrame("poll")]
    assert door.feed(b"x", 1.0) == [Tamper("door", "case_open", active=True)]
    watched.next = [CaseSeen(is_open=False)]
    assert door.feed(b"x", 2.0) == [Tamper("door", "case_open", active=False)]


def test_a_reader_whose_power_fails_is_down_until_it_is_back() -> None:
    watched = Watched()
    door = Line("door", watched, 0.3)
    watched.next = [PowerSeen(fails=True)]
    assert door.feed(b"x", 1.0) == []
    assert door.status(1.0) == ReaderStatus("door", up=False, reason=POWER)
    assert not door.is_cut_off(1.0)
    watched.next = [PowerSeen(fails=False)]
    door.feed(b"x", 2.0)
    assert door.status(2.0).up


def test_a_fault_of_the_conversation_is_the_fault_of_the_reader() -> None:
    watched = Watched()
    door = Line("door", watched, 0.3)
    watched.why = "does not answer"
    assert door.status(1.0) == ReaderStatus("door", up=False, reason="does not answer")
    assert door.is_cut_off(1.0)
    door.lost()
    assert watched.closed
