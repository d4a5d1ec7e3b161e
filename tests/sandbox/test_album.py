"""The album's pictures are named for the screens that they show."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest_asyncio
from PIL import Image

from kiosk.clock import SystemClock
from kiosk.sandbox.album import Album
from kiosk.sandbox.display import VirtualDisplay
from kiosk.wire.messages import Drawn


class Display(VirtualDisplay):
    """Something happens once, while a picture is taken."""

    on_picture: Callable[[], None] | None = None

    async def picture(self) -> Image.Image:
        picture = await super().picture()
        if self.on_picture is not None:
            self.on_picture()
            self.on_picture = None
        return picture


@pytest_asyncio.fixture(loop_scope="session")
async def display() -> AsyncIterator[Display]:
    display = Display(320, 200)
    try:
        await display.start()
        yield display
    finally:
        await display.stop()


@contextlib.asynccontextmanager
async def filling(album: Album) -> AsyncIterator[None]:
    work = asyncio.create_task(album.fill())
    try:
        yield
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


def drawn(show: int, screen: str) -> Drawn:
    return Drawn(show, screen, SystemClock().monotonic(), {})


async def test_each_screen_that_stays_has_its_picture(display: Display, tmp_path: Path) -> None:
    album = Album(display, tmp_path, SystemClock())
    async with filling(album), asyncio.timeout(10):
        for show, screen in enumerate(("Idle", "Refused")):
            album.turn_page(page := drawn(show, f"{screen}Screen"))
            await album.has(page)
    assert album.files == [str(tmp_path / "01-idle.png"), str(tmp_path / "02-refused.png")]
    assert album.pictured == {"idle", "refused"}
    assert all(Path(file).read_bytes().startswith(b"\x89PNG") for file in album.files)


async def test_a_screen_that_was_gone_at_once_has_no_picture_of_the_next_one(
    display: Display, tmp_path: Path
) -> None:
    album = Album(display, tmp_path, SystemClock())
    async with filling(album), asyncio.timeout(10):
        refused = asyncio.get_running_loop().create_future()

        def refuse() -> None:
            refused.set_result(drawn(2, "RefusedScreen"))
            album.turn_page(refused.result())

        display.on_picture = refuse
        album.turn_page(drawn(1, "CheckingScreen"))
        await album.has(await refused)
    assert album.files == [str(tmp_path / "01-refused.png")]
    assert album.pictured == {"refused"}


async def test_a_picture_of_an_earlier_time_is_not_one_of_this_time(
    display: Display, tmp_path: Path
) -> None:
    album = Album(display, tmp_path, SystemClock())
    async with filling(album), asyncio.timeout(10):
        album.turn_page(first := drawn(1, "WelcomeScreen"))
        await album.has(first)
        second = drawn(2, "WelcomeScreen")
        waiting = asyncio.create_task(album.has(second))
        album.turn_page(idle := drawn(3, "IdleScreen"))
        await album.has(idle)
        assert not waiting.done()
        album.turn_page(drawn(4, "WelcomeScreen"))  # as a screen whose words changed is drawn anew
        await waiting


async def test_pictures_of_an_earlier_visit_are_removed_and_nothing_else(
    display: Display, tmp_path: Path
) -> None:
    for name in ("07-goodbye.png", "family.png", "kiosk-core.log"):
        (tmp_path / name).touch()
    Album(display, tmp_path, SystemClock())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["family.png", "kiosk-core.log"]
