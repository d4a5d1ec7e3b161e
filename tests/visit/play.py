"""Plays a script to the rules: what happens when, and what must be done about it."""

from typing import TypeAlias

from kiosk.visit import advance, next_deadline
from kiosk.visit.actions import Action, Play, ReportLost
from kiosk.visit.events import Event, Tick
from kiosk.visit.stages import Seconds, Stage

ScriptLine: TypeAlias = tuple[Seconds, Event, list[Action]]


def play(stage: Stage, *script: ScriptLine) -> Stage:
    """The stage after `script`, each line of which says when, what happens and what is done.

    As the runner does, a Tick comes at every deadline between two lines. A Tick that does more
    than move the stage must be a line of the script, so that no action goes unread. What the
    service is told of lost time and what is told of the time left is left out: the tests of the fair
    clock and of the cues look at that.
    """
    for number, (now, event, expected) in enumerate(script, start=1):
        before = wait(stage, now)
        stage, actions = _advance(before, event, now)
        assert actions == expected, f"line {number}: {event} at {now} s in {before}"
        if isinstance(event, Tick) and stage != before:
            assert next_deadline(before) == now, f"line {number}: no Tick comes at {now} s"
    return stage


def _advance(stage: Stage, event: Event, now: Seconds) -> tuple[Stage, list[Action]]:
    after, actions = advance(stage, event, now)
    return after, [action for action in actions if not isinstance(action, ReportLost | Play)]


def wait(stage: Stage, until: Seconds) -> Stage:
    """The stage just before `until`, if nothing but time passes and nothing has to be done."""
    while (due := next_deadline(stage)) is not None and due < until:
        later, actions = _advance(stage, Tick(), due)
        assert later != stage, f"a Tick at its own deadline {due} s changed nothing in {stage}"
        assert actions == [], f"the script does not mention the Tick at {due} s in {stage}"
        stage = later
    if due is None or until < due:
        early = advance(stage, Tick(), until)
        assert early == (stage, []), f"a Tick at {until} s is early and yet changed {stage}"
    return stage
