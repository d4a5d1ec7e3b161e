"""The client's promises to the loop that asks: typed outcomes, in time, whatever comes back."""

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from kiosk.clock import Seconds
from kiosk.core.service import client as client_module
from kiosk.core.service import lane as lane_module
from kiosk.core.service.client import VisitServiceClient
from kiosk.core.service.clock_offset import ServiceTime
from kiosk.core.service.events import Listener
from kiosk.core.service.outcomes import Away, Fault, Ok, Outcome, Problem
from kiosk.core.service.replies import Identification
from kiosk.core.settings import ServiceSettings
from kiosk.errors import ConfigError
from kiosk.wire.secret import Secret
from tests.core.service.conftest import CLOCK
from tests.core.service.hostile import (
    PROBLEM,
    Asked,
    Behaviour,
    Peer,
    always,
    head,
    hostile,
    in_turn,
    once,
    whole,
)
from tests.core.service.jitter import ASKED, STEP_S, Pauses
from tests.core.service.samples import IDENTIFICATION, JOIN, PROBLEM_BODY

ClientAt = Callable[[str], VisitServiceClient]

CARD = "62E3086CED"


async def identify(client: VisitServiceClient) -> Outcome[Identification]:
    return await client.identify("em4100", "identifier", Secret(CARD), "Hall A")


def json_of(value: Any) -> bytes:
    return json.dumps(value).encode()


async def test_a_card_is_identified(client_at: ClientAt) -> None:
    with hostile(always(whole(json_of(IDENTIFICATION)))) as server:
        outcome = await identify(client_at(server.url))
    assert isinstance(outcome, Ok)
    assert outcome.value.person.first_name == "Sam"
    assert json.loads(server.asked[0].body) == {
        "credential": {"technology": "em4100", "assurance": "identifier", "value": CARD},
        "hall": "Hall A",
    }


async def test_a_problem_is_told_with_its_fields(client_at: ClientAt) -> None:
    with hostile(always(whole(json_of(PROBLEM_BODY), 409, PROBLEM))) as server:
        outcome = await client_at(server.url).join("v1", "A1234BC", "Hall A", "r1")
    assert isinstance(outcome, Problem)
    assert (outcome.status, outcome.code, outcome.place) == (409, "wrong_hall", "Hall B")
    assert outcome.at is not None
    assert outcome.at.isoformat() == "2026-03-01T14:00:00+00:00"


NO_PERSON = {**IDENTIFICATION, "person": None}
BAD_NAME = {**IDENTIFICATION, "person": {"prisoner_number": "A1234BC", "first_name": 7}}


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (whole(b"<html>Aisha</html>", 200, "text/html"), "not application/json"),
        (whole(b'{"now": "2026-03-01T14:0'), "not JSON"),
        (whole(b""), "not JSON"),
        (whole(b"\xff\xfe{}"), "not JSON"),
        (whole(b'{"x": ' + b"[" * 100_000), "not JSON"),
        (whole(b"[]"), "wrong"),
        (whole(b"null"), "wrong"),
        (whole(json_of(NO_PERSON)), r"wrong at \$\.person"),
        (whole(json_of(BAD_NAME)), r"wrong at \$\.person\.first_name"),
        (whole(b"{}"), "missing required field `now`"),
        (whole(json_of(IDENTIFICATION), 201), "answered 201"),
        (whole(b"", 204), "answered 204"),
        (whole(b"<html>", 404, "text/html"), "answered 404 without saying why"),
        (whole(b'{"code": 7}', 404, PROBLEM), r"answered 404: ProblemBody is wrong at \$\.code"),
        (whole(b'{"code": "Aisha!"}', 404, PROBLEM), r"wrong at \$\.code$"),
        (whole(b"", 302, "a/b", "Location: /"), "redirects"),
        (head(200, "application/json", f"Content-Length: {1 << 30}"), "longer than"),
        (b"nonsense\r\n", "not HTTP"),
    ],
)
async def test_what_breaks_the_contract_is_a_fault(
    client_at: ClientAt, caplog: pytest.LogCaptureFixture, reply: bytes, reason: str
) -> None:
    with hostile(once(reply)) as server:
        outcome = await identify(client_at(server.url))
    assert isinstance(outcome, Fault)
    assert pytest.RaisesExc(Exception, match=reason).matches(Exception(outcome.reason))
    assert len(server.asked) == 1, "a fault is not asked for again"
    assert "Aisha" not in caplog.text + repr(outcome)


