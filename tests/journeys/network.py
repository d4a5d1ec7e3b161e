"""A network of the terminal's own, that can be taken away: its programs run in a network namespace."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from kiosk.sandbox.accounts import OneAccount
from kiosk.supervisor import Program

LINK: Final = "eth0"
_ONLINE: Final = ("kiosk-core", "kiosk-call")

_SILENT: Final = """
table inet visit {
  chain in { type filter hook input priority 0; meta l4proto udp drop; }
  chain out { type filter hook output priority 0; meta l4proto udp drop; }
}
"""


@dataclass(frozen=True)
class TerminalNetwork:
    """One cable between the terminal and this host."""

    name: str
    cable: str
    """Its end at this host."""
    host: str
    terminal: str
    other: str
    """An address that the terminal may get later."""

    def take_down(self) -> None:
        _ip("-n", self.name, "link", "set", LINK, "down")

    def bring_up(self) -> None:
        _ip("-n", self.name, "link", "set", LINK, "up")
        _ip("-n", self.name, "route", "replace", "default", "via", self.host)

    def fall_silent(self) -> None:
        """No datagram comes or goes any more, and nobody is told; the service is heard as before."""
        self.run("nft", "-f", "-", said=_SILENT)

    def speak(self) -> None:
        self.run("nft", "delete", "table", "inet", "visit")

    def change_address(self) -> None:
        """As when a lease ends: the old address is gone, another is there."""
        _ip("-n", self.name, "address", "del", f"{self.terminal}/24", "dev", LINK)
        _ip("-n", self.name, "address", "add", f"{self.other}/24", "dev", LINK)
        _ip("-n", self.name, "route", "replace", "default", "via", self.host)

    def run(self, *command: str, said: str = "") -> None:
        """A command in the terminal's network."""
        inside = ("ip", "netns", "exec", self.name, *command)
        subprocess.run(inside, input=said, text=True, check=True)


class Connected(OneAccount):
    """The programs that may use the network are started in the terminal's."""

    def __init__(self, network: TerminalNetwork) -> None:
        self._network = network

    def run_as_user(self, program: Program) -> Program:
        if program.name not in _ONLINE:
            return program
        inside = ("ip", "netns", "exec", self._network.name)
        return replace(program, command=(*inside, *program.command))


@contextmanager
def terminal_network() -> Iterator[TerminalNetwork]:
    """Needs root, as a namespace is made."""
    number = os.getpid() % 250 + 1
    name, ours = f"visit-{os.getpid()}", f"visit{os.getpid() % 10**9}"
    host, terminal, other = (f"10.79.{number}.{last}" for last in (1, 2, 3))
    _ip("netns", "add", name)
    _ip("link", "add", ours, "type", "veth", "peer", "name", LINK, "netns", name)
    try:
        _ip("address", "add", f"{host}/24", "dev", ours)
        _ip("link", "set", ours, "up")
        _ip("-n", name, "address", "add", f"{terminal}/24", "dev", LINK)
        _ip("-n", name, "link", "set", "lo", "up")
        network = TerminalNetwork(name, ours, host, terminal, other)
        network.bring_up()
        yield network
    finally:
        _ip("link", "del", ours)  # a namespace that is deleted keeps its cable for a moment
        _ip("netns", "del", name)


def _ip(*words: str) -> None:
    subprocess.run(("ip", *words), check=True)
