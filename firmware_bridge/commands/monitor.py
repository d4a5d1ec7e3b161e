"""`firmware-bridge monitor`: what a reader says, live and readable; or what the daemon says."""

import asyncio
from argparse import ArgumentParser, Namespace
from pathlib import Path

import msgspec

from firmware_bridge.commands.choosing import add_reader_arguments, chosen_reader
from firmware_bridge.commands.command import OK, Command
from firmware_bridge.commands.ending import until_ended
from firmware_bridge.readers import kind_of
from firmware_bridge.readers.reading import (
    BadFrame,
    CardRead,
    CaseSeen,
    OtherFrame,
    PowerSeen,
    Reading,
)
from firmware_bridge.readers.settings import ReaderSettings
from firmware_bridge.serial_port import SerialPort
from firmware_bridge.talk import Talk
from kiosk.clock import Clock, SystemClock
from kiosk.errors import BridgeError
from kiosk.wire.aio import WireClient
from kiosk.wire.messages import Message, Program

REFUSED = "{} refuses this user ({}); whom it takes is `observer_user` in [wire]"


def words_of(reading: Reading) -> str:
    """A reading as a line for a person."""
    match reading:
        case CardRead(technology, assurance, credential):
            return f"card       {technology} {credential.reveal()} ({assurance})"
        case BadFrame(reason):
            return f"unreadable {reason}"
        case OtherFrame(what):
            return f"frame      {what}"
        case CaseSeen(is_open):
            return f"case       {'open' if is_open else 'closed'}"
        case PowerSeen(fails):
            return f"power      {'fails' if fails else 'good'}"


class Printer:
    """Prints each line once, and how often it came when another one follows."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = ""
        self._times = 0

    def say(self, words: str) -> None:
        if words == self._last:
            self._times += 1
            return
        if self._times > 1:
            print(f"{'':13}… {self._times} times", flush=True)
        self._last, self._times = words, 1
        at = self._clock.utc().astimezone()
        print(f"{at:%H:%M:%S}.{at.microsecond // 1000:03} {words}", flush=True)


def _add_arguments(parser: ArgumentParser) -> None:
    add_reader_arguments(parser)
    parser.add_argument(
        "--socket", type=Path, metavar="PATH", help="hear the daemon instead, as its observer"
    )


def _run(options: Namespace) -> int:
    printer = Printer(SystemClock())
    watching = (
        _watch_reader(chosen_reader(options), printer)
        if options.socket is None
        else _watch_daemon(options.socket, printer)
    )
    asyncio.run(until_ended(watching))
    return OK


async def _watch_reader(settings: ReaderSettings, printer: Printer) -> None:
    clock = SystemClock()
    with SerialPort(settings.port, settings.baud) as port:
        conversation = kind_of(settings).converse(settings)
        talk = Talk(port, conversation, clock, lambda reading: printer.say(words_of(reading)))
        printer.say(f"listening  {settings.port} at {settings.baud} baud; Ctrl+C ends it")
        while True:
            await talk.once(1.0)
            if (fault := conversation.fault(clock.monotonic())) is not None:
                printer.say(f"fault      {fault}")


async def _watch_daemon(socket: Path, printer: Printer) -> None:
    """Cards are not told to an observer: only that one was taken away, or could not be read."""

    def hear(message: Message) -> None:
        printer.say(msgspec.json.encode(message).decode())

    def refuse(reason: str) -> None:
        raise BridgeError(REFUSED.format(socket, reason))

    client = WireClient(
        socket,
        Program.OBSERVER,
        Program.BRIDGE,
        None,
        on_up=lambda: printer.say("connected"),
        on_message=hear,
        on_down=lambda reason: printer.say(f"not connected: {reason}"),
        on_refused=refuse,
    )
    await client.run()


COMMAND = Command("monitor", "show live what a reader says, for a person", _add_arguments, _run)
