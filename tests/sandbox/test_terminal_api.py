"""The edge for terminals: every operation, every wrong request, nothing else."""

import asyncio
from uuid import uuid4

import pytest

from kiosk.core.contract import Contract
from kiosk.sandbox.app import Sandbox
from tests.sandbox.terminal import Terminal

BEAT = {"release": "0.1.0", "hall": "Hall A", "stage": "Idle", "faults": []}
SDP = "application/sdp"


def record(id_: str) -> dict[str, str]:
    at = "2026-03-01T14:00:00.000Z"
    return {"id": id_, "at": at, "event": "Tick", "stage": "Idle", "next_stage": "Idle"}


async def test_every_operation_of_the_contract_is_there(terminal: Terminal) -> None:
    """A missing one would answer `unknown_operation`; a strict one refuses the empty request."""
    for route in Contract()._routes:
        path = route.path
        for name in ("reference", "identification", "connection"):
            path = path.replace(f"{{{name}}}", "x")
        reply = await terminal.call(
            route.method, path.replace("{medium}", "0"), headers={"Terminal": ""}
        )
        assert (reply.status, reply.code) == (400, "bad_request"), route.path
        assert "Terminal" in reply.json["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("GET", "/heartbeat", 405), ("DELETE", "/events", 405)],
)
async def test_what_the_contract_does_not_have_is_not_there(
    terminal: Terminal, method: str, path: str, status: int
) -> None:
    reply = await terminal.call(method, path)
    assert (reply.status, reply.code) == (status, "unknown_operation")


@pytest.mark.parametrize(
    ("path", "body", "kind", "detail"),
    [
        ("/heartbeat", {**BEAT, "x": 1}, "application/json", "heartbeat.body: 1 unknown"),
        ("/heartbeat", {}, "application/json", "heartbeat.body: release, hall, stage, faults"),
        ("/heartbeat", BEAT, "text/json", "heartbeat.body: Content-Type"),
        ("/heartbeat", b"{", "application/json", "heartbeat.body: is not JSON"),
        ("/heartbeat?x=1", BEAT, "application/json", "heartbeat.x: is unknown"),
        (
            "/visits/v!/leave",
            {"reason": "left", "talked_s": 0},
            "application/json",
            "leave.reference",
        ),
        ("/visits/v1/media/x?join_id=a", b"v=0", SDP, "offer.medium"),
        ("/visits/v1/media/0", b"v=0", SDP, "offer.join_id: is missing"),
        ("/visits/v1/media/0?join_id=a&join_id=b", b"v=0", SDP, "join_id: is given twice"),
        ("/visits/v1/media/0?join_id=a", b"", SDP, "offer.body"),
        ("/visits/v1/media/0?join_id=a", b"a" * 65_537, SDP, "offer.body: breaks maxLength"),
        ("/identifications/x/pin", {"pin": "12a4"}, "application/json", "verifyPin.body.pin"),
    ],
)
async def test_a_request_that_breaks_the_contract_is_told_which_clause(
    terminal: Terminal, path: str, body: object, kind: str, detail: str
) -> None:
    reply = await terminal.call("POST", path, body, content_type=kind)
    assert (reply.status, reply.code) == (400, "bad_request")
    assert detail in reply.json["detail"]


async def test_a_wrong_request_is_never_repeated_in_the_reply(terminal: Terminal) -> None:
    reply = await terminal.call("POST", "/identifications/x/pin", {"pin": "98765432109876"})
    assert b"98765" not in reply.body


async def test_a_body_that_is_far_too_long_is_refused(terminal: Terminal) -> None:
    reply = await terminal.call("POST", "/heartbeat", b" " * 300_000)
    assert (reply.status, reply.code) == (400, "bad_request")


async def test_an_audit_record_is_kept_once_however_often_it_is_sent(
    terminal: Terminal, sandbox: Sandbox
) -> None:
    first, second = str(uuid4()), str(uuid4())
    for ids in ([first], [first, second], [second, second]):
        reply = await terminal.call("POST", "/audit", {"records": [record(each) for each in ids]})
        assert reply.json["accepted"] == list(dict.fromkeys(ids))
    assert [each["id"] for each in sandbox.auditing.records("t1")] == [first, second]


async def test_a_batch_with_one_wrong_record_is_refused_whole(
    terminal: Terminal, sandbox: Sandbox
) -> None:
    wrong = {**record(str(uuid4())), "card": "62E3086CED"}
    reply = await terminal.call("POST", "/audit", {"records": [record(str(uuid4())), wrong]})
    assert reply.status == 400
    assert sandbox.auditing.records("t1") == []


async def test_a_hundred_terminals_at_once_are_all_answered(
    sandbox: Sandbox, terminal: Terminal
) -> None:
    replies = await asyncio.gather(*(terminal.identify("62E3086CED") for _ in range(100)))
    assert {reply.status for reply in replies} == {200}
    assert len({reply.json["identification"] for reply in replies}) == 100


async def test_a_name_may_be_anything(terminal: Terminal, sandbox: Sandbox) -> None:
    name = "[b]Sam[/b] <script>\u202e\u2028" + "x" * 10_000
    sandbox.people.change("A1234BC", first_name=name)
    assert (await terminal.identify("62E3086CED")).json["person"]["first_name"] == name


async def test_a_fault_of_the_service_is_told_as_the_contract_says(
    terminal: Terminal, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox._database.run("DROP TABLE identifications")
    reply = await terminal.identify("62E3086CED")
    assert (reply.status, reply.code) == (500, "fault")
    assert "62E3086CED" not in caplog.text
