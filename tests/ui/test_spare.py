"""What takes long the first time is made while nobody is here."""

from collections.abc import Callable
from operator import length_hint
from pathlib import Path
from typing import Any

import pytest

from kiosk.memory import give_back
from kiosk.ui.glass import loop, nodes
from kiosk.wire.screens import IdleScreen, OutOfServiceScreen
from tests.ui.kit import Stage
from tests.ui.samples import WELCOME, plain_samples


def test_spare_time_is_used_a_little_at_a_time_while_nobody_is_here(
    window: Any, tmp_path: Path
) -> None:
    spare = iter([None] * 10)
    stage = Stage(window, tmp_path, spare=spare)
    stage.show(WELCOME)
    stage.after(1)
    assert length_hint(spare) == 10
    stage.show(IdleScreen())
    assert length_hint(spare) == 10
    for left in (9, 8):
        stage.after(0.1)
        assert length_hint(spare) == left
    left, top, *_ = next(iter(stage.showing.targets().values()))
    stage.finger(left + 1, top + 1)
    stage.after(0.1)
    assert length_hint(spare) == 8
    stage.close()


def test_what_was_rehearsed_is_drawn_without_making_it_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    monkeypatch.setattr(nodes, "_icon_texture", spy(nodes._icon_texture, made.append))
    access = next(sample for sample in plain_samples() if sample.name == "access").scene()
    before = stage.pixels().copy()
    for _ in stage.painter.rehearse(access):
        assert (stage.pixels() == before).all()
    assert made
    made.clear()
    stage.paint(access)
    assert made == []


def test_memory_is_given_back_when_somebody_leaves_a_terminal_that_goes_out_of_service(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[object] = []
    monkeypatch.setattr(loop, "give_back", spy(give_back, given.append))
    stage.show(WELCOME)
    stage.show(OutOfServiceScreen("ordered"))
    assert len(given) == 1
    stage.show(IdleScreen())
    assert len(given) == 1


def test_memory_is_given_back_when_somebody_leaves_and_not_when_a_panel_opens(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[object] = []
    monkeypatch.setattr(loop, "give_back", spy(give_back, given.append))
    stage.show(IdleScreen())
    stage.show(WELCOME)
    stage.show(IdleScreen())
    assert len(given) == 1
    for name in ("access", "languages_15", "idle"):
        screen = next(sample.show for sample in plain_samples() if sample.name == name)
        assert screen is not None
        stage.wire.waiting.append(screen)
        stage.loop.step()
    assert len(given) == 1


def spy(called: Callable[..., Any], told: Callable[[object], None]) -> Callable[..., Any]:
    """The same, and tells what it was called with."""

    def calling(*given: object) -> Any:
        told(given)
        return called(*given)

    return calling
