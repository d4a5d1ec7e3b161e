"""The media of visits through rooms at Janus: each side sends into the room and plays from it.

A visit's medium is one way through its room: who sends publishes, who plays subscribes to that, and
both end together. The terminal begins each, by an offer or by asking for one.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from kiosk.clock import Seconds
from kiosk.sandbox.janus import Event, Flowing, HungUp, JanusAway, JanusSaidNo, Up
from kiosk.sandbox.lobby import Page
from kiosk.sandbox.records import Booking
from kiosk.sandbox.room import Room
from kiosk.sandbox.rooms import Rooms
from kiosk.sandbox.settings import JanusSettings
from kiosk.sandbox.signalling import Answer, NoAnswer, Signalling

FROM_TERMINAL: Final = "0"
TO_TERMINAL: Final = "1"
"""The media of a visit, as `join` numbers them."""

ALL_S: Seconds = 9.5
"""The contract has the terminal wait 10 s."""

SILENT_S: Seconds = 4.0
"""A visitor of whom nothing comes for so long, and a second more, is connected anew."""

AGAIN_S: Seconds = 0.5

log = logging.getLogger(__name__)


class MediaAway(Exception):
    """The media server can not do what is asked now."""


class NoConnection(Exception):
    """That connection waits for no answer, or not any more."""


@dataclass(eq=False, slots=True)
class _Way:
    """One way through a room. `page` is at its other end."""

    booking: Booking
    medium: str
    page: Page
    connection: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    room: Room | None = None
    publisher: int | None = None
    subscriber: int | None = None
    awaits_answer: bool = False
    begun: bool = False
    up: asyncio.Event = field(default_factory=asyncio.Event)
    """The publisher's connection is: only then does Janus let anybody subscribe."""
    flows: dict[str, bool] = field(default_factory=dict)
    over: bool = False

    @property
    def feed(self) -> str:
        side = "terminal" if self.medium == FROM_TERMINAL else "family"
        return f"{side}-{self.connection}"

    @property
    def handles(self) -> list[int]:
        return [handle for handle in (self.publisher, self.subscriber) if handle is not None]


@dataclass(frozen=True, slots=True)
class View:
    """A silent look at what both sides send."""

    room: Room
    handle: int
    offer: str


async def _until_up(way: _Way) -> None:
    """Raises MediaAway when the way is over before anything could flow."""
    await way.up.wait()
    if way.over:
        raise MediaAway


class Owner(Protocol):
    """Who conducts the visits."""

    def may_be_silent(self, reference: str) -> bool:
        """Whether it is right that nothing comes from a visit's visitor."""

    def media_trouble(self, reference: str) -> None:
        """A visit can not have now what it needs of the media server."""

    def media_back(self, reference: str) -> None:
        """The room of this visit was lost, and can be made again."""


