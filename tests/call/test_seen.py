"""What a connection sends of our picture is seen at its other end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from kiosk.call.sending import Outgoing
from tests.call.encoded import H264, VP8
from tests.call.shown import Paced


@pytest.mark.parametrize("codec", [H264, VP8], ids=["h264", "vp8"])
async def test_a_visitor_sees_what_is_sent(codec: Any) -> None:
    async with called(codec.mimeType) as seen:
        for _ in range(10):
            picture = await seen()
    assert (picture.width, picture.height) == (480, 360)


@asynccontextmanager
async def called(mime: str) -> AsyncIterator[Callable[[], Any]]:
    """A real connection within this process; the visitor knows one codec."""
    ours, theirs = (RTCPeerConnection(RTCConfiguration(iceServers=[])) for _ in range(2))
    paced = Paced()
    transceiver = ours.addTransceiver(paced, "sendrecv")
    Outgoing(transceiver)
    arrived: asyncio.Future[MediaStreamTrack] = asyncio.get_running_loop().create_future()
    theirs.on("track", arrived.set_result)
    await ours.setLocalDescription(await ours.createOffer())
    await theirs.setRemoteDescription(ours.localDescription)
    (their,) = theirs.getTransceivers()
    their._codecs = [codec for codec in their._codecs if codec.mimeType == mime]
    await theirs.setLocalDescription(await theirs.createAnswer())
    answer = theirs.localDescription
    await ours.setRemoteDescription(RTCSessionDescription(answer.sdp, answer.type))
    assert {codec.mimeType for codec in transceiver._codecs} == {mime}
    try:
        async with asyncio.timeout(15):
            track = await arrived
            yield track.recv
    finally:
        await ours.close()
        await theirs.close()
