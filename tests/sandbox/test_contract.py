"""The contract says what is wrong with requests, replies and events, and never says a value."""

import json

import pytest

from kiosk.core.contract import MAX_REPLY_BYTES, Contract, Operation

HEADERS = {"Terminal": "t1", "Content-Type": "application/json"}
IDENTIFY = {
    "credential": {"technology": "em4100", "assurance": "identifier", "value": "62E3086CED"},
    "hall": "Hall A",
}


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract()


def operation(contract: Contract, method: str, path: str) -> Operation:
    found = contract.operation(method, path)
    assert found is not None
    return found


def faults_of_identify(contract: Contract, body: object) -> list[str]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    identify = operation(contract, "POST", "/identifications")
    return contract.faults_of_request(identify, HEADERS, {}, data)


def test_a_right_request_has_no_faults(contract: Contract) -> None:
    assert faults_of_identify(contract, IDENTIFY) == []


def test_an_operation_is_found_by_method_and_path_with_its_values(contract: Contract) -> None:
    found = operation(contract, "delete", "/visits/v1-a/media/0/c%2D1")
    assert (found.id, dict(found.values)) == (
        "hangUp",
        {"reference": "v1-a", "medium": "0", "connection": "c-1"},
    )
    assert contract.operation("GET", "/visits/v1/join") is None
    assert contract.operation("POST", "/visits/v1/x/join") is None
    assert contract.methods("/visits/v1/join") == ("POST",)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({**IDENTIFY, "more": 1}, "identify.body: 1 unknown field(s)"),
        ({"hall": "Hall A"}, "identify.body: credential missing"),
        ({**IDENTIFY, "hall": 7}, 'identify.body.hall: breaks type "string"'),
        ({**IDENTIFY, "hall": ""}, "identify.body.hall: breaks minLength 1"),
        (b"{", "identify.body: is not JSON"),
        (b"\xff", "identify.body: is not UTF-8"),
        (b'{"hall": NaN}', "identify.body: is not JSON"),
        (b'{"hall": "Hall A", "hall": "Hall B"}', "identify.body: is not JSON"),
        (b"[" * 100_000, "identify.body: is not JSON"),
    ],
)
def test_a_wrong_request_is_named_by_its_clause(
    contract: Contract, body: object, fault: str
) -> None:
    assert faults_of_identify(contract, body) == [fault]


def test_a_fault_never_repeats_the_value(contract: Contract) -> None:
    body = {**IDENTIFY, "credential": {**IDENTIFY["credential"], "value": "S3CRET" * 100}}  # type: ignore[dict-item]
    faults = faults_of_identify(contract, body)
    assert faults == ["identify.body.credential.value: breaks maxLength 256"]


def test_a_text_that_ends_in_a_line_break_does_not_match_a_pattern(contract: Contract) -> None:
    assert contract.faults_of("PrisonerNumber", "A1234BC") == []
    assert contract.faults_of("PrisonerNumber", "A1234BC\n") != []


def test_parameters_are_held_against_the_contract_too(contract: Contract) -> None:
    bookings = operation(contract, "GET", "/bookings")
    assert contract.faults_of_request(bookings, {}, {"x": "1"}, b"") == [
        "todaysBookings.Terminal: is missing",
        "todaysBookings.hall: is missing",
        "todaysBookings.x: is unknown",
    ]
    events = operation(contract, "GET", "/events")
    headers = {"terminal": "t1", "last-event-id": "x"}
    assert contract.faults_of_request(events, headers, {}, b"") == [
        'events.Last-Event-ID: breaks pattern "^[0-9]{1,18}$"'
    ]


def test_a_body_that_is_not_always_needed_is_as_the_contract_says_where_there_is_one(
    contract: Contract,
) -> None:
    offer = operation(contract, "POST", "/visits/v1/media/1")
    terminal, query = {"Terminal": "t1"}, {"join_id": "j1"}
    sdp = {**terminal, "Content-Type": "application/sdp"}
    assert contract.faults_of_request(offer, terminal, query, b"") == []
    assert contract.faults_of_request(offer, sdp, query, b"v=0") == []
    kind = "offer.body: Content-Type must be application/sdp"
    assert contract.faults_of_request(offer, HEADERS, query, b"v=0") == [kind]
    assert contract.faults_of_request(offer, sdp, query, b"\xff") == ["offer.body: is not UTF-8"]
    answer = operation(contract, "PATCH", "/visits/v1/media/1/c1")
    kind = "answer.body: Content-Type must be application/sdp"
    assert contract.faults_of_request(answer, terminal, {}, b"") == [kind]


@pytest.mark.parametrize(
    ("instant", "good"),
    [
        ("2026-03-01T14:00:00.000Z", True),
        ("2026-03-01T14:00:00+01:00", True),
        ("2026-03-01T14:00:00", False),
        ("2026-02-30T14:00:00Z", False),
        ("2026-03-01", False),
        ("٢٠٢٦-03-01T14:00:00Z", False),
        ("now", False),
    ],
)
def test_an_instant_is_a_date_and_time_with_an_offset(
    contract: Contract, instant: str, good: bool
) -> None:
    assert (contract.faults_of("Instant", instant) == []) is good


def test_now_says_at_least_milliseconds(contract: Contract) -> None:
    assert contract.faults_of("HeartbeatReply", {"now": "2026-03-01T14:00:00.250Z"}) == []
    assert contract.faults_of("HeartbeatReply", {"now": "2026-03-01T14:00:00Z"}) != []


def test_a_reply_must_have_a_status_type_and_size_of_the_contract(contract: Contract) -> None:
    beat = operation(contract, "POST", "/heartbeat")
    json_type = {"Content-Type": "application/json"}
    good = b'{"now": "2026-03-01T14:00:00.250Z", "a_new_field": 1}'
    assert contract.faults_of_reply(beat, 200, json_type, good) == []
    assert contract.faults_of_reply(beat, 302, {"Location": "/x"}, b"") == [
        "heartbeat.302: redirects are not allowed"
    ]
    assert contract.faults_of_reply(beat, 204, {}, b"") == [
        "heartbeat.204: is not a status of this operation"
    ]
    assert contract.faults_of_reply(beat, 200, {"Content-Type": "text/html"}, good) == [
        "heartbeat.200: Content-Type must be application/json"
    ]
    assert contract.faults_of_reply(beat, 500, json_type, b"{}") == [
        "heartbeat.500: Content-Type must be application/problem+json"
    ]
    long = b" " * (MAX_REPLY_BYTES + 1)
    assert contract.faults_of_reply(beat, 200, json_type, long) == [
        "heartbeat.200: is longer than 262144 bytes"
    ]


def test_an_answer_must_say_where_the_connection_is(contract: Contract) -> None:
    offer = operation(contract, "POST", "/visits/v1/media/0")
    headers = {"Content-Type": "application/sdp"}
    assert contract.faults_of_reply(offer, 201, headers, b"v=0") == [
        "offer.201.Location: is missing"
    ]
    assert contract.faults_of_reply(offer, 201, {**headers, "location": "/x"}, b"v=0") == []


def test_events_are_held_against_the_contract(contract: Contract) -> None:
    assert contract.faults_of_event("hold", '{"visit": "v1", "reason": "rules"}') == []
    assert contract.faults_of_event("hold", '{"visit": "v1", "reason": "mood"}') != []
    assert contract.faults_of_event("dance", "{}") == ["events.dance: is not an event"]
