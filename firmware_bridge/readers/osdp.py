"""An OSDP reader (IEC 60839-11-5), asked again and again, and believed in its secure channel only."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Self

import osdp_sys
from msgspec import Meta

from firmware_bridge.readers.osdp_card import WIEGAND_FORMAT, bits_of, card_of
from firmware_bridge.readers.osdp_feedback import FeedbackGiver
from firmware_bridge.readers.osdp_key import load_key
from firmware_bridge.readers.osdp_packet import OsdpDecoder, Packet
from firmware_bridge.readers.osdp_panel import Event, Panel
from firmware_bridge.readers.reading import (
    BadFrame,
    CaseSeen,
    FrameError,
    OtherFrame,
    PowerSeen,
    Reading,
)
from firmware_bridge.readers.settings import Baud, ReaderSettings
from kiosk.clock import Seconds
from kiosk.errors import BridgeError
from kiosk.wire.devices import Indication

TICK_S: Seconds = 0.01
"""libosdp wants to be refreshed at least each 50 ms; it polls as often."""

LOST_S: Seconds = 2.5
"""A reader that was not heard for so long is lost: libosdp asks again after 1.2 s, and once more."""

STUCK_S: Seconds = 1.5
"""libosdp asks at least once a second, unless it waits for 300 s or the wall clock was set back."""

_LONGEST_STEP_S: Seconds = 0.1
"""Time in which this program did not run says nothing about the reader."""

BEGINNING = "its secure channel is being set up"
SILENT = "does not answer: check its cable, its power, `address` and `baud`"
NONSENSE = "sends what is no OSDP: is another device connected, or is `baud` wrong?"
OTHER_KEY = "has another key than ours: commission it (firmware-bridge commission)"
NO_CHANNEL = "sets up no secure channel: is it an OSDP v2 reader with Secure Channel turned on?"

KEYS = Path("/var/lib/visit-kiosk/bridge")


class OsdpSettings(ReaderSettings, frozen=True, kw_only=True, tag="osdp"):
    """A reader on RS-485; `key_file` is where `commission` keeps its key."""

    baud: Baud = 9600
    address: Annotated[int, Meta(ge=0, le=126)] = 0
    key_file: Annotated[str, Meta(pattern="^/")] | None = None

    @property
    def key_path(self) -> Path:
        """Where the key is: as set, or by the reader's name."""
        return KEYS / f"{self.name}.key" if self.key_file is None else Path(self.key_file)


class Osdp:
    """The control panel's side; `load` gives the reader's key, or raises BridgeError."""

    def __init__(self, address: int, load: Callable[[], bytes]) -> None:
        self._address = address
        self._load = load
        self._panel: Panel | None = None
        self._answers = _Answers(address)
        self._feedback = FeedbackGiver()
        self._reason = BEGINNING
        self._now_s: Seconds | None = None
        self._lost_s: Seconds = LOST_S
        self._stuck_s: Seconds = STUCK_S
        self._was_secure = False
        self._out = b""

    @classmethod
    def of(cls, settings: OsdpSettings) -> Self:
        """The conversation that the settings mean."""
        return cls(settings.address, lambda: load_key(settings.key_path))

    def feed(self, data: bytes, now: Seconds) -> list[Reading]:
        self._answers.feed(data)
        if self._panel is not None:
            self._panel.hear(data)
        return self.tick(now)

    def tick(self, now: Seconds) -> list[Reading]:
        step_s = 0.0 if self._now_s is None else min(now - self._now_s, _LONGEST_STEP_S)
        self._now_s = now
        self._stuck_s += step_s
        self._lost_s += step_s
        if self._panel is None:
            self._begin()
            return []
        events = self._panel.refresh()
        secure = self._panel.is_secure
        self._watch(self._panel, step_s, secure=secure)
        return [reading for event in events if secure for reading in readings_of(event)]

    def to_send(self) -> bytes:
        out, self._out = self._out, b""
        return out

    def next_deadline(self) -> Seconds | None:
        return 0.0 if self._now_s is None else self._now_s + TICK_S

    def fault(self, now: Seconds) -> str | None:
        del now  # how long the reader is lost was counted tick by tick
        if self._lost_s < LOST_S:
            return None
        if self._answers.silent_s < LOST_S:
            return self._reason
        return NONSENSE if self._answers.noise_ago_s < LOST_S else SILENT

    def indicate(self, indication: Indication) -> None:
        self._feedback.tell(indication, audible=self._was_secure)

    def close(self) -> None:
        self._panel = None

    def _begin(self) -> None:
        """Take the key, and look for it again after a while when it is not to be had."""
        if self._stuck_s < STUCK_S:
            return
        self._stuck_s = 0.0
        try:
            self._panel = Panel(self._address, self._load())
            self._reason = BEGINNING
        except BridgeError as error:
            self._reason = str(error)

    def _watch(self, panel: Panel, step_s: Seconds, *, secure: bool) -> None:
        """Whether the reader is there, and what to do when it is not."""
        if self._answers.came(step_s) and secure:
            self._lost_s = 0.0
        if secure:
            self._feedback.go_on(panel, step_s)
        self._out += (sent := panel.to_send())
        if sent:
            self._stuck_s = 0.0
            self._answers.asked()
        lost = self._was_secure and not secure
        self._was_secure = secure
        if lost:
            self._feedback.channel_lost()
        if lost or self._stuck_s >= STUCK_S:
            self._stuck_s = 0.0
            verdict = self._answers.verdict()
            # What is said in a channel tells nothing of why the next one does not come.
            self._reason = BEGINNING if lost else verdict
            panel.restart()


