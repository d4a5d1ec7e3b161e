"""Media of several connections, and the first picture."""

import pytest

from kiosk.wire.messages import (
    AnswerReady,
    CallConnected,
    CallLost,
    Medium,
    OfferReady,
    TakeAnswer,
    TakeOffer,
)
from tests.call.kit import PATIENCE_S, Terminal, connect, frame_of, now_s, order, ready
from tests.call.visitor import visiting

RELAYED = (Medium("sendonly", "terminal"), Medium("recvonly", "service"))
TWO = (Medium("sendonly", "terminal"), Medium("recvonly", "terminal"))


async def test_a_call_of_two_media_is_connected_when_both_are(terminal: Terminal) -> None:
    async with (
        ready(terminal) as (core, _),
        visiting() as receiving,
        visiting() as sending,
    ):
        core.say(order(call=7, media=TWO))
        offers = {offer.medium: offer.sdp for offer in [await core.hears(OfferReady) for _ in TWO]}
        assert "a=sendonly" in offers[0]
        assert "a=recvonly" in offers[1]
        core.say(TakeAnswer(7, 0, await receiving.answer(offers[0])))
        await receiving.sees(5)
        assert not core.all(CallConnected)
        core.say(TakeAnswer(7, 1, await sending.answer(offers[1])))
        await core.hears(CallConnected)
        await frame_of(terminal.frames("remote"), 7)
        assert not sending.pictures


async def test_what_the_service_offers_is_answered_and_shown(terminal: Terminal) -> None:
    async with (
        ready(terminal) as (core, _),
        visiting() as receiving,
        visiting() as sending,
    ):
        core.say(order(call=7, media=RELAYED))
        ours = await core.hears(OfferReady)
        assert (ours.medium, "a=sendonly" in ours.sdp) == (0, True)
        core.say(TakeAnswer(7, 0, await receiving.answer(ours.sdp)))
        core.say(TakeOffer(7, 1, await sending.offer()))
        answer = await core.hears(AnswerReady)
        assert (answer.call, answer.medium, "a=recvonly" in answer.sdp) == (7, 1, True)
        assert "a=candidate:" in answer.sdp
        await sending.answered(answer.sdp)
        await core.hears(CallConnected)
        await receiving.sees(5)
        await frame_of(terminal.frames("remote"), 7)
        assert not sending.pictures, "nothing goes the other way"
        assert len(core.all(OfferReady)) == 1, "what the service offers is not offered here"


@pytest.mark.parametrize(
    "sdp", ["nonsense", "v=0\r\n", "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 96\r\n"]
)
async def test_an_offer_that_can_not_be_used_loses_the_call(terminal: Terminal, sdp: str) -> None:
    async with ready(terminal) as (core, _):
        core.say(order(call=7, media=RELAYED))
        await core.hears(OfferReady)
        core.say(TakeOffer(7, 1, sdp))
        assert "offer" in (await core.hears(CallLost)).reason


async def test_a_second_offer_for_a_medium_loses_the_call(terminal: Terminal) -> None:
    async with ready(terminal) as (core, _), visiting() as first, visiting() as second:
        core.say(order(call=7, media=RELAYED))
        await core.hears(OfferReady)
        core.say(TakeOffer(7, 1, await first.offer()))
        await core.hears(AnswerReady)
        core.say(TakeOffer(7, 1, await second.offer()))
        assert "second offer" in (await core.hears(CallLost)).reason


async def test_what_is_for_no_medium_or_the_wrong_one_is_left_aside(terminal: Terminal) -> None:
    async with ready(terminal) as (core, _), visiting() as visitor:
        core.say(order(call=7, media=RELAYED))
        await core.hears(OfferReady)
        core.say(TakeOffer(7, 0, "v=0"))
        core.say(TakeOffer(7, 9, "v=0"))
        core.say(TakeAnswer(7, 1, "v=0"))
        core.say(TakeOffer(7, 1, await visitor.offer()))
        await core.hears(AnswerReady)
        assert not core.all(CallLost)


async def test_sound_is_offered_as_opus_only_and_pictures_as_h264_first(terminal: Terminal) -> None:
    async with ready(terminal) as (core, _):
        core.say(order(call=7))
        sound, picture = (await core.hears(OfferReady)).sdp.split("m=")[1:]
        assert "opus/48000" in sound
        assert sound.count("a=rtpmap") == 1
        assert picture.index("H264/90000") < picture.index("VP8/90000")


async def test_a_first_picture_that_does_not_come_is_asked_for(terminal: Terminal) -> None:
    async with ready(terminal) as (core, _), visiting() as visitor:
        visitor.send_only_first_packet()
        await connect(core, visitor, order(call=7))
        connected_s = now_s()
        await visitor.until(lambda: visitor.asked_for_picture, PATIENCE_S)
        assert now_s() - connected_s < 1.0
