"""What a real Chromium makes of our offer: it is told what came, and estimates what we send."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.rtp import RTCP_PSFB_APP, AnyRtcpPacket, RtcpPsfbPacket, unpack_remb_fci

from kiosk.call.feedback import TransportFeedback, offer_feedback
from tests.call.chromium import Browser, browsing
from tests.call.kit import PATIENCE_S
from tests.call.visitor import Picture, Tone

pytestmark = pytest.mark.slow

LEARNED_BPS = 500_000
"""It begins with 300 kb/s, and goes below that when it is told nothing."""


class Terminal:
    """Aiortc's own ways, but for the feedback."""

    def __init__(self) -> None:
        offer_feedback()
        bundle = RTCBundlePolicy.MAX_BUNDLE
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=bundle))
        for track in (Tone(), Picture()):
            self.peer.addTransceiver(track)
        self.feedback = TransportFeedback(self.peer.getTransceivers())
        self._sender = self.peer.getSenders()[1]
        self._hear = self._sender._handle_rtcp_packet
        self._sender._handle_rtcp_packet = self._heard  # type: ignore[method-assign]
        self.estimated = asyncio.Event()

    async def _heard(self, packet: AnyRtcpPacket) -> None:
        if isinstance(packet, RtcpPsfbPacket) and packet.fmt == RTCP_PSFB_APP:
            bps, sources = unpack_remb_fci(packet.fci)
            if bps > 0 and sources == [self._sender._ssrc]:
                self.estimated.set()
        await self._hear(packet)


@asynccontextmanager
async def called() -> AsyncIterator[tuple[Terminal, Browser]]:
    terminal = Terminal()
    peer = terminal.peer
    async with browsing() as browser:
        try:
            await peer.setLocalDescription(await peer.createOffer())
            answer = await browser.answer(peer.localDescription.sdp)
            await peer.setRemoteDescription(RTCSessionDescription(answer, "answer"))
            yield terminal, browser
        finally:
            terminal.feedback.close()
            await peer.close()


async def test_chromium_learns_what_the_line_carries_from_what_came() -> None:
    """What aiortc estimates it is never told, so that it has learned it from nothing else."""
    async with called() as (_, browser), asyncio.timeout(PATIENCE_S):
        while await browser.line_bps() < LEARNED_BPS:
            await asyncio.sleep(0.1)


async def test_chromium_estimates_what_is_not_numbered_though_feedback_was_offered() -> None:
    async with called() as (terminal, _), asyncio.timeout(PATIENCE_S):
        await terminal.estimated.wait()
