"""The loop around the rules: keep before act, act before show, and wake in time."""

import asyncio
from dataclasses import dataclass, field

from kiosk.clock import SystemClock
from kiosk.core.runner import Runner
from kiosk.visit import events
from kiosk.visit.actions import Action, Survey
from kiosk.visit.beside import Standing
from kiosk.visit.manner import Site
from kiosk.visit.reasons import OutOfOrder, Refusal
from kiosk.visit.stages import Idle, OutOfService, Refused
from tests.core.stages import CARD


@dataclass
class Notebook:
    """Surroundings that write down what they are asked for, in order."""

    lines: list[str] = field(default_factory=list)
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    runner: Runner | None = None

    def keep(self, standing: Standing) -> None:
        self.lines.append(f"keep {type(standing.stage).__name__}")

    def perform(self, action: Action) -> None:
        self.lines.append(f"perform {type(action).__name__}")
        if isinstance(action, Survey) and self.runner is not None:
            self.runner.post(events.Broken(OutOfOrder.READER_DOWN))

    def changed(self, before: Standing, event: events.Event, after: Standing) -> None:
        self.lines.append(f"show {type(after.stage).__name__}")
        if isinstance(after.stage, Idle):
            self.idle.set()


async def test_a_stage_is_kept_before_it_acts_and_shown_after() -> None:
    notebook = Notebook()
    runner = Runner(Standing(Idle()), Site(), SystemClock(), notebook)
    runner.post(events.CardPresented(CARD))
    assert notebook.lines == ["keep CheckingCard", "perform Identify", "show CheckingCard"]
    runner.stop()


async def test_an_event_that_an_action_causes_waits_for_its_turn() -> None:
    notebook = Notebook()
    notebook.runner = Runner(Standing(Refused(Refusal.MOVED, 0.0)), Site(), SystemClock(), notebook)
    notebook.runner.post(events.Tick())
    assert notebook.lines == [
        "keep Idle",
        "perform Survey",
        "show Idle",
        "keep OutOfService",
        "show OutOfService",
    ]
    assert notebook.runner.standing.stage == OutOfService(OutOfOrder.READER_DOWN)


async def test_an_event_that_changes_nothing_is_neither_kept_nor_shown() -> None:
    notebook = Notebook()
    Runner(Standing(Idle()), Site(), SystemClock(), notebook).post(events.CallConnected(3))
    assert notebook.lines == []


async def test_the_runner_wakes_by_itself_at_the_deadline_of_a_stage() -> None:
    notebook = Notebook()
    clock = SystemClock()
    runner = Runner(
        Standing(Refused(Refusal.MOVED, clock.monotonic() + 0.05)), Site(), clock, notebook
    )
    runner.post(events.AllWell())
    await asyncio.wait_for(notebook.idle.wait(), 5)
    assert runner.standing.stage == Idle()
