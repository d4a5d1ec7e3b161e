"""Two timers for one deadline."""

import asyncio
import signal
from collections.abc import Iterator

import pytest

from kiosk.call.deadline import KILL_AFTER_S, LONGEST_S, Deadline
from kiosk.errors import CallError
from tests.call.kit import CLOCK, now_s


@pytest.fixture(autouse=True)
def harmless() -> Iterator[None]:
    """What should kill the program must not kill the tests."""
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)


def kills_in_s() -> float:
    """How far away the kernel's timer is; 0 when it is not armed."""
    return signal.getitimer(signal.ITIMER_REAL)[0]


async def test_the_kernel_kills_a_little_later_than_the_loop_is_called() -> None:
    due = asyncio.Event()
    deadline = Deadline(CLOCK, due.set)
    ends_at_s = now_s() + 0.3
    deadline.arm(ends_at_s)
    assert now_s() + kills_in_s() == pytest.approx(ends_at_s + KILL_AFTER_S, abs=0.005)
    await due.wait()
    assert 0 <= now_s() - ends_at_s < KILL_AFTER_S
    deadline.disarm()
    assert kills_in_s() == 0


def test_the_kernel_has_20_ms_of_the_tenth_of_a_second_to_kill() -> None:
    assert KILL_AFTER_S == 0.080


async def test_the_alarm_is_at_its_default_action() -> None:
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    Deadline(CLOCK, lambda: None)
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL


async def test_a_deadline_in_the_past_is_due_at_once_and_never_disarms() -> None:
    due = asyncio.Event()
    deadline = Deadline(CLOCK, due.set)
    deadline.arm(now_s() - 10)
    assert 0 < kills_in_s() <= KILL_AFTER_S
    async with asyncio.timeout(0.05):
        await due.wait()


async def test_the_last_deadline_counts() -> None:
    calls: list[float] = []
    deadline = Deadline(CLOCK, lambda: calls.append(now_s()))
    deadline.arm(now_s() + 0.05)
    deadline.arm(later_s := now_s() + 0.2)
    await asyncio.sleep(0.1)
    assert calls == []
    assert now_s() + kills_in_s() == pytest.approx(later_s + KILL_AFTER_S, abs=0.005)


@pytest.mark.parametrize("ends_at_s", [LONGEST_S * 2 + 1e9, float("inf"), float("nan")])
async def test_what_no_visit_can_last_is_refused_and_changes_nothing(ends_at_s: float) -> None:
    deadline = Deadline(CLOCK, lambda: None)
    deadline.arm(before_s := now_s() + 5)
    with pytest.raises(CallError):
        deadline.arm(ends_at_s)
    assert deadline.ends_at_s == before_s
    assert now_s() + kills_in_s() == pytest.approx(before_s + KILL_AFTER_S, abs=0.005)


async def test_an_early_end_is_given_its_patience_and_never_more_than_the_deadline() -> None:
    calls: list[float] = []
    deadline = Deadline(CLOCK, lambda: calls.append(now_s()))
    deadline.arm(now_s() + 10)
    deadline.hurry(0.5)
    assert kills_in_s() == pytest.approx(0.5, abs=0.005)
    deadline.arm(ends_at_s := now_s() + 0.05)
    deadline.hurry(0.5)
    assert now_s() + kills_in_s() == pytest.approx(ends_at_s + KILL_AFTER_S, abs=0.005)
    await asyncio.sleep(0.1)
    assert calls == []
