"""The laws of a visit hold whatever happens, in whatever order, however late."""

from dataclasses import replace
from datetime import timedelta
from typing import get_args

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from kiosk.visit import next_deadline
from kiosk.visit.actions import AskOffer, CheckCard, CheckPin, Identify, Join
from kiosk.visit.booking import Booking, BookingChanged, Card, Monitoring, Privacy
from kiosk.visit.events import (
    AnswerMade,
    BookingCancelled,
    CallConnected,
    CallHeard,
    CallLost,
    CallMeasured,
    CallPaused,
    CallSilent,
    CardIdentified,
    CardPresented,
    Declined,
    EndMoved,
    EndOrdered,
    Event,
    HoldOrdered,
    HoldReleased,
    JoinGranted,
    MonitoringChanged,
    OfferAnswered,
    OfferCame,
    OfferFailed,
    OfferMade,
    OfficerSaid,
    PinNeeded,
    PinTyped,
    PinWrong,
    TimeGiven,
    Touched,
    VisitorCame,
    VisitorInLobby,
    VisitorLeft,
    VisitorReady,
)
from kiosk.visit.reasons import (
    Ending,
    HeldReason,
    NoAnswer,
    Prepared,
    Rating,
    Refusal,
    Touch,
    Wish,
)
from kiosk.visit.stages import (
    CheckingCard,
    Choice,
    Connecting,
    EnterPin,
    Idle,
    InVisit,
    Seconds,
    Visit,
    Visitor,
    WaitingRoom,
    Welcome,
)
from kiosk.visit.support_events import CardKnown, WishHeard
from tests.visit.happening import (
    AGES,
    BOOKINGS,
    CARDS,
    ENDINGS,
    HOLDS,
    LATE,
    MILLISECONDS,
    NOISE,
    PAGES,
    REFERENCES,
    SPANS_S,
    late_things,
)
from tests.visit.laws import line_of, visit_of
from tests.visit.samples import (
    BOOKING,
    CARD,
    HERE,
    OTHER_CARD,
    PAGE,
    RELAYED,
    TWO,
    VISIT,
)
from tests.visit.world import HOLDERS, SECRET, Question, World


