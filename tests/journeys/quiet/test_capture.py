"""Nothing that leaves a terminal is overlooked, whatever protocol it is of."""

import socket
import struct

import pytest

from tests.journeys.capture import Flow, captured, flow_of
from tests.journeys.network import TerminalNetwork

_MAC = bytes.fromhex("3333000000fb020000000001")
_MDNS = "ff02::fb"

_SPEAK = """
import socket, sys
with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as cable:
    cable.bind(("eth0", 0))
    for frame in sys.argv[1:]:
        cable.send(bytes.fromhex(frame))
"""


def ethernet(kind: int, packet: bytes) -> bytes:
    return _MAC + struct.pack("!H", kind) + packet


def ipv6(following: int, rest: bytes) -> bytes:
    address = socket.inet_pton(socket.AF_INET6, _MDNS)
    return ethernet(
        0x86DD,
        struct.pack("!IHBB", 6 << 28, len(rest), following, 255) + bytes(16) + address + rest,
    )


def ipv4(protocol: int, rest: bytes, options: int = 0) -> bytes:
    header = bytes([0x45 + options]) + bytes(8) + bytes([protocol]) + bytes(6)
    return ethernet(0x0800, header + socket.inet_aton("10.1.2.3") + bytes(4 * options) + rest)


TO_MDNS = struct.pack("!HHHH", 40_000, 5353, 12, 0) + b"here"


@pytest.mark.parametrize(
    ("frame", "flow"),
    [
        (ipv4(17, TO_MDNS), Flow("udp", "10.1.2.3", 5353)),
        (ipv4(6, TO_MDNS, options=2), Flow("tcp", "10.1.2.3", 5353)),
        (ipv4(1, bytes(8)), Flow("1", "10.1.2.3", 0)),
        (ipv6(17, TO_MDNS), Flow("udp", _MDNS, 5353)),
        (ipv6(0, bytes([17, 0]) + bytes(6) + TO_MDNS), Flow("udp", _MDNS, 5353)),
        (ipv6(58, bytes([128]) + bytes(7)), Flow("58", _MDNS, 0)),
        (ethernet(0x88CC, bytes(50)), Flow("0x88cc", "33:33:00:00:00:fb", 0)),
        (ethernet(0x0806, bytes(28)), None),
        (ipv6(58, bytes([135]) + bytes(7)), None),
        (ipv6(0, bytes([58, 0]) + bytes(6) + bytes([143])), None),
    ],
    ids=[
        "udp",
        "tcp",
        "icmp",
        "ipv6 udp",
        "ipv6 options",
        "ipv6 echo",
        "lldp",
        "arp",
        "ipv6 neighbour",
        "ipv6 groups",
    ],
)
def test_a_frame_is_known_by_where_it_goes(frame: bytes, flow: Flow | None) -> None:
    assert flow_of(frame) == flow


@pytest.mark.root
@pytest.mark.slow
def test_what_comes_out_of_a_cable_is_captured_whatever_it_is(network: TerminalNetwork) -> None:
    frames = (ipv6(17, TO_MDNS), ethernet(0x88CC, bytes(50)), ipv4(17, TO_MDNS))
    with captured(network.cable) as capture:
        network.run("python3", "-c", _SPEAK, *(frame.hex() for frame in frames))
    assert capture.sent == {flow_of(frame) for frame in frames}
