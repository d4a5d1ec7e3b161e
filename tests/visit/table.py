"""Prints docs/visit-table.md: what the rules do, asked of the rules themselves.

python -m tests.visit.table > docs/visit-table.md
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from itertools import groupby
from typing import Any, TypeAlias, get_args

from kiosk.visit import advance, resume
from kiosk.visit.actions import (
    Action,
    Hold,
    LeaveVisit,
    Mute,
    PrepareCall,
    SendOffer,
)
from kiosk.visit.events import Event
from kiosk.visit.helplines import SupportOver
from kiosk.visit.lost import FairClock
from kiosk.visit.stages import (
    Goodbye,
    Hint,
    Line,
    OutOfService,
    Refused,
    Stage,
    Visit,
    Visitor,
)
from tests.visit.laws import line_of
from tests.visit.situations import Situation, happenings, situations

Outcome: TypeAlias = tuple[str, str]
"""What becomes of the stage and what is done, both in words; both empty when nothing changes."""

_KINDS = [kind.__name__ for kind in get_args(Event)]

HEAD = """\
# The visit, step by step

This file is generated from the rules in `kiosk/visit/` by `python -m tests.visit.table`, and a test
keeps it identical. Every stage of `kiosk/visit/stages.py` is put through every event of
`kiosk/visit/events.py`; a row stands here where something changes.

How to read it:
- *When* names the situations of the stage in which the row holds; empty means wherever the event can come.
- *Then* is the next stage, or what changes in this one. *Done* is what the rules ask the world to do.
- What is not in the table changes nothing: a reply to an earlier question, news of another call,
  an order for another visit.
