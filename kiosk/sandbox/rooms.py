"""All rooms at Janus that visits have now; a room that no visit has is destroyed."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from kiosk.clock import Seconds
from kiosk.sandbox.janus import Event, Janus, JanusAway, JanusSaidNo
from kiosk.sandbox.room import PREFIX, Room, destroy
from kiosk.sandbox.settings import JanusSettings

SWEEP_S: Seconds = 2.0
"""How often Janus is asked for rooms that a service left behind, or could not destroy."""

log = logging.getLogger(__name__)


class Rooms:
    """One room for each visit that asks for one, until it is closed.

    `on_event` hears of connections in a visit's room, `on_lost` of a visit whose room is gone unasked.
    """

    def __init__(
        self,
        settings: JanusSettings,
        on_event: Callable[[str, Event], None],
        on_lost: Callable[[str], None],
    ) -> None:
        self._settings = settings
        self._on_event = on_event
        self._on_lost = on_lost
        self._rooms: dict[str, asyncio.Task[Room]] = {}
        self._recorded: set[str] = set()
        self._closing: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._sweeping: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._sweeping = asyncio.create_task(self._keep_sweeping())

    async def stop(self) -> None:
        """Destroy every room."""
        if self._sweeping is not None:
            self._sweeping.cancel()
            await asyncio.gather(self._sweeping, return_exceptions=True)
        for reference in list(self._rooms):
            self.close(reference)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def of(self, reference: str, recorded: bool) -> Room:
        """The visit's room, made when there is none; raises JanusAway and JanusSaidNo."""
        making = self._rooms.get(reference)
        if making is None:
            opening = self._open(reference, recorded, self._closing.get(reference))
            making = self._rooms[reference] = asyncio.create_task(opening)
            (self._recorded.add if recorded else self._recorded.discard)(reference)
        try:
            return await asyncio.shield(making)
        except (JanusAway, JanusSaidNo):
            if self._rooms.get(reference) is making:
                del self._rooms[reference]
            raise

    def records(self, reference: str) -> bool:
        """Whether the visit has a room that is recorded."""
        return reference in self._rooms and reference in self._recorded

    async def can_be_had(self) -> bool:
        """Whether Janus would make a room now."""
        try:
            janus = await Janus.open(self._settings)
        except (JanusAway, JanusSaidNo):
            return False
        await janus.close()
        return True

    def close(self, reference: str) -> None:
        """Destroy the visit's room, if it has one."""
        making = self._rooms.pop(reference, None)
        if making is not None:
            self._closing[reference] = self._run(self._destroy(reference, making))

    async def _open(
        self, reference: str, recorded: bool, earlier: "asyncio.Task[None] | None"
    ) -> Room:
        """Not before an earlier room is gone: the two have one name."""
        if earlier is not None:
            await asyncio.shield(earlier)
        return await Room.open(
            self._settings,
            reference,
            recorded,
            lambda event: self._on_event(reference, event),
            lambda: self._lost(reference),
        )

    async def _destroy(self, reference: str, making: "asyncio.Task[Room]") -> None:
        try:
            await (await making).destroy()
        except (JanusAway, JanusSaidNo):
            pass  # there is none, or none can be reached: the next sweep sees to that
        finally:
            if self._closing.get(reference) is asyncio.current_task():
                del self._closing[reference]

    def _lost(self, reference: str) -> None:
        self.close(reference)
        self._on_lost(reference)

    def _run(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _keep_sweeping(self) -> None:
        while True:
            try:
                await self._sweep_until_lost()
            except (JanusAway, JanusSaidNo) as error:
                log.warning("Janus can not be asked for its rooms: %s", error)
            await asyncio.sleep(SWEEP_S)

    async def _sweep_until_lost(self) -> None:
        janus = await Janus.open(self._settings)
        try:
            handle = await janus.attach()
            while True:
                await self._sweep(janus, handle)
                await asyncio.sleep(SWEEP_S)
        finally:
            await janus.close()

    async def _sweep(self, janus: Janus, handle: int) -> None:
        body = {"request": "list", "admin_key": self._settings.admin_key}
        listed = (await janus.ask(handle, body)).data.get("list", ())
        for name in [str(room.get("room", "")) for room in listed if isinstance(room, dict)]:
            if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in self._rooms:
                log.warning("destroying a room that no visit has")
                await destroy(janus, handle, self._settings, name)
