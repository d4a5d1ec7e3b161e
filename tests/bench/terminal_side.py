"""The real terminal for a bench that sets it beside a browser."""

import contextlib
import tempfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Final

import psutil

from kiosk.clock import Seconds
from kiosk.errors import KioskError
from kiosk.sandbox.display import VirtualDisplay
from kiosk.sandbox.instants import now_ms
from kiosk.sandbox.samples import booking_now
from kiosk.sandbox.trial import Equipment
from kiosk.ui.scenes.places import USUAL_SHAPE, places_of
from kiosk.ui.settings import Screen
from kiosk.wire.manner import Manner
from kiosk.wire.messages import RemoteDrawn, Touch, Touched
from tests.bench.figures import CLOCK
from tests.bench.glass import Glass, Joined
from tests.bench.prison import SAM
from tests.bench.processes import Groups
from tests.journeys.hall import Hall, card_of, open_hall

SEEN: Final = places_of(Screen().panel(1280, 800), Manner(), USUAL_SHAPE, rtl=False).seen
"""The visitor on the glass."""

DRAWS: Final = "kiosk-ui"
TRIES: Final = 3


class TerminalSide:
    """Its programs with everything around them, and a person who touches Join."""

    def __init__(self, hall: Hall, glass: Glass) -> None:
        self._hall = hall
        self._glass = glass
        self._reference = ""
        hall.trial.bookings.change("v1-sam-mum", cancelled=True)

    def book(self, reference: str, visit_s: Seconds) -> str:
        """A visit that begins now; the link for the family."""
        self._reference = reference
        bookings, now = self._hall.trial.bookings, now_ms(CLOCK)
        bookings.add(booking_now(reference, SAM, now, visit_s))
        return self._hall.trial.family_url(reference)

    async def ready(self) -> None:
        """A card was shown, and the person is welcomed; again when the card was not noticed."""
        for _ in range(TRIES):
            await self._hall.shows_card(card_of("Sam"))
            with contextlib.suppress(KioskError):
                await self._hall.sees("Welcome")
                return
        raise KioskError("no card was answered")

    async def join(self) -> Joined:
        """Touch Join, and wait for the first picture."""
        observer = self._hall.trial.observer
        mark = observer.mark()
        await self._hall.touches("join")
        seen_s = await self._glass.shows_visitor()
        drawn = await observer.wait_for(RemoteDrawn, since=mark)
        touched = await observer.wait_for(
            Touched, lambda touched: touched.touch is Touch.JOIN, since=mark
        )
        await self._hall.sees("Visit")
        return Joined(seen_s - touched.at_s, drawn.at_s - touched.at_s)

    async def watched(self, for_s: Seconds) -> list[tuple[float, int]]:
        """When pictures stood on the glass and when they were made, both in ms of the wall clock."""
        left_px, _, width_px, _ = SEEN.in_px()
        return await self._glass.watched(left_px, width_px, for_s)

    async def leave(self) -> None:
        """The person leaves, and nobody finds this visit again."""
        for target, after in (("leave", "Visit"), ("leave_yes", "Goodbye"), ("done", "Idle")):
            await self._hall.touches(target)
            await self._hall.sees(after)
        self._hall.trial.bookings.change(self._reference, cancelled=True)

    @property
    def programs(self) -> dict[str, psutil.Process]:
        """Those that run, by their names."""
        pids: Mapping[str, int | None] = {
            program.name: self._hall.trial.supervisor.pid(program.name)
            for program in self._hall.trial.programs
        }
        return {name: psutil.Process(pid) for name, pid in pids.items() if pid is not None}

    @property
    def groups(self) -> Groups:
        running = self.programs
        draws = [running.pop(DRAWS)]
        return {"counted": list(running.values()), "draws": draws}


@contextlib.asynccontextmanager
async def terminal_side(
    logs: Path,
    environment: Mapping[str, str],
    film: Path,
    of_program: Mapping[str, Mapping[str, str]],
) -> AsyncIterator[TerminalSide]:
    """`of_program` adds to the environment of single programs."""
    with tempfile.TemporaryDirectory(prefix="bench-glass-") as memory:
        display = VirtualDisplay(memory=Path(memory))
        equipment = Equipment(
            environment, of_program, display, audio="pulse", camera=f"file:{film}"
        )
        async with open_hall(logs, equipment, visit_s=3600.0) as hall:
            yield TerminalSide(hall, Glass(Path(memory)))
