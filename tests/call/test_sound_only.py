"""A call to a line for help: by sound alone, and no camera is opened for it."""

import asyncio

from aiortc import RTCPeerConnection, RTCSessionDescription

from kiosk.wire.messages import (
    CallConnected,
    CallEnded,
    CallLost,
    CallStats,
    EndCall,
    GetReady,
    MediaDevice,
    OfferReady,
    TakeAnswer,
)
from tests.call.kit import PATIENCE_S, Terminal, now_s, order, ready
from tests.call.visitor import Tone


class Line:
    """Who answers for a line, with sound alone."""

    def __init__(self) -> None:
        self.peer = RTCPeerConnection()
        self.heard = asyncio.Event()
        self._listening: list[asyncio.Task[None]] = []
        self.peer.on(
            "track", lambda track: self._listening.append(asyncio.create_task(self._hear(track)))
        )

    async def answer(self, offer: str) -> str:
        await self.peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        self.peer.addTrack(Tone())
        await self.peer.setLocalDescription(await self.peer.createAnswer())
        return str(self.peer.localDescription.sdp)

    async def _hear(self, track: object) -> None:
        await track.recv()  # type: ignore[attr-defined]
        self.heard.set()

    async def close(self) -> None:
        for task in self._listening:
            task.cancel()
        await asyncio.gather(*self._listening, return_exceptions=True)
        await self.peer.close()


async def test_it_is_sound_both_ways_and_no_picture_is_offered_or_taken(terminal: Terminal) -> None:
    line = Line()
    async with ready(terminal, audio="none") as (core, _):
        core.say(order(sound_only=True))
        offer = await core.hears(OfferReady)
        assert "m=audio" in offer.sdp
        assert "m=video" not in offer.sdp
        core.say(TakeAnswer(7, 0, await line.answer(offer.sdp)))
        await core.hears(CallConnected)
        async with asyncio.timeout(PATIENCE_S):
            await line.heard.wait()
        await core.hears(CallStats, lambda stats: stats.audio_packets_received > 10)
        core.say(EndCall(7))
        await core.hears(CallEnded)
        devices = {device.device for device in core.all(MediaDevice)}
    await line.close()
    assert "camera" not in devices
    assert terminal.is_zeroed("self")
    assert "camera" not in terminal.log


async def test_a_camera_that_was_open_for_who_stood_there_is_closed_first(
    terminal: Terminal,
) -> None:
    async with ready(terminal, audio="none") as (core, _):
        core.say(GetReady(now_s() + 60))
        await core.hears(MediaDevice, lambda device: device.device == "camera" and device.up)
        core.say(order(sound_only=True))
        await core.hears(OfferReady)
        await core.hears(MediaDevice, lambda device: device.device == "microphone")
        assert terminal.is_zeroed("self")


async def test_its_end_is_kept_though_nobody_answers(terminal: Terminal) -> None:
    async with ready(terminal, audio="none") as (core, _):
        core.say(order(sound_only=True, for_s=1.0))
        ended = await core.hears(CallEnded)
    assert -0.05 < ended.late_s < 0.1


async def test_a_line_that_hangs_up_is_told(terminal: Terminal) -> None:
    line = Line()
    async with ready(terminal, audio="none") as (core, _):
        core.say(order(sound_only=True))
        offer = await core.hears(OfferReady)
        core.say(TakeAnswer(7, 0, await line.answer(offer.sdp)))
        await core.hears(CallConnected)
        await line.close()
        assert "closed" in (await core.hears(CallLost)).reason
