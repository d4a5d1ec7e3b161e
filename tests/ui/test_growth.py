"""Neither thousands of screens nor a hundred visits leave anything behind."""

import asyncio
import gc
import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest
from kivy.graphics.instructions import Instruction
from kivy.graphics.opengl import glFinish
from kivy.graphics.texture import Texture

from kiosk.memory import give_back
from kiosk.wire.manner import Manner
from kiosk.wire.screens import IdleScreen
from tests.ui.kit import Stage
from tests.ui.paths.person import Person
from tests.ui.paths.prison import Holder
from tests.ui.samples import Sample, plain_samples
from tests.ui.shoot import write_people

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

MANNERS = (Manner(), Manner(light=True, large_text=True))
ROUND = len(MANNERS) * len(list(plain_samples()))
CHANGES = -(-2_000 // ROUND) * ROUND
"""Whole rounds: what is still held of the last screens is of the same ones then."""

VISITS = 100
GROWN_MB = 4.0
"""Less than 2 kB a screen; one picture of 640x480 that stays is 0.5 MB, one screen's letters as much."""


OBJECTS = 250
"""Asyncio keeps up to a hundred cancelled timers."""


class Held(NamedTuple):
    """What this process holds, and could not give back."""

    instructions: int
    textures: int
    objects: int
    files: int
    memory_mb: float


def held() -> Held:
    give_back()
    kinds = [type(each) for each in gc.get_objects()]
    return Held(
        instructions=sum(issubclass(kind, Instruction) for kind in kinds),
        textures=sum(issubclass(kind, Texture) for kind in kinds),
        objects=len(kinds),
        files=sum(not _is_font(each) for each in Path("/proc/self/fd").iterdir()),
        memory_mb=psutil.Process().memory_full_info().uss / 1e6,
    )


def _is_font(opened: Path) -> bool:
    """Kivy keeps a file for each of the last 64 sizes of type."""
    return opened.exists() and opened.readlink().suffix == ".ttf"


def assert_no_growth(before: Held, after: Held) -> None:
    assert after.instructions == before.instructions
    assert after.textures <= before.textures
    assert after.objects <= before.objects + OBJECTS
    assert after.files == before.files
    assert after.memory_mb <= before.memory_mb + GROWN_MB


def screens() -> Iterator[Sample]:
    """Every screen, each time round in another manner, of which each gives letters another size."""
    for manner in itertools.cycle(MANNERS):
        for sample in plain_samples():
            yield replace(sample, manner=manner)


def test_two_thousand_screens_leave_nothing_behind(stage: Stage, tmp_path: Path) -> None:
    write_people(tmp_path)
    coming = screens()

    def show(count: int) -> Held:
        for sample in itertools.islice(coming, count):
            if sample.show is not None:
                stage.wire.waiting.append(sample.show)
                stage.loop.step()
                stage.wire.sent.clear()
                glFinish()  # as a display would, which takes one frame after the other
        stage.show(IdleScreen())
        return held()

    before = show(ROUND)
    assert_no_growth(before, show(CHANGES))


async def test_a_hundred_visits_leave_nothing_behind(person: Person, tmp_path: Path) -> None:
    write_people(tmp_path)
    person.is_known(Holder())

    async def visit(times: int) -> Held:
        for _ in range(times):
            visit_once(person)
            glFinish()
            await asyncio.sleep(0)  # asyncio forgets timers that were cancelled
        return held()

    before = await visit(10)
    assert_no_growth(before, await visit(VISITS))


def visit_once(person: Person) -> None:
    """A short one: the booking stays open, and who left may come again."""
    person.show_card("A1234BC")
    person.touches("Join")
    person.visitor_comes()
    person.waits(seconds=5)
    person.touches("Leave")
    person.touches("Yes, leave")
    person.sees("You talked for")
    person.touches("Done")
    person.sees("Hold your card here")
    person.prison.asked.clear()
    person.call.clear()
    person.shows.clear()
