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
        outcome = await client_at(server.url).offer("/media/0", "j1", "v=0")
    assert isinstance(outcome, Fault)


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
