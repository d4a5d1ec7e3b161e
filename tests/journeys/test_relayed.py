"""Where a site wants it, a terminal's media go to its relay and nowhere else."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kiosk.clock import SystemClock
from kiosk.sandbox.authority import Authority
from kiosk.sandbox.family import Family
from kiosk.wire.messages import CallEnded, CallLost, CallSilent, CallStats
from tests.journeys.begun import Visit, wait_until
from tests.journeys.capture import Flow, captured
from tests.journeys.kept import given_since, kept_by_the_service
from tests.journeys.live import live_in_a_call_after, watch
from tests.journeys.meeting import live_again_s, met
from tests.journeys.network import TerminalNetwork
from tests.turn import CLOCK, SECRET, ice_server, turn_server

pytestmark = [pytest.mark.root, pytest.mark.slow]

NEXT_S = 3.0
FAIR_S = 1.0
PATIENCE_S = 60.0
LIFE_S = 14
ALLOCATED_S = 4
STAGE = Path("state/stage")
"""In memory, for its owner alone: a kiosk-core that is started again needs it."""

SERVICES_OWN = ("service.toml", "service.db", "visit-service.log")


def written_by_the_terminal(visit: Visit) -> dict[Path, bytes]:
    """Settings, logs, records, and what is kept in memory from one moment to the next."""
    places = (visit.hall.trial.run, visit.hall.trial.logs)
    files = [file for place in places for file in place.rglob("*") if file.is_file()]
    ours = [f for f in files if not f.name.startswith("turn-") and f.name not in SERVICES_OWN]
    return {file: file.read_bytes() for file in ours}


@pytest.mark.parametrize("way", ["udp", "tcp"])
async def test_a_relayed_call_sends_nothing_but_to_its_relay_and_keeps_no_password(
    tmp_path: Path, family: Family, network: TerminalNetwork, way: str
) -> None:
    with turn_server(network.host, tmp_path, None) as relay, captured(network.cable) as capture:
        server = ice_server([relay.udp if way == "udp" else relay.tcp])
        password = str(server["credential"]).encode()
        async with met(
            tmp_path, family, network, 5, relay_only=True, ice_servers=[server]
        ) as visit:
            service = urlsplit(visit.hall.trial.addresses.api)
            allowed = {
                Flow("tcp", network.host, service.port or 443),
                Flow(way, network.host, relay.port),
            }
            assert capture.sent == allowed
            offer = await family.page.evaluate("window.connections.at(-1).remoteDescription.sdp")
            assert network.terminal not in offer
            holders = [f for f, data in written_by_the_terminal(visit).items() if password in data]
            assert holders == [visit.hall.trial.run / STAGE]
            await visit.hall.sees("Goodbye", patience_s=PATIENCE_S)
            await visit.hall.has_record(next_stage="Goodbye")
            closed = Flow("1", network.host, 0)  # what the relay still sends is answered by ICMP
            assert capture.sent - {closed} == allowed
            for data in written_by_the_terminal(visit).values():
                assert password not in data
                assert SECRET.encode() not in data


@pytest.mark.parametrize("way", ["udp", "tls"])
async def test_when_the_first_relay_dies_the_next_is_used_and_the_time_is_given_back(
    tmp_path: Path, family: Family, network: TerminalNetwork, way: str
) -> None:
    authority = Authority(SystemClock())
    identity = authority.service(network.host).write(tmp_path, "relay")
    (tmp_path / "relays.pem").write_bytes(authority.certificate)
    with (
        turn_server(network.host, tmp_path, identity) as first,
        turn_server(network.host, tmp_path, identity) as second,
        # The family's browser does not know who certified the others.
        turn_server(network.host, tmp_path, None) as familys,
    ):
        urls = [getattr(first, way)], [getattr(second, way)], [familys.udp]
        async with met(
            tmp_path,
            family,
            network,
            30,
            call_network={"ca": tmp_path / "relays.pem"},
            relay_only=True,
            ice_servers=[ice_server(each) for each in urls],
        ) as visit:
            await watch(visit)
            before = kept_by_the_service(visit.hall)
            died_s = visit.hall.trial.clock.monotonic()
            first.kill()
            lost_s = await live_in_a_call_after(visit, died_s) - died_s
            assert lost_s <= NEXT_S
            assert abs(await given_since(visit, before) - lost_s) < FAIR_S


async def test_a_password_that_ends_in_the_visit_ends_nothing_of_it(
    tmp_path: Path, family: Family, network: TerminalNetwork
) -> None:
    """The browser has one that ends at the same moment."""
    ends_s = CLOCK.monotonic() + LIFE_S
    with turn_server(network.host, tmp_path, None, ALLOCATED_S) as relay:
        servers = [ice_server([relay.udp], LIFE_S)]
        async with met(
            tmp_path, family, network, LIFE_S + 7, relay_only=True, ice_servers=servers
        ) as visit:
            observer = visit.hall.trial.observer
            mark = observer.mark()
            assert CLOCK.monotonic() < ends_s
            await wait_until(visit.hall, ends_s + 2 * ALLOCATED_S)
            await observer.wait_for(CallStats, since=observer.mark())
            broken = (CallSilent, CallLost, CallEnded)
            assert not any(isinstance(each, broken) for each in observer.seen[mark:])
            await visit.hall.sees("Goodbye", patience_s=PATIENCE_S)
            await visit.hall.has_record(stage="InVisit", next_stage="Goodbye", detail="time_up")


async def test_when_the_first_relay_hangs_the_next_is_used_and_the_time_is_given_back(
    tmp_path: Path, family: Family, network: TerminalNetwork
) -> None:
    with (
        turn_server(network.host, tmp_path, None) as first,
        turn_server(network.host, tmp_path, None) as second,
    ):
        servers = [ice_server([first.udp]), ice_server([second.udp, second.tcp])]
        async with met(
            tmp_path, family, network, 30, relay_only=True, ice_servers=servers
        ) as visit:
            observer = visit.hall.trial.observer
            before = kept_by_the_service(visit.hall)
            mark = observer.mark()
            with first.paused():
                hung_s = visit.hall.trial.clock.monotonic()
                back_s = await live_again_s(visit, mark) - hung_s
            assert back_s <= NEXT_S
            await given_since(visit, before)
            kept = kept_by_the_service(visit.hall)
            assert abs(kept.lost.link - before.lost.link - back_s) < FAIR_S
