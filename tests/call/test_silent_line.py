"""What a silence costs is told to the end: their picture may come back later than their sound."""

import asyncio
from typing import Any, Final

import pytest
from aiortc.rtp import is_rtcp

from kiosk.wire.messages import CallHeard, CallPaused, CallSilent, CallStats
from tests.call.kit import Terminal, connect, order, ready
from tests.call.visitor import Visitor, visiting

LATER_S: Final = 1.0


class Tap:
    """What a visitor's connection lets out: nothing, sound and reports, or all."""

    def __init__(self, visitor: Visitor) -> None:
        self.sound = self.pictures = True
        video = next(each for each in visitor._peer.getTransceivers() if each.kind == "video")
        transport: Any = video.sender.transport
        self._passed = transport._send_rtp
        self._sources = (video.sender._ssrc, video.sender._rtx_ssrc)
        transport._send_rtp = self._send

    async def _send(self, data: bytes) -> None:
        of_picture = not is_rtcp(data) and int.from_bytes(data[8:12]) in self._sources
        if self.pictures if of_picture else self.sound:
            await self._passed(data)


async def test_a_picture_that_comes_back_later_than_the_sound_is_counted(
    terminal: Terminal,
) -> None:
    async with ready(terminal) as (core, _), visiting() as visitor:
        await connect(core, visitor, order(call=7))
        await core.hears(CallStats, lambda told: told.frames_received > 30)
        tap = Tap(visitor)
        tap.sound = tap.pictures = False
        await core.hears(CallSilent)
        tap.sound = True
        before = core.all(CallStats)[-1]
        await core.hears(CallHeard)
        await asyncio.sleep(LATER_S)  # the sound alone is back
        tap.pictures = True
        told = await core.hears(CallStats, lambda told: told.frozen_s > before.frozen_s)
        assert told.frozen_s - before.frozen_s == pytest.approx(LATER_S, abs=0.6)


async def test_a_moment_in_which_nothing_comes_is_told_once_it_is_over(terminal: Terminal) -> None:
    async with ready(terminal) as (core, _), visiting() as visitor:
        await connect(core, visitor, order(call=7))
        await core.hears(CallStats, lambda told: told.frames_received > 30)
        assert core.all(CallPaused) == []
        tap = Tap(visitor)
        tap.sound = tap.pictures = False
        await asyncio.sleep(LATER_S)
        tap.sound = tap.pictures = True
        assert (await core.hears(CallPaused)).call == 7
        assert core.all(CallSilent) == []
