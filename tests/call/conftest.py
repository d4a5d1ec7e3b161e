"""The place of a test, and sound that nobody in the room hears."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from kiosk.sandbox.sound import PrivateSound
from tests.call.kit import Terminal


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    """On tmpfs, as on a terminal."""
    memory = Path("/dev/shm")
    directory = Path(tempfile.mkdtemp(prefix="call-", dir=memory if memory.is_dir() else None))
    yield Terminal(directory)
    shutil.rmtree(directory)


@pytest.fixture
async def sound() -> AsyncIterator[PrivateSound]:
    async with PrivateSound() as private:
        yield private
