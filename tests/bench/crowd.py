"""All terminals of many prisons in one light program: `python -m tests.bench.crowd CROWD.json`.

Each has a certificate of its own and the three lanes of a real one, and asks as often. It takes the
orders `["come", SECONDS]`, in which all arrive, and `["measure", SECONDS]`.
"""

import asyncio
import json
import ssl
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from kiosk import RELEASE
from kiosk.clock import Seconds
from kiosk.core.chores import BOOKINGS_S, HEARTBEAT_S
from kiosk.core.service.events import FIRST_PAUSE_S, LONGEST_PAUSE_S, OPEN_S, SILENCE_S
from tests.bench.figures import CLOCK, spread
from tests.bench.orders import Answer, obey

CARD_S: Final[Seconds] = 120.0
"""A card is shown so often at each terminal: more often than visits begin."""

ROOT: Final = "/terminal/v1"
_KEPT_S: Final[Seconds] = 600.0


class Plan(msgspec.Struct, frozen=True):
    """Where the service is, and which terminals there are in which halls; cards of people by hall."""

    url: str
    certificates: str
    terminals: dict[str, str]
    cards: dict[str, list[str]]


class Seen:
    """How long replies took, in ms by operation, and what went wrong."""

    def __init__(self) -> None:
        self.took_ms: dict[str, list[float]] = defaultdict(list)
        self.sizes_bytes: dict[str, int] = {}
        self.faults: dict[str, int] = defaultdict(int)
        self.pings = 0


class Simulated:
    """One terminal, from its arrival on."""

    def __init__(self, plan: Plan, name: str, place: float, seen: Seen) -> None:
        self._plan = plan
        self._name = name
        self._place = place
        self._hall = plan.terminals[name]
        self._seen = seen
        self._shown = 0

    async def come(self, in_s: Seconds, here: Callable[[], None]) -> None:
        """`place`, from 0 to 1, says when of `in_s`, and spreads what comes seldom."""
        await asyncio.sleep(self._place * in_s)
        async with (
            self._lane() as events,
            self._lane() as background,
            self._lane() as control,
            asyncio.TaskGroup() as group,
        ):
            group.create_task(self._listen(events, here))
            group.create_task(self._each(HEARTBEAT_S, lambda: self._heartbeat(background)))
            await self._bookings(background)
            await self._shows_card(control)
            await asyncio.sleep(self._place * CARD_S)
            group.create_task(self._each(CARD_S, lambda: self._shows_card(control)))
            await asyncio.sleep(self._place * (BOOKINGS_S - CARD_S))
            group.create_task(self._each(BOOKINGS_S, lambda: self._bookings(background)))

    @asynccontextmanager
    async def _lane(self) -> AsyncIterator[ClientSession]:
        """One connection, kept; what is asked is asked one after the other."""
        directory = Path(self._plan.certificates)
        tls = ssl.create_default_context(cafile=directory / "authority.pem")
        tls.load_cert_chain(directory / f"{self._name}.pem", directory / f"{self._name}.key")
        connector = TCPConnector(ssl=tls, limit=1, keepalive_timeout=_KEPT_S)
        async with ClientSession(
            self._plan.url,
            connector=connector,
            headers={"Terminal": self._name},
            timeout=ClientTimeout(total=None, sock_read=SILENCE_S),
        ) as session:
            yield session

    async def _listen(self, lane: ClientSession, here: Callable[[], None]) -> None:
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                async with asyncio.timeout(OPEN_S) as opening, lane.get(f"{ROOT}/events") as reply:
                    opening.reschedule(None)
                    here()
                    async for line in reply.content:
                        self._seen.pings += line.startswith(b":")
            except (ClientError, OSError, TimeoutError):
                self._seen.faults["events"] += 1
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _each(self, pause_s: Seconds, ask: Callable[[], Awaitable[None]]) -> None:
        while True:
            await ask()
            await asyncio.sleep(pause_s)

    async def _heartbeat(self, lane: ClientSession) -> None:
        body = {"release": RELEASE, "hall": self._hall, "stage": "Idle", "faults": []}
        await self._ask(lane, "heartbeat", "POST", "heartbeat", json=body)

    async def _bookings(self, lane: ClientSession) -> None:
        await self._ask(lane, "bookings", "GET", "bookings", params={"hall": self._hall})

    async def _shows_card(self, lane: ClientSession) -> None:
        cards = self._plan.cards[self._hall]
        self._shown += 1
        value = cards[(round(self._place * len(cards)) + self._shown) % len(cards)]
        credential = {"technology": "em4100", "assurance": "identifier", "value": value}
        body = {"credential": credential, "hall": self._hall}
        await self._ask(lane, "identify", "POST", "identifications", json=body)

    async def _ask(
        self, lane: ClientSession, name: str, method: str, path: str, **what: Any
    ) -> None:
        began_s = CLOCK.monotonic()
        try:
            async with lane.request(method, f"{ROOT}/{path}", **what) as reply:
                body = await reply.read()
                if reply.status != 200:
                    raise OSError(reply.status)
        except (ClientError, OSError, TimeoutError):
            self._seen.faults[name] += 1
        else:
            self._seen.took_ms[name].append(1000 * (CLOCK.monotonic() - began_s))
            self._seen.sizes_bytes[name] = max(self._seen.sizes_bytes.get(name, 0), len(body))


class Crowd:
    """All of them."""

    def __init__(self, plan: Plan, group: asyncio.TaskGroup) -> None:
        self._plan = plan
        self._group = group
        self._seen = Seen()
        self.tasks: list[asyncio.Task[None]] = []

    async def come(self, in_s: Seconds) -> Answer:
        """How long it took until all had come, and what they met."""
        began_s, all_here = CLOCK.monotonic(), asyncio.Semaphore(0)
        for number, name in enumerate(self._plan.terminals):
            terminal = Simulated(self._plan, name, number / len(self._plan.terminals), self._seen)
            self.tasks.append(self._group.create_task(terminal.come(in_s, all_here.release)))
        for _ in self._plan.terminals:
            await all_here.acquire()
        return {"took_s": round(CLOCK.monotonic() - began_s, 1), **self._taken()}

    async def measure(self, for_s: Seconds) -> Answer:
        self._taken()
        await asyncio.sleep(for_s)
        return self._taken()

    def _taken(self) -> Answer:
        """What was seen since the last look."""
        seen = self._seen
        found = {
            "ms": {name: spread(took) for name, took in seen.took_ms.items() if len(took) > 1},
            "replies": {name: len(took) for name, took in seen.took_ms.items()},
            "bytes": dict(seen.sizes_bytes),
            "faults": dict(seen.faults),
            "pings": seen.pings,
        }
        for kept in (seen.took_ms, seen.sizes_bytes, seen.faults):
            kept.clear()
        seen.pings = 0
        return found


async def _whole(plan: Plan) -> None:
    async with asyncio.TaskGroup() as group:
        crowd = Crowd(plan, group)
        await obey({"come": crowd.come, "measure": crowd.measure})
        for task in crowd.tasks:
            task.cancel()


def main() -> int:
    plan = msgspec.convert(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), Plan)
    asyncio.run(_whole(plan))
    return 0


if __name__ == "__main__":
    sys.exit(main())
