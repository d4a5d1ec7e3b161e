"""What the rules want of the visit service: each errand ends in an event, whatever comes back."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Coroutine

from kiosk.clock import Clock
from kiosk.core.grants import booking_of, person_of, visit_of
from kiosk.core.service import bodies, replies
from kiosk.core.service.client import VisitServiceClient
from kiosk.core.service.clock_offset import ServiceTime
from kiosk.core.service.outcomes import Away, Fault, Ok, Problem
from kiosk.core.settings import TerminalSettings
from kiosk.core.support_errands import SupportErrand, SupportErrands
from kiosk.core.today import Today
from kiosk.errors import ServiceError
from kiosk.visit import events
from kiosk.visit.actions import (
    AskOffer,
    AskOfficer,
    CallSupport,
    CheckCard,
    CheckPin,
    EndSupport,
    Identify,
    Join,
    LeaveVisit,
    MakeWish,
    OfferSupport,
    ReportLost,
    SayPhrase,
    SendAnswer,
    SendOffer,
)
from kiosk.visit.asked import OfficerTold, OfficerUnheard
from kiosk.visit.booking import Card, Place
from kiosk.visit.phrases import PhraseUnsaid
from kiosk.visit.reasons import NoAnswer, Refusal
from kiosk.visit.stages import Seconds
from kiosk.visit.support_events import WishHeard
from kiosk.wire.secret import Secret

Errand = (
    Identify
    | CheckPin
    | Join
    | LeaveVisit
    | ReportLost
    | SayPhrase
    | MakeWish
    | SendOffer
    | AskOffer
    | SendAnswer
    | AskOfficer
    | SupportErrand
)
Report = Callable[[events.Event], None]
Note = Callable[[str, str], None]

TELL_AGAIN_S: tuple[Seconds, ...] = (1, 2, 5, 10, 20, *[30] * 18)
"""The pauses between tries to tell that a visit was left, or that time was lost: ten minutes, then
the end of the visit makes it needless."""

log = logging.getLogger(__name__)


class Errands:
    """Runs errands side by side; `report` takes the events, `note` puts a fault on record."""

    def __init__(
        self,
        settings: TerminalSettings,
        client: VisitServiceClient,
        time: ServiceTime,
        today: Today,
        clock: Clock,
        report: Report,
        note: Note,
    ) -> None:
        self._settings = settings
        self._client = client
        self._time = time
        self._today = today
        self._clock = clock
        self._report = report
        self._note = note
        self._support = SupportErrands(client, time, settings.hall, report)
        self._here = Place(settings.prison, settings.hall)
        self._connections: list[str] = []
        self._unanswered: dict[tuple[int, int], str] = {}
        """Where the answer to a service's offer goes, by call and medium."""
        self._running: set[asyncio.Task[None]] = set()
        self._offers: set[asyncio.Task[None]] = set()
        self._leaving: dict[str, asyncio.Task[None]] = {}
        self._reporting: asyncio.Task[None] | None = None

    def begin(self, errand: Errand) -> None:
        """Start an errand; it never raises, and its outcome is reported."""
        match errand:
            case Identify():
                self._run(self._identify(errand))
            case CheckPin():
                self._run(self._check_pin(errand))
            case Join(reference):
                self._leave_no_more(reference)
                self._report_no_more()
                self._run(self._join(errand))
            case LeaveVisit(reference):
                self._leave_no_more(reference)
                self._leaving[reference] = self._run(self._leave(errand))
            case ReportLost():
                self._report_no_more()  # the later report says all that the earlier did
                self._reporting = self._run(self._report_lost(errand))
            case AskOfficer():
                self._run(self._ask_officer(errand))
            case CheckCard() | CallSupport() | EndSupport():
                self._run(self._support.run(errand))
            case MakeWish():
                self._run(self._make_wish(errand))
            case SayPhrase():
                self._run(self._say_phrase(errand))
            case SendOffer() | AskOffer() | SendAnswer() | OfferSupport():
                self._offers.add(self._run(self._connect(errand)))

    async def _connect(self, errand: SendOffer | AskOffer | SendAnswer | OfferSupport) -> None:
        match errand:
            case SendOffer():
                await self._send_offer(errand)
            case AskOffer():
                await self._ask_offer(errand)
            case SendAnswer():
                await self._send_answer(errand)
            case OfferSupport():
                await self._support.run(errand)

    def seek_service(self) -> None:
        """Find out now whether it can be heard, and trust no connection of before."""
        self._client.renew()

    def hang_up_all(self) -> None:
        """An earlier call is over: its offers need no answer, its connections are ended."""
        for offer in self._offers:
            offer.cancel()
        self._offers.clear()
        for location in self._connections:
            self._run(self._hang_up(location))
        self._connections.clear()
        self._unanswered.clear()

    async def close(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _run(self, errand: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(errand)
        self._running.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._offers.discard(task)
        self._leaving = {r: leaving for r, leaving in self._leaving.items() if leaving is not task}
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error

    async def _identify(self, errand: Identify) -> None:
        card = errand.card
        outcome = await self._client.identify(
            card.technology, card.assurance, Secret(card.value), self._settings.hall
        )
        match outcome:
            case Ok(identification, _, _):
                self._report(self._identified(errand.asked_at, identification))
            case Away() | Fault():
                self._report(self._remembered(card, errand.asked_at, outcome))
            case Problem():
                self._report(self._declined(errand.asked_at, outcome))

    def _identified(self, asked_at: Seconds, known: replies.Identification) -> events.Event:
        if known.pin_required:
            tries_left = known.tries_left if known.tries_left is not None else 1
            access = known.person.access
            return events.PinNeeded(asked_at, known.identification, tries_left, access)
        bookings = tuple(booking_of(booking) for booking in known.bookings)
        person = person_of(known.person)
        return events.CardIdentified(asked_at, person, bookings, self._here, known.now)

    def _remembered(self, card: Card, asked_at: Seconds, outcome: Away | Fault) -> events.Event:
        """Greet from today's bookings; joining will ask the service again."""
        at = self._time.utc(self._clock.monotonic())
        found = self._today.find(card.technology, card.value) if at is not None else None
        if found is None or at is None:
            return self._declined(asked_at, outcome)
        self._note("ServiceAway", outcome.reason)
        bookings = tuple(booking_of(booking) for booking in found.bookings)
        return events.CardIdentified(asked_at, person_of(found.person), bookings, self._here, at)

    async def _check_pin(self, errand: CheckPin) -> None:
        outcome = await self._client.verify_pin(errand.identification, Secret(errand.pin))
        match outcome:
            case Ok(identification, _, _):
                self._report(self._identified(errand.asked_at, identification))
            case Problem(code="pin_wrong", tries_left=tries_left):
                self._report(events.PinWrong(errand.asked_at, tries_left or 0))
            case Problem() | Away() | Fault():
                self._report(self._declined(errand.asked_at, outcome))

    async def _join(self, errand: Join) -> None:
        outcome = await self._client.join(
            errand.reference, errand.prisoner_number, self._settings.hall, uuid.uuid4().hex
        )
        match outcome:
            case Ok(grant, _, _):
                self._report(self._granted(errand, grant))
            case Problem() | Away() | Fault():
                self._report(self._declined(errand.asked_at, outcome))

    def _granted(self, errand: Join, grant: replies.Join) -> events.Event:
        try:
            if grant.visit != errand.reference:
                raise ServiceError("the grant is for another visit")
            return events.JoinGranted(errand.asked_at, visit_of(grant, errand.card, self._time))
        except ServiceError as error:
            return self._declined(errand.asked_at, Fault(str(error)))

    def _leave_no_more(self, reference: str) -> None:
        """A visit that is taken again must not be left by an old word that comes late."""
        if (leaving := self._leaving.pop(reference, None)) is not None:
            leaving.cancel()

    def _report_no_more(self) -> None:
        """Totals are of one grant: an old report would stand for the next one's."""
        if self._reporting is not None:
            self._reporting.cancel()
            self._reporting = None

    async def _leave(self, errand: LeaveVisit) -> None:
        """Tell the service, again and again while it is away: until then the visitor waits."""
        for pause_s in TELL_AGAIN_S:
            outcome = await self._client.leave(errand.reference, errand.reason, errand.talked_s)
            match outcome:
                case Ok() | Problem():
                    break
                case Away() | Fault():
                    await asyncio.sleep(pause_s)
        if not isinstance(outcome, Ok):
            log.warning("the service was not told that a visit was left: %s", _words(outcome))

    async def _report_lost(self, errand: ReportLost) -> None:
        """Ask for the time back, again and again while the service is away."""
        lost = errand.lost
        told = bodies.LostTime(lost.prison, lost.visitor, lost.link, lost.hold, lost.terminal)
        for pause_s in TELL_AGAIN_S:
            outcome = await self._client.report_lost(errand.reference, told)
            match outcome:
                case Ok(credit, _, _):
                    self._report(self._given(errand.reference, credit))
                    return
                case Problem(code=code):
                    log.warning("the service takes no report of lost time: %s", code)
                    return
                case Away() | Fault():
                    await asyncio.sleep(pause_s)

    async def _make_wish(self, errand: MakeWish) -> None:
        """Once, as the person waits to read whether it was heard; they can ask again."""
        outcome = await self._client.wish(errand.reference, errand.wish)
        if not isinstance(outcome, Ok):
            log.warning("a wish was not heard: %s", _words(outcome))
        self._report(WishHeard(errand.reference, errand.wish, isinstance(outcome, Ok)))

    def _given(self, reference: str, credit: replies.Credit) -> events.Event:
        ends_at_s = self._time.to_monotonic(credit.ends_at)
        return events.TimeGiven(reference, ends_at_s, credit.given_s)

    async def _ask_officer(self, errand: AskOfficer) -> None:
        """Whatever is wrong, the person must hear that nobody was told."""
        outcome = await self._client.ask_officer(self._settings.hall)
        match outcome:
            case Ok(call, _, _):
                self._report(OfficerTold(errand.asked_at, call.request, call.seen))
            case Problem() | Away() | Fault():
                log.warning("no officer could be asked to come: %s", _words(outcome))
                self._report(OfficerUnheard(errand.asked_at))

    async def _say_phrase(self, errand: SayPhrase) -> None:
        """Once: what comes late is not what was meant. That something was said is in no log."""
        outcome = await self._client.say_phrase(errand.reference, errand.key)
        if not isinstance(outcome, Ok):
            self._report(PhraseUnsaid(errand.reference, errand.said_at))

    async def _send_offer(self, errand: SendOffer) -> None:
        outcome = await self._client.offer(errand.url, errand.join_id, errand.sdp)
        match outcome:
            case Ok(answer, _, _):
                self._connections.append(answer.location)
                self._report(
                    events.OfferAnswered(errand.call, errand.join_id, errand.medium, answer.sdp)
                )
            case Problem() | Away() | Fault():
                self._failed(errand, outcome)

    async def _ask_offer(self, errand: AskOffer) -> None:
        outcome = await self._client.ask_offer(errand.url, errand.join_id)
        match outcome:
            case Ok(offer, _, _):
                self._connections.append(offer.location)
                self._unanswered[errand.call, errand.medium] = offer.location
                self._report(
                    events.OfferCame(errand.call, errand.join_id, errand.medium, offer.sdp)
                )
            case Problem() | Away() | Fault():
                self._failed(errand, outcome)

    async def _send_answer(self, errand: SendAnswer) -> None:
        """Once only: what kiosk-call says again, or says of an older call, answers nothing."""
        location = self._unanswered.pop((errand.call, errand.medium), None)
        if location is None:
            log.warning("an answer to no offer of call %d is left aside", errand.call)
            return
        outcome = await self._client.answer(location, errand.sdp)
        if not isinstance(outcome, Ok):
            self._failed(errand, outcome)

    def _failed(
        self, errand: SendOffer | AskOffer | SendAnswer, outcome: Problem | Away | Fault
    ) -> None:
        code = outcome.code if isinstance(outcome, Problem) else ""
        reason = NoAnswer(code) if code in _NO_ANSWERS else NoAnswer.SILENCE
        log.warning("no connection comes about: %s", _words(outcome))
        self._report(events.OfferFailed(errand.call, errand.join_id, reason))

    async def _hang_up(self, location: str) -> None:
        outcome = await self._client.hang_up(location)
        if not isinstance(outcome, Ok):
            log.info("a connection was not hung up: %s", _words(outcome))

    def _declined(self, asked_at: Seconds, outcome: Problem | Away | Fault) -> events.Declined:
        """No, in the words of the rules; a service that misbehaves is put on record."""
        match outcome:
            case Problem(code=code, place=place, at=at) if code in _REFUSALS:
                return events.Declined(asked_at, Refusal(code), place, at)
            case Away(reason):
                self._note("ServiceAway", reason)
                return events.Declined(asked_at, Refusal.SERVICE_AWAY)
            case _:
                self._note("ServiceFault", _words(outcome))
                return events.Declined(asked_at, Refusal.SERVICE_FAULT)


_REFUSALS = frozenset(Refusal)
_NO_ANSWERS = frozenset(NoAnswer)


def _words(outcome: Problem | Away | Fault) -> str:
    return outcome.code if isinstance(outcome, Problem) else outcome.reason
