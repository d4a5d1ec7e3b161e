"""A hostile answer, and a line that dies, given to the real program."""

import re

import pytest

from kiosk.wire.messages import (
    NO_RELAY,
    CallLost,
    CallSilent,
    CallStats,
    CallStatus,
    IceServer,
    MediaDevice,
    OfferReady,
    TakeAnswer,
)
from tests.call.hostile import unharmed
from tests.call.kit import Core, Terminal, connect, frame_of, now_s, order
from tests.call.visitor import visiting


async def lost_after(core: Core, terminal: Terminal, answer: str) -> CallLost:
    """The call is lost for this answer, and its devices stay open."""
    core.say(TakeAnswer(7, 0, answer))
    lost = await core.hears(CallLost)
    assert lost.call == 7
    last = terminal.frames("self").newest(7)
    await frame_of(terminal.frames("self"), 7, last.number if last else 0)
    return lost


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "hello",
        "v=0\r\n" * 6000,
        "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\n" * 900,
        "a=candidate:1 1 udp 1 192.0.2.1 1 typ host\r\n" * 900,
        "x" * 200_000,
        "\x00\u2028\x1c",
    ],
    ids=["nothing", "a-word", "lines", "media", "candidates", "long", "noise"],
)
async def test_an_answer_that_is_none_loses_the_call_and_nothing_else(
    terminal: Terminal, answer: str
) -> None:
    async with unharmed(terminal) as (core, _):
        core.say(order(call=7))
        await core.hears(OfferReady)
        lost = await lost_after(core, terminal, answer)
        assert "answer" in lost.reason


@pytest.mark.parametrize(
    ("what", "instead"),
    [
        (r"a=mid:0", "a=mid:7"),
        (r"(?s)m=video.*", ""),
        (r"opus/48000/2", "PCMU/8000"),
        (r"a=setup:active", "a=setup:passive\r\na=setup:active\r\na=bundle-only"),
        (r"(VP8|H264)/90000", "AV1/90000"),
    ],
)
async def test_an_answer_to_another_offer_loses_the_call_or_is_understood(
    terminal: Terminal, what: str, instead: str
) -> None:
    async with unharmed(terminal) as (core, _), visiting() as visitor:
        core.say(order(call=7))
        answer = await visitor.answer((await core.hears(OfferReady)).sdp)
        changed = re.sub(what, instead, answer)
        assert changed != answer
        core.say(TakeAnswer(7, 0, changed))
        await core.hears(CallLost if what != r"a=setup:active" else CallStats)


async def test_somebody_with_another_certificate_loses_the_call(terminal: Terminal) -> None:
    async with unharmed(terminal) as (core, _), visiting() as visitor:
        core.say(order(call=7))
        answer = await visitor.answer((await core.hears(OfferReady)).sdp)
        forged = re.sub(
            r"(a=fingerprint:sha-256 )(..)",
            lambda found: found[1] + ("00" if found[2] != "00" else "11"),
            answer,
        )
        assert forged != answer
        lost = await lost_after(core, terminal, forged)
        assert "DTLS" in lost.reason
        assert not visitor.pictures


async def test_a_second_answer_is_left_aside(terminal: Terminal) -> None:
    async with unharmed(terminal) as (core, _), visiting() as visitor:
        await connect(core, visitor, order(call=7))
        core.say(TakeAnswer(7, 0, "hello"))
        await visitor.sees(10)
        assert not core.all(CallLost)


async def test_a_visitor_who_closes_the_connection_loses_the_call_at_once(
    terminal: Terminal,
) -> None:
    async with unharmed(terminal) as (core, _), visiting() as visitor:
        await connect(core, visitor, order(call=7))
        await visitor.sees(5)
        closed_s = now_s()
        await visitor.close()
        assert (await core.hears(CallLost)).call == 7
        assert now_s() - closed_s < 1.0
        last = terminal.frames("self").newest(7)
        assert last is not None
        await frame_of(terminal.frames("self"), 7, last.number)


@pytest.mark.slow
async def test_a_line_without_a_packet_is_silent_and_may_heal_until_consent_ends(
    terminal: Terminal,
) -> None:
    async with unharmed(terminal) as (core, _), visiting() as visitor:
        await connect(core, visitor, order(call=7))
        await visitor.sees(5)
        silent_s = now_s()
        visitor.fall_silent()
        assert (await core.hears(CallSilent)).call == 7
        assert 2.5 <= now_s() - silent_s < 4.5
        lost = await core.hears(CallLost, patience_s=45)
        assert lost.call == 7
        assert 25 <= now_s() - silent_s < 42  # RFC 7675: 30 s, and each check is waited for


@pytest.mark.slow
async def test_nobody_at_the_other_end_loses_the_call(terminal: Terminal) -> None:
    async with unharmed(terminal) as (core, _), visiting() as visitor:
        core.say(order(call=7))
        answer = await visitor.answer((await core.hears(OfferReady)).sdp)
        visitor.fall_silent()
        answered_s = now_s()
        core.say(TakeAnswer(7, 0, answer))
        assert "connection" in (await core.hears(CallLost)).reason
        assert now_s() - answered_s < 11


async def test_a_core_that_comes_back_is_told_that_the_call_was_lost(terminal: Terminal) -> None:
    async with terminal.program(), visiting() as visitor:
        async with terminal.core() as core:
            await core.hears(CallStatus)
            await connect(core, visitor, order(call=7))
        await visitor.close()
        await terminal.logs("call 7 is lost")  # while nobody is there to be told
        async with terminal.core() as core:
            assert (await core.hears(CallLost)).call == 7


async def test_a_dead_stun_server_delays_the_offer_by_half_a_second_at_most(
    terminal: Terminal,
) -> None:
    async with unharmed(terminal) as (core, _):
        began_s = now_s()
        core.say(order(call=7, ice_servers=(IceServer(("stun:192.0.2.99:3478",)),)))
        assert "typ host" in (await core.hears(OfferReady)).sdp
        assert now_s() - began_s < 0.7


async def test_an_empty_list_of_servers_asks_none(terminal: Terminal) -> None:
    async with unharmed(terminal) as (core, _):
        began_s = now_s()
        core.say(order(call=7))
        offer = await core.hears(OfferReady)
        assert "typ srflx" not in offer.sdp
        assert now_s() - began_s < 0.3


async def test_relay_only_names_no_address_of_ours(terminal: Terminal) -> None:
    """Without a relay there is then no way at all."""
    async with unharmed(terminal) as (core, _):
        dead = IceServer(("turn:192.0.2.99:3478",), "user", None)
        core.say(order(call=7, relay_only=True, ice_servers=(dead,)))
        assert (await core.hears(CallLost)).reason == NO_RELAY
        assert not core.all(OfferReady)


async def test_a_server_with_a_broken_address_loses_the_call(terminal: Terminal) -> None:
    async with unharmed(terminal) as (core, _):
        core.say(order(call=7, ice_servers=(IceServer(("gopher://x",)),)))
        assert "ICE server" in (await core.hears(CallLost)).reason
        await core.hears(MediaDevice, lambda camera: camera.up)  # one sees oneself all the same
