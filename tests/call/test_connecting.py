"""Media of several connections, and the first picture."""

from kiosk.wire.messages import CallConnected, Medium, OfferReady, TakeAnswer
from tests.call.kit import PATIENCE_S, Terminal, connect, frame_of, now_s, order, ready
from tests.call.visitor import visiting

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
