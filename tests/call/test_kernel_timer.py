"""The timer by which the kernel would kill kiosk-call, read in the real program.

How late a kill is can not be seen on a busy machine; what the timer is set to can.
"""

import asyncio
import contextlib
from pathlib import Path

import pytest

from kiosk.call.deadline import KILL_AFTER_S
from kiosk.wire.messages import CallEnded, CallStatus, EndCall, GetReady, MoveDeadline
from tests.call.kit import PATIENCE_S, Terminal, now_s, order, ready

EXACT_S = 0.010

TELLS_KILL = """
import pathlib, runpy, signal, sys, threading, time

def tell(book=pathlib.Path(sys.argv.pop(1))):
    new = book.with_suffix(".new")
    while True:
        left_s, now_s = signal.getitimer(signal.ITIMER_REAL)[0], time.monotonic()
        new.write_text(str(now_s + left_s if left_s else 0.0))
        new.replace(book)
        time.sleep(0.005)

threading.Thread(target=tell, daemon=True).start()
sys.argv[0] = "kiosk-call"
runpy.run_module("kiosk.call", run_name="__main__", alter_sys=True)
"""
"""Starts the program, and beside it a thread that writes down when the kernel will kill; 0: never."""


async def test_the_kernels_timer_follows_each_deadline_and_is_off_without_one(
    terminal: Terminal,
) -> None:
    prepare = order(call=7, for_s=30)
    book = terminal.directory / "kills-at"
    async with ready(terminal, start=("-c", TELLS_KILL, str(book))) as (core, _):
        await kill_is_set_for(0, book)
        core.say(prepare)
        await core.hears(CallStatus, lambda status: status.call == 7)
        await kill_is_set_for(prepare.ends_at_s + KILL_AFTER_S, book)
        core.say(MoveDeadline(7, later_s := prepare.ends_at_s + 20))
        await core.hears(CallStatus, lambda status: status.ends_at_s == later_s)
        await kill_is_set_for(later_s + KILL_AFTER_S, book)
        core.say(EndCall(7))
        await core.hears(CallEnded)
        await kill_is_set_for(0, book)


async def test_who_is_ready_for_a_call_has_a_deadline_too_and_is_free_after_it(
    terminal: Terminal,
) -> None:
    """The timer is off as soon as every device is closed."""
    book = terminal.directory / "kills-at"
    async with ready(terminal, start=("-c", TELLS_KILL, str(book))) as (core, _):
        core.say(GetReady(until_s := now_s() + 30))
        await kill_is_set_for(until_s + KILL_AFTER_S, book)
        core.say(GetReady(None))
        await kill_is_set_for(0, book)
        core.say(GetReady(until_s := now_s() + 1))
        await kill_is_set_for(until_s + KILL_AFTER_S, book)
        await kill_is_set_for(0, book)
        core.say(GetReady(now_s() + 1e9))
        core.say(prepare := order(call=7, for_s=30))
        await kill_is_set_for(prepare.ends_at_s + KILL_AFTER_S, book)


async def kill_is_set_for(at_s: float, book: Path) -> None:
    """Wait until the program tells that moment."""
    told_s = -1.0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_S):
            while abs(told_s - at_s) > EXACT_S:
                told_s = float(book.read_text()) if book.exists() else -1.0
                await asyncio.sleep(0.005)  # another process writes it: there is no event
    assert told_s == pytest.approx(at_s, abs=EXACT_S)
