"""Where the packets go that leave the terminal, as the cable carries them."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

_ALL: Final = 0x0003  # ETH_P_ALL
_IPV4: Final = 0x0800
_TCP, _UDP = 6, 17
_LOOK_S: Final = 0.2


@dataclass(frozen=True)
class Flow:
    """A protocol, an address and a port that something was sent to."""

    protocol: str
    host: str
    port: int


@dataclass
class Capture:
    """What was sent from one address; other kinds of packets by their EtherType."""

    sent: set[Flow] = field(default_factory=set)


@contextmanager
def captured(cable: str, terminal: str) -> Iterator[Capture]:
    """All that leaves `terminal` over `cable` meanwhile. Needs root."""
    capture, over = Capture(), threading.Event()
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL)) as tap:
        tap.bind((cable, _ALL))
        tap.settimeout(_LOOK_S)
        reader = threading.Thread(target=_read, args=(tap, terminal, capture, over))
        reader.start()
        try:
            yield capture
        finally:
            over.set()
            reader.join()


def _read(tap: socket.socket, terminal: str, capture: Capture, over: threading.Event) -> None:
    while not over.is_set():
        try:
            frame = tap.recv(256)
        except TimeoutError:
            continue
        flow = _flow(frame, terminal)
        if flow is not None:
            capture.sent.add(flow)


def _flow(frame: bytes, terminal: str) -> Flow | None:
    """Of an IPv4 packet from the terminal (RFC 791)."""
    if len(frame) < 38 or struct.unpack_from("!H", frame, 12)[0] != _IPV4:
        return None
    packet = frame[14:]
    if socket.inet_ntoa(packet[12:16]) != terminal:
        return None
    protocol = {_TCP: "tcp", _UDP: "udp"}.get(packet[9], str(packet[9]))
    header = (packet[0] & 0x0F) * 4
    port = struct.unpack_from("!H", packet, header + 2)[0] if protocol in ("tcp", "udp") else 0
    return Flow(protocol, socket.inet_ntoa(packet[16:20]), port)
