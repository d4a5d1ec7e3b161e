"""The prison's side of a path: it knows people, cards and bookings, and answers what is asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from kiosk.clock import Clock
from kiosk.core.errands import Errand
from kiosk.visit.actions import AskOfficer, CheckPin, Identify, Join, MakeWish, SendOffer
from kiosk.visit.asked import OfficerTold
from kiosk.visit.booking import Booking, Monitoring, Person, Place, Privacy
from kiosk.visit.events import (
    CardIdentified,
    Declined,
    Event,
    JoinGranted,
    OfferAnswered,
    PinNeeded,
    PinWrong,
)
from kiosk.visit.media import MediaEntry
from kiosk.visit.reasons import Refusal
from kiosk.visit.stages import Visit
from kiosk.visit.support_events import WishHeard
from tests.ui.samples import NOW_S, START, UTC_NOW

HERE = Place("MDI", "Hall A")
SAM = Person("A1234BC", "Sam")


def booking(reference: str = "V1", **changes: object) -> Booking:
    """A visit with Mum at 14:00 here, which may be joined from 13:50 on."""
    usual: dict[str, object] = {
        "place": HERE,
        "opens_at": START - timedelta(minutes=10),
        "starts_at": START,
        "ends_at": START + timedelta(minutes=45),
        "cancelled": False,
        "privacy": Privacy.SOCIAL,
        "visitors": ("Mum",),
    }
    return Booking(reference, **(usual | changes))  # type: ignore[arg-type]


@dataclass
class Holder:
    """Somebody with a card, what is booked for them, and the PIN that they must know, if any."""

    person: Person = SAM
    bookings: tuple[Booking, ...] = field(default_factory=lambda: (booking(),))
    pin: str | None = None
    tries_left: int = 3


class Prison:
    """Answers every errand at once; `answer` takes what it says."""

    def __init__(self, clock: Clock, answer: Callable[[Event], None]) -> None:
        self.holders: dict[str, Holder] = {}
        self.asked: list[Errand] = []
        self.officer_sees = False
        self.is_silent = False
        """Nothing is answered any more."""
        self.monitoring: Monitoring = "possible"
        self._clock = clock
        self._answer = answer

    def begin(self, errand: Errand) -> None:
        self.asked.append(errand)
        if self.is_silent:
            return
        match errand:
            case Identify(card, asked_at):
                self._answer(self._identified(card.value, asked_at))
            case CheckPin(number, asked_at, pin):
                self._answer(self._checked(self.holders[number], asked_at, pin))
            case Join(reference, number, _, asked_at):
                self._answer(JoinGranted(asked_at, self._granted(errand, reference, number)))
            case SendOffer(_, call, join_id, medium):
                self._answer(OfferAnswered(call, join_id, medium, "answer"))
            case AskOfficer(asked_at):
                self._answer(OfficerTold(asked_at, "R1", seen=self.officer_sees))
            case MakeWish(reference, wish):
                self._answer(WishHeard(reference, wish, taken=True))

    def seek_service(self) -> None:
        """It can be heard all the time."""

    def hang_up_all(self) -> None:
        """It keeps no connections."""

    def _identified(self, number: str, asked_at: float) -> Event:
        holder = self.holders.get(number)
        if holder is None:
            return Declined(asked_at, Refusal.UNKNOWN_CARD)
        if holder.pin is not None:
            return PinNeeded(asked_at, number, holder.tries_left, holder.person.access)
        return self._known(holder, asked_at)

    def _checked(self, holder: Holder, asked_at: float, pin: str) -> Event:
        if pin == holder.pin:
            return self._known(holder, asked_at)
        holder.tries_left -= 1
        if holder.tries_left == 0:
            return Declined(asked_at, Refusal.PIN_WRONG)
        return PinWrong(asked_at, holder.tries_left)

    def _known(self, holder: Holder, asked_at: float) -> Event:
        utc = self._clock.utc()
        return CardIdentified(asked_at, holder.person, holder.bookings, HERE, utc)

    def _granted(self, asked: Join, reference: str, number: str) -> Visit:
        booked = next(b for b in self.holders[number].bookings if b.reference == reference)
        starts_at_s, ends_at_s = (
            NOW_S + (moment - UTC_NOW).total_seconds()
            for moment in (booked.starts_at, booked.ends_at)
        )
        assert booked.privacy is not None
        return Visit(
            reference=reference,
            card=asked.card,
            visitors=booked.visitors,
            starts_at=booked.starts_at,
            starts_at_s=starts_at_s,
            ends_at_s=ends_at_s,
            latest_end_s=ends_at_s + 600,
            wait_until_s=starts_at_s + 600,
            privacy=booked.privacy,
            monitoring=self.monitoring,
            unsupervised_limit_s=60,
            media=(MediaEntry(f"/visits/{reference}/media/0", "sendrecv", "terminal"),),
            ice_servers=(),
            relay_only=False,
        )
