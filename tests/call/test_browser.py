"""The real program and a real Chromium."""

import asyncio
from collections import deque

import pytest

from kiosk.sandbox.sound import PrivateSound
from kiosk.wire.frames import FrameReader
from kiosk.wire.messages import CallConnected, CallEnded, CallStats, OfferReady, TakeAnswer
from tests.call.chromium import browsing
from tests.call.kit import PATIENCE_S, Terminal, frame_of, now_s, order, ready

pytestmark = pytest.mark.slow

MEASURED_S = 4.0
SMOOTH = 15
WITHIN_S = 0.6
"""Pictures come smoothly when so many come in so short a time."""


async def test_a_browser_is_seen_and_heard_at_once_and_smoothly(
    terminal: Terminal, sound: PrivateSound
) -> None:
    terminal.environment = sound.environment
    remote = terminal.frames("remote")
    async with ready(terminal, audio="default") as (core, _), browsing() as browser:
        prepare = order(call=7, for_s=12)
        began_s = now_s()
        core.say(prepare)
        answer = await browser.answer((await core.hears(OfferReady)).sdp)
        core.say(TakeAnswer(7, 0, answer))
        await core.hears(CallConnected)
        first = await frame_of(remote, 7)
        assert now_s() - began_s < 1.0
        assert (first.width, first.height) == (640, 480)

        await come_smoothly(remote)  # the browser's camera and its encoder have warmed up
        before, since_s = await frame_of(remote, 7), now_s()
        heard_before = await browser.inbound("audio")
        played = await sound.speaker_rms(MEASURED_S)
        after, until_s = await frame_of(remote, 7), now_s()
        assert (after.number - before.number) / (until_s - since_s) >= 25
        assert played > 0.01

        heard = await browser.inbound("audio")
        energy = heard["totalAudioEnergy"] - heard_before["totalAudioEnergy"]
        lasted_s = heard["totalSamplesDuration"] - heard_before["totalSamplesDuration"]
        assert (energy / lasted_s) ** 0.5 > 0.02
        seen = await browser.inbound("video")
        assert seen["framesPerSecond"] >= 25
        assert (seen["frameWidth"], seen["frameHeight"]) == (640, 480)
        assert (await core.hears(CallStats, lambda s: s.round_trip_ms is not None)).call == 7

        ended = await core.hears(CallEnded)
        assert 0 <= ended.late_s <= 0.1
        decoded = (await browser.inbound("video"))["packetsReceived"]
        await asyncio.sleep(0.5)
        assert (await browser.inbound("video"))["packetsReceived"] == decoded


async def come_smoothly(pictures: FrameReader) -> None:
    """Wait until the pictures of call 7 come as they will from then on."""
    came_s: deque[float] = deque(maxlen=SMOOTH)
    number = 0
    async with asyncio.timeout(PATIENCE_S):
        while len(came_s) < SMOOTH or came_s[-1] - came_s[0] > WITHIN_S:
            number = (await frame_of(pictures, 7, number)).number
            came_s.append(now_s())
