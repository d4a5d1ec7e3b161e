"""An offer goes to the service alone, and comes back as an answer or as a fault."""

import asyncio
from collections.abc import Callable

import pytest

from kiosk.core.service.client import VisitServiceClient
from kiosk.core.service.outcomes import Away, Fault, Ok
from tests.core.service.hostile import Asked, Peer, always, hostile, in_turn, whole

ClientAt = Callable[[str], VisitServiceClient]


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/terminal/v1/visits/v1/media/0",
        "//elsewhere.example/media/0",
        "ftp://localhost/media/0",
        "http://someone@localhost/media/0",
        "/media/\u0430",
        "/media/0\r\nX: y",
        "http:\\\\elsewhere.example",
        "http://[",
        "//localhost:99999/",
    ],
)
async def test_an_offer_goes_to_the_service_itself_only(client_at: ClientAt, url: str) -> None:
    with hostile(always(whole(b"{}"))) as server:
        client = client_at(server.url)
        assert isinstance(await client.offer(url, "j1", "v=0"), Fault)
        assert isinstance(await client.ask_offer(url, "j1"), Fault)
        assert isinstance(await client.answer(url, "v=0"), Fault)
        assert isinstance(await client.hang_up(url), Fault)
        assert server.asked == []


@pytest.mark.parametrize(
    "url",
    ["/terminal/v1/visits/v1/media/0", "visits/v1/media/0", "{own}/terminal/v1/visits/v1/media/0"],
)
async def test_an_offer_is_answered(client_at: ClientAt, url: str) -> None:
    reply = whole(b"v=0 answer", 201, "application/sdp", "Location: 0/c1")
    with hostile(in_turn(always(reply), always(whole(b"", 204)))) as server:
        client = client_at(server.url)
        outcome = await client.offer(url.format(own=server.url), "j1", "v=0")
        assert isinstance(outcome, Ok)
        assert outcome.value.sdp == "v=0 answer"
        assert isinstance(await client.hang_up(outcome.value.location), Ok)
    offer, hang_up = server.asked
    assert offer.line == "POST /terminal/v1/visits/v1/media/0?join_id=j1 HTTP/1.1"
    assert (offer.headers["content-type"], offer.body) == ("application/sdp", b"v=0")
    assert hang_up.line == "DELETE /terminal/v1/visits/v1/media/0/c1 HTTP/1.1"


async def test_the_service_is_asked_for_its_offer_and_answered_where_it_says(
    client_at: ClientAt,
) -> None:
    reply = whole(b"v=0 offer", 201, "application/sdp", "Location: 1/c1")
    with hostile(in_turn(always(reply), always(whole(b"", 204)))) as server:
        client = client_at(server.url)
        outcome = await client.ask_offer("visits/v1/media/1", "j1")
        assert isinstance(outcome, Ok)
        assert outcome.value.sdp == "v=0 offer"
        assert isinstance(await client.answer(outcome.value.location, "v=0 answer"), Ok)
    asked, answer = server.asked
    assert asked.line == "POST /terminal/v1/visits/v1/media/1?join_id=j1 HTTP/1.1"
    assert (asked.headers.get("content-type"), asked.body) == (None, b"")
    assert answer.line == "PATCH /terminal/v1/visits/v1/media/1/c1 HTTP/1.1"
    assert (answer.headers["content-type"], answer.body) == ("application/sdp", b"v=0 answer")


async def test_an_answer_that_may_have_arrived_is_not_sent_again(client_at: ClientAt) -> None:
    with hostile(always(b"")) as server:
        assert isinstance(await client_at(server.url).answer("/media/1/c1", "v=0"), Away)
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    "reply",
    [
        whole(b"v=0", 201, "application/sdp"),
        whole(b"v=0", 201, "text/html", "Location: /c1"),
        whole(b"", 201, "application/sdp", "Location: /c1"),
        whole(b"\xff", 201, "application/sdp", "Location: /c1"),
        whole(b"v" * 65_537, 201, "application/sdp", "Location: /c1"),
        whole(b"v=0", 201, "application/sdp", "Location: https://elsewhere.example/c1"),
        whole(b"v=0", 201, "application/sdp", "Location: /" + "c" * 2048),
        whole(b"v=0", 200, "application/sdp", "Location: /c1"),
    ],
)
async def test_an_answer_that_breaks_the_contract_is_a_fault(
    client_at: ClientAt, reply: bytes
) -> None:
    with hostile(always(reply)) as server:
        client = client_at(server.url)
        assert isinstance(await client.offer("/media/0", "j1", "v=0"), Fault)
        assert isinstance(await client.ask_offer("/media/1", "j1"), Fault)


async def test_a_connection_that_can_not_be_hung_up_does_not_hide_that_the_visit_was_left(
    client_at: ClientAt,
) -> None:
    noted = always(whole(b"", 204))

    def behave(peer: Peer, asked: Asked) -> None:
        if asked.line.startswith("DELETE"):
            peer.wait()
        else:
            noted(peer, asked)

    with hostile(behave) as server:
        client = client_at(server.url)
        hanging_up = asyncio.create_task(client.hang_up("/terminal/v1/visits/v1/media/0/c1"))
        await asyncio.sleep(0)
        assert isinstance(await client.leave("v1", "left", 3.0), Ok)
        assert isinstance(await hanging_up, Away)
