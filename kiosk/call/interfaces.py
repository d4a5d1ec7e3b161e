"""Which of this terminal's network interfaces a call may use, and so which addresses it tells."""

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Final

import ifaddr
from aioice import ice

UNEXPECTED: Final = (
    "lo",
    "docker*",
    "br-*",
    "veth*",
    "virbr*",
    "vmnet*",
    "vbox*",
    "lxc*",
    "podman*",
)
"""What a terminal has for itself or for containers; nobody calls through these."""


def use_interfaces(named: Sequence[str]) -> None:
    """Have aioice use these only, in the whole program; without any, all but `UNEXPECTED`."""
    inside = vars(ice)
    assert "get_host_addresses" in inside

    def addresses(use_ipv4: bool, use_ipv6: bool) -> list[str]:
        versions = {4: use_ipv4, 6: use_ipv6}
        return [
            str(each) for each in usable(ifaddr.get_adapters(), named) if versions[each.version]
        ]

    inside["get_host_addresses"] = addresses


def usable(
    adapters: Iterable[ifaddr.Adapter], named: Sequence[str]
) -> Iterator[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """The addresses of the interfaces that may be used, by which this terminal can be reached."""
    for adapter in adapters:
        if not may_be_used(adapter.name, named):
            continue
        for found in adapter.ips:
            address = ipaddress.ip_address(found.ip if isinstance(found.ip, str) else found.ip[0])
            if not (address.is_loopback or address.is_link_local or address.is_unspecified):
                yield address


def may_be_used(interface: str, named: Sequence[str]) -> bool:
    """`named` are patterns as of a shell."""
    if named:
        return any(fnmatchcase(interface, pattern) for pattern in named)
    return not any(fnmatchcase(interface, pattern) for pattern in UNEXPECTED)
