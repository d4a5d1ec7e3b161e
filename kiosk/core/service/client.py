"""The visit service as kiosk-core sees it: one coroutine for each operation of the contract."""

import asyncio
import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import msgspec

from kiosk.clock import Clock, Seconds
from kiosk.core.service import bodies, replies
from kiosk.core.service.address import address_of
from kiosk.core.service.clock_offset import ServiceTime
from kiosk.core.service.events import EventsLane, Listener
from kiosk.core.service.http import MAX_BOOKINGS_BYTES, Reply, Request, Transport
from kiosk.core.service.lane import Call, Lane
from kiosk.core.service.leash import TOO_SLOW
from kiosk.core.service.outcomes import Away, Fault, Ok, Outcome
from kiosk.core.service.reading import Connection, read_connection, read_nothing, read_value
from kiosk.core.service.tls import context_of
from kiosk.core.settings import ServiceSettings
from kiosk.errors import ConfigError, ServiceError
from kiosk.wire.secret import Secret

T = TypeVar("T")
Told = TypeVar("Told", bound=replies.Said)
Timed = TypeVar(
    "Timed",
    replies.Identification,
    replies.TodaysBookings,
    replies.Join,
    replies.SupportCall,
    replies.Credit,
    replies.HeartbeatReply,
)

IDENTIFY_S: Seconds = 2.0
PIN_S: Seconds = 4.0
JOIN_S: Seconds = 4.0
OFFER_S: Seconds = 12.0
ANSWER_S: Seconds = 4.0
LEAVE_S: Seconds = 5.0
LOST_S: Seconds = 4.0
ASK_S: Seconds = 4.0
WISH_S: Seconds = 6.0
PHRASE_S: Seconds = 4.0
HANG_UP_S: Seconds = 1.5
"""Short, as the word that the visit was left waits behind it, and that must not be lost."""

BACKGROUND_S: Seconds = 10.0

_TERMINAL = re.compile("[A-Za-z0-9._-]{1,64}")
_GRACE_S: Seconds = 0.25
"""How much longer a coroutine waits than its lane, which says better what went wrong."""


