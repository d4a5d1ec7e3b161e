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
_ARP: Final = 0x0806
_IPV6: Final = 0x86DD
_PROTOCOLS: Final = {6: "tcp", 17: "udp"}
_HOP_BY_HOP: Final = 0
_ICMPV6: Final = 58
_NEIGHBOURS: Final = {131, 132, 133, 134, 135, 136, 143}
"""What IPv6 has in place of ARP, and who listens to which group (RFC 4861, RFC 3810)."""

_LOOK_S: Final = 0.2


@dataclass(frozen=True)
class Flow:
    """A protocol, an address and a port that something was sent to; 0 where there is no port."""

    protocol: str
    host: str
    port: int


@dataclass
class Capture:
    """What was sent, whatever address it was sent from."""

    sent: set[Flow] = field(default_factory=set)


@contextmanager
def captured(cable: str) -> Iterator[Capture]:
    """All that comes out of `cable` meanwhile. Needs root."""
    capture, over = Capture(), threading.Event()
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL)) as tap:
        tap.bind((cable, _ALL))
        tap.settimeout(_LOOK_S)
        reader = threading.Thread(target=_read, args=(tap, capture, over))
        reader.start()
        try:
            yield capture
        finally:
            over.set()
            reader.join()


def _read(tap: socket.socket, capture: Capture, over: threading.Event) -> None:
    """What has come by the end is read to its end."""
    while True:
        try:
            frame, (_, _, kind, *_) = tap.recvfrom(256)
        except (TimeoutError, BlockingIOError):
            if over.is_set():
                return
            continue
        if over.is_set():
            tap.setblocking(False)
        if kind == socket.PACKET_OUTGOING:  # to the terminal
            continue
        if (flow := flow_of(frame)) is not None:
            capture.sent.add(flow)


def flow_of(frame: bytes) -> Flow | None:
    """Where a frame of Ethernet goes; None for one that only finds the way to a neighbour."""
    kind = struct.unpack_from("!H", frame, 12)[0]
    packet = frame[14:]
    if kind == _ARP:
        return None
    if kind == _IPV4:
        return _ipv4(packet)
    if kind == _IPV6:
        return _ipv6(packet)
    return Flow(f"{kind:#06x}", frame[:6].hex(":"), 0)


def _ipv4(packet: bytes) -> Flow:
    """RFC 791."""
    header = (packet[0] & 0x0F) * 4
    return _flow(packet[9], socket.inet_ntoa(packet[16:20]), packet[header:])


def _ipv6(packet: bytes) -> Flow | None:
    """RFC 8200."""
    following, rest = packet[6], packet[40:]
    if following == _HOP_BY_HOP:
        following, rest = rest[0], rest[8 * (rest[1] + 1) :]
    if following == _ICMPV6 and rest[0] in _NEIGHBOURS:
        return None
    return _flow(following, socket.inet_ntop(socket.AF_INET6, packet[24:40]), rest)


def _flow(protocol: int, host: str, rest: bytes) -> Flow:
    name = _PROTOCOLS.get(protocol, str(protocol))
    port = struct.unpack_from("!H", rest, 2)[0] if protocol in _PROTOCOLS else 0
    return Flow(name, host, port)
