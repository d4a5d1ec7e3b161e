"""Elatec TWN4 readers whose firmware speaks the Simple Protocol: asked for a card again and again.

Elatec, TWN4 Simple Protocol, document revision 17: 1.2 what begins a response, 1.5.4.1 SearchTag.
The types of cards are those of Elatec's twn4.sys.h.
"""

from collections.abc import Mapping
from functools import partial
from typing import Annotated

from msgspec import Meta

from firmware_bridge.readers import iso14443a
from firmware_bridge.readers.greeting import Greeting
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
from firmware_bridge.readers.reading import BadFrame, CardRead, OtherFrame, Reading
from firmware_bridge.readers.settings import Baud, ReaderSettings
from firmware_bridge.readers.twn4_frames import END, Twn4Line, Twn4Scanner
from kiosk.clock import Seconds
from kiosk.wire.secret import Secret

GET_USB_TYPE = b"\x00\x05"
"""Nothing that matters: any TWN4 answers it at once, whatever cards it looks for."""

LONGEST_ID_BYTES = 16
SEARCH_TAG = b"\x05\x00" + bytes([LONGEST_ID_BYTES])

ANSWER_S: Seconds = 0.5
"""A reader that looks for every type of card takes this long at most."""

REPEATS = 1

EM4102 = 0x40
ISO14443A = 0x80

ERRORS: Mapping[int, str] = {
    1: "unknown function",
    2: "missing parameter",
    3: "unused parameters",
    4: "invalid function",
    5: "parser error",
}
"""1.2: what the first byte of a response says when it is not 0."""


class Twn4Settings(ReaderSettings, frozen=True, kw_only=True, tag="twn4"):
    """A TWN4 on USB, where the speed does not matter, or on RS-232."""

    baud: Baud = 9600
    removed_after_s: Annotated[Seconds, Meta(ge=0.1, le=5)] = 0.8
    """It looks for one type of card after the other, and so sees each one less often."""
    crc: bool = False
    """Whether its firmware was configured to add a CRC, and to want one."""


class Twn4:
    """What the reader sends; a request on the same line is told from a response by luck alone."""

    def __init__(self, settings: Twn4Settings) -> None:
        self._scanner = Twn4Scanner(crc=settings.crc)

    def feed(self, data: bytes) -> list[Reading]:
        return [_reading_of(line) for line in self._scanner.feed(data)]

    def quiet(self) -> list[Reading]:
        return [_reading_of(line) for line in self._scanner.quiet()]


GREETINGS = tuple(
    Greeting(END + Twn4Line(GET_USB_TYPE).to_bytes(crc=crc), {"crc": crc}) for crc in (True, False)
)
"""With a CRC first: who wants one may answer the other with an error, whose CRC passes for data."""


def converse(settings: Twn4Settings) -> Polling[Twn4Line]:
    """A new connection with the reader."""
    return Polling(
        Twn4Scanner(crc=settings.crc),
        partial(_script, crc=settings.crc),
        settings.removed_after_s,
        suspects="`kind`, `baud` and `crc`",
    )


def _script(*, crc: bool) -> Script[Twn4Line]:
    yield from _request(GET_USB_TYPE, crc=crc)
    while True:
        response = yield from _request(SEARCH_TAG, crc=crc)
        reading = _reading_of(Twn4Line(response))
        if not isinstance(reading, OtherFrame):
            yield reading
        yield Pause(POLL_EVERY_S)


def _request(request: bytes, *, crc: bool) -> Exchange[Twn4Line]:
    """A request and its response; asked again when that was damaged, for it does no harm."""
    line = Twn4Line(request).to_bytes(crc=crc)
    # Whatever stands half in the reader's buffer ends before the request begins.
    afresh = END + line
    heard = yield Ask(afresh if request == GET_USB_TYPE else line, ANSWER_S)
    repeats = REPEATS
    while True:
        match heard:
            case Twn4Line(data) if data[0] == 0:
                return data
            case Twn4Line():
                # An error: about what stood in the buffer, or there will be no other response.
                heard = yield Listen()
            case _ if repeats:
                repeats -= 1
                heard = yield Ask(afresh, ANSWER_S)
            case _:
                raise NoAnswer("nothing that can be understood")


def _reading_of(line: Twn4Line | BadFrame) -> Reading:
    match line:
        case BadFrame():
            return line
        case Twn4Line(data) if data[0]:
            return OtherFrame(ERRORS.get(data[0], "an error"))
        case Twn4Line(data) if data[1:] == b"\x00":
            return OtherFrame("no card")
        case Twn4Line(data) if data[1:2] == b"\x01" and len(data) > 2:
            return _card_in(*data[2:5].ljust(3, b"\x00"), number=data[5:])
        case _:
            return OtherFrame("a response")


def _card_in(kind: int, bits: int, length: int, *, number: bytes) -> Reading:
    """1.5.4.1: type of card, how many bits, how many bytes, and those."""
    if len(number) != length or length != (bits + 7) // 8 or not number:
        return BadFrame("a card's number of the wrong length")
    if kind == ISO14443A:
        return iso14443a.reading_of(number)
    # In the order of the 10 characters that other readers write: a published 3D00C000D4 has
    # 12583124, hexadecimal C000D4, printed on it.
    technology = "em4100" if kind == EM4102 and bits == 40 else f"twn4_{kind:02x}"
    rest = f"-{bits}" if bits % 8 else ""
    return CardRead(technology, "identifier", Secret(number.hex().upper() + rest))