async def test_neither_card_nor_name_is_logged_or_printed(
    client_at: ClientAt, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    with hostile(always(whole(json_of(IDENTIFICATION)))) as server:
        outcome = await identify(client_at(server.url))
    text = caplog.text + repr(outcome)
    assert CARD not in text
    assert "Sam" not in text
    assert "Mum" not in text


@pytest.mark.parametrize("behave", [lambda peer, _: peer.wait(), lambda peer, _: peer.reset()])
async def test_a_service_that_does_not_answer_is_away_in_time(
    client_at: ClientAt, behave: Behaviour
) -> None:
    with hostile(behave) as server:
        begun_s = CLOCK.monotonic()
        outcome = await identify(client_at(server.url))
        took_s = CLOCK.monotonic() - begun_s
    assert isinstance(outcome, Away)
    assert took_s < client_module.IDENTIFY_S + 0.5


async def test_a_lost_reply_is_asked_for_again(client_at: ClientAt) -> None:
    reply = always(whole(json_of(IDENTIFICATION)))
    with hostile(in_turn(lambda peer, _: peer.close(), reply)) as server:
        outcome = await identify(client_at(server.url))
    assert isinstance(outcome, Ok)
    assert len(server.asked) == 2


async def test_terminals_whose_calls_fail_do_not_all_ask_again_at_the_same_moments(
    client_at: ClientAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane_module, "FIRST_PAUSE_S", STEP_S)
    monkeypatch.setattr(lane_module, "LONGEST_PAUSE_S", STEP_S)
    monkeypatch.setattr(client_module, "IDENTIFY_S", ASKED * STEP_S)
    pauses = Pauses()
    with hostile(pauses.behave) as server:
        assert isinstance(await identify(client_at(server.url)), Away)
    pauses.are_spread()


async def test_a_service_that_is_out_of_order_for_a_moment_is_asked_again(
    client_at: ClientAt,
) -> None:
    reply = always(whole(json_of(IDENTIFICATION)))
    with hostile(in_turn(once(whole(b"", 503)), reply)) as server:
        assert isinstance(await identify(client_at(server.url)), Ok)
    assert len(server.asked) == 2


async def test_a_join_that_is_not_answered_has_time_for_one_more_attempt(
    client_at: ClientAt,
) -> None:
    reply = always(whole(json_of(JOIN)))
    with hostile(in_turn(lambda peer, _: peer.wait(), reply)) as server:
        outcome = await client_at(server.url).join("v1", "A1234BC", "Hall A", "r1")
    assert isinstance(outcome, Ok)
    first, second = (json.loads(asked.body) for asked in server.asked)
    assert first == second, "the same request_id gets the same answer"


async def test_a_pin_that_may_have_arrived_is_not_sent_again(client_at: ClientAt) -> None:
    with hostile(lambda peer, _: peer.close()) as server:
        outcome = await client_at(server.url).verify_pin("i1", Secret("1234"))
    assert isinstance(outcome, Away)
    assert len(server.asked) == 1
    assert json.loads(server.asked[0].body) == {"pin": "1234"}


async def test_a_pin_that_can_not_have_arrived_is_sent_again(client_at: ClientAt) -> None:
    with hostile(always(b"")) as server:
        url = server.url
    begun_s = CLOCK.monotonic()
    outcome = await client_at(url).verify_pin("i1", Secret("1234"))
    assert isinstance(outcome, Away)
    assert not outcome.was_sent
    assert CLOCK.monotonic() - begun_s > 1.0


async def test_an_offer_that_is_given_up_makes_way_for_the_next_call(client_at: ClientAt) -> None:
    def behave(peer: Peer, asked: Asked) -> None:
        if "/media/" in asked.line:
            asking.set()
            peer.wait()
        else:
            peer.send(whole(b"", 204))

    asking = threading.Event()
    with hostile(behave) as server:
        client = client_at(server.url)
        offer = asyncio.create_task(client.offer("/terminal/v1/visits/v1/media/0", "j1", "v=0"))
        await asyncio.to_thread(asking.wait)
        leave = asyncio.create_task(client.leave("v1", "left", 1.5))
        await asyncio.sleep(0)
        begun_s = CLOCK.monotonic()
        offer.cancel()
        assert isinstance(await leave, Ok)
        assert CLOCK.monotonic() - begun_s < 1.0
        assert offer.cancelled()


async def test_a_call_that_was_cancelled_while_it_waited_is_never_made(client_at: ClientAt) -> None:
    def behave(peer: Peer, _: Asked) -> None:
        asking.set()
        answer.wait()
        peer.send(whole(json_of(IDENTIFICATION)))

    asking, answer = threading.Event(), threading.Event()
    with hostile(behave) as server:
        client = client_at(server.url)
        first = asyncio.create_task(identify(client))
        await asyncio.to_thread(asking.wait)
        second = asyncio.create_task(client.leave("v1", "left", 0.0))
        third = asyncio.create_task(identify(client))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.sleep(0)
        answer.set()
        assert isinstance(await first, Ok)
        assert isinstance(await third, Ok)
        assert [asked.line.split()[1] for asked in server.asked] == [
            "/terminal/v1/identifications",
            "/terminal/v1/identifications",
        ]


async def test_background_work_does_not_hold_up_a_card(client_at: ClientAt) -> None:
    def behave(peer: Peer, asked: Asked) -> None:
        if "/heartbeat" in asked.line:
            asking.set()
            peer.wait()
        else:
            peer.send(whole(json_of(IDENTIFICATION)))

    asking = threading.Event()
    with hostile(behave) as server:
        client = client_at(server.url)
        heartbeat = asyncio.create_task(client.heartbeat("1", "Hall A", "Idle", []))
        await asyncio.to_thread(asking.wait)
        begun_s = CLOCK.monotonic()
        assert isinstance(await identify(client), Ok)
        assert CLOCK.monotonic() - begun_s < 0.5
        heartbeat.cancel()


async def test_more_calls_than_a_lane_holds_are_turned_away(client_at: ClientAt) -> None:
    with hostile(lambda peer, _: peer.wait()) as server:
        client = client_at(server.url)
        begun_s = CLOCK.monotonic()
        calls = [asyncio.create_task(identify(client)) for _ in range(lane_module.LIMIT * 2)]
        outcomes = await asyncio.gather(*calls)
        took_s = CLOCK.monotonic() - begun_s
    assert took_s < client_module.IDENTIFY_S + 1.0
    reasons = [outcome.reason for outcome in outcomes if isinstance(outcome, Away)]
    assert len(reasons) == len(calls)
    assert sum("too much is waiting" in reason for reason in reasons) >= lane_module.LIMIT - 1


@pytest.mark.parametrize(
    "behave",
    [
        lambda peer, _: peer.wait(),
        lambda peer, _: peer.drip(head(), 0.05),
        lambda peer, _: peer.drip(whole(b"x" * 1000), 0.05),
        lambda peer, _: peer.close(),
    ],
)
async def test_closing_ends_every_thread_within_a_second(behave: Behaviour) -> None:
    with hostile(behave) as server:
        client = VisitServiceClient(ServiceSettings(server.url), "t1", CLOCK, ServiceTime())
        client.start(None, Listener(lambda: None, lambda _: None, lambda *_: None))
        asking = [
            asyncio.create_task(identify(client)),
            asyncio.create_task(client.heartbeat("1", "Hall A", "Idle", [])),
        ]
        while len(server.asked) < 2:
            await asyncio.sleep(0.01)
        begun_s = CLOCK.monotonic()
        await client.close()
        assert CLOCK.monotonic() - begun_s < 1.0
        assert not [t for t in threading.enumerate() if t.name.startswith("service-")]
        for task in asking:
            task.cancel()


async def test_closed_before_its_start_it_leaves_no_thread() -> None:
    client = VisitServiceClient(ServiceSettings("http://localhost:1"), "t1", CLOCK, ServiceTime())
    await client.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("service-")]


