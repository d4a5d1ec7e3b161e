"""NXP's PN532 on a serial line (its "high speed UART"), as a reader of ISO 14443-A cards.

NXP UM0701-02, the chip's user manual: 6.2 frames and dialogue, 7 commands. It is woken, told that
it has no SAM, and then asked again and again whether there is a card.
"""

from collections.abc import Mapping

from firmware_bridge.readers import iso14443a
from firmware_bridge.readers.greeting import Greeting
from firmware_bridge.readers.pn532_frames import (
    FROM_CHIP,
    NOISE,
    TO_CHIP,
    Code,
    Frame,
    Information,
    Pn532Scanner,
    Signal,
)
from firmware_bridge.readers.polling import (
    POLL_EVERY_S,
    Ask,
    Exchange,
    Listen,
    NoAnswer,
    Pause,
    Polling,
    Script,
)
from firmware_bridge.readers.reading import BadFrame, OtherFrame, Reading
from firmware_bridge.readers.settings import Baud, ReaderSettings
from kiosk.clock import Seconds

WAKE_UP = b"\x55\x55" + bytes(14)
"""7.2.11: it wakes at the fifth rising edge on its line; the zeros are the time that it takes."""

NO_SAM = b"\x01"
"""7.2.10, normal mode. A chip that has just got its power does little before it is told so."""

FEW_RETRIES = b"\x05\xff\x01\x01"
"""7.3.1, item 5, MxRtyPassiveActivation 1: a search without a card ends. As it is, it never does."""

FIELD_OFF = b"\x01\x00"
"""7.3.1, item 1. The next search turns it on again."""

ONE_TYPE_A = b"\x01\x00"
"""7.3.5: one card, at 106 kbit/s type A."""

PN532 = 0x32
ACK_S: Seconds = 0.06
"""6.2.2.1: 15 ms at most, and as much for the adapter on each way."""

ANSWER_S: Seconds = 0.1
"""A search takes some 10 ms for each try, a card with an ATS 20 ms more."""

REPEATS = 1

_RESPONSES: Mapping[int, str] = {
    Code.GET_FIRMWARE_VERSION: "its version",
    Code.SAM_CONFIGURATION: "the SAM is configured",
    Code.RF_CONFIGURATION: "the field is configured",
}


class Pn532HsuSettings(ReaderSettings, frozen=True, kw_only=True, tag="pn532_hsu"):
    """A PN532 whose switches or solder bridges select HSU."""

    baud: Baud = 115200


class Pn532Hsu:
    """What the chip sends, and what is sent to it where that is on the same line."""

    def __init__(self) -> None:
        self._scanner = Pn532Scanner()

    def feed(self, data: bytes) -> list[Reading]:
        return [_reading_of(frame) for frame in self._scanner.feed(data)]

    def quiet(self) -> list[Reading]:
        return [_reading_of(frame) for frame in self._scanner.quiet()]


GREETING = Greeting(WAKE_UP + Information(TO_CHIP, bytes([Code.GET_FIRMWARE_VERSION])).to_bytes())
"""It is acknowledged even by a chip that slept."""


def decoder(_: Pn532HsuSettings) -> Pn532Hsu:
    """What the chip says, whoever asked it."""
    return Pn532Hsu()


def converse(settings: Pn532HsuSettings) -> Polling[Frame]:
    """A new connection with the chip."""
    return Polling(Pn532Scanner(), _script, settings.removed_after_s)


def _script() -> Script[Frame]:
    yield from _command(Code.SAM_CONFIGURATION, NO_SAM, before=WAKE_UP)
    version = yield from _command(Code.GET_FIRMWARE_VERSION)
    if version[:1] != bytes([PN532]):
        raise NoAnswer("another chip")
    yield from _command(Code.RF_CONFIGURATION, FEW_RETRIES)
    while True:
        found = yield from _command(Code.IN_LIST_PASSIVE_TARGET, ONE_TYPE_A)
        card = _card_in(found)
        if card is not None:
            yield card
            # A card that was selected may keep quiet until it loses its power
            # (ISO 14443-3, 6.3): each search begins with a card that has just come.
            yield from _command(Code.RF_CONFIGURATION, FIELD_OFF)
        yield Pause(POLL_EVERY_S)


def _command(code: Code, parameters: bytes = b"", before: bytes = b"") -> Exchange[Frame]:
    """A command, its acknowledgement and its response (6.2.2); returns what follows its code."""
    command = before + Information(TO_CHIP, bytes([code]) + parameters).to_bytes()
    heard = yield Ask(command, ACK_S)
    acknowledged, repeats = False, REPEATS
    while True:
        match heard:
            case Information(identifier, data) if identifier == FROM_CHIP and data[0] == code + 1:
                return data[1:]
            case Signal.ERROR:
                raise NoAnswer("an error")
            case Signal.ACK if not acknowledged:
                acknowledged = True
                heard = yield Listen(ANSWER_S)
            case BadFrame() | None if heard != NOISE:
                if not repeats:
                    raise NoAnswer("nothing that can be understood")
                repeats -= 1
                # What the chip has received is not to be done twice.
                nak = Ask(Signal.NAK.to_bytes(), ANSWER_S)
                heard = yield nak if acknowledged else Ask(command, ACK_S)
            case _:
                heard = yield Listen()


def _reading_of(frame: Frame | BadFrame) -> Reading:
    match frame:
        case BadFrame():
            return frame
        case Signal():
            return OtherFrame(frame.name)
        case Information(identifier, data) if identifier != FROM_CHIP:
            return OtherFrame(f"the command {data[0]:02X}")
        case Information(_, data) if data[0] == Code.IN_LIST_PASSIVE_TARGET + 1:
            return _card_in(data[1:]) or OtherFrame("no card")
        case Information(_, data):
            return OtherFrame(_RESPONSES.get(data[0] - 1, f"the response {data[0]:02X}"))


def _card_in(found: bytes) -> Reading | None:
    """What a search found (7.3.5): how many, number, SENS_RES, SEL_RES, length, UID, and an ATS."""
    if found[:1] == b"\x00":
        return None
    length, number = found[5:6], found[6:]
    uid, ats = number[: sum(length)], number[sum(length) :]
    # An 8-bit checksum lets some disturbances pass; the ATS begins with its own length.
    if len(uid) != sum(length) or (ats and ats[0] != len(ats)):
        return BadFrame("a card's answer of the wrong length")
    return iso14443a.reading_of(uid)
