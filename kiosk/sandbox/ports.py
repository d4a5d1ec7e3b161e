"""Ports on loopback for servers that begin a moment later."""

import contextlib
import secrets
import socket
from pathlib import Path
from typing import Final

from kiosk.errors import KioskError

_EPHEMERAL: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")
_FIRST: Final = 10_000
"""Below it are the servers that a machine may have of its own."""

_END: Final = 65_536


def free_ports(count: int) -> list[int]:
    """So many different ones that nobody has at this moment, and that the kernel gives to nobody.

    One from the range out of which it serves outgoing connections may be taken by the next of them,
    before the server that it was chosen for is up. Raises KioskError where there are too few.
    """
    candidates = beside_the_kernels(_EPHEMERAL.read_text())
    with contextlib.ExitStack() as held:
        found: list[int] = []
        for port in secrets.SystemRandom().sample(candidates, len(candidates)):
            probe = held.enter_context(socket.socket())
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                found.append(port)
            if len(found) == count:
                return found
    raise KioskError(f"there are no {count} free ports on loopback")


def beside_the_kernels(ephemeral: str) -> range:
    """The ports below the kernel's range, which it gives as two numbers; all where it left none."""
    low = int(ephemeral.split(maxsplit=1)[0])
    return range(_FIRST, low) or range(_FIRST, _END)
