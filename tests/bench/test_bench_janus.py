"""When a Janus counts as full."""

from typing import Any

import pytest

from tests.bench.bench_janus import FIRST, MOST_STEP, figures_of, limit_of, more_after


def level(calls: int, cpu: float = 50.0, **found: Any) -> dict[str, Any]:
    clean = {"silent": 0, "lost_percent": 0.0, "delay_ms": {"p95": 1.0}, "janus_cpu_percent": cpu}
    return {"calls": calls, **clean, **found}


@pytest.mark.parametrize(
    ("found", "limit"),
    [
        ({}, None),
        ({"silent": 1}, "loss"),
        ({"lost_percent": 0.2}, "loss"),
        ({"delay_ms": {"p95": 41.0}}, "delay"),
        ({"cpu": 101.0}, "core"),
    ],
)
def test_a_janus_is_full_when_it_loses_or_delays_or_takes_a_core(
    found: dict[str, Any], limit: str | None
) -> None:
    assert limit_of(level(10, **found)) == limit


def test_the_most_calls_are_those_at_which_it_was_not_full() -> None:
    found = figures_of([level(80, cpu=80), level(90, cpu=99), level(100, cpu=105)])
    assert (found["calls_per_janus"], found["janus_limit"]) == (90, "core")
    assert found["janus_cpu_percent_per_call"] == 1.1


def test_a_janus_that_is_full_at_once_carries_nothing_that_was_measured() -> None:
    assert figures_of([level(40, silent=80)])["calls_per_janus"] == 0


def test_steps_are_small_where_it_is_nearly_full() -> None:
    assert more_after(None, quick=False) == FIRST
    assert more_after(level(30, cpu=10), quick=False) == MOST_STEP
    assert more_after(level(60, cpu=70), quick=False) == 18
    assert more_after(level(80, cpu=96), quick=False) == 5
    assert more_after(level(80, cpu=96), quick=True) == 10
