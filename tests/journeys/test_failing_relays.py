"""Relays that refuse or hang, at the beginning of a visit and in it, over each way to a relay."""

from pathlib import Path

import pytest

from kiosk.clock import SystemClock
from kiosk.sandbox.authority import Authority
from kiosk.sandbox.family import Family
from kiosk.wire.messages import CallConnected, StageEntered
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


def flow_to(relay: TurnServer, way: str) -> Flow:
    """What of the terminal's goes to a relay, this way."""
    port = relay.tls_port if way == "tls" else relay.port
    return Flow("udp" if way == "udp" else "tcp", relay.host, port)


@pytest.mark.parametrize("way", ["udp", "tcp", "tls"])
async def test_relays_that_refuse_or_hang_are_passed_over_and_the_time_is_given_back(
    tmp_path: Path, family: Family, network: TerminalNetwork, way: str
) -> None:
    authority = Authority(SystemClock())
    identity = authority.service(network.host).write(tmp_path, "relay")
    (tmp_path / "relays.pem").write_bytes(authority.certificate)
    with (
        turn_server(network.host, tmp_path, identity) as stuck,
        turn_server(network.host, tmp_path, identity) as first,
        turn_server(network.host, tmp_path, identity) as second,
        # The family's browser does not know who certified the others, and is no part of this.
        turn_server(network.host, tmp_path, None) as familys,
        stuck.paused(),
        captured(network.cable) as capture,
    ):
        servers = [
            ice_server([getattr(second, way)], ENDED_S),
            ice_server([getattr(stuck, way)]),
            ice_server([getattr(first, way)]),
            ice_server([getattr(second, way)]),
            ice_server([familys.udp]),
        ]
        async with met(
            tmp_path,
            family,
            network,
            VISIT_S,
            call_network={"ca": tmp_path / "relays.pem"},
            relay_only=True,
            ice_servers=servers,
        ) as visit:
            observer, clock = visit.hall.trial.observer, visit.hall.trial.clock
            joined = next(
                m for m in observer.seen if isinstance(m, StageEntered) and m.stage == "WaitingRoom"
            )
            connected = next(m for m in observer.seen if isinstance(m, CallConnected))
            assert connected.at_s - joined.at_s <= NEXT_S
            await watch(visit)
            before = kept_by_the_service(visit.hall)
            hung_s = clock.monotonic()
            with first.paused():
                again = await observer.wait_for(CallConnected, lambda told: told.at_s > hung_s)
                lost_s = await live_on_both_sides(visit, again.at_s) - hung_s
                assert lost_s <= NEXT_S
                assert abs(await given_since(visit, before) - lost_s) < FAIR_S
            offers = await family.page.evaluate(
                "window.connections.map((each) => each.remoteDescription.sdp).join()"
            )
            assert network.terminal not in offers
            service = int(visit.hall.trial.addresses.api.rsplit(":", 1)[1])
        relays = {flow_to(each, way) for each in (stuck, first, second)}
        assert relays <= capture.sent
        closed = Flow("1", network.host, 0)  # what a relay still sends is answered by ICMP
        assert capture.sent <= relays | {Flow("tcp", network.host, service), closed}
