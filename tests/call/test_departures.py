"""Our packets are numbered on a whole connection in this process, and their fate is known."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection
from aiortc.mediastreams import AudioStreamTrack, MediaStreamTrack

from kiosk.call.departures import REMEMBERED, Departures, Left
from kiosk.call.fates import Fates
from kiosk.call.feedback import TransportFeedback, offer_feedback
from kiosk.call.line_rate import Capacity
from kiosk.call.transport_cc import TICKS_PER_S
from tests.call.shown import Paced

ENOUGH = 25
"""Frames of sound, half a second of it: who was asked tells at least four times a second."""


def test_what_came_is_known_once_with_both_its_times() -> None:
    left = Left()
    for number in range(4):
        assert left.number() == number
        left.leaves(100 + number, 5.0 + number)
    (passed,) = left.passed(Fates(0, 16, [None, 40, None]))
    assert (passed.left_s, passed.size_bytes) == (6.0, 101)
    assert passed.came_s == (16 * 256 + 40) / TICKS_PER_S
    assert left.passed(Fates(0, 16, [None, 40, None])) == []
    assert len(left.passed(Fates(65535, 16, [7, 7, 7, 7, 7, 7]))) == 3


def test_numbers_and_references_begin_again() -> None:
    left, times = Left(), []
    for number in range(65536 + 5):
        assert left.number() == number % 65536
        left.leaves(100, float(number))
    for base, reference in ((0, (1 << 24) - 1), (1, 0), (2, 1)):
        times += left.passed(Fates(base, reference, [0]))
    apart_s = [later.came_s - each.came_s for each, later in itertools.pairwise(times)]
    assert apart_s == pytest.approx([256 / TICKS_PER_S] * 2)
    assert [passed.left_s for passed in times] == [65536.0, 65537.0, 65538.0]


def test_what_nobody_tells_of_is_forgotten() -> None:
    left = Left()
    for number in range(REMEMBERED + 10):
        left.number()
        left.leaves(100, float(number))
    assert left.passed(Fates(0, 0, [0] * 11))[0].left_s == 10.0
    assert len(left._left) <= REMEMBERED


async def test_what_a_line_carries_is_known_from_who_tells_of_our_packets() -> None:
    async with told_of(agreed=True) as (told, _):
        async with asyncio.timeout(10):
            assert (await told.get()).bps > 0
            assert (await told.get()).bps > 0


async def test_who_was_not_asked_tells_nothing() -> None:
    async with told_of(agreed=False) as (told, sound):
        async with asyncio.timeout(10):
            for _ in range(ENOUGH):
                await sound.recv()
        assert told.empty()


@asynccontextmanager
async def told_of(
    *, agreed: bool
) -> AsyncIterator[tuple["asyncio.Queue[Capacity]", MediaStreamTrack]]:
    """A call within this process, in which sound and pictures are sent to who tells of them.

    What is told, and the sound that comes.
    """
    offer_feedback()
    told: asyncio.Queue[Capacity] = asyncio.Queue()
    bundled = RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
    ours, theirs = RTCPeerConnection(bundled), RTCPeerConnection(bundled)
    for track in (AudioStreamTrack(), Paced()):
        ours.addTrack(track)
    Departures(ours.getTransceivers(), told.put_nowait)
    await ours.setLocalDescription(await ours.createOffer())
    offer = ours.localDescription
    if not agreed:
        offer.sdp = offer.sdp.replace("transport-cc", "other-cc")
    await theirs.setRemoteDescription(offer)
    feedback = TransportFeedback(theirs.getTransceivers())
    await theirs.setLocalDescription(await theirs.createAnswer())
    await ours.setRemoteDescription(theirs.localDescription)
    try:
        yield told, theirs.getReceivers()[0].track
    finally:
        feedback.close()
        await ours.close()
        await theirs.close()
