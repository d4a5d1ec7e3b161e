"""The process that stands by a bench tells how late it woke."""

import asyncio
import os
import signal

from tests.bench.bystander import Bystander

STILL_S = 0.3


async def test_a_machine_that_stood_still_is_told_once() -> None:
    with Bystander() as bystander:
        os.kill(bystander.pid, signal.SIGSTOP)
        await asyncio.sleep(STILL_S)
        os.kill(bystander.pid, signal.SIGCONT)
        await asyncio.sleep(0.05)  # it wakes in its own time, and is not to find the question first
        assert bystander.latest_ms() >= STILL_S * 1e3 / 2
        assert bystander.latest_ms() < STILL_S * 1e3 / 2
