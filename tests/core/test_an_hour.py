"""What a terminal that nobody uses asks in an hour, as docs/scaling.md tells it; the hour takes no time."""

import asyncio
import re
import selectors
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from kiosk.clock import SystemClock
from kiosk.core.chores import Chores
from kiosk.core.outbox import Outbox
from kiosk.core.pocket import Pocket
from kiosk.core.service import replies
from kiosk.core.service.client import VisitServiceClient
from kiosk.core.service.clock_offset import ServiceTime
from kiosk.core.service.outcomes import Ok, Outcome
from kiosk.core.settings import ServiceSettings, TerminalSettings
from kiosk.core.today import Today
from kiosk.visit.stages import Idle
from tests.core.desk import Desk
from tests.project import ROOT

CLOCK = SystemClock()
HOUR_S = 3600.0
SCALING = ROOT / "docs/scaling.md"


class Hurried(selectors.DefaultSelector):
    """What is waited for comes at once, and the time that it takes is only counted."""

    passed_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.passed_s += max(timeout or 0.0, 0.0)
        return super().select(timeout if timeout is None else 0)


class HurriedLoop(asyncio.SelectorEventLoop):
    """A loop whose hours pass as soon as nothing else is to be done."""

    def __init__(self) -> None:
        self._hurried = Hurried()
        super().__init__(self._hurried)

    def time(self) -> float:
        return super().time() + self._hurried.passed_s


class Counting(VisitServiceClient):
    """Asks nobody, and counts what it was to ask."""

    def __init__(self) -> None:
        super().__init__(ServiceSettings("http://127.0.0.1:1"), "T1", CLOCK, ServiceTime())
        self.asked: Counter[str] = Counter()

    async def heartbeat(
        self, release: str, hall: str, stage: str, faults: Sequence[str]
    ) -> Outcome[replies.HeartbeatReply]:
        self.asked["heartbeat"] += 1
        return Ok(replies.HeartbeatReply(CLOCK.utc()), 0.0, 0.0)

    async def todays_bookings(self, hall: str) -> Outcome[replies.TodaysBookings]:
        self.asked["todaysBookings"] += 1
        nobody = replies.TodaysBookings(CLOCK.utc(), "0" * 64, ())
        return Ok(nobody, 0.0, 0.0)

    async def audit(self, records: Sequence[msgspec.Raw]) -> Outcome[replies.AuditAccepted]:
        self.asked["audit"] += 1
        return Ok(replies.AuditAccepted(()), 0.0, 0.0)


async def an_hour(place: Path) -> Counter[str]:
    client, outbox = Counting(), Outbox(place / "audit.db", CLOCK)
    outbox.start()
    chores = Chores(
        TerminalSettings("T1", "Terminal 1", "MDI", "Hall A"),
        client,
        outbox,
        Today(Pocket(place / "today"), CLOCK),
        Desk(Idle()).terminal,
    )
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(HOUR_S - 1):
            await chores.run()
    await outbox.close()
    return client.asked


def test_the_requests_of_an_hour_are_those_that_the_document_tells(tmp_path: Path) -> None:
    told = re.findall(r"^\| `(\w+)` \| (\d+) an hour \|", SCALING.read_text(), re.MULTILINE)
    with asyncio.Runner(loop_factory=HurriedLoop) as runner:
        asked = runner.run(an_hour(tmp_path))
    assert asked == {name: int(number) for name, number in told}