class _Answers:
    """What the reader said in clear since the panel began, and how long it has said nothing."""

    def __init__(self, address: int) -> None:
        self._address = address
        self._decoder = OsdpDecoder(self._take)
        self._came = False
        self._newest: str | None = None
        self.silent_s: Seconds = 0.0
        self.noise_ago_s: Seconds = LOST_S
        """How long nothing came that is no packet."""

    def feed(self, data: bytes) -> None:
        self._hear(self._decoder.feed(data))

    def asked(self) -> None:
        """Its next answer is due: what noise began would hide it, and up to 1,440 bytes more."""
        self._hear(self._decoder.quiet())

    def came(self, step_s: Seconds) -> bool:
        """Whether a whole packet of the reader came since this was asked, `step_s` ago."""
        came, self._came = self._came, False
        self.silent_s = 0.0 if came else self.silent_s + step_s
        self.noise_ago_s += step_s
        return came

    def verdict(self) -> str:
        """Why there is no secure channel; asked when the panel begins again."""
        newest, self._newest = self._newest, None
        if newest is None:
            return BEGINNING
        return OTHER_KEY if newest == "CCRYPT" else NO_CHANNEL

    def _hear(self, readings: list[Reading]) -> None:
        if any(isinstance(reading, BadFrame) for reading in readings):
            self.noise_ago_s = 0.0

    def _take(self, packet: Packet) -> None:
        if packet.is_reply and packet.address == self._address:
            self._came = True
            self._newest = packet.name


def readings_of(event: Event) -> list[Reading]:
    """What a report that came through the secure channel says."""
    match event:
        case {"event": osdp_sys.EVENT_CARDREAD}:
            return [_card(event)]
        case {
            "event": osdp_sys.EVENT_STATUS,
            "type": osdp_sys.STATUS_REPORT_LOCAL,
            "report": bytes(report),
        } if len(report) == 2:
            return [CaseSeen(report[0] != 0), PowerSeen(report[1] != 0)]
        case {"event": osdp_sys.EVENT_KEYPRESS}:
            return [OtherFrame("KEYPAD")]
        case _:
            return [OtherFrame("another report")]


def _card(event: Event) -> Reading:
    if event["format"] == osdp_sys.CARD_FMT_ASCII:
        return BadFrame("a card as text: have the reader send its bits")
    bits, is_wiegand = event["length"], event["format"] == WIEGAND_FORMAT
    try:
        value = bits_of(event["data"], bits)
        return card_of(bits, value, "secure_channel", is_wiegand=is_wiegand)
    except FrameError as error:
        return BadFrame(str(error))
