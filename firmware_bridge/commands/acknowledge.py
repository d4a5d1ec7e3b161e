"""`firmware-bridge acknowledge`: staff have seen to a device that was tampered with.

The daemon takes this word from the user that its settings name as `staff_user`, often root.
"""

import asyncio
from argparse import ArgumentParser, Namespace
from contextlib import suppress
from pathlib import Path

from firmware_bridge.commands.command import FAILED, OK, Command
from firmware_bridge.settings import BridgeSettings
from firmware_bridge.tampers import OURSELVES
from kiosk.clock import Seconds
from kiosk.config import load
from kiosk.errors import BridgeError, ConfigError
from kiosk.wire.aio import WireClient
from kiosk.wire.devices import AcknowledgeTamper, Tamper, TamperOver
from kiosk.wire.messages import Message, Program

REFUSED = "it refuses this user ({}); whom it takes is `staff_user` in [wire]"
NOT_SPOKEN_TO = "the daemon can not be spoken to: {}"

REACHED_S: Seconds = 3.0
ANSWER_S: Seconds = 0.5


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("device", metavar="DEVICE", help="its name in the settings")
    parser.add_argument(
        "--config", type=Path, required=True, metavar="FILE", help="the daemon's settings"
    )


def _run(options: Namespace) -> int:
    settings = load(options.config, BridgeSettings)
    asked = _Acknowledging(settings.wire.socket, options.device)
    asyncio.run(asked.run())
    for cause in asked.over:
        print(f"{options.device}: {cause} is over")
    for cause in asked.standing:
        print(f"{options.device}: {cause} goes on, see to it first")
    if not asked.over and not asked.standing:
        # Only now: what was taken out of the settings may still have a tamper that stands.
        _check_name(options.device, settings)
        print(f"{options.device}: nothing to acknowledge")
    return FAILED if asked.standing else OK


def _check_name(device: str, settings: BridgeSettings) -> None:
    known = [*(made.name for made in settings.devices), OURSELVES]
    if device not in known:
        raise ConfigError("DEVICE", [f"none is called {device}; there are {', '.join(known)}"])


class _Acknowledging:
    """One question to the daemon, and what stands after it."""

    def __init__(self, socket: Path, device: str) -> None:
        self.over: set[str] = set()
        self.standing: set[str] = set()
        self._device = device
        self._ended = asyncio.Event()
        self._asked = False
        self._reason = "it does not run"
        self._client = WireClient(
            socket,
            Program.STAFF,
            Program.BRIDGE,
            None,
            on_up=self._ask,
            on_message=self._hear,
            on_down=self._lose,
            on_refused=self._refuse,
        )

    async def run(self) -> None:
        """Raises BridgeError when the daemon is not to be spoken to."""
        client = asyncio.create_task(self._client.run())
        with suppress(TimeoutError):
            async with asyncio.timeout(REACHED_S):
                await self._ended.wait()
            if self._asked:
                await asyncio.sleep(ANSWER_S)  # of what goes on nothing more is said
        client.cancel()
        with suppress(asyncio.CancelledError):
            await client
        if not self._asked:
            raise BridgeError(NOT_SPOKEN_TO.format(self._reason))

    def _ask(self) -> None:
        self._asked = True
        self._ended.set()
        self._client.send(AcknowledgeTamper(self._device))

    def _lose(self, reason: str) -> None:
        self._reason = reason

    def _refuse(self, reason: str) -> None:
        self._reason = REFUSED.format(reason)
        self._ended.set()

    def _hear(self, message: Message) -> None:
        match message:
            case Tamper(device, cause) if device == self._device:
                self.standing.add(cause)
            case TamperOver(device, cause) if device == self._device:
                self.standing.discard(cause)
                self.over.add(cause)


COMMAND = Command(
    "acknowledge",
    "say that staff have seen to a device that was tampered with",
    _add_arguments,
    _run,
)
