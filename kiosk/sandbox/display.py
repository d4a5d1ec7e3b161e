"""A screen that nobody looks at: Xvfb, real pointer touches, and pictures of what is on it."""

import asyncio
import os
from pathlib import Path

from PIL import Image, ImageGrab

from kiosk.errors import KioskError

START_S = 10.0


class VirtualDisplay:
    """An X server without a screen; `environment` is what programs that draw on it need."""

    def __init__(
        self, width_px: int = 1280, height_px: int = 800, *, memory: Path | None = None
    ) -> None:
        """`memory` is a folder in which the server leaves its pixels, for who looks closely."""
        self._size_px = (width_px, height_px)
        self._memory = memory
        self._server: asyncio.subprocess.Process | None = None
        self.name = ""

    @property
    def environment(self) -> dict[str, str]:
        return {"DISPLAY": self.name}

    async def start(self) -> None:
        """Start the server on a free display number; raises KioskError when there is none to start."""
        width, height = self._size_px
        memory = ("-fbdir", str(self._memory)) if self._memory else ()
        reading, writing = os.pipe()
        try:
            self._server = await asyncio.create_subprocess_exec(
                *("Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24"),
                *("-nolisten", "tcp", "-nocursor", "-noreset", *memory),
                pass_fds=(writing,),
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except FileNotFoundError as error:
            raise KioskError("Xvfb is not installed: run `make setup`") from error
        finally:
            os.close(writing)
        with os.fdopen(reading) as ready:
            try:
                line = await asyncio.wait_for(asyncio.to_thread(ready.readline), START_S)
            except TimeoutError as error:
                await self.stop()
                raise KioskError(f"Xvfb was not ready in {START_S:g} s") from error
        if not line.strip():
            raise KioskError("Xvfb ended before it had a display: is /tmp/.X11-unix writable?")
        self.name = f":{line.strip()}"

    async def stop(self) -> None:
        if self._server is not None and self._server.returncode is None:
            self._server.terminate()
            await self._server.wait()

    async def tap(self, left: int, top: int) -> None:
        """Press and release at a point of the screen, as a finger on a desk's screen would."""
        try:
            process = await asyncio.create_subprocess_exec(
                *("xdotool", "mousemove", str(left), str(top), "click", "1"),
                env={**os.environ, **self.environment},
            )
        except FileNotFoundError as error:
            raise KioskError("xdotool is not installed: run `make setup`") from error
        if await process.wait() != 0:
            raise KioskError("xdotool could not touch the screen")

    async def picture(self) -> Image.Image:
        """What is on the screen now."""
        return await asyncio.to_thread(ImageGrab.grab, None, False, False, self.name)

    async def save(self, path: Path) -> None:
        """Write what is on the screen now as a PNG."""
        picture = await self.picture()
        await asyncio.to_thread(picture.save, path)
