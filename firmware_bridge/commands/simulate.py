"""`firmware-bridge simulate`: a pseudo-terminal that behaves as a reader does, and is told what to do."""

import asyncio
import logging
import os
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import cycle
from pathlib import Path
from threading import Thread

from firmware_bridge.commands.command import OK, Command
from firmware_bridge.commands.numbers import span
from firmware_bridge.simulators import SIMULATORS, Simulator
from firmware_bridge.simulators.pty import SimulatedPort
from kiosk.clock import SystemClock
from kiosk.errors import BridgeError

log = logging.getLogger(__name__)

HELD_PART = 0.5
"""Of each period an unattended card is held for so long, and away for the rest."""


def _add_arguments(parser: ArgumentParser) -> None:
    readers = parser.add_subparsers(dest="reader", required=True, metavar="READER")
    for name, simulator in SIMULATORS.items():
        sub = readers.add_parser(name, help=simulator.help, description=_usage(simulator))
        sub.add_argument("--port-link", type=Path, metavar="PATH", help="lead here to the port")
        sub.add_argument(
            "--card",
            action="append",
            metavar="CARD",
            help="show this card again and again instead of reading lines; several in turn",
        )
        sub.add_argument("--every", type=span, default=2.0, metavar="S", help="how often (2)")
        sub.add_argument("--for", type=span, dest="for_s", metavar="S", help="end after so long")
        simulator.add_arguments(sub)


def _usage(simulator: Simulator) -> str:
    return (
        f"Simulates {simulator.help}. The first line printed is the path of its port. Lines on "
        f"standard input: {simulator.words}, unplug, plug, noise HEX, quit."
    )


def _run(options: Namespace) -> int:
    asyncio.run(_Simulation(options).run())
    return OK


class _Simulation:
    """One device, until somebody ends it."""

    def __init__(self, options: Namespace) -> None:
        self._options = options
        begin = partial(SIMULATORS[options.reader].begin, options)
        self._port = SimulatedPort(begin, SystemClock(), options.port_link)
        self._ended = asyncio.Event()

    async def run(self) -> None:
        """Raises BridgeError for a card that can not be held to this device."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._ended.set)
        print(self._port.plug(), flush=True)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._options.for_s):
                    await (self._show_cards() if self._options.card else self._obey_lines())
        finally:
            self._port.unplug()

    async def _show_cards(self) -> None:
        every_s = self._options.every
        for card in cycle(self._options.card):
            self._do(["hold", card, str(every_s * HELD_PART)])
            with suppress(TimeoutError):
                async with asyncio.timeout(every_s):
                    await self._ended.wait()
                    return

    async def _obey_lines(self) -> None:
        loop = asyncio.get_running_loop()

        def tell(line: str | None) -> None:
            # The loop may be over by the time that a line comes.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._obey, line)

        Thread(target=_read_lines, args=(tell,), daemon=True).start()
        await self._ended.wait()

    def _obey(self, line: str | None) -> None:
        try:
            self._do(["quit"] if line is None else line.split())
        except BridgeError as error:
            log.error("%s", error)

    def _do(self, words: list[str]) -> None:
        match words:
            case []:
                pass
            case ["quit"]:
                self._ended.set()
            case ["plug"]:
                print(self._port.plug(), flush=True)
            case ["unplug"]:
                self._port.unplug()
            case ["noise", noise]:
                self._port.send(_bytes(noise))
            case _:
                self._port.obey(words)


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise BridgeError("noise is hexadecimal") from None


def _read_lines(tell: Callable[[str | None], None]) -> None:
    """Tell each line of standard input, and None at its end.

    In a thread, because not every file can be waited for; and not by `sys.stdin`, whose lock would
    be held when the program ends.
    """
    begun = b""
    while data := os.read(sys.stdin.fileno(), 4096):
        *lines, begun = (begun + data).split(b"\n")
        for line in lines:
            tell(line.decode(errors="replace"))
    tell(None)


COMMAND = Command(
    "simulate", "be a reader on a pseudo-terminal, to try things without one", _add_arguments, _run
)
