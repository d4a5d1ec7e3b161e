"""Which servers are asked, as the connection itself was told, and what an answer changes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiortc import (
    AudioStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
    VideoStreamTrack,
)

from kiosk.call.ear import Ear
from kiosk.call.flow import Flow
from kiosk.call.peer import Peer
from kiosk.call.voice import Voice
from kiosk.errors import CallError
from kiosk.wire.messages import IceServer
from kiosk.wire.secret import Secret
from tests.call.kit import BOTH_WAYS, CLOCK


def peer_of(*servers: IceServer, relay_only: bool = False) -> Peer:
    return Peer(
        BOTH_WAYS,
        servers,
        relay_only,
        {"audio": AudioStreamTrack(), "video": VideoStreamTrack()},
        Voice(CLOCK),
        Ear(Flow(), CLOCK),
        on_change=lambda: None,
        on_track=lambda _track: None,
    )


@asynccontextmanager
async def ice_of(*servers: IceServer, relay_only: bool = False) -> AsyncIterator[Any]:
    """aioice's end of a connection that was told of these servers."""
    peer = peer_of(*servers, relay_only=relay_only)
    try:
        (ice,) = {t.sender.transport.transport._connection for t in peer._pc.getTransceivers()}
        yield ice
    finally:
        await peer.close()


async def test_no_server_is_asked_when_none_is_named() -> None:
    async with ice_of() as ice:
        assert ice.stun_server is None
        assert ice.turn_server is None


async def test_exactly_the_named_servers_are_asked() -> None:
    relay = IceServer(("turn:192.0.2.9:3479?transport=tcp",), "user", Secret("word"))
    async with ice_of(IceServer(("stun:192.0.2.8",)), relay, relay_only=True) as ice:
        assert ice.stun_server == ("192.0.2.8", 3478)
        assert ice.turn_server is None  # all relays are asked, by rules of our own
        assert ice._transport_policy.name == "RELAY"


async def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(CallError):
        async with ice_of(IceServer(("http://192.0.2.8",))):
            pass


@pytest.mark.parametrize(("line", "most_bps"), [("", None), ("b=TIAS:90000\r\n", 90_000)])
async def test_what_an_answer_wishes_for_is_known_before_the_first_picture(
    line: str, most_bps: int | None
) -> None:
    peer, visitor = peer_of(), RTCPeerConnection(RTCConfiguration(iceServers=[]))
    await visitor.setRemoteDescription(RTCSessionDescription(await peer.offer(), "offer"))
    await visitor.setLocalDescription(await visitor.createAnswer())
    sound, pictures = visitor.localDescription.sdp.split("m=video")
    of_address = pictures.index("a=")
    await peer.take_answer(f"{sound}m=video{pictures[:of_address]}{line}{pictures[of_address:]}")
    assert [outgoing.most_bps for outgoing in peer._outgoing] == [most_bps]
    await visitor.close()
    await peer.close()
