"""`firmware-bridge record`: what is said on a line, into a file that only its owner may read."""

import asyncio
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TextIO, TypeAlias

from firmware_bridge.capture import HEADER, Captured, Direction, line_of
from firmware_bridge.commands.choosing import add_reader_arguments, chosen_reader
from firmware_bridge.commands.command import OK, Command
from firmware_bridge.commands.ending import until_ended
from firmware_bridge.commands.monitor import words_of
from firmware_bridge.commands.numbers import span
from firmware_bridge.osdpcap import osdpcap_line
from firmware_bridge.readers import kind_of
from firmware_bridge.readers.osdp import OsdpSettings
from firmware_bridge.readers.osdp_packet import OsdpDecoder, Packet
from firmware_bridge.readers.settings import ReaderSettings
from firmware_bridge.serial_port import SerialPort
from firmware_bridge.talk import Talk
from kiosk.clock import Seconds, SystemClock
from kiosk.errors import BridgeError

Write: TypeAlias = Callable[[Captured], None]


def _add_arguments(parser: ArgumentParser) -> None:
    add_reader_arguments(parser)
    parser.add_argument(
        "--output", "-o", type=Path, required=True, metavar="FILE", help="a new file"
    )
    parser.add_argument("--seconds", type=span, metavar="S", help="stop by itself; else at Ctrl+C")


def _run(options: Namespace) -> int:
    settings = chosen_reader(options)
    asyncio.run(until_ended(_record(settings, options.output, options.seconds)))
    return OK


def _new_file(path: Path) -> TextIO:
    """Never over another file, and for its owner alone from the start."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BridgeError(f"{path} can not be made: {error.strerror}") from error
    return os.fdopen(descriptor, "w", encoding="ascii")


def _text(file: TextIO, settings: ReaderSettings) -> Write:
    """A capture as text, with a head that says what was captured."""
    print(HEADER, f"# {kind_of(settings).name} {settings.baud} baud", sep="\n", file=file)

    def write(captured: Captured) -> None:
        print(line_of(captured), file=file, flush=True)

    return write


class _Osdpcap:
    """A capture as other tools for OSDP read it: a packet a line, however the port delivered it."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._began_at_ns = round(SystemClock().utc().timestamp() * 1e9)
        self._at_s: Seconds = 0.0
        self._decoders: dict[Direction, OsdpDecoder] = {
            "<": OsdpDecoder(partial(self._write, "<")),
            ">": OsdpDecoder(partial(self._write, ">")),
        }

    def hear(self, captured: Captured) -> None:
        self._at_s = captured.at_s
        if captured.direction == ">":  # whatever the reader had begun is not answered any more
            self._decoders["<"].quiet()
        self._decoders[captured.direction].feed(captured.data)

    def _write(self, direction: Direction, packet: Packet) -> None:
        captured = Captured(self._at_s, direction, packet.to_bytes())
        print(osdpcap_line(captured, self._began_at_ns), file=self._file, flush=True)


async def _record(settings: ReaderSettings, output: Path, for_s: Seconds | None) -> None:
    """The port first: one that is not to be had leaves no file behind."""
    with (
        SerialPort(settings.port, settings.baud) as port,
        _new_file(output) as file,
        suppress(TimeoutError),
    ):
        write = _Osdpcap(file).hear if isinstance(settings, OsdpSettings) else _text(file, settings)
        print(f"Recording into {output}: it will hold what is on cards.", file=sys.stderr)
        conversation = kind_of(settings).converse(settings)
        hear = Talk(
            port,
            conversation,
            SystemClock(),
            lambda reading: print(words_of(reading), file=sys.stderr),
            write,
        )
        async with asyncio.timeout(for_s):
            await hear.run()


COMMAND = Command("record", "record a serial line into a text file", _add_arguments, _run)
