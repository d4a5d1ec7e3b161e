"""Debian's coturn for tests, with a user whose password ends, on ports of its own."""

import base64
import contextlib
import hashlib
import hmac
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.clock import SystemClock
from kiosk.errors import KioskError
from kiosk.sandbox.files import Table
from kiosk.sandbox.ports import free_ports

CLOCK: Final = SystemClock()
TURNSERVER: Final = "/usr/bin/turnserver"
SECRET: Final = "the relay's and the service's"
_START_S: Final = 10.0
_WHO_AM_I: Final = bytes.fromhex("000100002112a442") + bytes(12)
"""A binding request (RFC 8489)."""

_LIFE_S: Final = 600


@dataclass
class TurnServer:
    """One relay at one address."""

    host: str
    port: int
    tls_port: int
    process: subprocess.Popen[str]

    @property
    def udp(self) -> str:
        return f"turn:{self.host}:{self.port}?transport=udp"

    @property
    def tcp(self) -> str:
        return f"turn:{self.host}:{self.port}?transport=tcp"

    @property
    def tls(self) -> str:
        return f"turns:{self.host}:{self.tls_port}?transport=tcp"

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def pause(self) -> None:
        """Until it is told to go on, or killed."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """As before it was paused; one that was killed stays dead."""
        self.process.send_signal(signal.SIGCONT)

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """It is there and says nothing."""
        self.pause()
        try:
            yield
        finally:
            self.go_on()


def ice_server(urls: Sequence[str], life_s: float = _LIFE_S) -> Table:
    """As the service tells it, with a password for so long (draft-uberti-behave-turn-rest)."""
    username = f"{int(CLOCK.utc().timestamp() + life_s)}:visit"
    digest = hmac.digest(SECRET.encode(), username.encode(), hashlib.sha1)
    password = base64.b64encode(digest).decode()
    return {"urls": tuple(urls), "username": username, "credential": password}


@contextlib.contextmanager
def turn_server(
    host: str,
    directory: Path,
    identity: tuple[Path, Path] | None,
    lifetime_s: int | None = None,
) -> Iterator[TurnServer]:
    """A relay at `host`; `identity` is its certificate and key for TLS.

    It wants to be asked again each `lifetime_s`, or as seldom as it is made to.
    """
    port, tls_port = free_ports(2)
    settings = [
        f"listening-ip={host}",
        f"relay-ip={host}",
        f"listening-port={port}",
        f"tls-listening-port={tls_port}",
        "use-auth-secret",
        f"static-auth-secret={SECRET}",
        "realm=prison",
        "allow-loopback-peers",
        "no-cli",
        "no-dtls",
        "no-multicast-peers",
        f"userdb={directory}/turn-{port}.db",
        f"pidfile={directory}/turn-{port}.pid",
        "log-file=stdout",
        "simple-log",
        "verbose",
        *([f"cert={identity[0]}", f"pkey={identity[1]}"] if identity else ["no-tls"]),
        *([f"max-allocate-lifetime={lifetime_s}"] if lifetime_s else []),
    ]
    file = directory / f"turn-{port}.conf"
    file.write_text("\n".join(settings) + "\n", encoding="utf-8")
    server = TurnServer(host, port, tls_port, _started(file))
    try:
        _wait_until_it_listens(server)
        yield server
    finally:
        server.kill()


def _started(settings: Path) -> subprocess.Popen[str]:
    with settings.with_suffix(".log").open("w") as log:
        command = [TURNSERVER, "-c", str(settings)]
        return subprocess.Popen(command, stdout=log, stderr=log, text=True)


def _wait_until_it_listens(server: TurnServer) -> None:
    """Over UDP, which it does last."""
    deadline_s = CLOCK.monotonic() + _START_S
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.settimeout(0.1)
        probe.connect((server.host, server.port))
        while CLOCK.monotonic() < deadline_s:
            with contextlib.suppress(OSError):
                probe.send(_WHO_AM_I)
                probe.recv(1500)
                return
            threading.Event().wait(0.05)  # another process: there is no event
    raise KioskError("the relay did not start")