async def test_the_service_time_is_taken_from_every_reply_that_tells_it() -> None:
    time = ServiceTime()
    with hostile(always(whole(json_of(IDENTIFICATION)))) as server:
        client = VisitServiceClient(ServiceSettings(server.url), "t1", CLOCK, time)
        client.start(None, Listener(lambda: None, lambda _: None, lambda *_: None))
        outcome = await identify(client)
        await client.close()
    assert isinstance(outcome, Ok)
    found = time.utc(outcome.sent_at_s)
    assert found is not None
    trip_s: Seconds = outcome.got_at_s - outcome.sent_at_s
    assert abs((found - outcome.value.now).total_seconds()) <= trip_s


async def test_a_path_is_encoded(client_at: ClientAt) -> None:
    with hostile(always(whole(b"", 204))) as server:
        await client_at(server.url).leave("../a b?c", "left", 0.0)
    assert server.asked[0].line == "POST /terminal/v1/visits/..%2Fa%20b%3Fc/leave HTTP/1.1"


@pytest.mark.parametrize("terminal", ["", "a b", "t1\r\nX: y", "t1\n", "x" * 65, "té"])
def test_an_id_that_no_terminal_has_is_refused(terminal: str) -> None:
    with pytest.raises(ConfigError, match=r"terminal\.id"):
        VisitServiceClient(ServiceSettings("http://localhost"), terminal, CLOCK, ServiceTime())


@pytest.mark.parametrize(
    "url",
    [
        "",
        "visits.example",
        "ftp://a",
        "https://",
        "http://a:b",
        "http://a?b",
        "http://u@a",
        "http://[",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match=r"service\.url"):
        VisitServiceClient(ServiceSettings(url), "t1", CLOCK, ServiceTime())
