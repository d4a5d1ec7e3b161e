"""libosdp's control panel for one reader, on two buffers: no port, no thread, and nothing logged.

`libosdp` refreshes its panel from a thread of its own, which an error would end unseen. Its core
`osdp_sys` is refreshed here by whoever carries the bytes.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

import osdp_sys

from firmware_bridge.readers.osdp_forgotten import free
from firmware_bridge.readers.osdp_key import KEY_BYTES
from firmware_bridge.readers.osdp_randomness import renew

NOTHING_LOGGED = osdp_sys.LOG_EMERG
"""libosdp writes to standard output, and at its lower levels what it read."""

_MOST_BYTES = 4096

Event: TypeAlias = dict[str, Any]
Command: TypeAlias = Mapping[str, Any]


class BufferedChannel:
    """What libosdp takes for a serial line. It must not raise, and libosdp never lets go of it."""

    def __init__(self) -> None:
        self.received = bytearray()
        self.to_send = bytearray()

    def read(self, most_bytes: int) -> bytes:
        data = bytes(self.received[:most_bytes])
        del self.received[:most_bytes]
        return data

    def write(self, data: bytes) -> int:
        self.to_send += data
        return len(data)

    def flush(self) -> None:
        self.received.clear()


class Panel:
    """Asks one reader, again and again, what is new; without `enforce` also in clear."""

    def __init__(self, address: int, key: bytes, *, enforce: bool = True) -> None:
        assert len(key) == KEY_BYTES
        self._channel = BufferedChannel()
        self._info = {
            "name": f"reader {address}",
            "address": address,
            "flags": osdp_sys.FLAG_ENFORCE_SECURE if enforce else 0,
            "scbk": key,
            "channel": self._channel,
            # Said of a reader only; a panel has none of these.
            **dict.fromkeys(("version", "model", "vendor_code"), 0),
            **dict.fromkeys(("serial_number", "firmware_version"), 0),
        }
        self._reported: list[Event] = []
        self.restart()

    def restart(self) -> None:
        """Begin again, now; libosdp itself would wait for 300 s after any failure."""
        osdp_sys.set_loglevel(NOTHING_LOGGED)
        self._channel.received.clear()
        self._channel.to_send.clear()
        renew()
        self._panel = osdp_sys.ControlPanel([self._info])
        # Not a method of ours: libosdp is no part of garbage collection, and would keep us alive.
        self._panel.set_event_callback(_keeper(self._reported))

    def hear(self, data: bytes) -> None:
        """Bytes that came from the line."""
        self._channel.received += data
        del self._channel.received[:-_MOST_BYTES]

    def refresh(self) -> list[Event]:
        """Go on, and return what the reader reported; at least each 50 ms."""
        if not self.is_secure:
            renew()
        self._panel.refresh()
        events = [dict(event) for event in self._reported]
        while self._reported:
            free([self._reported.pop()])
        return events

    def to_send(self) -> bytes:
        """Take what is to be written to the line."""
        data = bytes(self._channel.to_send)
        self._channel.to_send.clear()
        return data

    @property
    def is_secure(self) -> bool:
        """Whether the reader has proved that it has the key."""
        return bool(self._panel.sc_status())

    @property
    def is_online(self) -> bool:
        """Whether the reader is being polled; without `enforce` perhaps in clear."""
        return bool(self._panel.status())

    def can(self, capability: int) -> bool:
        """Whether the reader said that it has this (`osdp_sys.CAP_…`)."""
        level, _ = self._panel.check_capability(0, capability)
        return bool(level)

    def submit(self, command: Command) -> bool:
        """Have the reader do something; False while it can not be asked."""
        return bool(self._panel.submit_command(0, dict(command)))

    def set_key(self, key: bytes) -> bool:
        """Have the reader use another key; False while it can not be asked."""
        return self.submit({"command": osdp_sys.CMD_KEYSET, "type": 1, "data": key})


def _keeper(reported: list[Event]) -> Any:
    def keep(_index: int, event: Event) -> int:
        reported.append(event)
        return 0

    return keep
