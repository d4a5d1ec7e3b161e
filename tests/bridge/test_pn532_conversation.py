"""The conversation with a PN532, over lines that do their job more or less."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.readers.pn532_frames import (
    TO_CHIP,
    Code,
    Frame,
    Information,
    Pn532Scanner,
    Signal,
)
from firmware_bridge.readers.pn532_hsu import WAKE_UP, Pn532HsuSettings, converse
from firmware_bridge.readers.polling import GARBLED, NOT_YET, SILENT
from firmware_bridge.readers.reading import BadFrame
from firmware_bridge.simulators.pn532 import SimulatedPn532
from kiosk.wire.devices import CardPresented, CardRemoved, CardUnreadable
from tests.bridge.pn532 import CARD, UID7, UID10, listed, response
from tests.bridge.scenario import WIRES, Scene, Wire


def scene(wire: str = "whole", device: SimulatedPn532 | None = None) -> Scene:
    settings = Pn532HsuSettings(name="door", port="/dev/x")
    return Scene(converse(settings), device or SimulatedPn532(), WIRES[wire])


def sent(door: Scene) -> list[Frame | BadFrame]:
    scanner = Pn532Scanner()
    return [
        frame for data in door.sent for frame in scanner.feed(data) if frame != BadFrame("noise")
    ]


def test_it_wakes_the_chip_sets_it_up_and_then_searches_about_every_sixty_milliseconds() -> None:
    door = scene()
    assert door.fault == NOT_YET
    door.run(1.0)
    assert door.fault is None
    assert door.sent[0] == WAKE_UP + bytes.fromhex("0000FF03FDD414011700")
    search = Information(TO_CHIP, b"\x4a\x01\x00")
    assert sent(door)[:4] == [
        Information(TO_CHIP, b"\x14\x01"),
        Information(TO_CHIP, b"\x02"),
        Information(TO_CHIP, b"\x32\x05\xff\x01\x01"),
        search,
    ]
    assert set(door.sent[4:]) == {search.to_bytes()}
    assert 11 <= len(door.sent) - 3 <= 17


@pytest.mark.parametrize("uid", [CARD, UID7, UID10])
@pytest.mark.parametrize("wire", WIRES)
def test_a_card_is_presented_once_and_then_removed(wire: str, uid: str) -> None:
    door = scene(wire)
    door.run(1.0)
    door.do("hold", uid, "1.0")
    door.run(2.0)
    presented = door.presented()
    assert set(presented) == {uid}
    assert isinstance(door.said[-1], CardRemoved)
    assert door.fault is None
    if wire != "lossy":
        assert len(presented) == 1
        assert len(door.said) == 2


def test_a_card_is_told_within_a_tenth_of_a_second() -> None:
    door = scene()
    for tenth in range(10):
        door.run(1.0 + tenth * 0.007)
        began_s = door.now
        door.do("hold", CARD, "0.2")
        (shown, _) = door.run(1.0)
        assert isinstance(shown, CardPresented)
        assert shown.last_byte_at_s - began_s < 0.1


def test_the_field_is_turned_off_after_a_card_so_that_it_answers_the_next_search() -> None:
    door = scene()
    door.run(0.5)
    assert Information(TO_CHIP, b"\x32\x01\x00") not in sent(door)
    door.do("hold", CARD)
    door.run(0.2)
    assert Information(TO_CHIP, b"\x32\x01\x00") in sent(door)


class Damaging(SimulatedPn532):
    """Its next answer with a card has a wrong bit on the line, or is cut off there."""

    def __init__(self, keeps_bytes: int | None) -> None:
        super().__init__()
        self._keeps_bytes = keeps_bytes
        self.damaged = 0

    def to_send(self) -> bytes:
        sends = super().to_send()
        if b"\xd5\x4b\x01" not in sends or self.damaged:
            return sends
        self.damaged += 1
        wrong = sends.replace(b"\x9e\xb3", b"\x9e\xb2")
        return wrong if self._keeps_bytes is None else sends[: self._keeps_bytes]


@pytest.mark.parametrize("keeps_bytes", [None, 0, 9])
def test_a_damaged_answer_is_asked_for_again_and_the_search_is_not(keeps_bytes: int | None) -> None:
    chip = Damaging(keeps_bytes)
    door = scene(device=chip)
    door.run(0.5)
    searches = len(door.sent)
    chip.obey(["hold", CARD], door.now)
    door.run(0.2)
    assert chip.damaged == 1
    assert door.presented() == [CARD]
    after = sent(door)[searches:]
    search = Information(TO_CHIP, b"\x4a\x01\x00")
    assert after[after.index(Signal.NAK) - 1] == search
    assert after[after.index(Signal.NAK) + 1] == Information(TO_CHIP, b"\x32\x01\x00")


class Noisy(SimulatedPn532):
    """There are wrong bytes before each of its frames."""

    def to_send(self) -> bytes:
        sends = super().to_send()
        return b"\x12\x34" + sends if sends else b""


class Slow(SimulatedPn532):
    """It needs this long for each command after it has acknowledged it."""

    TAKES_S = 0.07

    def __init__(self) -> None:
        super().__init__()
        self._waits: list[tuple[float, bytes]] = []
        self._now = 0.0

    def tick(self, now: float) -> None:
        super().tick(now)
        self._now = now

    def to_send(self) -> bytes:
        sends = super().to_send()
        if sends and sends != Signal.ACK.to_bytes():
            self._waits.append((self._now + self.TAKES_S, sends))
            return b""
        if self._waits and self._now >= self._waits[0][0]:
            return self._waits.pop(0)[1]
        return sends


@pytest.mark.parametrize("chip", [Noisy, Slow])
def test_neither_noise_nor_time_makes_it_ask_twice(chip: type[SimulatedPn532]) -> None:
    door = scene(device=chip())
    door.run(2.0)
    assert door.fault is None
    assert Signal.NAK not in sent(door)
    assert len(door.sent) == len(set(door.sent[:3])) + door.sent.count(door.sent[3])


def test_a_chip_that_refuses_is_set_up_again_at_once() -> None:
    door = scene()
    door.run(0.5)
    before = len(door.sent)
    door.device = SimulatedPn532()
    door.device.feed(WAKE_UP, door.now)
    door.run(0.15)
    search, set_up, *_ = door.sent[before:]
    assert search == Information(TO_CHIP, b"\x4a\x01\x00").to_bytes()
    assert set_up == door.sent[0]


def test_a_card_with_a_number_of_its_own_each_time_is_unreadable() -> None:
    door = scene()
    door.run(0.5)
    door.do("hold", "08A1B2C3", "0.5")
    said = door.run(1.0)
    reason = "a card that has another number each time, and so identifies nobody"
    assert said == [CardUnreadable("door", reason)]


def test_a_chip_that_lost_its_power_is_set_up_again_and_the_held_card_stays() -> None:
    door = scene()
    door.run(0.5)
    door.do("hold", CARD)
    door.run(0.5)
    door.device = SimulatedPn532()
    door.do("hold", CARD)
    door.run(1.0)
    assert door.fault is None
    assert door.presented() == [CARD]
    assert door.sent.count(door.sent[0]) == 2


def test_a_chip_without_power_is_a_fault_until_it_is_back() -> None:
    door = scene()
    door.run(0.5)
    door.do("hold", CARD)
    door.run(0.5)
    door.device = None
    said = door.run(2.0)
    assert said == [CardRemoved("door")]
    assert door.fault == SILENT.format(suspects="`kind` and `baud`")
    door.run(60.0)
    door.device = SimulatedPn532()
    door.do("hold", CARD)
    door.run(0.6)
    assert door.fault is None
    assert door.presented() == [CARD, CARD]


class Chatter:
    """A device of another kind, which says `words` whatever it is asked."""

    def __init__(self, words: bytes) -> None:
        self._words = words
        self._asked = False

    def feed(self, data: bytes, now: float) -> None:
        self._asked = self._asked or bool(data)

    def tick(self, now: float) -> None:
        """It has no clock."""

    def to_send(self) -> bytes:
        asked, self._asked = self._asked, False
        return self._words if asked else b""

    def next_deadline(self) -> None:
        return None

    def obey(self, words: object, now: float) -> None:
        """There is nothing to do at it."""


@pytest.mark.parametrize(
    "words",
    [
        b"05\r",
        b"$GPGGA,120000,5100.0,N,00000.0,W*00\r\n",
        Signal.ACK.to_bytes(),
        Signal.ERROR.to_bytes(),
        WAKE_UP + Information(TO_CHIP, b"\x14\x01").to_bytes(),
        Signal.ACK.to_bytes()
        + response(Code.SAM_CONFIGURATION, "")
        + response(Code.GET_FIRMWARE_VERSION, "33010607")
        + response(Code.RF_CONFIGURATION, "")
        + listed(CARD),
    ],
    ids=["TWN4", "NMEA", "acknowledges all", "refuses all", "echo", "another chip"],
)
def test_another_device_is_said_to_be_one_and_never_shows_a_card(words: bytes) -> None:
    door = scene()
    door.device = Chatter(words)
    said = door.run(3.0)
    assert door.fault == GARBLED.format(suspects="`kind` and `baud`")
    assert said == []


def test_only_one_command_is_under_way_whatever_the_line_says() -> None:
    door = scene("lossy")
    door.run(0.3)
    door.do("hold", CARD)
    for _ in range(300):
        door.run(0.01)
        assert len(sent(door)) >= 1
    assert all(len(data) < 40 for data in door.sent)


@given(st.lists(st.binary(max_size=64), max_size=30))
def test_no_answer_makes_it_stumble(answers: list[bytes]) -> None:
    door = scene()
    for answer in answers:
        door.device = Chatter(answer)
        door.run(0.12)
    door.device = SimulatedPn532()
    door.run(1.5)
    assert door.fault is None


def test_wires_differ() -> None:
    wires: list[Wire] = [make() for make in WIRES.values()]
    carried = [b"".join(wire.carry(bytes(9)) for _ in range(40)) for wire in wires]
    assert len(set(carried)) == len(carried)
