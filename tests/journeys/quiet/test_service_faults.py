"""A visit service that is down, slow or faulty: a plain refusal, a record, and the next card is read."""

import asyncio
import itertools
import json
import re
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import psutil
import pytest
import pytest_asyncio

from kiosk.clock import Seconds
from kiosk.sandbox.ports import free_ports
from kiosk.sandbox.trial import Equipment
from kiosk.visit.patience import CARD_CHECK_S
from tests.core.service.hostile import (
    JSON,
    PROBLEM,
    Asked,
    Behaviour,
    Hostile,
    Peer,
    always,
    head,
    hostile,
    once,
    whole,
)
from tests.journeys.hall import LOOK_EACH_S, RECORD_S, Hall, card_of, open_hall

DRAW_S: Seconds = 0.5
GROWN_BYTES = 16_000_000
GIGABYTE = 1 << 30
CHUNK = b"[" * 65_536
HALF = b'{"now": "2026-03-01T13:58:00.123Z", "identification": "i-1'
SANE = {"code": "unknown_card", "title": "Nobody's", "status": 404}


class Faulty:
    """A terminal whose service does what `server.behave` says, whatever it is asked."""

    def __init__(self, hall: Hall, server: Hostile) -> None:
        self.hall = hall
        self.server = server
        self._cards = itertools.count(1)

    async def refuses(self, behave: Behaviour, reason: str) -> Seconds:
        """Hold another card; how long until the refusal was drawn that is also on record."""
        self.server.behave = behave
        since = len(kept_records(self.hall))
        at_s = await self.hall.shows_card(f"{next(self._cards):010X}")
        drawn = await self.hall.sees("Refused")
        await has_kept(self.hall, since, event="Declined", next_stage="Refused", detail=reason)
        return drawn.at_s - at_s


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def faulty(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Faulty]:
    with hostile(once(b"")) as server:
        equipment = Equipment(service_url=server.url)
        async with open_hall(tmp_path_factory.mktemp("faults"), equipment) as hall:
            yield Faulty(hall, server)


def flood(announced: str) -> Behaviour:
    def behave(peer: Peer, _: Asked) -> None:
        peer.send(head(200, JSON, announced))
        peer.flood(CHUNK, GIGABYTE // len(CHUNK))

    return behave


def drip(peer: Peer, _: Asked) -> None:
    peer.drip(whole(json.dumps(SANE).encode(), 404, PROBLEM), 0.1)


@pytest.mark.parametrize(
    ("behave", "reason"),
    [
        pytest.param(lambda peer, _: peer.close(), "service_away", id="hangs-up"),
        pytest.param(lambda peer, _: peer.reset(), "service_away", id="breaks-off"),
        pytest.param(lambda peer, _: peer.wait(), "service_away", id="says-nothing"),
        pytest.param(drip, "service_away", id="slow"),
        pytest.param(always(whole(b"{}", 500)), "service_away", id="500"),
        pytest.param(always(whole(b"<html>", 502, "text/html")), "service_away", id="502-html"),
        pytest.param(always(whole(b"<html>", 200, "text/html")), "service_fault", id="html"),
        pytest.param(always(whole(HALF)), "service_fault", id="half-a-document"),
        pytest.param(
            once(head(200, JSON, "Content-Length: 500") + HALF), "service_away", id="half-a-reply"
        ),
        pytest.param(flood(f"Content-Length: {GIGABYTE}"), "service_fault", id="gigabyte"),
    ],
)
async def test_a_card_is_refused_in_time_with_a_record_and_the_next_one_is_answered(
    faulty: Faulty, behave: Behaviour, reason: str
) -> None:
    assert await faulty.refuses(behave, reason) <= CARD_CHECK_S + DRAW_S
    sane = always(whole(json.dumps(SANE).encode(), 404, PROBLEM))
    await faulty.refuses(sane, "unknown_card")
    assert not faulty.hall.exits


async def test_a_body_of_a_gigabyte_fills_no_memory(faulty: Faulty) -> None:
    pid = faulty.hall.trial.supervisor.pid("kiosk-core")
    assert pid is not None
    core = psutil.Process(pid)
    before_bytes = core.memory_full_info().pss
    forget_peak(core.pid)
    peak_before_bytes = peak_bytes(core.pid)
    for _ in range(3):
        await faulty.refuses(flood("Connection: close"), "service_fault")
    assert peak_bytes(core.pid) - peak_before_bytes < GROWN_BYTES
    assert core.memory_full_info().pss - before_bytes < GROWN_BYTES


async def test_a_terminal_that_starts_while_the_service_is_down_refuses_and_stays_up(
    tmp_path: Path,
) -> None:
    nobody = f"http://127.0.0.1:{free_ports(1)[0]}"
    async with open_hall(tmp_path, Equipment(service_url=nobody)) as hall:
        for name in ("Sam", "Omar"):
            since = len(kept_records(hall))
            await hall.shows_card(card_of(name))
            await hall.sees("Refused")
            await has_kept(hall, since, event="Declined", detail="service_away")
        assert not hall.exits


async def test_todays_bookings_greet_while_the_service_is_down_but_nobody_can_join(
    tmp_path: Path,
) -> None:
    async with open_hall(tmp_path) as hall:
        await hall.has_todays_bookings()
        await hall.trial.service.kill()
        await hall.shows_card(card_of("Sam"))
        await hall.sees("Welcome")
        await has_kept(hall, event="ServiceAway", stage="CheckingCard")
        await hall.touches("join")
        await hall.sees("Refused")
        await has_kept(hall, event="Declined", stage="Welcome", detail="service_away")
        await hall.trial.service.start()
        await hall.has_record(event="Declined", stage="Welcome", detail="service_away")


async def has_kept(hall: Hall, since: int = 0, **fields: str) -> None:
    """Core's outbox has a record with these fields among those after the first `since`."""
    async with asyncio.timeout(RECORD_S):
        while not any(fields.items() <= r.items() for r in kept_records(hall)[since:]):
            await asyncio.sleep(LOOK_EACH_S)


def kept_records(hall: Hall) -> list[dict[str, str]]:
    """The records that core keeps on disk until a service takes them."""
    file = hall.trial.logs / "core/audit.db"
    database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        rows = database.execute("SELECT record FROM waiting ORDER BY number").fetchall()
    finally:
        database.close()
    return [msgspec.json.decode(row[0]) for row in rows]


def forget_peak(pid: int) -> None:
    """Begin the kernel's peak of a process's memory anew, as proc(5) says."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def peak_bytes(pid: int) -> int:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) * 1024
