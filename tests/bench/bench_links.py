"""Measures how links hold, as root: `python -m tests.bench.bench_links [--quick]` leaves build/links.json.

A terminal in a network of its own visits a family's browser. Its cable goes, or all its datagrams
do, for 1, 3, 10 and 40 s; then its relay dies, or hangs. Back is the visit with the first picture on both
sides. `--quick` leaves the outage of 40 s out.
"""

import argparse
import asyncio
import itertools
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kiosk.clock import Seconds
from kiosk.sandbox.family import Family
from kiosk.wire.frames import FrameReader
from kiosk.wire.messages import CallConnected, CallEnded, CallHeard
from tests.bench.figures import CLOCK, leave_links
from tests.journeys.begun import Visit
from tests.journeys.capture import Flow, captured
from tests.journeys.meeting import met
from tests.journeys.network import TerminalNetwork, terminal_network
from tests.journeys.test_fair_clock import kept_by_the_service
from tests.turn import ice_server, turn_server

OUTAGES_S: Final = (1, 3, 10, 40)
PAUSE_S: Final[Seconds] = 5.0
LOOK_S: Final[Seconds] = 0.01
PATIENCE_S: Final[Seconds] = 30.0
REFERENCE: Final = "v1-sam-mum"
SAFE: Final = "Your time is safe"

WATCH: Final = """() => {
  window.seen = [];
  let before = 0;
  setInterval(() => {
    const now = document.getElementById("their-video").getVideoPlaybackQuality().totalVideoFrames;
    if (now !== before) window.seen.push(Date.now());
    before = now;
  }, 10);
}"""
_FIRST_AFTER: Final = "(ms) => window.seen.find((seen) => seen > ms) ?? null"


@dataclass
class Found:
    """All figures, the worst of each."""

    back_s: dict[str, Seconds] = field(default_factory=dict)
    lost_s: Seconds = 0.0
    credit_error_s: Seconds = 0.0
    turn_failover_s: Seconds = 0.0
    leaked_addresses: int = 0
    runs: list[dict[str, Any]] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def back(self, outage_s: Seconds, kind: str, back_s: Seconds, words: str) -> None:
        name = f"{outage_s:g}"
        self.back_s[name] = max(self.back_s.get(name, 0.0), round(back_s, 2))
        self.runs.append(
            {"outage_s": outage_s, "kind": kind, "back_s": round(back_s, 2), "page": SAFE in words}
        )


@asynccontextmanager
async def visiting(
    network: TerminalNetwork, visit_s: Seconds, **service: Any
) -> AsyncIterator[Visit]:
    with tempfile.TemporaryDirectory(prefix="bench-links-") as place:
        async with (
            Family() as family,
            met(Path(place), family, network, visit_s, **service) as visit,
        ):
            await family.page.evaluate(WATCH)
            yield visit


async def live_on_both_sides(visit: Visit, since_s: Seconds) -> Seconds:
    """When each side had its first picture that was sent after `since_s`; the later of the two."""
    since_ms = CLOCK.utc().timestamp() * 1000 - (CLOCK.monotonic() - since_s) * 1000
    terminal, page = await asyncio.gather(_at_terminal(visit, since_s), _at_page(visit, since_ms))
    return max(terminal, page)


async def _at_terminal(visit: Visit, since_s: Seconds) -> Seconds:
    """From the pictures that kiosk-call leaves for the screen."""
    reader = FrameReader(visit.hall.trial.run / "frames" / "remote")
    try:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                frame = reader.newest(_call(visit))
                if frame is not None and frame.stamp_ns > since_s * 1e9:
                    return frame.stamp_ns / 1e9
                await asyncio.sleep(LOOK_S)  # a file of another process: there is no event
    finally:
        reader.close()


async def _at_page(visit: Visit, since_ms: float) -> Seconds:
    async with asyncio.timeout(PATIENCE_S):
        while (seen_ms := await visit.family.page.evaluate(_FIRST_AFTER, since_ms)) is None:
            await asyncio.sleep(LOOK_S)
    return visit.hall.moment_s(seen_ms)


def _call(visit: Visit) -> int:
    seen = visit.hall.trial.observer.seen
    return [message.call for message in seen if isinstance(message, CallConnected | CallHeard)][-1]


