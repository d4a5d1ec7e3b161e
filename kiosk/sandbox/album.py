"""A picture of each screen of the terminal, each named for the screen that it shows."""

import asyncio
import io
from pathlib import Path

from PIL import Image

from kiosk.clock import Clock, Seconds
from kiosk.sandbox.display import VirtualDisplay
from kiosk.wire.messages import Drawn

_TOLD_LATE_S: Seconds = 0.05
"""A screen can be on the display for so long before the terminal says that it is drawn."""


class Album:
    """Pictures in `directory`, numbered in their order; those of an earlier album are removed."""

    def __init__(self, display: VirtualDisplay, directory: Path, clock: Clock) -> None:
        self.files: list[str] = []
        self._display = display
        self._directory = directory
        self._clock = clock
        self._drawn: list[Drawn] = []
        self._pictured: list[Drawn] = []
        self._turned = asyncio.Event()
        self._taken: asyncio.Queue[tuple[Drawn, Image.Image, Seconds]] = asyncio.Queue()
        self._kept = asyncio.Condition()
        for old in directory.glob("[0-9][0-9]-*.png"):
            old.unlink()

    def turn_page(self, drawn: Drawn) -> None:
        """A new screen is on the display: have its picture taken."""
        self._drawn.append(drawn)
        self._turned.set()

    async def fill(self) -> None:
        """Take and keep the picture of each screen that stays for long enough, until cancelled."""
        async with asyncio.TaskGroup() as work:
            work.create_task(self._take())
            work.create_task(self._keep())

    async def has(self, drawn: Drawn) -> None:
        """Wait until there is a picture of that screen as it was drawn then, or later."""
        async with self._kept:
            await self._kept.wait_for(
                lambda: any(
                    pictured.screen == drawn.screen and pictured.at_s >= drawn.at_s
                    for pictured in self._pictured
                )
            )

    @property
    def pictured(self) -> set[str]:
        """The names of the screens that have a picture."""
        return {_name(drawn.screen) for drawn in self._pictured}

    async def add(self, name: str) -> None:
        """Take one more picture of what is on the display now."""
        self._file(name, await asyncio.to_thread(_png, await self._display.picture()))

    async def _take(self) -> None:
        """Nothing else is done here, as some screens are gone after a tenth of a second."""
        while True:
            await self._turned.wait()
            self._turned.clear()
            drawn = self._drawn[-1]
            picture = await self._display.picture()
            self._taken.put_nowait((drawn, picture, self._clock.monotonic()))

    async def _keep(self) -> None:
        while True:
            drawn, picture, taken_at_s = await self._taken.get()
            data = await asyncio.to_thread(_png, picture)
            if self._is_over(drawn, taken_at_s + _TOLD_LATE_S):
                continue  # it may show the next screen already
            async with self._kept:
                self._file(_name(drawn.screen), data)
                self._pictured.append(drawn)
                self._kept.notify_all()

    def _is_over(self, drawn: Drawn, at_s: Seconds) -> bool:
        after = self._drawn.index(drawn) + 1
        return after < len(self._drawn) and self._drawn[after].at_s < at_s

    def _file(self, name: str, data: bytes) -> None:
        path = self._directory / f"{len(self.files) + 1:02d}-{name}.png"
        path.write_bytes(data)
        self.files.append(str(path))


def _name(screen: str) -> str:
    return screen.removesuffix("Screen").lower()


def _png(picture: Image.Image) -> bytes:
    data = io.BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()