class AnyVisit(RuleBasedStateMachine):
    """A terminal to which anything may happen; `World` checks the laws at every step."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()

    @initialize(steps=st.integers(0, 9), pin=st.booleans(), late=LATE)
    def much_went_well(self, steps: int, pin: bool, late: int | None) -> None:
        self.all_goes_well(steps, pin, late)

    @rule(steps=st.integers(1, 9), pin=st.booleans(), late=LATE)
    def all_goes_well(self, steps: int, pin: bool, late: int | None) -> None:
        """The visit comes about, step by step, and before each step something comes too late."""
        for _ in range(steps):
            if late is not None:
                too_late = late_things(self.world.stage, self.world.now)
                self.world.post(too_late[late % len(too_late)])
            event = self._next_good_thing(pin)
            if event is not None:
                self.world.post(event)

    @rule(by_ms=MILLISECONDS, lag_ms=st.sampled_from([0, 0, 5]))
    def time_passes(self, by_ms: int, lag_ms: int) -> None:
        self.world.pass_time(by_ms, lag_ms)

    @rule(short_of_ms=st.sampled_from([-5, 0, 2]))
    def it_is_nearly_the_next_deadline(self, short_of_ms: int) -> None:
        due = next_deadline(self.world.stage)
        if due is not None:
            self.world.pass_time(max(0.0, due * 1000 - self.world.now_ms - short_of_ms))

    @rule(event=NOISE)
    def something_senseless_comes(self, event: Event) -> None:
        self.world.post(event)

    @rule(card=CARDS)
    def a_card_is_shown(self, card: Card) -> None:
        self.world.post(CardPresented(card))

    @rule(touch=st.sampled_from(Touch), choice=st.sampled_from(["", "0", "1", "2", "-1", "x"]))
    def the_screen_is_touched(self, touch: Touch, choice: str) -> None:
        self.world.post(Touched(touch, choice))

    @rule(place=st.sampled_from(["0", "1"]))
    def they_choose(self, place: str) -> None:
        self.world.post(Touched(Touch.CHOOSE, place))

    @rule(booking=BOOKINGS, minutes=st.sampled_from([-60, 0, 1, 60]))
    def a_booking_is_changed(self, booking: Booking, minutes: int) -> None:
        self.world.post(BookingChanged(booking, HERE, TWO + timedelta(minutes=minutes)))

    @rule(reference=REFERENCES, key=st.sampled_from(Prepared))
    def phrases_are_chosen(self, reference: str, key: Prepared) -> None:
        self.world.choose_phrases(reference, key)

    @rule()
    def a_pin_is_typed(self) -> None:
        self.world.post(PinTyped(SECRET))

    @rule()
    def they_leave(self) -> None:
        self.world.leave()

    @precondition(lambda self: self.world.questions)
    @rule(age=AGES, lasts_s=SPANS_S)
    def the_service_says_yes(self, age: int, lasts_s: float) -> None:
        self.world.post(self.yes(self.world.take_question(age), lasts_s))

    @precondition(lambda self: self.world.questions)
    @rule(age=AGES, reason=st.sampled_from(Refusal))
    def the_service_says_no(self, age: int, reason: Refusal) -> None:
        self.world.post(Declined(self.world.take_question(age).asked_at, reason))

    @precondition(lambda self: self.world.questions)
    @rule(age=AGES, tries_left=st.integers(0, 3))
    def the_service_speaks_of_a_pin(self, age: int, tries_left: int) -> None:
        match self.world.take_question(age):
            case Identify(card, asked_at):
                self.world.post(PinNeeded(asked_at, card.value, tries_left))
            case CheckPin(asked_at=asked_at) | Join(asked_at=asked_at):
                self.world.post(PinWrong(asked_at, tries_left))

    @rule(reference=REFERENCES)
    def a_page_is_opened(self, reference: str) -> None:
        self.world.post(VisitorCame(reference))

    @rule(reference=REFERENCES, page=PAGES)
    def a_page_is_ready(self, reference: str, page: Visitor) -> None:
        self.world.post(VisitorReady(reference, page))

    @rule(reference=REFERENCES, page=PAGES)
    def a_page_is_closed(self, reference: str, page: Visitor) -> None:
        self.world.post(VisitorLeft(reference, page.join_id))

    @rule(reference=REFERENCES, present=st.booleans())
    def a_page_is_in_the_lobby(self, reference: str, present: bool) -> None:
        self.world.post(VisitorInLobby(reference, present))

    @precondition(lambda self: self.world.offers)
    @rule(age=AGES)
    def an_offer_is_answered(self, age: int) -> None:
        offer = self.world.take_offer(age)
        came = OfferCame if isinstance(offer, AskOffer) else OfferAnswered
        self.world.post(came(offer.call, offer.join_id, offer.medium, "answer"))

    @precondition(lambda self: self.world.offers)
    @rule(age=AGES, reason=st.sampled_from(NoAnswer))
    def an_offer_fails(self, age: int, reason: NoAnswer) -> None:
        offer = self.world.take_offer(age)
        self.world.post(OfferFailed(offer.call, offer.join_id, reason))

    @precondition(lambda self: self.world.calls)
    @rule(age=AGES)
    def an_answer_is_made(self, age: int) -> None:
        self.world.post(AnswerMade(self.call(age), 1, "answer"))

    @rule(reference=REFERENCES, monitoring=st.sampled_from(get_args(Monitoring)))
    def somebody_watches_or_stops(self, reference: str, monitoring: Monitoring) -> None:
        self.world.post(MonitoringChanged(reference, monitoring))

    @precondition(lambda self: self.world.calls)
    @rule(age=AGES)
    def a_call_connects(self, age: int) -> None:
        self.world.post(CallConnected(self.call(age)))

    @precondition(lambda self: self.world.calls)
    @rule(age=AGES)
    def a_call_breaks(self, age: int) -> None:
        self.world.post(CallLost(self.call(age)))

    @precondition(lambda self: self.world.calls)
    @rule(age=AGES)
    def a_call_is_silent(self, age: int) -> None:
        self.world.pass_time(0.0)
        self.world.post(CallSilent(self.call(age), self.world.now + 0.001))

    @precondition(lambda self: self.world.calls)
    @rule(age=AGES, after=st.sampled_from([CallHeard, CallPaused]))
    def a_call_is_heard_again(self, age: int, after: type[CallHeard | CallPaused]) -> None:
        self.world.post(after(self.call(age)))

    @precondition(lambda self: self.world.calls)
    @rule(age=AGES, frozen_s=st.sampled_from([0.0, 0.4, 0.7, 5.0]), weak=st.booleans())
    def a_call_is_measured(self, age: int, frozen_s: Seconds, weak: bool) -> None:
        self.world.post(CallMeasured(self.call(age), frozen_s, weak))

    @precondition(lambda self: self.world.calls and not self.world.offer_was_made())
    @rule()
    def an_offer_is_made(self) -> None:
        self.world.post(OfferMade(self.world.calls[-1], 0, "offer"))

    @precondition(lambda self: len(self.world.calls) > 1)
    @rule(age=st.integers(1, 3))
    def an_old_offer_turns_up(self, age: int) -> None:
        self.world.post(OfferMade(self.call(age), 0, "old"))

    @precondition(lambda self: self.world.kiosk_call.reachable)
    @rule(killed=st.booleans())
    def kiosk_call_goes_away(self, killed: bool) -> None:
        self.world.lose_call(killed)

    @precondition(lambda self: not self.world.kiosk_call.reachable)
    @rule()
    def kiosk_call_comes_back(self) -> None:
        self.world.find_call()

    @rule()
    def kiosk_core_is_killed(self) -> None:
        self.world.kill_core()

    @rule(reference=REFERENCES, reason=HOLDS)
    def an_officer_holds(self, reference: str, reason: HeldReason) -> None:
        self.world.post(HoldOrdered(reference, reason))

    @rule(reference=REFERENCES)
    def an_officer_releases(self, reference: str) -> None:
        self.world.post(HoldReleased(reference))

    @rule(reference=REFERENCES)
    def an_officer_writes(self, reference: str) -> None:
        self.world.post(OfficerSaid(reference, "Hello"))

    @rule(reference=REFERENCES, by_s=SPANS_S)
    def the_end_is_moved(self, reference: str, by_s: float) -> None:
        visit = visit_of(self.world.stage)
        ends_at_s = visit.ends_at_s if visit else self.world.now
        self.world.post(EndMoved(reference, ends_at_s + by_s))

    @rule(reference=REFERENCES, by_s=SPANS_S)
    def time_is_given_back(self, reference: str, by_s: float) -> None:
        visit = visit_of(self.world.stage)
        ends_at_s = visit.ends_at_s if visit else self.world.now
        self.world.post(TimeGiven(reference, ends_at_s + by_s, max(0.0, by_s)))

    @rule(reference=REFERENCES, reason=ENDINGS)
    def the_end_is_ordered(self, reference: str, reason: Ending) -> None:
        self.world.post(EndOrdered(reference, reason))

    @rule(reference=REFERENCES)
    def the_booking_is_cancelled(self, reference: str) -> None:
        self.world.post(BookingCancelled(reference))

    @rule(touch=st.sampled_from(Touch), choice=st.sampled_from([*Rating, "neither"]))
    def a_choice_is_touched(self, touch: Touch, choice: str) -> None:
        self.world.post(Touched(touch, choice))

    @rule(reference=REFERENCES, wish=st.sampled_from(Wish), taken=st.booleans())
    def a_wish_is_heard(self, reference: str, wish: Wish, taken: bool) -> None:
        self.world.post(WishHeard(reference, wish, taken))

    @rule(lost=st.booleans())
    def the_service_is_lost_or_back(self, lost: bool) -> None:
        self.world.lose_service() if lost else self.world.find_service()

    @rule(broken=st.booleans())
    def a_part_breaks_or_is_mended(self, broken: bool) -> None:
        self.world.mend(broken)

    def call(self, age: int) -> int:
        return self.world.calls[max(0, len(self.world.calls) - 1 - age)]

    def _next_good_thing(self, pin: bool) -> Event | None:
        stage, line = self.world.stage, line_of(self.world.stage)
        match stage:
            case Idle():
                return CardPresented(CARD)
            case CheckingCard(card, asked_at) if pin:
                return PinNeeded(asked_at, card.value, 3)
            case CheckingCard() | EnterPin(asked_at=float()) | Welcome(asked_at=float()):
                return (
                    self.yes(self.world.take_question(0), 900.0) if self.world.questions else None
                )
            case EnterPin():
                return PinTyped(SECRET)
            case Choice():
                return Touched(Touch.CHOOSE, str(stage.standing[0]))
            case Welcome():
                return Touched(Touch.JOIN)
            case WaitingRoom(visit=visit) | InVisit(visit=visit) if line and not line.sent:
                if line.visitor is None:
                    return VisitorReady(visit.reference, PAGE)
                return None if self.world.offer_was_made() else OfferMade(line.call, 0, "offer")
            case Connecting() | InVisit() if line and not line.up:
                return CallConnected(line.call)
            case _:
                return None

    def yes(self, question: Question, lasts_s: float) -> Event:
        match question:
            case Identify(card, asked_at):
                return self._known(card, asked_at)
            case CheckCard(asked_at=asked_at):
                return CardKnown(asked_at)
            case CheckPin(identification, asked_at):
                return self._known(CARD if identification == CARD.value else OTHER_CARD, asked_at)
            case Join(reference, card=card, asked_at=asked_at):
                return JoinGranted(asked_at, self._visit(reference, card, lasts_s))

    def _known(self, card: Card, asked_at: float) -> Event:
        """The other person may choose: one visit now, and one that opens soon or much later."""
        if card == CARD:
            return CardIdentified(asked_at, HOLDERS[card], (BOOKING,), HERE, TWO)
        now: Booking = replace(BOOKING, reference="V2")
        later = replace(
            BOOKING,
            reference="V3",
            opens_at=TWO + timedelta(minutes=2 if asked_at % 2 < 1 else 50),
            starts_at=TWO + timedelta(hours=1),
            ends_at=TWO + timedelta(hours=2),
        )
        return CardIdentified(asked_at, HOLDERS[card], (now, later), HERE, TWO)

    def _visit(self, reference: str, card: Card, lasts_s: float) -> Visit:
        """The other person's is private and goes through a media server."""
        now = self.world.now
        private = replace(RELAYED, privacy=Privacy.LEGAL, monitoring="none")
        return replace(
            VISIT if card == CARD else private,
            reference=reference,
            card=card,
            ends_at_s=now + lasts_s,
            latest_end_s=now + lasts_s + 600,
            wait_until_s=now + min(lasts_s, 120.0),
        )


TestAnyVisit = AnyVisit.TestCase
TestAnyVisit.settings = settings(max_examples=400, stateful_step_count=40, deadline=None)
