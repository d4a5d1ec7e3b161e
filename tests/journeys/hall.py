"""A visit hall for the journeys: a terminal that a person stands at, and what they do there."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path

import msgspec

from kiosk.clock import Seconds
from kiosk.errors import KioskError
from kiosk.sandbox.database import Database
from kiosk.sandbox.display import VirtualDisplay
from kiosk.sandbox.instants import Milliseconds, now_ms
from kiosk.sandbox.observer import Observer
from kiosk.sandbox.samples import samples
from kiosk.sandbox.trial import Equipment, Trial
from kiosk.supervisor import Exit
from kiosk.wire.devices import CardRemoved, ReaderStatus
from kiosk.wire.messages import Drawn, Program

HOLD_S = 0.2
AWAY_S = 0.4
"""After so long the bridge has noticed that a card is gone, and it can be held to it anew."""

SCREEN_S = 10.0
RECORD_S = 15.0
LOOK_EACH_S = 0.1


class Hall:
    """One terminal and one person at it; every step waits for what it causes, never for time."""

    def __init__(
        self, trial: Trial, at_bridge: Observer, exits: list[Exit], display: VirtualDisplay
    ) -> None:
        self.trial = trial
        self.exits = exits
        self.display = display
        self._at_bridge = at_bridge
        self._held_from: int | None = None
        self._mark = 0
        self._screen: Drawn | None = None

    async def shows_card(self, credential: str) -> Seconds:
        """Hold a card to the reader; the moment at which its last byte was sent."""
        self._mark = self.trial.observer.mark()
        self._held_from = self._at_bridge.mark()
        return await self.trial.reader.hold(credential, HOLD_S)

    async def card_is_gone(self) -> None:
        """The bridge has noticed that the last card was taken away."""
        if self._held_from is not None:
            await self._at_bridge.wait_for(CardRemoved, since=self._held_from)

    async def tries_card(self, credential: str, since: int) -> bool:
        """Hold a card to a reader that may not listen; whether anything is drawn for it."""
        try:
            await self.trial.reader.hold(credential, HOLD_S)
            await self.trial.observer.wait_for(Drawn, since=since, patience_s=AWAY_S)
        except KioskError:
            return False
        return True

    async def sees(self, screen: str, patience_s: Seconds = SCREEN_S) -> Drawn:
        """The person waits until a screen is drawn."""
        self._screen = await self.trial.observer.drawn(
            screen, since=self._mark, patience_s=patience_s
        )
        self._mark = self.trial.observer.seen.index(self._screen, self._mark)
        return self._screen

    async def touches(self, target: str) -> None:
        """Touch a target of the screen that the person sees."""
        assert self._screen is not None
        self._mark = self.trial.observer.mark()
        await self.trial.tap(self._screen, target)

    async def has_record(self, since: int = 0, **fields: str) -> Mapping[str, str]:
        """The service has an audit record with these fields; `since`: how many to pass over."""
        async with asyncio.timeout(RECORD_S):
            while True:
                for record in self.records()[since:]:
                    if fields.items() <= record.items():
                        return record
                await asyncio.sleep(LOOK_EACH_S)  # another process wrote it: there is no event

    async def has_todays_bookings(self) -> None:
        """The terminal could greet the people of today without the service."""
        today = self.trial.run / "state/today"
        async with asyncio.timeout(RECORD_S):
            while not today.exists() or not json.loads(today.read_bytes())["bookings"]["people"]:
                await asyncio.sleep(LOOK_EACH_S)  # another process writes it: there is no event

    def records(self) -> list[dict[str, str]]:
        """All audit records that the service has, in the order in which it took them."""
        database = Database(self.trial.database_file)
        try:
            rows = database.rows("SELECT record FROM audit ORDER BY rowid")
        finally:
            database.close()
        return [msgspec.json.decode(row[0]) for row in rows]

    def moment_s(self, at_ms: Milliseconds) -> Seconds:
        """A moment of the wall clock on CLOCK_MONOTONIC; both clocks are this machine's."""
        clock = self.trial.clock
        return clock.monotonic() + (at_ms / 1000 - clock.utc().timestamp())

    def book(self, name: str, visit_s: Seconds) -> Milliseconds:
        """Begin the visit of a sample person now; when it ends."""
        now = now_ms(self.trial.clock)
        sample = next(s for s in samples(now, visit_s) if s.person.first_name == name)
        assert sample.booking is not None
        self.trial.bookings.change(
            sample.booking.reference,
            **{
                field: getattr(sample.booking, field)
                for field in ("opens_at_ms", "starts_at_ms", "ends_at_ms")
            },
        )
        return sample.booking.ends_at_ms


def card_of(name: str) -> str:
    """The card of a sample person."""
    return next(s.card.value for s in samples(0, 60) if s.person.first_name == name)


@contextlib.asynccontextmanager
async def observed(bridge_socket: Path) -> AsyncIterator[Observer]:
    """The bridge tells an observer when a card is gone, which is no news for kiosk-core."""
    observer = Observer(bridge_socket, of=Program.BRIDGE)
    await observer.start()
    try:
        yield observer
    finally:
        await observer.stop()


@contextlib.asynccontextmanager
async def open_hall(
    logs: Path, equipment: Equipment | None = None, *, visit_s: Seconds = 60.0
) -> AsyncIterator[Hall]:
    """A hall with one terminal that is ready for a card, on a display of its own unless one is given."""
    equipment = equipment or Equipment()
    display = equipment.display or VirtualDisplay()
    await display.start()
    exits: list[Exit] = []
    try:
        equipped = replace(equipment, display=display)
        async with (
            Trial(logs, visit_s, equipped, on_exit=exits.append) as trial,
            observed(trial.run / "bridge/bridge.sock") as at_bridge,
        ):
            hall = Hall(trial, at_bridge, exits, display)
            await hall.sees("Idle", patience_s=30)
            await at_bridge.wait_for(ReaderStatus, lambda reader: reader.up)
            yield hall
    finally:
        await display.stop()
