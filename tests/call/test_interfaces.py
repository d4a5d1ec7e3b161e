"""Calls use the interfaces that they may, and tell no other address."""

from types import SimpleNamespace
from typing import Any

import pytest
from aioice import Connection, ice

from kiosk.call.interfaces import may_be_used, usable, use_interfaces


def adapter(name: str, *addresses: str | tuple[str, int, int]) -> Any:
    return SimpleNamespace(name=name, ips=[SimpleNamespace(ip=address) for address in addresses])


ADAPTERS = [
    adapter("lo", "127.0.0.1", ("::1", 0, 0)),
    adapter("eth0", "10.1.2.3", ("fd00::7", 0, 0), ("fe80::7", 0, 2)),
    adapter("wlan0", "169.254.7.7"),
    adapter("docker0", "172.17.0.1"),
    adapter("br-3f2a", "172.18.0.1"),
]


def told(*named: str) -> list[str]:
    return [str(address) for address in usable(ADAPTERS, named)]


def test_without_a_word_all_but_those_of_containers_are_used() -> None:
    assert told() == ["10.1.2.3", "fd00::7"]


def test_only_what_is_named_is_used() -> None:
    assert told("docker*") == ["172.17.0.1"]
    assert told("wg0") == []


def test_an_address_that_ends_at_the_cable_is_not_told() -> None:
    assert told("wlan0") == []


@pytest.mark.parametrize("name", ["lo", "veth12", "virbr0", "docker0"])
def test_what_a_terminal_has_for_itself_is_unexpected(name: str) -> None:
    assert not may_be_used(name, ())


async def test_a_connection_gathers_from_what_may_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ice, "get_host_addresses", ice.get_host_addresses)
    use_interfaces(["no-such-interface"])
    connection = Connection(ice_controlling=True)
    await connection.gather_candidates()
    assert connection.local_candidates == []
    await connection.close()
