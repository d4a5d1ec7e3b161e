"""An OSDP reader: libosdp's peripheral device, with a case, a supply, a light and a buzzer."""

import logging
from argparse import ArgumentParser, Namespace
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import osdp_sys

from firmware_bridge.readers.osdp_card import RAW_FORMAT, WIEGAND_FORMAT
from firmware_bridge.readers.osdp_key import KeyMissing, load_key, save_key
from firmware_bridge.readers.osdp_panel import NOTHING_LOGGED, BufferedChannel, Command
from firmware_bridge.readers.osdp_randomness import renew
from kiosk.clock import Seconds
from kiosk.errors import BridgeError

REFRESH_S: Seconds = 0.01
_REMEMBERED = 100
_CAPABILITIES = (
    osdp_sys.CAP_CARD_DATA_FORMAT,
    osdp_sys.CAP_COMMUNICATION_SECURITY,
    osdp_sys.CAP_CONTACT_STATUS_MONITORING,
)
_FEEDBACK = (osdp_sys.CAP_READER_AUDIBLE_OUTPUT, osdp_sys.CAP_READER_LED_CONTROL)

WORDS = (
    "hold HEX, take, card BITS, press DIGITS, case open|closed, power fails|good, silent, speak, "
    "restart, install"
)
"""What may be said to it."""

log = logging.getLogger(__name__)


def add_arguments(parser: ArgumentParser) -> None:
    """--address N, --key-file FILE."""
    parser.add_argument(
        "--address", type=int, choices=range(127), default=0, metavar="N", help="0 to 126"
    )
    parser.add_argument(
        "--key-file",
        type=Path,
        metavar="FILE",
        help="where it keeps its key; without a key it is in install mode",
    )


def begin(options: Namespace) -> "SimulatedOsdp":
    """The reader that the arguments mean. Raises BridgeError for a key that is none."""
    return SimulatedOsdp(options.address, options.key_file)


class SimulatedOsdp:
    """Knows the key in `key_file`, or takes one while it has none (install mode)."""

    def __init__(
        self, address: int = 0, key_file: Path | None = None, *, has_feedback: bool = True
    ) -> None:
        self._address = address
        self._key_file = key_file
        self._capabilities = _CAPABILITIES + _FEEDBACK * has_feedback
        self._is_silent = False
        self._case_open = False
        self._power_fails = False
        self._next_s: Seconds = 0.0
        self.asked: deque[Command] = deque(maxlen=_REMEMBERED)
        """What it was told to show, to sound or to keep, newest last."""
        self._was_secure = False
        self._channel, self._device = self._started(self._known_key())

    def feed(self, data: bytes, now: Seconds) -> None:
        if not self._is_silent:
            self._channel.received += data
        self.tick(now)

    def tick(self, now: Seconds) -> None:
        self._next_s = now + REFRESH_S
        before = len(self.asked)
        if not self._device.is_sc_active():
            renew()
        self._device.refresh()
        for command in list(self.asked)[before:]:
            self._do(command)
        secure = self._device.is_sc_active()
        if secure and not self._was_secure:
            self._report_status()
        self._was_secure = secure

    def to_send(self) -> bytes:
        data = bytes(self._channel.to_send)
        self._channel.to_send.clear()
        return data

    def next_deadline(self) -> Seconds:
        return self._next_s

    def obey(self, words: Sequence[str], now: Seconds) -> None:
        match words:
            case ["hold", number, *_] if _is_hex(number):
                self._show(f"{int(number, 16):0{4 * len(number)}b}", RAW_FORMAT)
            case ["take"]:
                pass  # it tells of a card once, when it comes
            case ["card", bits] if set(bits) <= {"0", "1"}:
                self._show(bits, WIEGAND_FORMAT)
            case ["press", keys] if keys.isdecimal():
                event = {"event": osdp_sys.EVENT_KEYPRESS, "reader_no": 0, "data": keys.encode()}
                self._device.submit_event(event)
            case ["case", "open" | "closed" as case]:
                self._case_open = case == "open"
                self._report_status()
            case ["power", "fails" | "good" as power]:
                self._power_fails = power == "fails"
                self._report_status()
            case ["silent" | "speak" as word]:
                self._is_silent = word == "silent"
            case ["restart"]:
                self._channel, self._device = self._started(self._known_key())
            case ["install"]:
                self._channel, self._device = self._started(None)
            case _:
                raise BridgeError(f"say one of these: {WORDS}")
        self.tick(now)

    def _known_key(self) -> bytes | None:
        if self._key_file is None:
            return None
        try:
            return load_key(self._key_file)
        except KeyMissing:
            return None

    def _started(self, key: bytes | None) -> tuple[BufferedChannel, Any]:
        """As when its power comes; without a key anybody may give it one."""
        osdp_sys.set_loglevel(NOTHING_LOGGED)
        renew()
        channel = BufferedChannel()
        device = osdp_sys.PeripheralDevice(
            {
                "name": f"simulated {self._address}",
                "address": self._address,
                "flags": osdp_sys.FLAG_INSTALL_MODE
                if key is None
                else osdp_sys.FLAG_ENFORCE_SECURE,
                "scbk": key,
                "channel": channel,
                **dict.fromkeys(("version", "model", "vendor_code"), 1),
                **dict.fromkeys(("serial_number", "firmware_version"), 1),
            },
            capabilities=[
                {"function_code": code, "compliance_level": 1, "num_items": 1}
                for code in self._capabilities
            ],
        )
        device.set_command_callback(self._hear)
        return channel, device

    def _hear(self, command: dict[str, Any]) -> tuple[Any, ...]:
        self.asked.append(dict(command))
        # A new tuple each time: libosdp lets go once too often of what is in it.
        return tuple([0, None])  # noqa: C409

    def _do(self, command: Command) -> None:
        match command:
            case {"command": osdp_sys.CMD_KEYSET, "data": bytes(key)}:
                log.info("it has a new key")
                if self._key_file is not None:
                    save_key(self._key_file, key)
            case {"command": osdp_sys.CMD_LED, "on_color": colour, "off_color": other}:
                log.info("light: colour %s%s", colour, "" if other == colour else ", blinking")
            case {"command": osdp_sys.CMD_BUZZER, "rep_count": count}:
                log.info("buzzer: %s times", count)
            case _:
                log.info("command %s", command["command"])

    def _show(self, bits: str, form: int) -> None:
        size_bytes = (len(bits) + 7) // 8
        self._device.submit_event(
            {
                "event": osdp_sys.EVENT_CARDREAD,
                "reader_no": 0,
                "direction": 0,
                "format": form,
                "length": len(bits),
                "data": int(bits.ljust(8 * size_bytes, "0"), 2).to_bytes(size_bytes),
            }
        )

    def _report_status(self) -> None:
        report = bytes([self._case_open, self._power_fails])
        kind = osdp_sys.STATUS_REPORT_LOCAL
        self._device.submit_event({"event": osdp_sys.EVENT_STATUS, "type": kind, "report": report})


def _is_hex(text: str) -> bool:
    return bool(text) and not set(text.lower()) - set("0123456789abcdef")
