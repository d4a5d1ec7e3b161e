"""Relays that refuse or hang, at the beginning of a visit and in it, over each way to a relay."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.clock import Seconds, SystemClock
from kiosk.sandbox.authority import Authority
from kiosk.sandbox.family import Family
from kiosk.sandbox.files import Table
from kiosk.wire.messages import CallConnected, StageEntered
from tests.journeys.begun import Visit
from tests.journeys.capture import Flow, captured
from tests.journeys.kept import given_since, kept_by_the_service
from tests.journeys.live import live_on_both_sides, watch
from tests.journeys.meeting import met
from tests.journeys.network import TerminalNetwork
from tests.turn import TurnServer, ice_server, turn_server

pytestmark = [pytest.mark.root, pytest.mark.slow]

NEXT_S = 3.0
FAIR_S = 1.0
VISIT_S = 30.0
ENDED_S = -3600.0


@dataclass
class Relays:
    """Spoken to in one way; the password for the first that is asked has ended, the second hangs."""

    way: str
    ca: Path
    stuck: TurnServer
    first: TurnServer
    """Of those that work."""
    second: TurnServer
    familys: TurnServer
    """The family's browser does not know who certified the others."""

    @property
    def servers(self) -> list[Table]:
        stuck, first, second = (
            getattr(each, self.way) for each in (self.stuck, self.first, self.second)
        )
        refuses = ice_server([second], ENDED_S)
        works = (ice_server([url]) for url in (stuck, first, second, self.familys.udp))
        return [refuses, *works]

    @property
    def flows(self) -> set[Flow]:
        """What a terminal sends to these."""
        tls, protocol = self.way == "tls", "udp" if self.way == "udp" else "tcp"
        return {
            Flow(protocol, each.host, each.tls_port if tls else each.port)
            for each in (self.stuck, self.first, self.second)
        }


@contextmanager
def relays(host: str, place: Path, way: str) -> Iterator[Relays]:
    authority = Authority(SystemClock())
    identity = authority.service(host).write(place, "relay")
    ca = place / "relays.pem"
    ca.write_bytes(authority.certificate)
    with ExitStack() as stack:
        stuck, first, second, familys = (
            stack.enter_context(turn_server(host, place, of)) for of in (*[identity] * 3, None)
        )
        stack.enter_context(stuck.paused())
        yield Relays(way, ca, stuck, first, second, familys)


def took_to_begin_s(visit: Visit) -> Seconds:
    """From the grant until they saw each other."""
    seen = visit.hall.trial.observer.seen
    granted = next(m for m in seen if isinstance(m, StageEntered) and m.stage == "WaitingRoom")
    return next(m for m in seen if isinstance(m, CallConnected)).at_s - granted.at_s


async def lost_when_it_hangs_s(visit: Visit, relay: TurnServer) -> Seconds:
    """Until both see each other again."""
    await watch(visit)
    hung_s = visit.hall.trial.clock.monotonic()
    with relay.paused():
        again = await visit.hall.trial.observer.wait_for(
            CallConnected, lambda told: told.at_s > hung_s
        )
        return await live_on_both_sides(visit, again.at_s) - hung_s


@pytest.mark.parametrize("way", ["udp", "tcp", "tls"])
async def test_relays_that_refuse_or_hang_are_passed_over_and_the_time_is_given_back(
    tmp_path: Path, family: Family, network: TerminalNetwork, way: str
) -> None:
    with relays(network.host, tmp_path, way) as known, captured(network.cable) as capture:
        async with met(
            tmp_path,
            family,
            network,
            VISIT_S,
            call_network={"ca": known.ca},
            relay_only=True,
            ice_servers=known.servers,
        ) as visit:
            assert took_to_begin_s(visit) <= NEXT_S
            before = kept_by_the_service(visit.hall)
            lost_s = await lost_when_it_hangs_s(visit, known.first)
            assert lost_s <= NEXT_S
            assert abs(await given_since(visit, before) - lost_s) < FAIR_S
            offers = await family.page.evaluate(
                "window.connections.map((each) => each.remoteDescription.sdp).join()"
            )
            assert network.terminal not in offers
            service = int(visit.hall.trial.addresses.api.rsplit(":", 1)[1])
        assert known.flows <= capture.sent
        closed = Flow("1", network.host, 0)  # what a relay still sends is answered by ICMP
        assert capture.sent <= known.flows | {Flow("tcp", network.host, service), closed}