class VisitServiceClient:
    """Asks the visit service over three lanes: control, background and events.

    Everything is called on one asyncio loop. Each coroutine ends within its time whatever the service
    does, never raises, and cancelling it ends its request. Replies that carry the service's time
    are samples for `time`.
    """

    def __init__(
        self, settings: ServiceSettings, terminal: str, clock: Clock, time: ServiceTime
    ) -> None:
        """Raises ConfigError for an address, certificates or an id that can not be used."""
        if not _TERMINAL.fullmatch(terminal):
            raise ConfigError(
                "terminal.id", ["expected letters, digits, dots and dashes, 64 at most"]
            )
        self._address = address_of(settings.url)
        self._time = time
        tls = context_of(settings)
        make = partial(Transport, self._address, tls, terminal, clock)
        self._control = Lane("control", make(), clock)
        self._background = Lane("background", make(), clock)
        self._events = EventsLane(self._address.operation("events"), make(), clock)

    def start(self, last_event_id: str | None, listener: Listener) -> None:
        """Begin to carry calls, and to listen for commands after `last_event_id`."""
        self._control.start()
        self._background.start()
        self._events.start(last_event_id, listener)

    def renew(self) -> None:
        """The network may be another: trust no connection that is kept, and tell soon who is heard."""
        for lane in (self._control, self._background, self._events):
            lane.renew()

    async def close(self) -> None:
        """End every request and every thread within a second; nothing is told after this."""
        lanes = (self._control, self._background, self._events)
        for lane in lanes:
            lane.stop()
        await asyncio.gather(*(asyncio.to_thread(lane.join) for lane in lanes))

    async def identify(
        self, technology: str, assurance: str, credential: Secret, hall: str
    ) -> Outcome[replies.Identification]:
        """Whose card is this, and what is booked for them today?"""
        seen = bodies.Credential(technology, assurance, credential.reveal())
        request = self._post(bodies.IdentifyRequest(seen, hall), "identifications")
        call = Call("identify", request, _reads(replies.Identification), IDENTIFY_S, IDENTIFY_S)
        return await self._timed(self._control, call)

    async def verify_pin(self, identification: str, pin: Secret) -> Outcome[replies.Identification]:
        """Is this the PIN of the person identified? Never asked twice: it might count twice."""
        request = self._post(
            bodies.PinRequest(pin.reveal()), "identifications", identification, "pin"
        )
        read = _reads(replies.Identification)
        return await self._timed(
            self._control, Call("verify_pin", request, read, PIN_S, PIN_S, again=False)
        )

    async def join(
        self, reference: str, prisoner_number: str, hall: str, request_id: str
    ) -> Outcome[replies.Join]:
        """May this visit be taken at this terminal now?"""
        body = bodies.JoinRequest(request_id, prisoner_number, hall)
        request = self._post(body, "visits", reference, "join")
        call = Call("join", request, _reads(replies.Join), JOIN_S, JOIN_S / 2)
        return await self._timed(self._control, call)

    async def offer(self, media_url: str, join_id: str | None, sdp: str) -> Outcome[Connection]:
        """The answer of the visitor's page `join_id` to an offer for the medium at `media_url`; without
        one, the answer of whoever takes a call to a line for help.
        """
        headers = {"Content-Type": "application/sdp", "Accept": "application/sdp"}
        return await self._connect("offer", media_url, join_id, sdp.encode(), headers)

    async def ask_offer(self, media_url: str, join_id: str) -> Outcome[Connection]:
        """The service's own offer of what `join_id` sends, for the medium at `media_url`."""
        return await self._connect(
            "ask_offer", media_url, join_id, None, {"Accept": "application/sdp"}
        )

    async def _connect(
        self,
        name: str,
        media_url: str,
        join_id: str | None,
        body: bytes | None,
        headers: dict[str, str],
    ) -> Outcome[Connection]:
        try:
            url = self._address.own(media_url)
            if join_id is not None:
                url = self._address.with_query(url, join_id=join_id)
        except ServiceError as error:
            return Fault(str(error))
        request = Request("POST", url, body, headers)
        read = partial(read_connection, address=self._address, asked=url)
        call = Call(name, request, read, OFFER_S, OFFER_S, again=False, untold=join_id is None)
        return await self._ask(self._control, call)

    async def answer(self, location: str, sdp: str) -> Outcome[None]:
        """Answer the offer that `ask_offer` got, at the URL that came with it."""
        try:
            url = self._address.own(location)
        except ServiceError as error:
            return Fault(str(error))
        request = Request("PATCH", url, sdp.encode(), {"Content-Type": "application/sdp"})
        call = Call("answer", request, read_nothing, ANSWER_S, ANSWER_S, again=False)
        return await self._ask(self._control, call)

    async def knows_card(
        self, technology: str, assurance: str, credential: Secret, hall: str
    ) -> Outcome[None]:
        """Is this card anybody's? For a line for help: neither side is told or keeps whose."""
        seen = bodies.Credential(technology, assurance, credential.reveal())
        request = self._post(bodies.IdentifyRequest(seen, hall), "support-cards")
        call = Call("knows_card", request, read_nothing, IDENTIFY_S, IDENTIFY_S, untold=True)
        return await self._ask(self._control, call)

    async def call_support(self, line: str, request_id: str) -> Outcome[replies.SupportCall]:
        """May this line be called from here, now? Nothing is said of who calls."""
        request = self._post(bodies.SupportCallRequest(request_id, line), "support-calls")
        read = _reads(replies.SupportCall)
        call = Call("call_support", request, read, JOIN_S, JOIN_S / 2, untold=True)
        return await self._timed(self._control, call)

    async def end_support(self, call_id: str) -> Outcome[None]:
        """Nobody calls any more."""
        request = Request("DELETE", self._address.operation("support-calls", call_id))
        call = Call("end_support", request, read_nothing, LEAVE_S, LEAVE_S / 2, untold=True)
        return await self._ask(self._control, call)

    async def hang_up(self, location: str) -> Outcome[None]:
        """End the connection that `offer` or `ask_offer` made."""
        try:
            request = Request("DELETE", self._address.own(location))
        except ServiceError as error:
            return Fault(str(error))
        call = Call("hang_up", request, read_nothing, HANG_UP_S, HANG_UP_S)
        return await self._ask(self._control, call)

    async def leave(self, reference: str, reason: str, talked_s: Seconds) -> Outcome[None]:
        """Tell that the terminal has left the visit."""
        body = bodies.LeaveRequest(str(reason), max(0.0, talked_s))
        request = self._post(body, "visits", reference, "leave")
        call = Call("leave", request, read_nothing, LEAVE_S, LEAVE_S / 2)
        return await self._ask(self._control, call)

    async def say_phrase(self, reference: str, phrase: str) -> Outcome[None]:
        """Have the visitor read a prepared phrase; one that may have arrived is not said again."""
        request = self._post(bodies.PhraseRequest(phrase), "visits", reference, "phrase")
        call = Call("pass_on", request, read_nothing, PHRASE_S, PHRASE_S, again=False)
        return await self._ask(self._control, call)

    async def report_lost(self, reference: str, lost: bodies.LostTime) -> Outcome[replies.Credit]:
        """What of the time that was lost is given back; the same report changes nothing twice."""
        request = self._post(bodies.LostRequest(lost), "visits", reference, "lost")
        call = Call("report_lost", request, _reads(replies.Credit), LOST_S, LOST_S / 2)
        return await self._timed(self._control, call)

    async def ask_officer(self, hall: str) -> Outcome[replies.OfficerCall]:
        """Somebody at this terminal asks for an officer; asking again while that stands is the same."""
        request = self._post(bodies.OfficerCallRequest(hall), "officer-calls")
        call = Call("ask_officer", request, _reads(replies.OfficerCall), ASK_S, ASK_S / 2)
        return await self._ask(self._control, call)

    async def wish(self, reference: str, wish: str) -> Outcome[None]:
        """A person asks for something after a visit; the same again changes nothing."""
        request = self._post(bodies.WishRequest(str(wish)), "visits", reference, "wishes")
        call = Call("wish", request, read_nothing, WISH_S, WISH_S / 2)
        return await self._ask(self._control, call)

    async def todays_bookings(self, hall: str) -> Outcome[replies.TodaysBookings]:
        """Everybody with a booking in `hall` today."""
        url = self._address.with_query(self._address.operation("bookings"), hall=hall)
        request = Request("GET", url, None, {"Accept": "application/json"}, MAX_BOOKINGS_BYTES)
        return await self._timed(
            self._background, _in_background("bookings", request, replies.TodaysBookings)
        )

    async def audit(self, records: Sequence[msgspec.Raw]) -> Outcome[replies.AuditAccepted]:
        """Hand over up to 100 records; which of them are kept."""
        request = self._post(bodies.AuditBatch(records), "audit")
        return await self._ask(
            self._background, _in_background("audit", request, replies.AuditAccepted)
        )

    async def heartbeat(
        self, release: str, hall: str, stage: str, faults: Sequence[str]
    ) -> Outcome[replies.HeartbeatReply]:
        """The terminal is alive; what time is it? The first twenty faults are told."""
        told = [fault[:200] for fault in faults[:20]]
        request = self._post(bodies.Heartbeat(release, hall, stage, told), "heartbeat")
        return await self._timed(
            self._background, _in_background("heartbeat", request, replies.HeartbeatReply)
        )

    def _post(self, body: msgspec.Struct, *steps: str) -> Request:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        url = self._address.operation(*steps)
        return Request("POST", url, msgspec.json.encode(body), headers)

    async def _timed(self, lane: Lane, call: Call[Timed]) -> Outcome[Timed]:
        outcome = await self._ask(lane, call)
        if isinstance(outcome, Ok):
            self._time.sample(outcome.value.now, outcome.sent_at_s, outcome.got_at_s)
        return outcome

    async def _ask(self, lane: Lane, call: Call[T]) -> Outcome[T]:
        answered: asyncio.Future[Outcome[T]] = asyncio.get_running_loop().create_future()
        ticket = lane.submit(call, partial(_fulfil, answered))
        try:
            async with asyncio.timeout(call.patience_s + _GRACE_S):
                return await answered
        except TimeoutError:
            return Away(TOO_SLOW)
        finally:
            ticket.cancel()


def _reads(kind: type[Told]) -> Callable[[Reply], Outcome[Told]]:
    return partial(read_value, kind=kind)


def _in_background(name: str, request: Request, kind: type[Told]) -> Call[Told]:
    return Call(name, request, _reads(kind), BACKGROUND_S, BACKGROUND_S)


def _fulfil(answered: asyncio.Future[Outcome[T]], outcome: Outcome[T]) -> None:
    if not answered.done():
        answered.set_result(outcome)
