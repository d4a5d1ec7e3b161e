"""Measures how links hold, as root: `python -m tests.bench.bench_links [--quick]` leaves build/links.json.

A terminal in a network of its own visits a family's browser. In one visit its cable goes, and all
its datagrams do, for 40, 10, 3 and 1 s; in another its relays hang and die, one after the other. Back is
the visit with the first picture on both sides. `--quick` leaves the outages of 40 s out. What the
programs logged is in build/bench-links.
"""

import argparse
import asyncio
import itertools
import os
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.async_api import Page

from kiosk.clock import Seconds
from kiosk.sandbox.family import Family
from kiosk.wire.messages import CallConnected, CallEnded
from tests.bench.figures import CLOCK, leave_links
from tests.journeys.begun import Visit
from tests.journeys.capture import Flow, captured
from tests.journeys.kept import kept_by_the_service
from tests.journeys.live import live_on_both_sides, watch
from tests.journeys.meeting import met
from tests.journeys.network import TerminalNetwork, terminal_network
from tests.journeys.reading import MIDDLE, REMARK, Words, drawn, page_says_back, page_says_safe
from tests.project import ROOT
from tests.turn import TurnServer, ice_server, turn_server

OUTAGES_S: Final = (40, 10, 3, 1)
"""The longest first: what is given back for it is the time in which the others fit."""

KINDS: Final = ("down", "silent")
PAUSE_S: Final[Seconds] = 3.0
READ_S: Final[Seconds] = 2.0
"""When it can be read on both sides, for some seconds, that a connection is back."""

BACK_S: Final[Seconds] = 1.5
"""How much longer than its pause an outage may take of a visit: that alone is not given back."""

RELAYED_S: Final[Seconds] = 60.0
PATIENCE_S: Final[Seconds] = 30.0
SAID_S: Final[Seconds] = 2.5
"""A shorter silence is over before it is called one: both sides read of it when it is over."""

LOGS: Final = ROOT / "build/bench-links"


@dataclass
class Found:
    """All figures, the worst of each."""

    back_s: dict[str, Seconds] = field(default_factory=dict)
    credit_error_s: Seconds = 0.0
    turn_failover_s: Seconds = 0.0
    leaked_addresses: int = 0
    runs: list[dict[str, Any]] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    """Outages in which one side did not read that its time is safe."""

    def back(self, outage_s: Seconds, back_s: Seconds) -> None:
        name = f"{outage_s:g}"
        self.back_s[name] = max(self.back_s.get(name, 0.0), round(back_s, 2))

    def credited(self, error_s: Seconds) -> Seconds:
        """How far what was counted, or given, is from what it should be."""
        self.credit_error_s = max(self.credit_error_s, round(abs(error_s), 2))
        return round(error_s, 2)


def needed_s(outages_s: Sequence[Seconds]) -> Seconds:
    """The shortest visit that is not over before the last outage; what is lost is given back."""
    return max(n * (PAUSE_S + BACK_S) + each for n, each in enumerate(outages_s, 2))


@asynccontextmanager
async def visiting(
    network: TerminalNetwork, family: Family, name: str, visit_s: Seconds, **service: Any
) -> AsyncIterator[Visit]:
    async with met(LOGS / name, family, network, visit_s, **service) as visit:
        await watch(visit)
        yield visit


async def outages(
    network: TerminalNetwork, family: Family, outages_s: Sequence[Seconds], found: Found
) -> None:
    """One visit with all outages: whether what each cost was counted, what was counted is given
    back, and the visit as much longer."""
    all_s = [(kind, each) for each in outages_s for kind in KINDS]
    visit_s = needed_s([each for _, each in all_s])
    safe = drawn("visit_reconnecting", LOGS, MIDDLE)
    back = drawn("visit_notice_time_safe", LOGS, REMARK)
    async with visiting(network, family, "outages", visit_s) as visit:
        await asyncio.sleep(PAUSE_S)
        for kind, outage_s in all_s:
            await outage(visit, network, kind, outage_s, (safe, back), found)
        patience_s = 2 * visit_s
        ended = await visit.hall.trial.observer.wait_for(CallEnded, patience_s=patience_s)
        kept = kept_by_the_service(visit.hall)
        found.credited(kept.given_s - kept.lost.link - kept.lost_before.prison)
        found.credited(ended.at_s - visit.ends_at_s - kept.given_s)


