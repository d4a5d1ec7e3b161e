"""One offscreen window for all tests of this process, and a fresh screen on it for each."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ui.kit import Stage, offscreen_window
from tests.ui.paths.person import Person


@pytest.fixture(scope="session")
def window() -> Any:
    return offscreen_window()


@pytest.fixture
def stage(window: Any, tmp_path: Path) -> Iterator[Stage]:
    shown = Stage(window, tmp_path)
    yield shown
    shown.close()


@pytest.fixture
async def person(window: Any, tmp_path: Path) -> AsyncIterator[Person]:
    """Somebody in front of a terminal that is ready for a card."""
    someone = Person(window, tmp_path)
    yield someone
    someone.close()
