"""A visit service that fails at the join and nowhere else: what the person reads, and what follows."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import pytest_asyncio

from kiosk.clock import Seconds
from kiosk.core.contract import ROOT, Contract
from kiosk.core.service.client import JOIN_S
from kiosk.core.service.plain_text import NAME_CHARACTERS
from kiosk.ui.words import REFUSALS, Words
from kiosk.wire.messages import Touch
from kiosk.wire.screens import (
    GoodbyeScreen,
    IdleScreen,
    RefusedScreen,
    WaitingScreen,
    WelcomeScreen,
)
from tests.call.memory import peak_mb
from tests.core.program import CLOCK, CoreProgram, core_program
from tests.core.service.hostile import (
    JSON,
    PROBLEM,
    Asked,
    Behaviour,
    Peer,
    always,
    head,
    hostile,
    whole,
)
from tests.core.service.samples import BOOKING, IDENTIFICATION, JOIN

CARD = "62E3086CED"
SOON_S: Seconds = 5.0
MARGIN_S: Seconds = 1.0
GROWN_MB = 8.0
GIGABYTE = 1 << 30
CHUNK = b"[" * 65_536

AWAY = Words(
    "We cannot reach the booking system.", "Try again in a few minutes, or speak to an officer."
)
FAULT = Words("The booking system has a fault.", "Please tell an officer. It is not your fault.")


class Service:
    """Knows one person with one visit, and keeps to the contract but for what `join` does."""

    def __init__(self) -> None:
        self.join: Behaviour = self.grant
        self.broken: list[str] = []
        """What the terminal's requests have broken of the contract."""
        self._told: list[Mapping[str, Any]] = []
        self._news = threading.Condition()
        self._contract = Contract()

    def behave(self, peer: Peer, asked: Asked) -> None:
        method, target, _ = asked.line.split()
        url = urlsplit(target)
        operation = self._contract.operation(method, url.path.removeprefix(ROOT))
        assert operation is not None, asked.line
        self.broken += self._contract.faults_of_request(
            operation, asked.headers, dict(parse_qsl(url.query)), asked.body
        )
        match operation.id:
            case "join":
                self.join(peer, asked)
            case "identify":
                booking = BOOKING | _times() | {"opens_at": CLOCK.utc().isoformat()}
                peer.send(_told({**IDENTIFICATION, "bookings": [booking]}))
            case "audit":
                records = json.loads(asked.body)["records"]
                self._hear(*records)
                peer.send(_told({"accepted": [record["id"] for record in records]}))
            case "heartbeat":
                peer.send(_told({}))
            case "leave":
                self._hear({"left": operation.values["reference"], **json.loads(asked.body)})
                peer.send(b"HTTP/1.1 204 Noted\r\n\r\n")
            case _:
                no = {"code": "not_here", "title": "Not here", "status": 404}
                peer.send(whole(json.dumps(no).encode(), 404, PROBLEM))

    def grant(self, peer: Peer, _: Asked) -> None:
        peer.send(granted())

    async def heard(self, **fields: str) -> Mapping[str, Any]:
        """The first that the terminal told with these fields, which is told once only."""
        found = await asyncio.to_thread(self._find, fields)
        assert found is not None, f"{fields} was not told"
        return found

    def _hear(self, *told: Mapping[str, Any]) -> None:
        with self._news:
            self._told += told
            self._news.notify_all()

    def _find(self, fields: Mapping[str, str]) -> Mapping[str, Any] | None:
        with self._news:
            self._news.wait_for(
                lambda: any(fields.items() <= t.items() for t in self._told), SOON_S
            )
            found = next((t for t in self._told if fields.items() <= t.items()), None)
            if found is not None:
                self._told.remove(found)
            return found


def _times() -> dict[str, str]:
    """A visit that begins now and goes on for twenty minutes."""
    now = CLOCK.utc()
    return {
        "starts_at": now.isoformat(),
        "ends_at": (now + timedelta(minutes=20)).isoformat(),
    }


def _told(value: Mapping[str, Any]) -> bytes:
    return whole(json.dumps({**value, "now": CLOCK.utc().isoformat()}).encode())


def granted(name: str = "Mum", visitors: int = 1) -> bytes:
    """The visit may be joined; nobody of the family has come yet."""
    times = _times()
    until = {"latest_end_at": times["ends_at"], "wait_until": times["ends_at"]}
    family = [{"display_name": name}] * visitors
    return _told({**JOIN, **times, **until, "visitor_came": False, "visitors": family})


