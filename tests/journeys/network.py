"""Networks of the terminal's own and of a visitor's phone: their programs run in network namespaces."""

import itertools
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kiosk.sandbox.accounts import OneAccount
from kiosk.supervisor import Program

LINK: Final = "eth0"
_ONLINE: Final = ("kiosk-core", "kiosk-call")

_MADE: Final = itertools.count()
"""No network has the addresses of the one before: what is still sent there would be answered."""

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
    switch: str
    """All cables end there, and this host."""
    cable: str
    """Its end at the switch."""
    host: str
    terminal: str
    other: str
    """An address that the terminal may get later."""
    phone: tuple[str, str]
    """Addresses of a visitor's phone, in one network and in the next."""

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


@dataclass(frozen=True)
class PhoneNetwork:
    """Where a visitor's browser runs: in one network at a time."""

    name: str
    beside: TerminalNetwork

    def enter(self, number: int) -> None:
        """The first network or the next, by an interface of its own."""
        link, end = ("wlan0", "wwan0")[number], self._cable
        _ip("link", "add", end, "type", "veth", "peer", "name", link, "netns", self.name)
        _ip("link", "set", end, "master", self.beside.switch, "up")
        at_once = (
            f"address add {self.beside.phone[number]}/24 dev {link}",
            f"link set {link} up",
            f"route replace default via {self.beside.host}",
        )
        _ip("-n", self.name, "-batch", "-", said="\n".join(at_once))

    def leave(self) -> None:
        """Out of reach: the interface is gone."""
        _ip("link", "del", self._cable)

    def program(self, command: str, place: Path) -> Path:
        """A file that starts a command in this network."""
        file = place / f"in-{self.name}"
        file.write_text(f'#!/bin/sh\nexec ip netns exec {self.name} {command} "$@"\n')
        file.chmod(0o700)
        return file

    @property
    def _cable(self) -> str:
        return f"phone{os.getpid() % 10**8}"


@contextmanager
def terminal_network() -> Iterator[TerminalNetwork]:
    """Needs root, as a namespace is made."""
    number, process = _free_number(), os.getpid() % 10**8
    name, switch, ours = f"visit-{os.getpid()}", f"hall{process}", f"visit{process}"
    host, terminal, other, *phone = (f"10.79.{number}.{last}" for last in (1, 2, 3, 4, 5))
    _ip("netns", "add", name)
    _ip("link", "add", switch, "type", "bridge")
    _ip("link", "add", ours, "type", "veth", "peer", "name", LINK, "netns", name)
    try:
        _ip("address", "add", f"{host}/24", "dev", switch)
        _ip("link", "set", switch, "up")
        _ip("link", "set", ours, "master", switch, "up")
        _ip("-n", name, "address", "add", f"{terminal}/24", "dev", LINK)
        _ip("-n", name, "link", "set", "lo", "up")
        network = TerminalNetwork(name, switch, ours, host, terminal, other, (phone[0], phone[1]))
        network.bring_up()
        yield network
    finally:
        _ip("link", "del", ours)  # a namespace that is deleted keeps its cable for a moment
        _ip("link", "del", switch)
        _ip("netns", "del", name)


@contextmanager
def phone_network(beside: TerminalNetwork) -> Iterator[PhoneNetwork]:
    """A phone in its first network, that reaches the service and the terminal."""
    network = PhoneNetwork(f"phone-{os.getpid()}", beside)
    _ip("netns", "add", network.name)
    try:
        _ip("-n", network.name, "link", "set", "lo", "up")
        network.enter(0)
        yield network
    finally:
        network.leave()
        _ip("netns", "del", network.name)


def _free_number() -> int:
    """Of no network that is there: what a test that was killed has left is still routed to."""
    there = subprocess.run(("ip", "-4", "address"), capture_output=True, text=True, check=True)
    while True:
        number = (os.getpid() + next(_MADE)) % 250 + 1
        if f"10.79.{number}." not in there.stdout:
            return number


def _ip(*words: str, said: str = "") -> None:
    subprocess.run(("ip", *words), input=said, text=True, check=True)
