"""Ready for who may join: devices open, the usual offer made, and nothing of it told or seen."""

import asyncio
import socket

import pytest
from aioice import Connection

from kiosk.call import path
from kiosk.wire.messages import (
    CallConnected,
    CallEnded,
    CallStatus,
    EndCall,
    GetReady,
    IceServer,
    MediaDevice,
    OfferReady,
    PrepareCall,
    TakeAnswer,
)
from tests.call.kit import Core, Terminal, frame_of, now_s, order, ready
from tests.call.visitor import visiting


async def is_ready(core: Core) -> None:
    core.say(GetReady(now_s() + 30))
    await core.hears(MediaDevice, lambda camera: camera == MediaDevice("camera", True))


async def offer_of(core: Core, call: PrepareCall) -> str:
    core.say(call)
    return (await core.hears(OfferReady, lambda made: made.call == call.call)).sdp


async def test_nothing_is_told_or_seen_before_the_call(terminal: Terminal) -> None:
    async with ready(terminal) as (core, _):
        await is_ready(core)
        assert terminal.frames("self").newest(0) is None
        assert not core.all(OfferReady)
        assert all(status.call is None for status in core.all(CallStatus))


@pytest.mark.slow
async def test_the_call_is_made_with_what_was_ready(terminal: Terminal) -> None:
    async with ready(terminal) as (core, _), visiting() as visitor:
        await is_ready(core)
        offer = await offer_of(core, order(call=7))
        assert [told.up for told in core.all(MediaDevice) if told.device == "camera"] == [True]
        core.say(TakeAnswer(7, 0, await visitor.answer(offer)))
        await core.hears(CallConnected)
        await visitor.sees(30)
        remote = await frame_of(terminal.frames("remote"), 7)
        assert max(remote.y) > 200
        core.say(EndCall(7))
        assert (await core.hears(CallEnded)).call == 7


async def test_a_call_that_wants_more_gets_an_offer_of_its_own(terminal: Terminal) -> None:
    async with ready(terminal) as (core, _):
        await is_ready(core)
        stun = IceServer(("stun:192.0.2.99:3478",))
        first = await offer_of(core, order(call=7, ice_servers=(stun,)))
        core.say(EndCall(7))
        await core.hears(CallEnded)
        core.say(GetReady(now_s() + 30))
        second = await offer_of(core, order(call=8))
        assert ufrag(first) != ufrag(second)


async def test_who_is_in_a_call_is_not_disturbed(terminal: Terminal) -> None:
    async with ready(terminal) as (core, _):
        await offer_of(core, order(call=7))
        core.say(GetReady(now_s() + 1))
        core.say(GetReady(None))
        core.say(EndCall(7))
        assert (await core.hears(CallEnded)).late_s < 0


async def test_an_order_for_a_visit_that_is_over_ends_what_was_ready(terminal: Terminal) -> None:
    async with ready(terminal) as (core, _):
        await is_ready(core)
        core.say(order(call=7, for_s=-1.0))
        assert (await core.hears(CallEnded)).call == 7
        assert not core.all(OfferReady)


async def test_an_offer_with_an_address_that_is_gone_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connection = Connection(ice_controlling=True)
    await connection.gather_candidates()
    assert not path.has_moved(connection)

    def in_vain(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as gone:
        gone.setattr(socket.socket, "bind", in_vain)
        assert path.has_moved(connection)
    await connection.close()
    await asyncio.sleep(0)


def ufrag(sdp: str) -> str:
    return next(line for line in sdp.splitlines() if line.startswith("a=ice-ufrag"))