class Relay:
    """Makes the ways of visits, and ends them. It keeps no SDP."""

    def __init__(self, settings: JanusSettings, signalling: Signalling) -> None:
        self.rooms = Rooms(settings, self._happened, self._lost)
        self._signalling = signalling
        self._owner: Owner
        self._ways: dict[tuple[str, str], _Way] = {}
        self._bells: dict[str, set[asyncio.Event]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._returning: dict[str, asyncio.Task[None]] = {}

    def serve(self, owner: Owner) -> None:
        """Who is told from now on."""
        self._owner = owner

    def start(self) -> None:
        self.rooms.start()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.rooms.stop()

    def prepare(self, booking: Booking) -> None:
        """Make the visit's room now, so that nobody waits for it."""
        self._run(self._prepare(booking))

    async def _prepare(self, booking: Booking) -> None:
        try:
            await self._room(booking)
        except (JanusAway, JanusSaidNo) as error:
            log.warning("a visit has no room yet: %s", error)

    async def offered(self, booking: Booking, page: Page, sdp: str) -> Answer:
        """The terminal sends: the room's answer. The page is offered it as soon as anything can flow.

        Raises MediaAway.
        """
        async with self._making(booking, page, FROM_TERMINAL) as (way, room):
            way.publisher, answer = await room.publish(way.feed, sdp)
            way.begun = True
        self._run(self._bring_to_page(way, room))
        return Answer(way.connection, answer)

    async def _bring_to_page(self, way: _Way, room: Room) -> None:
        brought = False
        try:
            async with asyncio.timeout(ALL_S):
                await _until_up(way)
                way.subscriber, offer = await room.subscribe([way.feed])
                asked = {"type": "offer", "connection": way.connection, "sdp": offer}
                theirs = await self._signalling.ask(way.page, way.connection, asked)
                await room.start(way.subscriber, theirs)
                brought = True
        except (JanusAway, JanusSaidNo, TimeoutError, NoAnswer, MediaAway) as error:
            log.warning("the page does not get what the terminal sends: %s", type(error).__name__)
        finally:
            if way.over or not brought:
                self._end(way)

    async def asked(self, booking: Booking, page: Page) -> Answer:
        """The terminal plays: the room's offer, once the page sends.

        Raises MediaAway, and NoAnswer when the page does not send.
        """
        async with self._making(booking, page, TO_TERMINAL) as (way, room):
            asked = {"type": "publish", "connection": way.connection}
            theirs = await self._signalling.ask(page, way.connection, asked)
            way.publisher, answer = await room.publish(way.feed, theirs)
            page.tell({"type": "published", "connection": way.connection, "sdp": answer})
            await _until_up(way)
            way.subscriber, offer = await room.subscribe([way.feed])
            way.awaits_answer = way.begun = True
        return Answer(way.connection, offer)

    async def answered(self, reference: str, connection: str, sdp: str) -> None:
        """The terminal's answer to the room's offer; raises NoConnection and MediaAway."""
        way = self._ways.get((reference, TO_TERMINAL))
        if way is None or way.connection != connection or not way.awaits_answer:
            raise NoConnection
        assert way.room is not None
        assert way.subscriber is not None
        way.awaits_answer = False
        try:
            await way.room.start(way.subscriber, sdp)
        except (JanusAway, JanusSaidNo) as error:
            self._end(way)
            raise MediaAway from error

    def hang_up(self, reference: str, connection: str) -> None:
        """The terminal ends one of its connections."""
        for way in self._of(reference):
            if way.connection == connection:
                self._end(way)

    def cut(self, reference: str) -> None:
        """End every way of a visit; the terminal may make new ones."""
        for way in self._of(reference):
            self._end(way)

    def visit_over(self, reference: str) -> None:
        """Nothing of the visit is left at Janus."""
        returning = self._returning.pop(reference, None)
        if returning is not None:
            returning.cancel()
        self.cut(reference)
        self.rooms.close(reference)

    # who only looks on

    def listen(self, reference: str) -> asyncio.Event:
        """A bell that rings whenever there is something else to look at, and at once."""
        bell = asyncio.Event()
        bell.set()
        self._bells.setdefault(reference, set()).add(bell)
        return bell

    def listen_no_more(self, reference: str, bell: asyncio.Event) -> None:
        self._bells[reference].discard(bell)
        if not self._bells[reference]:
            del self._bells[reference]

    async def view(self, booking: Booking) -> View | None:
        """The room's offer of what both sides send now; None while nobody sends. Raises MediaAway."""
        assert booking.monitored != "none", "nobody looks on at a private visit"
        ways = [way for way in self._of(booking.reference) if way.up.is_set()]
        if not ways:
            return None
        try:
            room = await self._room(booking)
            handle, offer = await room.subscribe([way.feed for way in ways])
        except (JanusAway, JanusSaidNo) as error:
            raise MediaAway from error
        return View(room, handle, offer)

    async def start_view(self, view: View, answer: str) -> None:
        """Raises MediaAway."""
        try:
            await view.room.start(view.handle, answer)
        except (JanusAway, JanusSaidNo) as error:
            raise MediaAway from error

    def drop_view(self, view: View) -> None:
        self._run(view.room.drop(view.handle))

    def _ring(self, reference: str) -> None:
        for bell in self._bells.get(reference, ()):
            bell.set()

    # ways

    @asynccontextmanager
    async def _making(
        self, booking: Booking, page: Page, medium: str
    ) -> AsyncIterator[tuple[_Way, Room]]:
        """A new way in the place of the old; what fails leaves nothing of it."""
        place = (booking.reference, medium)
        if (older := self._ways.get(place)) is not None:
            self._end(older)
        way = self._ways[place] = _Way(booking, medium, page)
        try:
            async with asyncio.timeout(ALL_S):
                way.room = await self._room(booking)
                yield way, way.room
        except (JanusAway, JanusSaidNo, TimeoutError) as error:
            log.warning("no way through the room of a visit: %s", error)
            self._owner.media_trouble(booking.reference)
            raise MediaAway from error
        finally:
            if not way.begun or way.over:
                self._end(way)
        if way.over:
            raise MediaAway

    async def _room(self, booking: Booking) -> Room:
        return await self.rooms.of(booking.reference, booking.monitored == "recorded")

    def _of(self, reference: str) -> list[_Way]:
        return [way for (of, _), way in self._ways.items() if of == reference]

    def _end(self, way: _Way) -> None:
        """Both ends of a way, at Janus and at the page."""
        way.over = True
        way.up.set()  # whoever waits for it waits in vain
        place = (way.booking.reference, way.medium)
        if self._ways.get(place) is way:
            del self._ways[place]
            way.page.tell({"type": "hangup", "connection": way.connection})
        if way.room is not None:
            for handle in way.handles:
                self._run(way.room.drop(handle))
        way.publisher = way.subscriber = None
        self._ring(way.booking.reference)

    # what Janus says by itself

    def _happened(self, reference: str, event: Event) -> None:
        for way in self._of(reference):
            match event:
                case HungUp(handle) if handle in way.handles:
                    self._end(way)
                case Up(handle) if handle == way.publisher:
                    way.up.set()
                    self._ring(reference)
                case Flowing(handle, kind, on) if handle == way.publisher:
                    way.flows[kind] = on
                    if not any(way.flows.values()):
                        self._run(self._end_if_silent(way))

    async def _end_if_silent(self, way: _Way) -> None:
        """Their phone may be gone without a word; the terminal's own silence is its own to tell."""
        await asyncio.sleep(SILENT_S)
        reference = way.booking.reference
        is_silent = way.medium == TO_TERMINAL and not any(way.flows.values())
        if is_silent and not way.over and not self._owner.may_be_silent(reference):
            self._end(way)

    def _lost(self, reference: str) -> None:
        """Janus is gone, and with it all that went through it."""
        self._owner.media_trouble(reference)
        for way in self._of(reference):
            self._end(way)
        if reference not in self._returning:
            self._returning[reference] = self._run(self._return(reference))

    async def _return(self, reference: str) -> None:
        """Wait until Janus is back, so that nobody has to find that out for themselves."""
        while True:
            if await self.rooms.can_be_had():
                self._returning.pop(reference, None)
                self._owner.media_back(reference)
                return
            await asyncio.sleep(AGAIN_S)

    def _run(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
