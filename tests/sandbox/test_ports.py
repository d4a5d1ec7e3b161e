"""Ports for servers that begin a moment later are taken by nobody meanwhile."""

import socket
from pathlib import Path

import pytest

from kiosk.errors import KioskError
from kiosk.sandbox import ports
from kiosk.sandbox.ports import beside_the_kernels, free_ports

KERNELS = Path("/proc/sys/net/ipv4/ip_local_port_range")


def test_no_outgoing_connection_is_given_one_of_them() -> None:
    first, last = map(int, KERNELS.read_text().split())
    chosen = free_ports(50)
    assert len(set(chosen)) == 50
    if first > min(beside_the_kernels(KERNELS.read_text())):
        assert [port for port in chosen if first <= port <= last] == []


@pytest.mark.parametrize(
    ("kernels", "ours"),
    [
        ("32768\t60999\n", range(10_000, 32_768)),
        ("49152 65535", range(10_000, 49_152)),
        ("1024 65535", range(10_000, 65_536)),
        ("10000 65535", range(10_000, 65_536)),
    ],
)
def test_they_are_below_the_kernels_own_where_it_leaves_any(kernels: str, ours: range) -> None:
    assert beside_the_kernels(kernels) == ours


def test_one_that_somebody_listens_on_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    taken, free = free_ports(2)
    monkeypatch.setattr(ports, "beside_the_kernels", lambda _: [taken, free])
    with socket.socket() as server:
        server.bind(("127.0.0.1", taken))
        server.listen()
        assert [free_ports(1) for _ in range(8)] == [[free]] * 8
        with pytest.raises(KioskError, match="no 2 free ports"):
            free_ports(2)
    assert sorted(free_ports(2)) == sorted([taken, free])