- Time comes first: whatever happens at or after `ends_at_s` finds the visit over.
"""


@dataclass(frozen=True)
class Row:
    """One step, in words."""

    stage: str
    event: str
    when: tuple[str, ...]
    then: str
    done: str


def table() -> str:
    """The whole document."""
    rows = list(_rows())
    parts = [HEAD, "```mermaid", *_diagram(rows), "```", ""]
    for stage, of_stage in groupby(rows, key=lambda row: row.stage):
        parts += [f"## {stage}", "", _sentence(stage), ""]
        parts += ["| event | when | then | done |", "|---|---|---|---|"]
        parts += [
            f"| {row.event} | {'; '.join(row.when)} | {row.then} | {row.done} |" for row in of_stage
        ]
        parts.append("")
    return "\n".join([*parts, *_resumed(), ""])


def _rows() -> Iterator[Row]:
    """The steps of each stage; a step that is the same in several situations is one row."""
    for stage, group in groupby(situations(), key=lambda situation: _name(situation.stage)):
        outcomes = {situation: dict(_steps(situation)) for situation in group}
        for event in sorted(
            {event: None for steps in outcomes.values() for event in steps}, key=_place
        ):
            of_event = {met: steps[event] for met, steps in outcomes.items() if event in steps}
            for (then, done), when in _grouped(of_event).items():
                if then or done:
                    yield Row(stage, event, when, then, done)


def _place(event: str) -> int:
    """Where an event stands in its file; time comes last."""
    kind = event.split("`")[1] if event.startswith("`") else "Tick"
    return len(_KINDS) if kind == "Tick" else _KINDS.index(kind)


def _grouped(outcomes: dict[Situation, Outcome]) -> dict[Outcome, tuple[str, ...]]:
    """In which situations each outcome holds; none named when it holds in all.

    A situation that is like another is named only where its outcome is not the other's.
    """
    plain = {met.words: outcome for met, outcome in outcomes.items() if met.like is None}
    found: dict[Outcome, list[str]] = {}
    for met, outcome in outcomes.items():
        if met.like is None or outcome != plain.get(met.like):
            found.setdefault(outcome, []).append(met.words)
    return {
        outcome: () if plain and plain.keys() <= set(when) else tuple(when)
        for outcome, when in found.items()
    }


def _steps(situation: Situation) -> Iterator[tuple[str, Outcome]]:
    for happening in happenings(situation):
        after, actions = advance(situation.stage, happening.event, happening.now)
        done = ", ".join(_done(action) for action in actions)
        yield happening.words, (_then(situation.stage, after), done)


def _then(before: Stage, after: Stage) -> str:
    """The next stage, or what is different in this one."""
    if type(before) is type(after):
        return ", ".join(_changes(before, after, ""))
    line, new_line = line_of(before), line_of(after)
    match after:
        case Goodbye(reason) | Refused(reason) | OutOfService(reason):
            return f"**{_name(after)}** {reason.value}"
        case SupportOver(reason=reason):
            return f"**{_name(after)}** {reason.value}"
        case _ if line is not None and new_line is not None:
            return ", ".join([f"**{_name(after)}**", *_line_changes(line, new_line)])
        case _:
            return f"**{_name(after)}**"


def _changes(before: Any, after: Any, path: str) -> Iterator[str]:
    for field in fields(before):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old == new or field.name == "talked_s":
            continue
        if isinstance(old, Line):
            yield from _line_changes(old, new)
        elif isinstance(old, FairClock):
            yield from (["`fair.losing` " + _value(new.losing)] if old.losing != new.losing else [])
        elif isinstance(old, Visit):
            yield from _changes(old, new, "visit.")
        elif field.name == "ends_at_s":
            yield "`visit.ends_at_s` " + ("the latest" if new == after.latest_end_s else "moved")
        else:
            yield f"`{path}{field.name}` {_value(new)}"


def _line_changes(before: Line, after: Line) -> Iterator[str]:
    """An attempt that is new is new as a whole."""
    if before.attempt == after.attempt:
        yield from _changes(before, after, "line.")
    else:
        yield f"a new attempt with {after.visitor.join_id if after.visitor else 'nobody yet'}"


def _value(value: object) -> str:
    match value:
        case None | ():
            return "none"
        case bool():
            return "yes" if value else "no"
        case StrEnum():
            return value.value
        case Hint(notice):
            return notice.value
        case Visitor(join_id):
            return join_id
        case tuple():
            return "kept"
        case int() | float():
            return "set"
        case _:
            return "new"


def _done(action: Action) -> str:
    match action:
        case LeaveVisit(_, reason):
            return f"LeaveVisit {reason.value}"
        case PrepareCall(held=True):
            return "PrepareCall held"
        case SendOffer(join_id=join_id):
            return f"SendOffer to {join_id}"
        case Mute(on=on) | Hold(on=on):
            return f"{_name(action)} {'on' if on else 'off'}"
        case _:
            return _name(action)


def _diagram(rows: list[Row]) -> Iterator[str]:
    yield "stateDiagram-v2"
    yield "    [*] --> Idle"
    edges: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row.then.startswith("**"):
            target = row.then.split("**")[1]
            why = edges.setdefault((row.stage, target), [])
            event = row.event.split("`")[1] if row.event.startswith("`") else "time"
            if event not in why:
                why.append(event)
    for (source, target), events in edges.items():
        yield f"    {source} --> {target}: {', '.join(events)}"


def _resumed() -> Iterator[str]:
    yield "## When kiosk-core was killed"
    yield ""
    yield "It goes on from the stage that it had written down; then kiosk-call says which call it is in."
    yield ""
    yield "| stage | when | goes on as |"
    yield "|---|---|---|"
    for stage, group in groupby(situations(), key=lambda situation: _name(situation.stage)):
        outcomes = {met: (_then(met.stage, resume(met.stage)), "") for met in group}
        for (then, _), when in _grouped(outcomes).items():
            yield f"| {stage} | {'; '.join(when)} | {then or 'it was'} |"


def _sentence(stage: str) -> str:
    kinds = {_name(situation.stage): type(situation.stage) for situation in situations()}
    return (kinds[stage].__doc__ or "").split("\n\n")[0].strip()


def _name(thing: object) -> str:
    return type(thing).__name__


if __name__ == "__main__":
    print(table(), end="")
