"""`firmware-bridge probe`: which reader or board is at a port, and the settings for it."""

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from firmware_bridge.commands.asking import (
    BAUDS,
    FoundBoard,
    FoundReader,
    as_sold,
    board_at,
    reader_at,
    tell,
)
from firmware_bridge.commands.command import FAILED, OK, Command
from firmware_bridge.commands.numbers import span
from firmware_bridge.readers import READERS
from firmware_bridge.readers.listening import QUIET_S
from firmware_bridge.readers.reading import CardRead, Decoder
from firmware_bridge.serial_port import SerialPort
from kiosk.clock import Clock, Seconds, SystemClock

FRAME_S: Seconds = 0.2
"""What one kind takes for a card may be the beginning of another kind's frame."""


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("port", metavar="PORT", help="such as /dev/serial/by-id/…")
    parser.add_argument(
        "--seconds", type=span, default=20.0, metavar="S", help="how long to wait for a card"
    )


def _run(options: Namespace) -> int:
    found = asyncio.run(_probe(options.port, options.seconds, SystemClock()))
    if found is None:
        tell("Nothing was understood: is the device powered, and its TX on our RX?")
        return FAILED
    print(found.toml())
    return OK


async def _probe(port: str, card_s: Seconds, clock: Clock) -> FoundReader | FoundBoard | None:
    """Who answers is asked first; who only talks is listened to while a card is held."""
    return (
        await reader_at(port, clock)
        or await board_at(port, clock)
        or await _talker_at(port, card_s, clock)
    )


async def _talker_at(port: str, card_s: Seconds, clock: Clock) -> FoundReader | None:
    speeds = [baud for baud in BAUDS if any(_talkers_at(baud, port))]
    for baud in speeds:
        if (found := await _hears(port, baud, card_s / len(speeds), clock)) is not None:
            return found
    return None


def _talkers_at(baud: int, port: str) -> Iterator[FoundReader]:
    """Readers that only talk, at one speed, in each of their guises."""
    for kind in READERS.values():
        if not kind.greetings:
            for guise in kind.guises:
                settings = as_sold(kind, port, baud=baud, **guise.said)
                yield FoundReader(kind, settings, guise.untold)


async def _hears(path: str, baud: int, for_s: Seconds, clock: Clock) -> FoundReader | None:
    """Who reads a card; of several the first in the table, where the strictest stand first.

    Raises BridgeError when the port can not be used.
    """
    decoders = [(found, found.kind.decoder(found.settings)) for found in _talkers_at(baud, path)]
    readers: list[FoundReader] = []
    until_s = clock.monotonic() + for_s
    with SerialPort(path, baud) as port:
        tell(f"listening at {baud} baud: hold a card to the reader now")
        while (left_s := until_s - clock.monotonic()) > 0:
            data = await port.read(min(left_s, QUIET_S))
            reading = [found for found, decoder in decoders if _reads_card(decoder, data)]
            if reading and not readers:
                until_s = clock.monotonic() + FRAME_S
            readers += reading
    return next((found for found, _ in decoders if found in readers), None)


def _reads_card(decoder: Decoder, data: bytes) -> bool:
    readings = decoder.feed(data) if data else decoder.quiet()
    return any(isinstance(reading, CardRead) for reading in readings)


COMMAND = Command(
    "probe", "find out which reader is at a port, and print its settings", _add_arguments, _run
)
