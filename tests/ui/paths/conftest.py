"""A person in front of a terminal that is ready for a card."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.ui.paths.person import Person


@pytest.fixture
async def person(window: Any, tmp_path: Path) -> AsyncIterator[Person]:
    someone = Person(window, tmp_path)
    yield someone
    someone.close()
