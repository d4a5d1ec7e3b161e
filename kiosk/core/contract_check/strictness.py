"""Does the service refuse what the contract does not allow?"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

from kiosk.core.contract_check.probe import JSON, SDP, Probe


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A request that breaks one clause."""

    clause: str
    method: str
    path: str
    body: object
    kind: str = JSON
    terminal: str | None = ""


def check_strictness(probe: Probe, hall: str) -> None:
    """Each wrong request must get a problem with a status of 400 or above, and do nothing."""
    for wrong in _wrong_requests(hall):
        reply = probe.ask(
            wrong.method, wrong.path, wrong.body, kind=wrong.kind, terminal=wrong.terminal
        )
        if reply.status:
            refused = 400 <= reply.status < 500
            words = f"answered {reply.status}, not a refusal"
            probe.findings.expect(refused, f"strict.{wrong.clause}", words)


def check_unknown_path(probe: Probe) -> None:
    """What is not in the contract must not exist."""
    reply = probe.ask("GET", "/nothing-is-here")
    words = f"an unknown path answered {reply.status}"
    probe.findings.expect(reply.status in (0, 404), "unknown_path", words)


def check_certificate(probe: Probe) -> None:
    """Where there is mutual TLS, a terminal can not give another one's id."""
    heartbeat = {"release": "contract-check", "hall": "-", "stage": "Idle", "faults": []}
    reply = probe.ask("POST", "/heartbeat", heartbeat, terminal=f"{probe.terminal[:60]}-not")
    refused = reply.status == 403 and reply.code == "unknown_terminal"
    words = f"the id of another terminal was answered {reply.status} {reply.code}".rstrip()
    probe.findings.expect(refused, "mutual_tls.terminal", words)


def _wrong_requests(hall: str) -> Iterator[_Wrong]:
    yield from _wrong_heartbeats(hall)
    yield from _wrong_identifications(hall)
    yield from _wrong_visits(hall)
    yield _wrong("wrong_value", "/audit", {"records": []})
    record = {"id": "1", "at": "now", "event": "x", "stage": "x", "next_stage": "x"}
    yield _wrong("wrong_value", "/audit", {"records": [record]})
    yield _Wrong("missing_parameter", "GET", "/bookings", None)


def _wrong(clause: str, path: str, body: object, kind: str = JSON) -> _Wrong:
    return _Wrong(clause, "POST", path, body, kind)


def _wrong_heartbeats(hall: str) -> Iterator[_Wrong]:
    beat = {"release": "contract-check", "hall": hall, "stage": "Idle", "faults": []}
    yield _Wrong("Terminal", "POST", "/heartbeat", beat, terminal=None)
    yield _Wrong("Terminal", "POST", "/heartbeat", beat, terminal="not an id")
    yield _wrong("content_type", "/heartbeat", beat, "text/plain")
    yield _wrong("json", "/heartbeat", b'{"release": "contr')
    yield _wrong("json", "/heartbeat", b"\xff\xfe")
    yield _wrong("unknown_field", "/heartbeat", {**beat, "unknown": 1})
    yield _wrong("missing_field", "/heartbeat", {"release": "contract-check"})
    yield _wrong("wrong_type", "/heartbeat", {**beat, "faults": "none"})
    yield _wrong("too_long", "/heartbeat", {**beat, "stage": "x" * 61})


def _wrong_identifications(hall: str) -> Iterator[_Wrong]:
    card = {"technology": "em4100", "assurance": "identifier", "value": uuid4().hex}
    identify = {"credential": card, "hall": hall}
    path = "/identifications"
    yield _wrong("unknown_field", path, {**identify, "unknown": 1})
    yield _wrong("unknown_field", path, {**identify, "credential": {**card, "n": 1}})
    yield _wrong("wrong_value", path, {**identify, "credential": {**card, "assurance": "x"}})
    yield _wrong("wrong_type", f"{path}/none/pin", {"pin": 1234})
    yield _wrong("wrong_value", f"{path}/none/pin", {"pin": "12"})


def _wrong_visits(hall: str) -> Iterator[_Wrong]:
    join = {"request_id": uuid4().hex, "prisoner_number": "A0000AA", "hall": hall}
    yield _wrong("unknown_field", "/visits/none/join", {**join, "unknown": 1})
    yield _wrong("wrong_value", "/visits/none/join", {**join, "prisoner_number": "1"})
    yield _wrong("wrong_value", "/visits/none/leave", {"reason": "bored", "talked_s": 0})
    media = "/visits/none/media/0"
    yield _wrong("too_long", f"{media}?join_id=none", b"v=0\r\n" + b"a" * 65_536, SDP)
    yield _wrong("content_type", f"{media}?join_id=none", b"v=0\r\n")
    yield _wrong("missing_parameter", media, b"v=0\r\n", SDP)
