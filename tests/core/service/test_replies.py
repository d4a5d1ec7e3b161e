"""Replies and events are taken as the contract has them, no less and no more."""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.contract import Contract
from kiosk.core.service import replies
from kiosk.core.service.replies import Said, command, decode
from kiosk.errors import ServiceError
from kiosk.visit import booking
from kiosk.wire import screens
from tests.core.service.samples import EVENTS, IDENTIFICATION, JOIN, REPLIES

CONTRACT = Contract()
KINDS: dict[str, type[Said]] = {
    "Identification": replies.Identification,
    "TodaysBookings": replies.TodaysBookings,
    "Join": replies.Join,
    "Credit": replies.Credit,
    "AuditAccepted": replies.AuditAccepted,
    "OfficerCall": replies.OfficerCall,
    "HeartbeatReply": replies.HeartbeatReply,
    "Problem": replies.ProblemBody,
}
# Text of people is cut to length instead; a problem's words and status are not read at all.
FORGIVEN = (".first_name", ".display_name", ".place", ".title", ".detail", ".status", ".text")
WRONG: tuple[Any, ...] = (None, 7, -1, 1e9, "", "!", "x" * 3000, [], {}, True, ["x"] * 6000)


def encoded(value: Any) -> bytes:
    return json.dumps(value).encode()


