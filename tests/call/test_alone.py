"""A call while kiosk-core is away, and many calls one after the other."""

import asyncio
from typing import NamedTuple

import psutil
import pytest

from kiosk.sandbox.sound import PrivateSound
from kiosk.wire.link import ALONE_S
from kiosk.wire.messages import CallEnded, CallStatus, EndCall, Mute
from tests.call.kit import Core, Terminal, connect, now_s, order, ready
from tests.call.memory import resident_mb
from tests.call.visitor import visiting

pytestmark = pytest.mark.slow

FEW, MANY = 4, 16
POOL = 6
"""A loop starts its threads for encoding one by one, when all that it has are busy."""

MOST_MB = 20.0
"""An encoder and a decoder of pictures have about five."""


async def test_without_core_the_sound_stops_both_ways_until_it_is_back(
    terminal: Terminal, sound: PrivateSound
) -> None:
    terminal.environment = sound.environment
    prepare = order(call=7)
    async with terminal.program(audio="default"), visiting() as visitor:
        async with terminal.core() as core:
            await core.hears(CallStatus)
            await connect(core, visitor, prepare)
            await visitor.until(lambda: visitor.hears_voice)
        gone_s = now_s()
        await asyncio.sleep(ALONE_S - 1)
        assert visitor.hears_voice
        assert await sound.speaker_rms(0.3) > 0.1
        await visitor.until(lambda: visitor.hears_silence)
        assert now_s() - gone_s >= ALONE_S - 0.1
        assert await sound.speaker_rms(0.5) < 0.001
        await visitor.sees(5)
        assert visitor.brightness > 50
        async with terminal.core() as core:
            assert await core.hears(CallStatus) == CallStatus(7, "v1", 1, prepare.ends_at_s)
            await visitor.until(lambda: visitor.hears_voice)
            assert await sound.speaker_rms(0.5) > 0.1


async def test_what_core_ordered_last_holds_when_it_is_back(
    terminal: Terminal, sound: PrivateSound
) -> None:
    terminal.environment = sound.environment
    async with terminal.program(audio="default"), visiting() as visitor:
        async with terminal.core() as core:
            await core.hears(CallStatus)
            await connect(core, visitor, order(call=7))
            await visitor.until(lambda: visitor.hears_voice)
            core.say(Mute(7, True))
            await visitor.until(lambda: visitor.hears_silence)
        async with terminal.core() as core:
            await core.hears(CallStatus)
            await visitor.hears(50)
            assert visitor.hears_silence


async def test_nothing_grows_from_call_to_call(terminal: Terminal, sound: PrivateSound) -> None:
    terminal.environment = sound.environment
    async with ready(terminal, audio="default") as (core, program):
        process = psutil.Process(program.pid)
        for call in range(1, 1 + FEW):
            await short_call(core, call)
        small, small_mb = await settled(process), resident_mb(program.pid)
        for call in range(1 + FEW, 1 + MANY):
            await short_call(core, call)
        grown, grown_mb = await settled(process), resident_mb(program.pid)
        assert grown.descriptors <= small.descriptors
        assert grown.threads <= small.threads + POOL < small.threads + MANY - FEW
        assert grown_mb - small_mb < MOST_MB
        spent_s = sum(process.cpu_times()[:2])
        await asyncio.sleep(2)
        assert sum(process.cpu_times()[:2]) - spent_s <= 0.02


async def short_call(core: Core, call: int) -> None:
    async with visiting() as visitor:
        await connect(core, visitor, order(call=call))
        await visitor.sees(3)
        core.say(EndCall(call))
        await core.hears(CallEnded)


class Size(NamedTuple):
    """What a process holds."""

    descriptors: int
    threads: int


async def settled(process: psutil.Process) -> Size:
    """The size of a process, once it has stayed the same for a while."""
    size, before = Size(process.num_fds(), process.num_threads()), None
    while size != before:
        before = size
        await asyncio.sleep(0.3)
        size = Size(process.num_fds(), process.num_threads())
    return size
