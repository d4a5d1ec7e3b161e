"""What may come to a terminal at any time, for the laws to be tried with."""

from dataclasses import replace

from hypothesis import strategies as st

from kiosk.visit.events import (
    AnswerMade,
    CallConnected,
    CallHeard,
    CallLost,
    CallPaused,
    CallSilent,
    CardIdentified,
    CardUnreadable,
    Declined,
    EndMoved,
    Event,
    JoinGranted,
    OfferAnswered,
    OfferCame,
    OfferFailed,
    OfferMade,
    PinNeeded,
    PinWrong,
    Tick,
    VisitorLeft,
)
from kiosk.visit.reasons import Ending, HeldReason, Refusal
from kiosk.visit.stages import Visitor
from tests.visit.samples import BOOKING, CARD, HERE, LEE, OTHER_CARD, TWO, VISIT

CARDS = st.sampled_from([CARD, OTHER_CARD])
REFERENCES = st.sampled_from(["V1", "V1", "V1", "V2", "V9"])
PAGES = st.builds(Visitor, st.sampled_from(["page1", "page2"]), st.booleans(), st.booleans())
MILLISECONDS = st.sampled_from([1, 50, 500, 2_000, 7_000, 16_000, 61_000, 300_000])
SPANS_S = st.sampled_from([-5.0, 0.0, 0.001, 5.0, 40.0, 300.0, 900.0])
ENDINGS = st.sampled_from([Ending.OFFICER, Ending.VISITOR_ENDED, Ending.ENDED])
HOLDS = st.sampled_from([HeldReason.OFFICER, HeldReason.RULES])
LATE = st.none() | st.integers(0, 99)
AGES = st.sampled_from([0, 0, 0, 1, 2, 5])
"""How many newer questions, offers or calls there are than the one that is spoken of."""

NUMBERS = st.integers(-1, 10**9)
MOMENTS = st.floats(-1e9, 1e9)
NOISE: st.SearchStrategy[Event] = st.one_of(
    st.builds(lambda asked_at: CardIdentified(asked_at, LEE, (BOOKING,), HERE, TWO), MOMENTS),
    st.builds(PinNeeded, MOMENTS, st.text(), st.integers(0, 9)),
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
