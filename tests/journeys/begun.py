"""A visit that has begun, with the family in a real browser and a real sound server."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from kiosk.clock import Seconds
from kiosk.sandbox.family import Family
from kiosk.sandbox.instants import Milliseconds
from kiosk.sandbox.sound import PrivateSound
from kiosk.sandbox.trial import Equipment, Sfu
from kiosk.wire.messages import CallEnded, RemoteDrawn
from tests.journeys.hall import Hall, card_of, open_hall

LATE_MS = 100.0
SEEN_S = 0.4
"""How late a busy machine may let a test see that a process has ended; the kernel's timer is exact."""

SILENT_MS = 300.0
"""Sound comes fifty times a second, on a busy machine a little less evenly."""

CLOCKS_MS = 10.0
"""What reading two processes' clocks and the browser's rounding may add to a measurement."""


class Timed:
    """A visit that has begun, and when it must be over."""

    def __init__(self, hall: Hall, ends_at_ms: Milliseconds) -> None:
        self.hall = hall
        self.ends_at_ms = ends_at_ms
        self.ends_at_s = hall.moment_s(ends_at_ms)

    def send(self, number: signal.Signals, program: str) -> None:
        pid = self.hall.trial.supervisor.pid(program)
        assert pid is not None
        os.kill(pid, number)

    async def call_told_its_end(self) -> None:
        """kiosk-call measured its end after its media stopped, and nothing had to kill it."""
        await wait_until(self.hall, self.ends_at_s + SEEN_S)
        ended = [m for m in self.hall.trial.observer.seen if isinstance(m, CallEnded)]
        assert ended
        assert 0 <= ended[-1].late_s * 1000 <= LATE_MS

    async def call_ended_in_time(self) -> None:
        """kiosk-call told its end, or the kernel ended it.

        Which of the two comes first on a busy machine is no part of the law; that the browser heard
        nothing later is.
        """
        await wait_until(self.hall, self.ends_at_s + SEEN_S)
        if any(isinstance(m, CallEnded) for m in self.hall.trial.observer.seen):
            await self.call_told_its_end()
        else:
            self.kernel_ended_the_call()

    def kernel_ended_the_call(self) -> None:
        """The kernel's timer killed kiosk-call, and its end was seen soon after."""
        ended = next(e for e in self.hall.exits if e.program == "kiosk-call")
        assert ended.status == -signal.SIGALRM
        assert 0 <= ended.at_s - self.ends_at_s <= LATE_MS / 1000 + SEEN_S


class Visit(Timed):
    """One whose family has a browser."""

    def __init__(self, hall: Hall, family: Family, ends_at_ms: Milliseconds) -> None:
        super().__init__(hall, ends_at_ms)
        self.family = family

    async def browser_heard_nothing_later(self, silent_ms: float = SILENT_MS) -> None:
        """The family's browser got no packet after the deadline, and had got them until then.

        `silent_ms` is for how long before that there may have been none.
        """
        await wait_until(self.hall, self.ends_at_s + 1.0)
        last_ms = await self.family.last_packet_ms()
        assert last_ms is not None
        assert -silent_ms < last_ms - self.ends_at_ms <= LATE_MS + CLOCKS_MS


async def join(hall: Hall, visit_s: Seconds) -> Milliseconds:
    """Sam shows his card and touches Join; when his visit is over."""
    ends_at_ms = hall.book("Sam", visit_s)
    await hall.shows_card(card_of("Sam"))
    await hall.sees("Welcome")
    await hall.touches("join")
    return ends_at_ms


async def wait_until(hall: Hall, moment_s: Seconds) -> None:
    """Let a moment pass; there is no event for nothing happening."""
    await asyncio.sleep(max(0.0, moment_s - hall.trial.clock.monotonic()))


@asynccontextmanager
async def begun(
    tmp_path: Path,
    family: Family,
    sound: PrivateSound,
    of_program: Mapping[str, Mapping[str, str]] | None = None,
    *,
    visit_s: Seconds = 7.0,
    credit_limit_s: Seconds = 0.0,
    hangs_up: bool = False,
    sfu: Sfu = "none",
    camera: str = "pattern",
) -> AsyncIterator[Visit]:
    """Card, welcome, Join, and the first picture of the visitor is drawn."""
    equipment = Equipment(
        sound.environment,
        of_program or {},
        audio="pulse",
        camera=camera,
        service_settings={"credit_limit_s": credit_limit_s},
        sfu=sfu,
    )
    async with open_hall(tmp_path, equipment) as hall:
        if not hangs_up:
            await family.never_hang_up()
        yield await begin(hall, family, visit_s)


async def begin(hall: Hall, family: Family, visit_s: Seconds) -> Visit:
    """Sam and his mother, until he sees her."""
    await family.open(hall.trial.family_url("v1-sam-mum"))
    await family.enter_lobby()
    ends_at_ms = await join(hall, visit_s)
    await hall.trial.observer.wait_for(RemoteDrawn)
    return Visit(hall, family, ends_at_ms)
