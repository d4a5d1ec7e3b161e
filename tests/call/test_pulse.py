"""A connection of which something has ended is known for one, and its call is lost."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiortc import RTCRtpTransceiver

from kiosk.call.pulse import stopped
from kiosk.wire.messages import CallLost
from tests.call.kit import PATIENCE_S, Terminal, connect, order, ready
from tests.call.test_backlog import connection
from tests.call.visitor import visiting

ENDS_SILENTLY = """
import runpy, sys
from aiortc import RTCRtpReceiver

run = RTCRtpReceiver._run_rtcp

async def fail(receiver):
    if receiver._track.kind == "video":
        receiver._RTCRtpReceiver__rtcp_started.set()
        receiver._RTCRtpReceiver__rtcp_exited.set()
        return
    await run(receiver)

RTCRtpReceiver._run_rtcp = fail
sys.argv[0] = "kiosk-call"
runpy.run_module("kiosk.call", run_name="__main__", alter_sys=True)
"""
"""Starts the program with an aiortc whose reports on pictures end at once."""


async def end_task(end: Any, name: str) -> None:
    vars(end)[name].cancel()
    await asyncio.wait([vars(end)[name]], timeout=PATIENCE_S)


async def end_decoder(end: Any, _name: str) -> None:
    vars(end)["_RTCRtpReceiver__decoder_queue"].put(None)
    vars(end)["_RTCRtpReceiver__decoder_thread"].join()


@pytest.mark.parametrize(
    ("side", "name", "ending"),
    [
        ("sender", "_RTCRtpSender__rtp_task", end_task),
        ("sender", "_RTCRtpSender__rtcp_task", end_task),
        ("receiver", "_RTCRtpReceiver__rtcp_task", end_task),
        ("receiver", "_RTCRtpReceiver__decoder_thread", end_decoder),
    ],
)
@pytest.mark.parametrize("kind", ["audio", "video"])
async def test_what_has_ended_is_named(
    kind: str, side: str, name: str, ending: Callable[[Any, str], Awaitable[None]]
) -> None:
    peer, *_ = connection()
    async with visiting() as visitor:
        await peer.take_answer(await visitor.answer(await peer.offer()))
        await visitor.sees()
        assert peer.stopped == []
        (transceiver,) = (each for each in peer._pc.getTransceivers() if each.kind == kind)
        await ending(getattr(transceiver, side), name)
        assert peer.stopped == [f"{kind} {name[1:]}"]
        await peer.close()


@pytest.mark.parametrize(
    ("direction", "runs"),
    [("sendrecv", 4), ("sendonly", 2), ("recvonly", 2), ("inactive", 0)],
)
async def test_what_never_began_does_not_run(direction: str, runs: int) -> None:
    peer, *_ = connection()
    transceivers: list[RTCRtpTransceiver] = peer._pc.getTransceivers()
    assert stopped(transceivers) == []
    for transceiver in transceivers:
        transceiver._setCurrentDirection(direction)
    assert len(stopped(transceivers)) == 2 * runs
    await peer.close()


async def test_a_call_that_only_seems_to_be_on_is_lost(terminal: Terminal) -> None:
    async with ready(terminal, start=("-c", ENDS_SILENTLY)) as (core, _), visiting() as visitor:
        await connect(core, visitor, order(call=7))
        lost = await core.hears(CallLost)
        assert "video RTCRtpReceiver__rtcp_task" in lost.reason