def places(value: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Every field and item: its path, the thing that holds it, its key there."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        where = f"{path}.{key}"
        yield where, value, key
        if isinstance(item, dict | list):
            yield from places(item, where)


def spoilt(sample: Any) -> Iterator[tuple[str, Any]]:
    """The sample with each field in turn missing, or of each wrong value."""
    for where, _, _ in places(sample):
        for wrong in ("missing", *WRONG):
            spoilt_one = copy.deepcopy(sample)
            holder, key = next((h, k) for path, h, k in places(spoilt_one) if path == where)
            if wrong == "missing":
                del holder[key]
            else:
                holder[key] = wrong
            yield f"{where} {str(wrong)[:10]}", spoilt_one


@pytest.mark.parametrize("name", REPLIES)
def test_what_the_contract_allows_is_taken(name: str) -> None:
    assert CONTRACT.faults_of(name, REPLIES[name]) == []
    decode(KINDS[name], encoded(REPLIES[name]))


@pytest.mark.parametrize("name", REPLIES)
def test_a_reply_may_grow(name: str) -> None:
    grown = copy.deepcopy(REPLIES[name])
    holders = [grown, *(h[k] for _, h, k in places(grown) if isinstance(h[k], dict))]
    for holder in holders:
        holder["new_in_two_years"] = {"a": [1, None]}
    decode(KINDS[name], encoded(grown))


@pytest.mark.parametrize("name", REPLIES)
def test_whatever_the_contract_forbids_is_refused(name: str) -> None:
    disagreements = []
    for what, value in spoilt(REPLIES[name]):
        if any(f"{field} " in what for field in FORGIVEN) or what == ".pin_required True":
            continue
        forbidden = bool(CONTRACT.faults_of(name, value))
        try:
            decode(KINDS[name], encoded(value))
            refused = False
        except ServiceError:
            refused = True
        # An optional field that is null is as good as missing.
        if refused != forbidden and not (what.endswith("None") and not refused):
            disagreements.append(what)
    assert disagreements == []


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_of_the_contract_is_known(name: str) -> None:
    assert set(EVENTS) == set(CONTRACT.events)
    data = json.dumps(EVENTS[name])
    assert CONTRACT.faults_of_event(name, data) == []
    assert command(name, data) is not None


@pytest.mark.parametrize("name", EVENTS)
def test_whatever_the_contract_forbids_in_an_event_is_refused(name: str) -> None:
    for what, value in spoilt(EVENTS[name]):
        forgiven = any(f"{field} " in what for field in FORGIVEN)
        if (
            forgiven
            or what.endswith("None")
            or not CONTRACT.faults_of_event(name, json.dumps(value))
        ):
            continue
        with pytest.raises(ServiceError):
            command(name, json.dumps(value))
            pytest.fail(what)


@pytest.mark.parametrize("monitoring", get_args(screens.Monitoring))
def test_each_way_to_oversee_a_visit_that_a_screen_shows_can_be_told(monitoring: Any) -> None:
    data = json.dumps({"visit": "v9-d7", "monitoring": monitoring})
    assert CONTRACT.faults_of_event("monitoring", data) == []
    assert command("monitoring", data) == replies.MonitoringChanged("v9-d7", monitoring)
    assert monitoring in get_args(booking.Monitoring)


def test_an_event_of_a_later_release_is_nothing() -> None:
    assert command("new_in_two_years", "{}") is None


@pytest.mark.parametrize(
    "moment",
    [
        "2026-03-01T14:00:00",
        "2026-03-01",
        "14:00:00Z",
        "1772373600",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2026-02-30T14:00:00Z",
    ],
)
def test_a_moment_without_an_offset_or_sense_is_refused(moment: str) -> None:
    with pytest.raises(ServiceError, match=r"at \$\.now|HeartbeatReply is wrong"):
        decode(replies.HeartbeatReply, encoded({"now": moment}))


def test_moments_are_told_in_utc() -> None:
    reply = decode(replies.HeartbeatReply, encoded({"now": "2026-03-01T14:00:00.250+02:00"}))
    assert reply.now == datetime(2026, 3, 1, 12, 0, 0, 250_000, UTC)
    assert reply.now.utcoffset() == UTC.utcoffset(None)


def test_bookings_before_the_pin_are_refused() -> None:
    with pytest.raises(ServiceError):
        decode(replies.Identification, encoded({**IDENTIFICATION, "pin_required": True}))


def test_a_booking_without_a_class_is_taken_and_has_none() -> None:
    booking = {k: v for k, v in IDENTIFICATION["bookings"][0].items() if k != "privacy"}
    found = decode(replies.Identification, encoded({**IDENTIFICATION, "bookings": [booking]}))
    assert found.bookings[0].privacy is None


def test_names_are_cut_and_cleaned_and_never_refused() -> None:
    person = {"prisoner_number": "A1234BC", "first_name": "[b]Sam[/b]\u202e\n\x07 " + "x" * 10_000}
    found = decode(replies.Identification, encoded({**IDENTIFICATION, "person": person}))
    assert found.person.first_name.startswith("[b]Sam[/b] xxx")
    assert len(found.person.first_name) == 60
    visitors = [{"display_name": ""}, {"display_name": "Mum " * 40}]
    join = decode(replies.Join, encoded({**JOIN, "visitors": visitors}))
    assert join.visitors[0].display_name == ""
    assert len(join.visitors[1].display_name) <= 60


def test_a_message_is_cut_to_three_hundred_characters() -> None:
    found = command("message", json.dumps({"visit": "v1", "text": "a\u2028b" + "c" * 1000}))
    assert isinstance(found, replies.OfficerMessage)
    assert found.text.startswith("a bccc")
    assert len(found.text) == 300


@pytest.mark.parametrize("name", REPLIES)
def test_nothing_that_was_said_is_printed(name: str) -> None:
    found = decode(KINDS[name], encoded(REPLIES[name]))
    assert repr(found) == f"{KINDS[name].__name__}(...)"


@pytest.mark.parametrize("name", REPLIES)
def test_a_refusal_quotes_no_value(name: str) -> None:
    for _, value in spoilt(json.loads(json.dumps(REPLIES[name]).replace("Hall A", "Secret Hall"))):
        try:
            decode(KINDS[name], encoded(value))
        except ServiceError as error:
            text = str(error)
            assert all(word not in text for word in ("Secret", "Sam", "Mum", "A1234BC", "!", "xx"))


@given(st.binary(max_size=200))
def test_noise_raises_nothing_but_what_is_promised(noise: bytes) -> None:
    for kind in KINDS.values():
        try:
            decode(kind, noise)
        except ServiceError:
            continue


@pytest.mark.parametrize("deep", ["[", '{"a":'])
def test_a_document_without_bottom_is_refused(deep: str) -> None:
    with pytest.raises(ServiceError, match="not JSON"):
        decode(replies.HeartbeatReply, '{"x": ' + deep * 100_000)
