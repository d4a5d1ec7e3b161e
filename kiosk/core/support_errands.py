"""Errands of a call for help. They know the line and the call, and never who calls."""

import asyncio
import uuid
from collections.abc import Callable
from typing import Final

from kiosk.clock import Seconds
from kiosk.core.grants import support_of
from kiosk.core.service.client import VisitServiceClient
from kiosk.core.service.clock_offset import ServiceTime
from kiosk.core.service.outcomes import Away, Fault, Ok, Problem
from kiosk.errors import ServiceError
from kiosk.visit.actions import CallSupport, CheckCard, EndSupport, OfferSupport
from kiosk.visit.events import Declined, Event
from kiosk.visit.reasons import Refusal
from kiosk.visit.support_events import (
    CardKnown,
    SupportAnswered,
    SupportDeclined,
    SupportGranted,
    SupportUnanswered,
)
from kiosk.wire.secret import Secret

SupportErrand = CheckCard | CallSupport | OfferSupport | EndSupport

TELL_AGAIN_S: Final[tuple[Seconds, ...]] = (1, 2, 5, 10)
"""The pauses between tries to tell that nobody calls any more; after that nothing rings by itself."""


class SupportErrands:
    """Each ends in an event, or in nothing where nobody waits for one."""

    def __init__(
        self,
        client: VisitServiceClient,
        time: ServiceTime,
        hall: str,
        report: Callable[[Event], None],
    ) -> None:
        self._client = client
        self._hall = hall
        self._time = time
        self._report = report

    async def run(self, errand: SupportErrand) -> None:
        match errand:
            case CheckCard():
                self._report(await self._checked(errand))
            case CallSupport():
                self._report(await self._called(errand))
            case OfferSupport():
                self._report(await self._offered(errand))
            case EndSupport(call_id):
                await self._end(call_id)

    async def _checked(self, errand: CheckCard) -> Event:
        """Why a card is of no use is said to the person, and put on no record."""
        card = errand.card
        outcome = await self._client.knows_card(
            card.technology, card.assurance, Secret(card.value), self._hall
        )
        match outcome:
            case Ok():
                return CardKnown(errand.asked_at)
            case Problem(code=code) if code == Refusal.UNKNOWN_CARD:
                return Declined(errand.asked_at, Refusal.UNKNOWN_CARD)
            case Away():
                return Declined(errand.asked_at, Refusal.SERVICE_AWAY)
            case _:
                return Declined(errand.asked_at, Refusal.SERVICE_FAULT)

    async def _called(self, errand: CallSupport) -> Event:
        outcome = await self._client.call_support(errand.line, uuid.uuid4().hex)
        if not isinstance(outcome, Ok):
            return SupportDeclined(errand.asked_at)
        try:
            return SupportGranted(errand.asked_at, support_of(outcome.value, self._time))
        except ServiceError:
            return SupportDeclined(errand.asked_at)

    async def _offered(self, errand: OfferSupport) -> Event:
        outcome = await self._client.offer(errand.url, None, errand.sdp)
        if isinstance(outcome, Ok):
            return SupportAnswered(errand.call, outcome.value.sdp)
        return SupportUnanswered(errand.call)

    async def _end(self, call_id: str) -> None:
        for pause_s in TELL_AGAIN_S:
            outcome = await self._client.end_support(call_id)
            if not isinstance(outcome, Away | Fault):
                return
            await asyncio.sleep(pause_s)
