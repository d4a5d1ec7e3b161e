"""`firmware-bridge probe`: which reader is at a port, and the settings for it."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from firmware_bridge.commands.command import FAILED, OK, Command
from firmware_bridge.readers import READERS, ReaderKind
from firmware_bridge.readers.reading import BadFrame, CardRead, Decoder, Reading
from firmware_bridge.readers.settings import ReaderSettings
from firmware_bridge.serial_port import SerialPort
from kiosk.clock import Clock, Seconds, SystemClock

BAUDS = (9600, 115200, 19200, 38400, 57600)
ANSWER_S: Seconds = 0.4
"""Ten times what the slowest reader that is asked takes, and it is asked at each speed."""

FRAME_S: Seconds = 0.2
"""What one kind takes for a card may be the beginning of another kind's frame."""


@dataclass(frozen=True, slots=True)
class Found:
    """A kind of reader that was understood at a speed."""

    kind: ReaderKind
    settings: ReaderSettings

    def toml(self) -> str:
        """The reader's part of bridge.toml."""
        lines = ["[[reader]]", f'name = "{self.settings.name}"', f'kind = "{self.kind.name}"']
        lines.append(f'port = "{self.settings.port}"')
        if self.settings.baud != _default_baud(self.kind):
            lines.append(f"baud = {self.settings.baud}")
        return "\n".join(lines)


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("port", metavar="PORT", help="such as /dev/serial/by-id/…")
    parser.add_argument(
        "--seconds", type=float, default=20.0, metavar="S", help="how long to wait for a card"
    )


def _run(options: Namespace) -> int:
    found = asyncio.run(_probe(options.port, options.seconds, SystemClock()))
    if found is None:
        _tell("Nothing was understood: is the reader powered, and its TX on our RX?")
        return FAILED
    print(found.toml())
    return OK


async def _probe(port: str, card_s: Seconds, clock: Clock) -> Found | None:
    """Who answers is asked first; who only talks is listened to while a card is held."""
    for kind in READERS.values():
        for settings in _at_each_speed(kind, port) if kind.greeting else ():
            _tell(f"asking for {kind.name} at {settings.baud} baud")
            if await _answers(kind, settings, clock):
                return Found(kind, settings)
    speeds = [baud for baud in BAUDS if any(_talkers_at(baud, port))]
    for baud in speeds:
        if (found := await _hears(port, baud, card_s / len(speeds), clock)) is not None:
            return found
    return None


def _at_each_speed(kind: ReaderKind, port: str) -> Iterator[ReaderSettings]:
    own = _default_baud(kind)
    for baud in (own, *(baud for baud in BAUDS if baud != own)):
        yield kind.settings(name="front", port=port, baud=baud)


def _talkers_at(baud: int, port: str) -> Iterator[Found]:
    """Readers that only talk, at one speed."""
    for kind in READERS.values():
        if not kind.greeting:
            yield Found(kind, kind.settings(name="front", port=port, baud=baud))


async def _answers(kind: ReaderKind, settings: ReaderSettings, clock: Clock) -> bool:
    """Whether a sound frame comes back. Raises BridgeError when the port can not be used."""
    heard = b""
    until_s = clock.monotonic() + ANSWER_S
    with SerialPort(settings.port, settings.baud) as port:
        port.write(kind.greeting)
        while (left_s := until_s - clock.monotonic()) > 0:
            heard += await port.read(left_s)
            # What an adapter gives back of our own words is no answer.
            readings = kind.decoder(settings).feed(heard.removeprefix(kind.greeting))
            if not kind.greeting.startswith(heard) and any(map(_is_sound, readings)):
                return True
    return False


async def _hears(path: str, baud: int, for_s: Seconds, clock: Clock) -> Found | None:
    """Who reads a card; of several the first in the table, where the strictest stand first.

    Raises BridgeError when the port can not be used.
    """
    decoders = [(found, found.kind.decoder(found.settings)) for found in _talkers_at(baud, path)]
    readers: list[Found] = []
    until_s = clock.monotonic() + for_s
    with SerialPort(path, baud) as port:
        _tell(f"listening at {baud} baud: hold a card to the reader now")
        while (left_s := until_s - clock.monotonic()) > 0:
            data = await port.read(min(left_s, ANSWER_S))
            reading = [found for found, decoder in decoders if _reads_card(decoder, data)]
            if reading and not readers:
                until_s = clock.monotonic() + FRAME_S
            readers += reading
    return next((found for found, _ in decoders if found in readers), None)


def _reads_card(decoder: Decoder, data: bytes) -> bool:
    readings = decoder.feed(data) if data else decoder.quiet()
    return any(isinstance(reading, CardRead) for reading in readings)


def _is_sound(reading: Reading) -> bool:
    return not isinstance(reading, BadFrame)


def _default_baud(kind: ReaderKind) -> int:
    """What it is sold with."""
    said = {"kind": kind.name, "name": "front", "port": "/"}
    return msgspec.convert(said, kind.settings).baud


def _tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


COMMAND = Command(
    "probe", "find out which reader is at a port, and print its settings", _add_arguments, _run
)
