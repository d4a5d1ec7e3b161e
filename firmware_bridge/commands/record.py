"""`firmware-bridge record`: what is said on a line, into a file that only its owner may read."""

import asyncio
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from firmware_bridge.capture import HEADER, Captured, line_of
from firmware_bridge.commands.choosing import add_reader_arguments, chosen_reader
from firmware_bridge.commands.command import OK, Command
from firmware_bridge.commands.ending import until_ended
from firmware_bridge.commands.monitor import words_of
from firmware_bridge.readers import kind_of
from firmware_bridge.readers.settings import ReaderSettings
from firmware_bridge.serial_port import SerialPort
from firmware_bridge.talk import Talk
from kiosk.clock import Seconds, SystemClock
from kiosk.errors import BridgeError


def _add_arguments(parser: ArgumentParser) -> None:
    add_reader_arguments(parser)
    parser.add_argument(
        "--output", "-o", type=Path, required=True, metavar="FILE", help="a new file"
    )
    parser.add_argument("--seconds", type=float, metavar="S", help="stop by itself; else at Ctrl+C")


def _run(options: Namespace) -> int:
    settings = chosen_reader(options)
    with _new_file(options.output) as file:
        print(HEADER, f"# {kind_of(settings).name} {settings.baud} baud", sep="\n", file=file)
        print(f"Recording into {options.output}: it will hold what is on cards.", file=sys.stderr)
        asyncio.run(until_ended(_record(settings, _writer(file), options.seconds)))
    return OK


def _new_file(path: Path) -> TextIO:
    """Never over another file, and for its owner alone from the start."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BridgeError(f"{path} can not be made: {error.strerror}") from error
    return os.fdopen(descriptor, "w", encoding="ascii")


def _writer(file: TextIO) -> Callable[[Captured], None]:
    def write(captured: Captured) -> None:
        print(line_of(captured), file=file, flush=True)

    return write


async def _record(
    settings: ReaderSettings, write: Callable[[Captured], None], for_s: Seconds | None
) -> None:
    with SerialPort(settings.port, settings.baud) as port, suppress(TimeoutError):
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
