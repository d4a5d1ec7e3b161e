"""The end of a call comes at its deadline, whoever is there and whatever is stuck."""

import asyncio
import signal

import numpy
import pytest

from kiosk.call.deadline import KILL_AFTER_S
from kiosk.sandbox.sound import RATE_HZ, PrivateSound
from kiosk.wire.messages import (
    CallEnded,
    CallLost,
    CallStatus,
    IceServer,
    MediaDevice,
    MoveDeadline,
    OfferReady,
)
from tests.call.kit import Terminal, connect, frame_of, now_s, order, ready
from tests.call.visitor import visiting

pytestmark = pytest.mark.slow

LATE_S = 0.100
SEEN_S = 0.4
"""How late a busy machine may let a test see that a process has ended; the kernel's timer is exact."""

STUCK = """
import ctypes, pathlib, runpy, sys, threading, time

def get_stuck(sign=pathlib.Path(sys.argv.pop(1))):
    while not sign.exists():
        time.sleep(0.005)
    ctypes.PyDLL(None).sleep(20)  # C code that keeps the interpreter to itself

threading.Thread(target=get_stuck, daemon=True).start()
sys.argv[0] = "kiosk-call"
runpy.run_module("kiosk.call", run_name="__main__", alter_sys=True)
"""
"""Starts the real program, with a thread beside it that stops the interpreter at a sign."""


async def wait_until(at_s: float) -> None:
    await asyncio.sleep(max(0.0, at_s - now_s()))


async def test_a_call_ends_at_its_deadline_by_itself_without_core(terminal: Terminal) -> None:
    prepare = order(call=7, for_s=2.5)
    async with visiting() as visitor, terminal.program() as process:
        async with terminal.core() as core:
            await core.hears(CallStatus)
            await connect(core, visitor, prepare)
            await frame_of(terminal.frames("remote"), 7)
            await visitor.sees(5)
        await wait_until(prepare.ends_at_s - 0.05)
        before = len(visitor.packets)
        await wait_until(prepare.ends_at_s + LATE_S)
        assert terminal.is_zeroed("remote")
        assert terminal.is_zeroed("self")
        after = len(visitor.packets)
        assert after > before
        assert prepare.ends_at_s - 0.1 < max(visitor.packets) < prepare.ends_at_s + LATE_S
        await asyncio.sleep(0.5)
        assert len(visitor.packets) == after
        assert visitor.state == "connected"  # nobody said goodbye
        assert terminal.is_zeroed("remote")
        assert terminal.is_zeroed("self")
        assert process.returncode is None
        async with terminal.core() as core:
            assert (await core.hears(CallStatus)).call is None


async def test_the_end_is_told_with_how_late_the_media_stopped(
    terminal: Terminal, sound: PrivateSound
) -> None:
    terminal.environment = sound.environment
    prepare = order(call=7, for_s=3.0)
    async with ready(terminal, audio="default") as (core, process), visiting() as visitor:
        await connect(core, visitor, prepare)
        await wait_until(prepare.ends_at_s - 0.5)
        began_s = now_s()
        heard = await sound.speaker(1.0)
        ended = await core.hears(CallEnded)
        assert 0 <= ended.late_s <= LATE_S
        assert ended.at_s == pytest.approx(prepare.ends_at_s + ended.late_s)
        assert core.heard_at_s(core.all(CallEnded)[0]) < prepare.ends_at_s + LATE_S
        loud = numpy.flatnonzero(numpy.abs(heard.astype(int)) > 300)
        assert loud[0] < RATE_HZ // 4
        assert began_s + loud[-1] / RATE_HZ < prepare.ends_at_s + LATE_S
        assert process.returncode is None


async def test_a_stopped_process_is_killed_as_soon_as_it_is_continued(terminal: Terminal) -> None:
    prepare = order(call=7, for_s=1.5)
    async with ready(terminal) as (core, process), visiting() as visitor:
        await connect(core, visitor, prepare)
        await visitor.sees(3)
        process.send_signal(signal.SIGSTOP)
        await wait_until(prepare.ends_at_s + 0.5)
        assert max(visitor.packets) < prepare.ends_at_s
        continued_s = now_s()
        process.send_signal(signal.SIGCONT)
        assert await process.wait() == -signal.SIGALRM
        assert now_s() - continued_s < 0.1
        assert max(visitor.packets) < prepare.ends_at_s


