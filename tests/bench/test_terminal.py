"""A whole terminal is measured against bars, and each of them can be missed."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.bench.bench_terminal import Visits, beyond, growth

PROGRAMS = ("firmware-bridge", "kiosk-core", "kiosk-call", "kiosk-ui")

Found = dict[str, Any]


def found() -> Found:
    """What a bench finds of a terminal that is just within its bars, as far as they are asked."""
    steady = {"pss_kib": 40_000.0, "uss_kib": 30_000.0, "descriptors": 20.0, "threads": 5.0}
    sizes = {name: {what: [size] * 8 for what, size in steady.items()} for name in PROGRAMS}
    return {
        "idle": {"percent_of_a_core": 5.0},
        "card_to_screen_ms": {"p50": 20.0, "p95": 150.0, "max": 400.0},
        "visits": {
            "visits": 8,
            "join_ms": {"p50": 200.0, "p95": 1000.0, "max": 1400.0},
            "ended_late_ms": {"min": 0.0, "p50": 10.0, "p95": 60.0, "max": 100.0},
            "ended_by_the_kernel": 7,
            "growth_a_visit": growth(Visits(sizes=sizes)),
        },
        "talk": {"fps": {"median": 25.0}, "rms": {"in": 0.01, "out": 0.01}},
        "exits": [],
    }


def test_a_terminal_within_its_bars_is_within_them() -> None:
    assert beyond(found()) == []


def grows(program: str, what: str, by: float) -> Callable[[Found], object]:
    """It is this much more after each visit."""

    def of(found: Found) -> None:
        sizes = {program: {what: [by * visit for visit in range(8)]}}
        grown = growth(Visits(sizes=sizes))[program]
        found["visits"]["growth_a_visit"][program] |= grown

    return of


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("idle", lambda f: f["idle"].update(percent_of_a_core=5.01)),
        ("card", lambda f: f["card_to_screen_ms"].update(p95=150.1)),
        ("join", lambda f: f["visits"]["join_ms"].update(p95=1000.1)),
        ("end", lambda f: f["visits"]["ended_late_ms"].update(max=100.1)),
        ("end", lambda f: f["visits"]["ended_late_ms"].update(min=-0.1)),
        ("end", lambda f: f["visits"].update(ended_by_the_kernel=8)),
        ("pictures", lambda f: f["talk"]["fps"].update(median=24.9)),
        ("pictures", lambda f: f["talk"]["fps"].update(median=None)),
        ("sound in", lambda f: f["talk"]["rms"].update({"in": 0.009})),
        ("sound out", lambda f: f["talk"]["rms"].update({"out": 0.009})),
        ("exits", lambda f: f["exits"].append("kiosk-call: -9")),
        ("kiosk-call: uss_kib", grows("kiosk-call", "uss_kib", 10.1)),
        ("kiosk-ui: descriptors", grows("kiosk-ui", "descriptors", 0.03)),
        ("firmware-bridge: threads", grows("firmware-bridge", "threads", 0.03)),
    ],
)
def test_what_is_beyond_its_bar_is_named(name: str, change: Callable[[Found], object]) -> None:
    missed = found()
    change(missed)
    assert beyond(missed) == [name]


def test_what_moves_with_the_rest_of_the_machine_is_not_judged() -> None:
    moved = found()
    grows("kiosk-core", "pss_kib", 1000.0)(moved)
    assert beyond(moved) == []


def test_what_becomes_less_is_no_growth() -> None:
    shrinks = found()
    grows("kiosk-core", "uss_kib", -50.0)(shrinks)
    assert beyond(shrinks) == []