def half_a_document(peer: Peer, _: Asked) -> None:
    body = granted().partition(b"\r\n\r\n")[2]
    peer.send(whole(body[: len(body) // 2]))


def flood(announced: str) -> Behaviour:
    def behave(peer: Peer, _: Asked) -> None:
        peer.send(head(200, JSON, announced))
        peer.flood(CHUNK, GIGABYTE // len(CHUNK))

    return behave


def drip(peer: Peer, _: Asked) -> None:
    """A grant that comes whole, though long after anybody waits for it."""
    peer.drip(granted(), 0.05)


class Terminal:
    """A kiosk-core whose service can fail, and a person at it."""

    def __init__(self, core: CoreProgram, service: Service) -> None:
        self.core = core
        self.service = service

    async def joins(self, join: Behaviour) -> Seconds:
        """Hold the card and touch Join; when that was."""
        self.service.join = join
        self.core.shows_card(CARD)
        await self.core.sees(WelcomeScreen)
        return self.core.touches(Touch.JOIN)

    async def is_done(self) -> None:
        """Nobody is here any more."""
        self.core.touches(Touch.DONE)
        await self.core.sees(IdleScreen)

    async def is_let_in(self) -> tuple[WaitingScreen, Mapping[str, Any]]:
        """The visit is joined: what is shown then, and what is on record."""
        shown = await self.core.sees(WaitingScreen)
        record = await self.service.heard(event="JoinGranted", next_stage="WaitingRoom")
        return shown, record

    async def leaves(self) -> None:
        """End the visit that was joined."""
        self.core.touches(Touch.LEAVE)
        await self.core.sees(WaitingScreen, lambda screen: screen.leave_asked)
        self.core.touches(Touch.LEAVE_YES)
        await self.core.sees(GoodbyeScreen)
        await self.service.heard(left="v9-d7", reason="left")
        await self.is_done()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def terminal(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Terminal]:
    service = Service()
    with hostile(service.behave) as server:
        async with core_program(tmp_path_factory.mktemp("core"), server.url) as core:
            yield Terminal(core, service)
    assert service.broken == []


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("join", "reason", "words"),
    [
        pytest.param(always(whole(b"{}", 500)), "service_away", AWAY, id="500"),
        pytest.param(drip, "service_away", AWAY, id="slow"),
        pytest.param(always(whole(b"<html>", 200, "text/html")), "service_fault", FAULT, id="html"),
        pytest.param(half_a_document, "service_fault", FAULT, id="half-a-document"),
        pytest.param(
            flood(f"Content-Length: {GIGABYTE}"), "service_fault", FAULT, id="gigabyte-announced"
        ),
        pytest.param(flood("Connection: close"), "service_fault", FAULT, id="gigabyte"),
    ],
)
async def test_a_join_that_fails_says_what_to_do_next_and_a_later_one_works(
    terminal: Terminal, join: Behaviour, reason: str, words: Words
) -> None:
    core, service = terminal.core, terminal.service
    Path(f"/proc/{core.pid}/clear_refs").write_text("5")
    before_mb = peak_mb(core.pid)
    asked_at_s = await terminal.joins(join)
    refused = await core.sees(RefusedScreen)
    assert CLOCK.monotonic() - asked_at_s <= JOIN_S + MARGIN_S
    assert REFUSALS[refused.reason] == words
    await service.heard(event="Declined", stage="Welcome", next_stage="Refused", detail=reason)
    given_back = await service.heard(left="v9-d7", reason="not_wanted")
    assert given_back["talked_s"] == 0
    assert peak_mb(core.pid) - before_mb < GROWN_MB
    await terminal.is_done()
    await terminal.joins(service.grant)
    await terminal.is_let_in()
    await terminal.leaves()


@pytest.mark.asyncio(loop_scope="module")
async def test_names_of_ten_thousand_characters_are_cut_and_the_visit_is_joined(
    terminal: Terminal,
) -> None:
    await terminal.joins(always(granted("x" * 10_000, visitors=20)))
    shown, record = await terminal.is_let_in()
    assert [len(name) for name in shown.visitors] == [NAME_CHARACTERS] * 20
    assert "xxx" not in json.dumps(record)
    await terminal.leaves()
