"""contract-check passes a service that keeps the contract, and names the clause that one breaks."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from kiosk.core.contract_check import Finding, Subject, check, main
from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.samples import SAMPLE_PIN
from tests.sandbox.hostile import Change, Fault, HostileProxy, Passing

SUBJECT = Subject(terminal="check-1", hall="Hall A", card="62E3086CED")


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox_with_events(sandbox: Sandbox) -> Sandbox:
    for number in range(3):
        text = {"visit": "v1", "text": str(number)}
        sandbox.house.events.send(SUBJECT.terminal, "message", text)
    return sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def proxy(sandbox_with_events: Sandbox) -> AsyncIterator[HostileProxy]:
    async with HostileProxy(sandbox_with_events.api_url).running() as proxy:
        yield proxy


async def failing(url: str, subject: Subject = SUBJECT) -> dict[str, str]:
    """Clause and words of everything that fails."""
    findings = await asyncio.to_thread(check, url, subject)
    return {finding.clause: finding.words for finding in findings if finding.checked}


async def test_the_sandbox_keeps_the_contract(sandbox_with_events: Sandbox) -> None:
    findings = await asyncio.to_thread(check, sandbox_with_events.api_url, SUBJECT)
    why = "no certificate was given"
    assert findings == [Finding("mutual_tls.terminal", why, checked=False)]
    booking = sandbox_with_events.bookings.get("v1-sam-mum")
    assert sandbox_with_events.house.visits.of(booking).terminal is None, "left again"


async def test_through_a_proxy_that_breaks_nothing_it_passes_too(proxy: HostileProxy) -> None:
    assert await failing(proxy.url) == {}


async def test_a_card_with_a_pin_is_checked_when_the_pin_is_given(
    sandbox_with_events: Sandbox,
) -> None:
    subject = replace(SUBJECT, card="67003B51C6")
    findings = await asyncio.to_thread(check, sandbox_with_events.api_url, subject)
    not_tried = {finding.clause for finding in findings if not finding.checked}
    assert {"verifyPin", "join"} <= not_tried
    assert await failing(sandbox_with_events.api_url, replace(subject, pin=SAMPLE_PIN)) == {}


def changing(**fields: Any) -> Change:
    return lambda reply: reply.with_json(lambda body: {**body, **fields})


def without(*names: str) -> Change:
    def change(reply: Passing) -> Passing:
        return reply.with_json(
            lambda body: {name: value for name, value in body.items() if name not in names}
        )

    return change


def only_good(change: Change) -> Change:
    return lambda reply: change(reply) if reply.status < 300 else reply


def status(given: int) -> Change:
    return lambda reply: replace(reply, status=given)


def forgiving(reply: Passing) -> Passing:
    """A service that does not look at what it is asked."""
    if reply.status != 400:
        return reply
    kind = {"Content-Type": "application/json"}
    return Passing(200, kind, json.dumps({"now": "2026-03-01T14:00:00.000Z"}).encode())


_MORE = itertools.count()


def giving(reply: Passing) -> Passing:
    """A service that gives time to a visit that nobody has."""
    body = json.dumps(
        {"now": "2026-03-01T14:00:00.000Z", "ends_at": "2026-03-01T14:00:00Z", "given_s": 1}
    ).encode()
    return Passing(200, {"Content-Type": "application/json"}, body) if reply.status > 400 else reply


def giving_more(reply: Passing) -> Passing:
    """A service that adds up what it is told twice."""
    return reply.with_json(lambda body: {**body, "ends_at": f"2026-03-01T14:00:{next(_MORE):02}Z"})


def as_json(reply: Passing) -> Passing:
    return replace(reply, headers={**reply.headers, "Content-Type": "application/json"})


def reversed_ids(reply: Passing) -> Passing:
    """Ids that go down."""
    if not reply.body.startswith(b"id: "):
        return reply
    return replace(reply, body=b"id: %d\n" % (1000 - int(reply.body[4:])))


def without_pings(reply: Passing) -> Passing:
    return replace(reply, body=b"") if reply.body.startswith(b":") else reply


def other_events(reply: Passing) -> Passing:
    return replace(reply, body=reply.body.replace(b"event: message", b"event: dance"))


def code(given: str) -> Change:
    return lambda reply: reply.with_json(lambda body: {**body, "code": given})


def other_origin(reply: Passing) -> Passing:
    def change(body: dict[str, Any]) -> dict[str, Any]:
        media = [{**medium, "url": "https://elsewhere.example/m"} for medium in body["media"]]
        return {**body, "media": media}

    return reply.with_json(change)


BROKEN: list[tuple[str, Change, str]] = [
    ("heartbeat", only_good(without("now")), "heartbeat.200"),
    ("heartbeat", only_good(changing(now="2026-03-01T14:00:00Z")), "heartbeat.200.now"),
    ("heartbeat", only_good(changing(out_of_service="no")), "heartbeat.200.out_of_service"),
    ("heartbeat", forgiving, "strict.unknown_field"),
    ("heartbeat", forgiving, "strict.Terminal"),
    ("heartbeat", as_json, "heartbeat.400"),
    ("identify", code("who"), "identify.unknown_card"),
    ("identify", status(400), "identify.known_card"),
    ("identify", only_good(changing(pin_required=True)), "identify.pin_first"),
    ("knowsCard", code("who"), "knowsCard.unknown_card"),
    ("knowsCard", status(400), "knowsCard.known_card"),
    ("todaysBookings", only_good(changing(digest_key="0" * 64)), "todaysBookings.digest"),
    ("todaysBookings", only_good(changing(digest_key="x")), "todaysBookings.200.digest_key"),
    ("join", only_good(without("relay_only")), "join.200"),
    ("join", only_good(changing(privacy="none")), "join.200.privacy"),
    ("join", only_good(other_origin), "join.media.origin"),
    ("join", only_good(changing(latest_end_at="2020-01-01T00:00:00.000Z")), "join.times"),
    ("join", only_good(changing(privacy="legal")), "join.privacy"),
    ("join", code("because"), "join.refusal"),
    ("leave", status(409), "leave.not_held"),
    ("offer", code("gone"), "offer.visitor_gone"),
    ("offer", status(409), "offer.offerer"),
    ("answer", code("what"), "answer.no_connection"),
    ("hangUp", status(404), "hangUp.ended_before"),
    ("reportLost", status(500), "reportLost"),
    ("reportLost", only_good(giving_more), "reportLost.idempotent"),
    ("reportLost", only_good(changing(ends_at="2199-01-01T00:00:00Z")), "reportLost.latest"),
    ("reportLost", giving, "reportLost.after_leave"),
    ("audit", only_good(changing(accepted=[])), "audit.accepted"),
    ("events", reversed_ids, "events.order"),
    ("events", without_pings, "events.ping"),
    ("events", other_events, "events.dance"),
]


@pytest.mark.parametrize(
    ("operation", "change", "clause"), BROKEN, ids=[f"{each[0]}-{each[2]}" for each in BROKEN]
)
async def test_a_broken_clause_is_named(
    proxy: HostileProxy, operation: str, change: Change, clause: str
) -> None:
    proxy.change(change, operation)
    assert clause in await failing(proxy.url)


FAULTS: list[tuple[Fault, str]] = [
    ("error_500", "audit.500"),
    ("html", "audit.200"),
    ("half_json", "audit.200"),
    ("redirect", "audit.302"),
    ("hangs_up", "POST /audit"),
    ("huge", "POST /audit"),
    ("endless_headers", "POST /audit"),
]


@pytest.mark.parametrize(("fault", "clause"), FAULTS, ids=[each[0] for each in FAULTS])
async def test_a_broken_reply_is_a_finding_and_not_a_crash(
    proxy: HostileProxy, fault: Fault, clause: str
) -> None:
    proxy.break_with(fault, "audit")
    assert clause in await failing(proxy.url)


async def test_an_answer_to_a_repeated_join_that_differs_is_named(
    proxy: HostileProxy, sandbox: Sandbox
) -> None:
    count = 0

    def later(reply: Passing) -> Passing:
        nonlocal count
        count += reply.status == 200
        if reply.status != 200 or count == 1:
            return reply
        return changing(ends_at="2036-01-01T00:00:00.000Z")(reply)

    proxy.change(later, "join")
    assert "join.idempotent" in await failing(proxy.url)


@pytest.mark.parametrize(
    ("granted", "named"),
    [("possible", True), ("watching", True), ("recorded", False), ("recorded_and_watching", False)],
)
async def test_a_visit_that_is_booked_as_recorded_and_granted_as_less_is_named(
    proxy: HostileProxy, sandbox: Sandbox, granted: str, named: bool
) -> None:
    sandbox.bookings.change("v1-sam-mum", monitoring="recorded")
    proxy.change(only_good(changing(monitoring=granted)), "join")
    assert set(await failing(proxy.url)) == ({"join.recorded"} if named else set())


async def test_a_stream_that_forgets_or_repeats_is_named(proxy: HostileProxy) -> None:
    def lossy(number: int) -> Callable[[Passing], Passing]:
        """Leaves out one event, told by its data, on every stream but the first full one."""
        seen = 0

        def change(reply: Passing) -> Passing:
            nonlocal seen
            if b'"text":"2"' in reply.body:
                seen += 1
                if seen > 1:
                    return replace(reply, body=b"data: {}\n")
            return reply

        return change

    proxy.change(lossy(1), "events")
    assert "events.replay" in await failing(proxy.url)


async def test_nobody_there_is_one_finding(unused_tcp_port: int) -> None:
    assert list(await failing(f"http://127.0.0.1:{unused_tcp_port}")) == ["POST /heartbeat"]


async def test_the_command_names_what_fails_and_exits_with_one(
    proxy: HostileProxy, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [proxy.url, "--hall", "Hall A", "--card", "62E3086CED"]
    assert await asyncio.to_thread(main, given) == 0
    assert "Every clause that was tried holds." in capsys.readouterr().out
    proxy.change(status(409), "leave")
    assert await asyncio.to_thread(main, given) == 1
    said = capsys.readouterr().out
    assert "FAIL  leave.not_held: " in said
    assert "clause(s) fail" in said


@pytest.mark.parametrize("url", ["", "visits.example", "ftp://x", "http://", "http://x:99999"])
def test_what_is_no_address_is_wrong_use(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([url, "--hall", "Hall A"])
    assert ended.value.code == 2
    assert "https://visits.example" in capsys.readouterr().err


def test_a_certificate_that_is_not_there_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["https://visits.example", "--hall", "Hall A", "--ca", "/no/such.pem"])
    assert "--ca: /no/such.pem" in capsys.readouterr().err


async def test_an_authority_that_went_away_is_a_finding_and_not_a_crash(
    unused_tcp_port: int, tmp_path: Path
) -> None:
    subject = replace(SUBJECT, authority=tmp_path / "gone.pem")
    found = await failing(f"https://127.0.0.1:{unused_tcp_port}", subject)
    assert "gone.pem" in found["POST /heartbeat"]


async def test_nobody_there_is_told_in_words(unused_tcp_port: int) -> None:
    found = await failing(f"http://127.0.0.1:{unused_tcp_port}")
    assert found["POST /heartbeat"].endswith(
        "look at the address and the service: Connection refused"
    )
