"""Measures the call program: `python -m tests.bench.bench_call` prints one JSON object.

The pieces of joining, with a real Chromium and a real sound server; how late calls end; the
processor's share in a call and when idle; and whether anything grows over 200 short calls.
"""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import psutil

from kiosk.sandbox.sound import PrivateSound
from kiosk.wire.messages import CallConnected, CallEnded, EndCall, OfferReady, TakeAnswer
from tests.bench.figures import cpu_percent, publish, spread
from tests.call.chromium import Browser, browsing
from tests.call.kit import Core, Terminal, connect, frame_of, now_s, order, ready

JOINS = 10
JOIN_S = 2.0
IN_CALL_S = 10.0
IDLE_S = 10.0
CALLS = 200
WARM_UP = 20


async def joined(core: Core, terminal: Terminal, browser: Browser, call: int) -> dict[str, float]:
    """One call that ends at its deadline: what each step took, in milliseconds."""
    began_s = now_s()
    core.say(order(call=call, for_s=JOIN_S))
    offer = await core.hears(OfferReady, lambda ready: ready.call == call)
    offered_s = now_s()
    answer = await browser.answer(offer.sdp)
    answered_s = now_s()
    core.say(TakeAnswer(call, 0, answer))
    await core.hears(CallConnected, lambda connected: connected.call == call)
    connected_s = now_s()
    await frame_of(terminal.frames("remote"), call)
    seen_s = now_s()
    ended = await core.hears(CallEnded, lambda ended: ended.call == call)
    steps_s = {
        "offer": offered_s - began_s,
        "browser_answers": answered_s - offered_s,
        "connected": connected_s - answered_s,
        "first_picture": seen_s - connected_s,
        "all": seen_s - began_s,
        "ended_late": ended.late_s,
    }
    return {f"{name}_ms": took_s * 1000 for name, took_s in steps_s.items()}


async def growth(core: Core, browser: Browser, process: psutil.Process) -> dict[str, object]:
    sizes: dict[int, dict[str, int]] = {}
    for number in range(1, CALLS + 1):
        await connect(core, browser, order(call=10_000 + number, for_s=30))
        core.say(EndCall(10_000 + number))
        await core.hears(CallEnded)
        if number in (WARM_UP, CALLS):
            await asyncio.sleep(1)
            sizes[number] = {
                "descriptors": process.num_fds(),
                "threads": process.num_threads(),
                "pss_kib": process.memory_full_info().pss // 1024,
            }
    return {f"after_{number}_calls": size for number, size in sizes.items()}


async def measured() -> dict[str, object]:
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        async with PrivateSound() as sound, browsing() as browser:
            terminal = Terminal(Path(name), sound.environment)
            async with ready(terminal, audio="default") as (core, program):
                process = psutil.Process(program.pid)
                joins = [await joined(core, terminal, browser, n) for n in range(1, JOINS + 1)]
                for step in joins[0]:
                    found[step] = spread([join[step] for join in joins])
                await connect(core, browser, order(call=99, for_s=60))
                await asyncio.sleep(2)
                found["in_call_cpu_percent"] = await cpu_percent(process, IN_CALL_S)
                core.say(EndCall(99))
                await asyncio.sleep(1)
                found["idle_cpu_percent"] = await cpu_percent(process, IDLE_S)
                found |= await growth(core, browser, process)
    return found


if __name__ == "__main__":
    publish("call", asyncio.run(measured()))
