"""A program that runs for months holds no more after many calls than after a few."""

import pytest

from kiosk.wire.messages import CallEnded, EndCall
from tests.call.kit import Terminal, connect, order, ready
from tests.call.memory import resident_mb
from tests.call.visitor import visiting

FEW, MANY = 4, 16
MOST_MB = 20.0
"""An encoder and a decoder of pictures have about five."""


@pytest.mark.slow
async def test_what_a_call_took_is_given_back_when_it_has_ended(terminal: Terminal) -> None:
    after_few_mb = 0.0
    async with ready(terminal) as (core, process):
        for call in range(1, MANY + 1):
            async with visiting() as visitor:
                await connect(core, visitor, order(call=call, for_s=60))
                await visitor.sees(3)
                core.say(EndCall(call))
                await core.hears(CallEnded)
            if call == FEW:
                after_few_mb = resident_mb(process.pid)
        assert resident_mb(process.pid) - after_few_mb < MOST_MB
