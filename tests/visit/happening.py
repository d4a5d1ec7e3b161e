"""What may come to a terminal at any time, for the laws to be tried with."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from kiosk.visit.booking import BookingChanged
from kiosk.visit.events import (
    AnswerMade,
    BookingCancelled,
    CallConnected,
    CallHeard,
    CallLost,
    CallPaused,
    CallSilent,
    CardIdentified,
    CardUnreadable,
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
    PinNeeded,
    PinWrong,
    Tick,
    VisitorCame,
    VisitorLeft,
    VisitorReady,
)
from kiosk.visit.reasons import Ending, HeldReason, NoAnswer, Refusal
from kiosk.visit.stages import Seconds, Stage, Visitor
from kiosk.visit.support_events import CardKnown
from tests.visit.laws import line_of
from tests.visit.samples import BOOKING, CARD, HERE, LEE, OTHER_CARD, OTHER_HALL, PAGE, TWO, VISIT

CARDS = st.sampled_from([CARD, OTHER_CARD])
REFERENCES = st.sampled_from(["V1", "V1", "V1", "V2", "V3", "V9"])
PAGES = st.builds(Visitor, st.sampled_from(["page1", "page2"]), st.booleans(), st.booleans())
MILLISECONDS = st.sampled_from([1, 50, 500, 2_000, 7_000, 16_000, 61_000, 300_000])
SPANS_S = st.sampled_from([-5.0, 0.0, 0.001, 5.0, 40.0, 300.0, 900.0])
ENDINGS = st.sampled_from([Ending.OFFICER, Ending.VISITOR_ENDED, Ending.ENDED])
HOLDS = st.sampled_from([HeldReason.OFFICER, HeldReason.RULES])
LATE = st.none() | st.integers(0, 99)
AGES = st.sampled_from([0, 0, 0, 1, 2, 5])
"""How many newer questions, offers or calls there are than the one that is spoken of."""

BOOKINGS = st.builds(
    lambda reference, opens_at, fields: replace(
        BOOKING, reference=reference, opens_at=opens_at, **fields
    ),
    REFERENCES,
    st.sampled_from([BOOKING.opens_at, TWO + timedelta(minutes=2), TWO + timedelta(hours=2)]),
    st.sampled_from(
        [
            {},
            {"cancelled": True},
            {"place": OTHER_HALL},
            {"privacy": None},
            {"visitors": ("Mum", "Aisha")},
            {"starts_at": TWO + timedelta(minutes=20)},
        ]
    ),
)
NUMBERS = st.integers(-1, 10**9)
MOMENTS = st.floats(-1e9, 1e9)
NOISE: st.SearchStrategy[Event] = st.one_of(
    st.builds(lambda asked_at: CardIdentified(asked_at, LEE, (BOOKING,), HERE, TWO), MOMENTS),
    st.builds(PinNeeded, MOMENTS, st.text(), st.integers(0, 9)),
    st.builds(CardKnown, MOMENTS),
    st.builds(PinWrong, MOMENTS, st.integers(0, 9)),
    st.builds(Declined, MOMENTS, st.sampled_from(Refusal)),
    st.builds(JoinGranted, MOMENTS, st.just(replace(VISIT, reference="V9"))),
    st.builds(OfferMade, NUMBERS, st.integers(-1, 9), st.text()),
    st.builds(OfferAnswered, NUMBERS, st.text(), st.integers(-1, 9), st.text()),
    st.builds(OfferCame, NUMBERS, st.text(), st.integers(-1, 9), st.text()),
    st.builds(AnswerMade, NUMBERS, st.integers(-1, 9), st.text()),
    st.builds(OfferFailed, NUMBERS, st.text(), st.booleans()),
    st.builds(CallConnected, NUMBERS),
    st.builds(CallLost, NUMBERS),
    st.builds(CallSilent, NUMBERS, MOMENTS),
    st.builds(CallHeard, NUMBERS),
    st.builds(CallPaused, NUMBERS),
    st.builds(VisitorLeft, st.text(), st.text()),
    st.builds(EndMoved, st.text(), MOMENTS),
    st.just(Tick()),
    st.just(CardUnreadable()),
)


def late_things(stage: Stage, now: Seconds) -> list[Event]:
    """What this stage waits for, but of an earlier question, call, page or visit."""
    at = now - 0.0005  # nothing was ever asked between two milliseconds
    late: list[Event] = [
        CardIdentified(at, LEE, (BOOKING,), HERE, TWO),
        PinNeeded(at, "late", 0),
        CardKnown(at),
        PinWrong(at, 0),
        Declined(at, Refusal.SERVICE_AWAY),
        Declined(at, Refusal.MOVED),
        JoinGranted(at, replace(VISIT, reference="V9")),
        JoinGranted(at, VISIT),
        VisitorCame("V9"),
        VisitorReady("V9", PAGE),
        VisitorLeft("V9", PAGE.join_id),
        EndOrdered("V9", Ending.OFFICER),
        BookingCancelled("V9"),
        BookingChanged(replace(BOOKING, reference="V9", cancelled=True), HERE, TWO),
        HoldOrdered("V9", HeldReason.OFFICER),
        HoldReleased("V9"),
        MonitoringChanged("V9", "watching"),
    ]
    line = line_of(stage)
    if line is None:
        return late
    old, page = line.call - 1, line.visitor.join_id if line.visitor else PAGE.join_id
    return [
        *late,
        OfferMade(old, 0, "late"),
        CallConnected(old),
        CallLost(old),
        OfferAnswered(old, page, 0, "late"),
        OfferAnswered(line.call, "page0", 0, "late"),
        OfferCame(old, page, 1, "late"),
        OfferCame(line.call, "page0", 1, "late"),
        AnswerMade(old, 1, "late"),
        OfferFailed(old, page, NoAnswer.VISITOR_GONE),
        OfferFailed(line.call, "page0", NoAnswer.SILENCE),
        VisitorLeft("V9", page),
    ]
