"""A call over a line that loses much says so, whichever way it loses."""

import random
from typing import Any

import pytest

from kiosk.wire.messages import CallStats
from tests.call.kit import Terminal, connect, order, ready
from tests.call.visitor import Visitor, visiting

LOST = 0.2


def lose(visitor: Visitor, method: str) -> None:
    """Of the packets of media that go one way."""
    odds = random.Random(5)
    for transport in {each.sender.transport for each in visitor._peer.getTransceivers()}:
        inside: Any = transport
        passed = getattr(inside, method)

        async def sometimes(data: bytes, passed: Any = passed, **more: Any) -> None:
            if odds.random() >= LOST:
                await passed(data, **more)

        setattr(inside, method, sometimes)


@pytest.mark.parametrize("method", ["_send_rtp", "_handle_rtp_data"])
async def test_what_is_lost_either_way_makes_the_line_weak(terminal: Terminal, method: str) -> None:
    async with ready(terminal) as (core, _), visiting() as visitor:
        await connect(core, visitor, order(call=7))
        assert not (await core.hears(CallStats)).weak
        lose(visitor, method)
        assert (await core.hears(CallStats, lambda told: told.weak)).call == 7
