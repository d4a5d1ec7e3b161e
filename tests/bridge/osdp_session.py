"""A session with an OSDP reader, and the same one played again to who challenges anew; a program.

`record` prints what a reader answers, one hexadecimal line a packet, while libosdp is used as it
comes. `libosdp` and `ours` are a panel to which those lines are played from standard input: they
print the panel's challenge, whether it set up its channel, and how many cards it took for read.
`challenge` prints no more than our panel's challenge.
"""

import sys
from collections.abc import Callable
from typing import Any

import osdp_sys

from firmware_bridge.readers.osdp_packet import OsdpDecoder, Packet
from firmware_bridge.readers.osdp_panel import BufferedChannel, Panel
from kiosk.clock import SystemClock

KEY = bytes(range(16))
LASTS_S = 2.0
CLOCK = SystemClock()


def info(channel: BufferedChannel, key: bytes | None = KEY) -> dict[str, Any]:
    numbers = ("version", "model", "vendor_code", "serial_number", "firmware_version")
    return {
        "name": "reader",
        "address": 0,
        "flags": osdp_sys.FLAG_ENFORCE_SECURE if key else osdp_sys.FLAG_INSTALL_MODE,
        "scbk": key,
        "channel": channel,
        **dict.fromkeys(numbers, 1),
    }


def taken(channel: BufferedChannel) -> bytes:
    data = bytes(channel.to_send)
    channel.to_send.clear()
    return data


class PlainPanel:
    """libosdp's panel, as it comes."""

    def __init__(self) -> None:
        osdp_sys.set_loglevel(osdp_sys.LOG_EMERG)
        self._channel = BufferedChannel()
        self._events: list[dict[str, Any]] = []
        self._panel = osdp_sys.ControlPanel([info(self._channel)])
        self._panel.set_event_callback(self._keep)

    def _keep(self, _index: int, event: dict[str, Any]) -> int:
        self._events.append(event)
        return 0

    def hear(self, data: bytes) -> None:
        self._channel.received += data

    def refresh(self) -> list[dict[str, Any]]:
        self._panel.refresh()
        events = self._events.copy()
        self._events.clear()
        return events

    def to_send(self) -> bytes:
        return taken(self._channel)

    @property
    def is_secure(self) -> bool:
        return bool(self._panel.sc_status())


def reader_with_a_card() -> Callable[[bytes], bytes]:
    """libosdp's peripheral; a card is held to it from the start."""
    channel = BufferedChannel()
    capability = {
        "function_code": osdp_sys.CAP_COMMUNICATION_SECURITY,
        "compliance_level": 1,
        "num_items": 1,
    }
    device = osdp_sys.PeripheralDevice(info(channel), capabilities=[capability])
    device.submit_event(
        {
            "event": osdp_sys.EVENT_CARDREAD,
            "reader_no": 0,
            "direction": 0,
            "format": 1,
            "length": 26,
            "data": bytes.fromhex("BB032180"),
        }
    )

    def answer(data: bytes) -> bytes:
        channel.received += data
        device.refresh()
        return taken(channel)

    return answer


def played(
    panel: Panel | PlainPanel, answer: Callable[[bytes], bytes], *, to_the_end: bool = True
) -> tuple[str, bool, int]:
    """The first challenge, whether there ever was a channel, and how many cards were read."""
    challenges: list[str] = []

    def hear(packet: Packet) -> None:
        if packet.name == "CHLNG":
            challenges.append(packet.data.hex())

    decoder, secure, cards = OsdpDecoder(hear), False, 0
    ends_s = CLOCK.monotonic() + LASTS_S
    while CLOCK.monotonic() < ends_s and not cards and (to_the_end or not challenges):
        events = panel.refresh()
        cards += sum(event["event"] == osdp_sys.EVENT_CARDREAD for event in events)
        secure = secure or panel.is_secure
        if said := panel.to_send():
            decoder.feed(said)
            panel.hear(answer(said))
    return challenges[0], secure, cards


def _record() -> None:
    panel = PlainPanel()
    reader = reader_with_a_card()

    def answer(data: bytes) -> bytes:
        said = reader(data)
        print(said.hex())
        return said

    played(panel, answer)


def _play(panel: Panel | PlainPanel, *, to_the_end: bool = True) -> tuple[str, bool, int]:
    answers = [bytes.fromhex(line) for line in sys.stdin]
    return played(panel, lambda _: answers.pop(0) if answers else b"", to_the_end=to_the_end)


if __name__ == "__main__":
    match sys.argv[1]:
        case "record":
            _record()
        case "libosdp":
            print(*_play(PlainPanel()))
        case "ours":
            print(*_play(Panel(0, KEY)))
        case "challenge":
            print(_play(Panel(0, KEY), to_the_end=False)[0])