async def outages(network: TerminalNetwork, kind: str, outages_s: list[int], found: Found) -> None:
    """One visit with all outages, and whether what they cost was given back."""
    go = {"down": network.take_down, "silent": network.fall_silent}[kind]
    come_back = {"down": network.bring_up, "silent": network.speak}[kind]
    visit_s = sum(outages_s) + (PAUSE_S + 3) * len(outages_s)
    async with visiting(network, visit_s) as visit:
        before_s, lost_s = kept_by_the_service(visit.hall, REFERENCE).lost.link, 0.0
        for outage_s in outages_s:
            await asyncio.sleep(PAUSE_S)
            go()
            gone_s = CLOCK.monotonic()
            await asyncio.sleep(outage_s)
            words = await visit.family.page.inner_text("#cover")
            come_back()
            back_s = CLOCK.monotonic()
            live_s = await live_on_both_sides(visit, back_s)
            lost_s += live_s - gone_s
            found.back(outage_s, kind, live_s - back_s, words)
        ended = await visit.hall.trial.observer.wait_for(CallEnded, patience_s=visit_s)
        kept = kept_by_the_service(visit.hall, REFERENCE)
        errors_s = (
            abs(kept.lost.link - before_s - lost_s),
            abs(ended.at_s - visit.ends_at_s - kept.given_s),
        )
        found.credit_error_s = max(found.credit_error_s, *(round(each, 2) for each in errors_s))


async def relayed(network: TerminalNetwork, way: str, fate: str, found: Found) -> None:
    """Only through a relay, of which the first fails; and what else the terminal spoke to."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-relay-") as place,
        turn_server(network.host, Path(place), None) as first,
        turn_server(network.host, Path(place), None) as second,
        captured(network.cable, network.terminal) as capture,
    ):
        servers = [ice_server([getattr(first, way)]), ice_server([second.udp, second.tcp])]
        async with visiting(network, 40, relay_only=True, ice_servers=servers) as visit:
            await asyncio.sleep(PAUSE_S)
            first.kill() if fate == "dies" else first.pause()
            failed_s = CLOCK.monotonic()
            live_s = await live_in_another_call(visit)
            found.turn_failover_s = max(found.turn_failover_s, round(live_s - failed_s, 2))
            found.runs.append({"relay": way, "fate": fate, "back_s": round(live_s - failed_s, 2)})
            offers = await visit.family.page.evaluate(
                "window.connections.map((each) => each.remoteDescription.sdp).join()"
            )
            service = int(visit.hall.trial.addresses.api.rsplit(":", 1)[1])
        relays = {first.port, second.port}
        strangers = {flow for flow in capture.sent if _is_stranger(flow, network, service, relays)}
        found.strangers += [str(each) for each in strangers]
        found.leaked_addresses += len(strangers) + offers.count(network.terminal)


async def live_in_another_call(visit: Visit) -> Seconds:
    observer = visit.hall.trial.observer
    connected = await observer.wait_for(CallConnected, since=observer.mark(), patience_s=PATIENCE_S)
    return await live_on_both_sides(visit, connected.at_s)


def _is_stranger(flow: Flow, network: TerminalNetwork, service: int, relays: set[int]) -> bool:
    """Only the host of the relays may be told, by ICMP, that a port of ours is closed."""
    known = {("tcp", service), *((way, port) for way in ("udp", "tcp") for port in relays)}
    return flow.host != network.host or (flow.protocol, flow.port) not in known | {("1", 0)}


async def measure(outages_s: list[int]) -> Found:
    found = Found()
    for kind in ("down", "silent"):
        with terminal_network() as network:
            await outages(network, kind, outages_s, found)
    for way, fate in itertools.product(("udp", "tcp"), ("dies", "hangs")):
        with terminal_network() as network:
            await relayed(network, way, fate, found)
    return found


def main() -> int:
    """0 when all could be measured; what was found is not judged."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_links")
    parser.add_argument("--quick", action="store_true", help="without the longest outage")
    outages_s = [*OUTAGES_S[:-1], *([] if parser.parse_args().quick else OUTAGES_S[-1:])]
    load = os.getloadavg()[0]
    found = asyncio.run(measure(outages_s))
    leave_links(
        {
            "back_s": found.back_s,
            "turn_failover_s": found.turn_failover_s,
            "credit_error_s": found.credit_error_s,
            "leaked_addresses": found.leaked_addresses,
            "runs": found.runs,
            "strangers": found.strangers,
            "load_before": round(load, 1),
            "load_after": round(os.getloadavg()[0], 1),
        }
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
