"""The real program and a real Chromium."""

import asyncio

import pytest

from kiosk.sandbox.sound import PrivateSound
from kiosk.wire.messages import CallConnected, CallEnded, CallStats, OfferReady, TakeAnswer
from tests.call.chromium import browsing
from tests.call.kit import Terminal, frame_of, now_s, order, ready

pytestmark = pytest.mark.slow

MEASURED_S = 4.0


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

        await asyncio.sleep(1.0)  # the browser's camera and its encoder warm up
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
