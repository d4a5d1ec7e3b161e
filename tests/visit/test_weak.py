"""Whose connection is weak is said only where it is known."""

from dataclasses import replace

import pytest

from kiosk.visit import advance
from kiosk.visit.events import (
    CallHeard,
    CallLost,
    CallMeasured,
    CallSilent,
    Event,
    ServiceSlow,
    VisitorReady,
    VisitorSlow,
)
from kiosk.visit.leaving import InPerson
from tests.visit.samples import CALL, PAGE, RELOADED, in_visit

WEAK = CallMeasured(CALL, 0.0, weak=True)
OURS = ServiceSlow(slow=True)
THEIRS = VisitorSlow("V1", slow=True)


def side_after(*script: Event) -> str | None:
    stage = in_visit()
    for number, event in enumerate(script):
        after, _ = advance(stage, event, 20.0 + number)
        assert isinstance(after, InPerson)
        stage = after  # type: ignore[assignment]
    return stage.line.weak_side


@pytest.mark.parametrize(
    ("told", "side"),
    [
        ((WEAK,), "unknown"),
        ((WEAK, OURS), "here"),
        ((WEAK, THEIRS), "there"),
        ((WEAK, OURS, THEIRS), "unknown"),
        ((OURS,), None),
        ((THEIRS,), None),
        ((WEAK, OURS, ServiceSlow(slow=False)), "unknown"),
        ((WEAK, THEIRS, VisitorSlow("V1", slow=False)), "unknown"),
        ((WEAK, VisitorSlow("V2", slow=True)), "unknown"),
        ((WEAK, OURS, CallMeasured(CALL, 0.0)), None),
        ((CallMeasured(CALL + 1, 0.0, weak=True),), None),
    ],
)
def test_a_side_is_blamed_only_where_its_way_to_the_service_is_bad_alone(
    told: tuple[Event, ...], side: str | None
) -> None:
    assert side_after(*told) == side


def test_a_silent_line_is_not_called_weak() -> None:
    assert side_after(WEAK, CallSilent(CALL, 20.0)) is None
    assert side_after(WEAK, CallSilent(CALL, 20.0), CallHeard(CALL)) == "unknown"


def test_what_was_said_of_a_page_is_not_said_of_the_next_one() -> None:
    assert side_after(WEAK, THEIRS, VisitorReady("V1", replace(PAGE))) == "unknown"
    stage, _ = advance(in_visit(), THEIRS, 20.0)
    stage, _ = advance(stage, VisitorReady("V1", RELOADED), 21.0)
    assert isinstance(stage, InPerson)
    assert not stage.line.theirs_slow


def test_a_new_call_is_not_weak_yet_but_a_slow_way_stays_slow() -> None:
    stage, _ = advance(in_visit(), WEAK, 20.0)
    for event in (OURS, THEIRS, CallLost(CALL)):
        stage, _ = advance(stage, event, 21.0)
    assert isinstance(stage, InPerson)
    line = stage.line
    assert (line.weak, line.ours_slow, line.theirs_slow) == (False, True, True)
