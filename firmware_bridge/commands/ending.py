"""How a command that goes on by itself is ended: by Ctrl+C, or politely by another program."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress


async def until_ended(work: Coroutine[None, None, None]) -> None:
    """Run `work` until it is done, or until SIGINT or SIGTERM; raises what `work` raises.

    The signals are taken even where a shell had its background jobs ignore them.
    """
    task = asyncio.ensure_future(work)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with suppress(asyncio.CancelledError):
        await task