async def test_an_interpreter_stuck_in_c_is_killed_by_the_kernel(terminal: Terminal) -> None:
    prepare = order(call=7, for_s=2.0)
    sign = terminal.directory / "get-stuck"
    async with (
        ready(terminal, start=("-c", STUCK, str(sign))) as (core, process),
        visiting() as visitor,
    ):
        await connect(core, visitor, prepare)
        await visitor.sees(3)
        await wait_until(prepare.ends_at_s - 0.3)
        sign.touch()
        assert await process.wait() == -signal.SIGALRM
        assert KILL_AFTER_S <= now_s() - prepare.ends_at_s < LATE_S + SEEN_S
        assert max(visitor.packets) < prepare.ends_at_s


async def test_an_extension_moves_both_timers(terminal: Terminal) -> None:
    prepare = order(call=7, for_s=1.5)
    later_s = prepare.ends_at_s + 1.0
    sign = terminal.directory / "get-stuck"
    async with (
        ready(terminal, start=("-c", STUCK, str(sign))) as (core, process),
        visiting() as visitor,
    ):
        await connect(core, visitor, prepare)
        core.say(MoveDeadline(7, later_s))
        assert (await core.hears(CallStatus, lambda s: s.ends_at_s == later_s)).call == 7
        await wait_until(prepare.ends_at_s + 2 * LATE_S)
        await visitor.sees(3)
        sign.touch()
        assert await process.wait() == -signal.SIGALRM
        assert KILL_AFTER_S <= now_s() - later_s < LATE_S + SEEN_S


async def test_an_extended_call_ends_at_its_new_deadline(terminal: Terminal) -> None:
    prepare = order(call=7, for_s=4.0, media=())  # a busy machine may be late to read both orders
    async with ready(terminal) as (core, _):
        core.say(prepare)
        core.say(MoveDeadline(7, prepare.ends_at_s + 1.0))
        ended = await core.hears(CallEnded)
        assert 0 <= ended.late_s <= LATE_S
        assert ended.at_s == pytest.approx(prepare.ends_at_s + 1.0, abs=LATE_S)


async def test_a_deadline_moved_into_the_past_ends_the_call_at_once(terminal: Terminal) -> None:
    async with ready(terminal) as (core, process), visiting() as visitor:
        await connect(core, visitor, order(call=7))
        await visitor.sees(3)
        moved_s = now_s()
        core.say(MoveDeadline(7, moved_s - 5))
        ended = await core.hears(CallEnded)
        assert ended.at_s - moved_s < LATE_S
        assert ended.late_s == pytest.approx(5, abs=LATE_S)
        assert max(visitor.packets) < moved_s + LATE_S
        assert process.returncode is None


async def test_a_call_whose_time_is_over_opens_no_device(terminal: Terminal) -> None:
    async with ready(terminal) as (core, process):
        core.say(order(call=7, for_s=-1))
        assert (await core.hears(CallEnded)).late_s == pytest.approx(1, abs=LATE_S)
        assert (await core.hears(CallStatus)).call is None
        assert not core.all(MediaDevice)
        assert not core.all(OfferReady)
        assert process.returncode is None


async def test_a_deadline_that_no_visit_has_is_refused(terminal: Terminal) -> None:
    async with ready(terminal) as (core, _):
        core.say(order(call=7, for_s=1e9))
        assert (await core.hears(CallLost)).call == 7
        assert not core.all(MediaDevice)


async def test_a_call_that_follows_one_that_ended_lives_until_its_own_deadline(
    terminal: Terminal,
) -> None:
    async with ready(terminal) as (core, process):
        core.say(order(call=7, for_s=0.5, media=()))
        await core.hears(CallEnded)
        second = order(call=8, for_s=1.0, media=())
        core.say(second)
        ended = await core.hears(CallEnded)
        assert ended.call == 8
        assert 0 <= ended.late_s <= LATE_S
        assert process.returncode is None


async def test_a_deadline_during_gathering_is_kept(terminal: Terminal) -> None:
    """A STUN server that does not answer holds up the offer, and nothing else."""
    dead = IceServer(("stun:192.0.2.99:3478",))
    async with ready(terminal) as (core, _):
        core.say(order(call=7, for_s=0.2, ice_servers=(dead,)))
        assert 0 <= (await core.hears(CallEnded)).late_s <= LATE_S
        assert not core.all(OfferReady)


async def test_a_sound_server_that_hangs_does_not_outlive_the_deadline(
    terminal: Terminal, sound: PrivateSound
) -> None:
    """Closing a device may block for 30 s; what can not be proven stopped is killed."""
    terminal.environment = sound.environment
    prepare = order(call=7, for_s=1.5, media=())
    async with ready(terminal, audio="default") as (core, process):
        core.say(prepare)
        for _ in ("microphone", "speaker"):
            await core.hears(MediaDevice, lambda device: device.up and device.device != "camera")
        with sound.hung():
            assert await process.wait() == -signal.SIGALRM
        assert KILL_AFTER_S <= now_s() - prepare.ends_at_s < LATE_S + SEEN_S