async def outage(
    visit: Visit,
    network: TerminalNetwork,
    kind: str,
    outage_s: Seconds,
    words: tuple[Words, Words],
    found: Found,
) -> None:
    """From the first second that is lost to the moment at which what it cost is on record; `words` are
    what a person reads at the terminal meanwhile, and after it."""
    go = {"down": network.take_down, "silent": network.fall_silent}[kind]
    come_back = {"down": network.bring_up, "silent": network.speak}[kind]
    before_s = kept_by_the_service(visit.hall).lost.link
    go()
    gone_s = CLOCK.monotonic()
    await asyncio.sleep(outage_s)
    safe, back = words
    read = await read_by(visit, page_says_safe, safe)
    come_back()
    back_s = CLOCK.monotonic()
    live_s = await live_on_both_sides(visit, back_s)
    await asyncio.sleep(READ_S)
    read_after = await read_by(visit, page_says_back, back)
    await asyncio.sleep(PAUSE_S - READ_S)
    counted_s = kept_by_the_service(visit.hall).lost.link - before_s
    error_s = found.credited(counted_s - (live_s - gone_s))
    found.back(outage_s, live_s - back_s)
    found.runs.append(
        {
            "outage_s": outage_s,
            "kind": kind,
            "back_s": round(live_s - back_s, 2),
            "credit_error_s": error_s,
            **read,
            "read_after": read_after,
        }
    )
    all_read = [("while", read)] if outage_s > SAID_S else []
    for when, sides in (*all_read, ("after", read_after)):
        found.unread += [f"{when} {kind} {outage_s} s: {s}" for s, did in sides.items() if not did]


async def read_by(
    visit: Visit, page_says: Callable[[Page], Awaitable[bool]], words: Words
) -> dict[str, bool]:
    """Which of both sides read that their time is safe."""
    return {
        "page": await page_says(visit.family.page),
        "terminal": words.is_in(await visit.hall.display.picture()),
    }


async def relayed(network: TerminalNetwork, family: Family, found: Found) -> None:
    """Only through relays, of which the one in use fails; and what else the terminal spoke to."""
    place = LOGS / "relayed"
    place.mkdir(parents=True)
    with (
        turn_server(network.host, place, None) as first,
        turn_server(network.host, place, None) as second,
        turn_server(network.host, place, None) as third,
        captured(network.cable) as capture,
    ):
        relays, urls = (first, second, third), ([first.udp], [second.tcp], [third.udp, third.tcp])
        service = {"relay_only": True, "ice_servers": [ice_server(each) for each in urls]}
        async with visiting(network, family, "relayed", RELAYED_S, **service) as visit:
            for fate, (way, relay) in itertools.product(
                ("hangs", "dies"), (("udp", first), ("tcp", second))
            ):
                await asyncio.sleep(PAUSE_S)
                back_s = await failed_over_s(visit, relay, fate)
                found.turn_failover_s = max(found.turn_failover_s, round(back_s, 2))
                found.runs.append({"relay": way, "fate": fate, "back_s": round(back_s, 2)})
            offers = await family.page.evaluate(
                "window.connections.map((each) => each.remoteDescription.sdp).join()"
            )
            port = int(visit.hall.trial.addresses.api.rsplit(":", 1)[1])
        allowed = {("tcp", port), *((w, each.port) for w in ("udp", "tcp") for each in relays)}
        strangers = {flow for flow in capture.sent if _is_stranger(flow, network, allowed)}
        found.strangers += [str(each) for each in strangers]
        found.leaked_addresses += len(strangers) + offers.count(network.terminal)


async def failed_over_s(visit: Visit, relay: TurnServer, fate: str) -> Seconds:
    """How long until the visit is back through another relay; one that hangs is there again then."""
    observer = visit.hall.trial.observer
    mark, failed_s = observer.mark(), CLOCK.monotonic()
    relay.kill() if fate == "dies" else relay.pause()
    try:
        again = await observer.wait_for(CallConnected, since=mark, patience_s=PATIENCE_S)
        return await live_on_both_sides(visit, again.at_s) - failed_s
    finally:
        relay.go_on()


def _is_stranger(flow: Flow, network: TerminalNetwork, allowed: set[tuple[str, int]]) -> bool:
    """Only the host of the relays may be told, by ICMP, that a port of ours is closed."""
    return flow.host != network.host or (flow.protocol, flow.port) not in allowed | {("1", 0)}


async def measure(outages_s: Sequence[Seconds]) -> Found:
    shutil.rmtree(LOGS, ignore_errors=True)
    found = Found()
    with terminal_network() as network:
        async with Family() as family:
            await outages(network, family, outages_s, found)
            await relayed(network, family, found)
    return found


def main() -> int:
    """0 when all could be measured; what was found is not judged."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_links")
    parser.add_argument("--quick", action="store_true", help="without the longest outages")
    outages_s = OUTAGES_S[1:] if parser.parse_args().quick else OUTAGES_S
    load = os.getloadavg()[0]
    found = asyncio.run(measure(outages_s))
    leave_links(
        {
            "back_s": found.back_s,
            "turn_failover_s": found.turn_failover_s,
            "credit_error_s": found.credit_error_s,
            "leaked_addresses": found.leaked_addresses,
            "unread": found.unread,
            "runs": found.runs,
            "strangers": found.strangers,
            "load_before": round(load, 1),
            "load_after": round(os.getloadavg()[0], 1),
        }
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
