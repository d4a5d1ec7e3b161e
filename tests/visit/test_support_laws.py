"""The laws of a visit, tried where people also ask for help."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from kiosk.visit.events import CallConnected, CardPresented, Event, OfferMade, Touched
from kiosk.visit.helplines import Support, SupportCall, SupportLine
from kiosk.visit.reasons import Touch
from kiosk.visit.support_events import (
    HandsetMoved,
    HandsetUnknown,
    SupportAnswered,
    SupportAsked,
    SupportDeclined,
    SupportGranted,
    SupportUnanswered,
)
from tests.visit.happening import AGES, SPANS_S
from tests.visit.samples import CARD, LINES, granted_support
from tests.visit.test_laws import AnyVisit


class AnyHelp(AnyVisit):
    """A terminal of a site with lines that can be called."""

    @rule(lifted=st.booleans())
    def help_is_asked_for(self, lifted: bool) -> None:
        self.world.post(SupportAsked(LINES, lifted))

    @rule(line=st.sampled_from(LINES))
    def a_line_is_chosen(self, line: SupportLine) -> None:
        self.world.post(Touched(Touch.SUPPORT, line.id))

    @rule(lifted=st.booleans())
    def the_handset_is_moved(self, lifted: bool) -> None:
        self.world.post(HandsetMoved(lifted))

    @rule()
    def nobody_knows_of_the_handset(self) -> None:
        self.world.post(HandsetUnknown())

    @precondition(lambda self: self.world.help_asked)
    @rule(age=AGES, lasts_s=SPANS_S)
    def a_line_may_be_called(self, age: int, lasts_s: float) -> None:
        asked = self.world.take_help(age)
        grant = granted_support(self.world.now + lasts_s, f"s{asked.asked_at}")
        self.world.post(SupportGranted(asked.asked_at, grant))

    @precondition(lambda self: self.world.help_asked)
    @rule(age=AGES)
    def a_line_may_not_be_called(self, age: int) -> None:
        self.world.post(SupportDeclined(self.world.take_help(age).asked_at))

    @precondition(lambda self: self.world.calls)
    @rule(age=AGES)
    def a_line_answers(self, age: int) -> None:
        self.world.post(SupportAnswered(self.call(age), "answer"))

    @precondition(lambda self: self.world.calls)
    @rule(age=AGES)
    def a_line_does_not_answer_yet(self, age: int) -> None:
        self.world.post(SupportUnanswered(self.call(age)))

    @rule(steps=st.integers(1, 6), line=st.sampled_from(LINES))
    def a_line_is_called(self, steps: int, line: SupportLine) -> None:
        """All goes well, step by step."""
        for asked in (SupportAsked(LINES, lifted=True), Touched(Touch.SUPPORT, line.id)):
            self.world.post(asked)
        for _ in range(steps):
            if (event := self._next_help(line)) is not None:
                self.world.post(event)

    def _next_help(self, line: SupportLine) -> Event | None:
        match self.world.stage:
            case Support(asked_at=None) if line.needs_card:
                return CardPresented(CARD)
            case Support(asked_at=float()) if self.world.questions:
                return self.yes(self.world.take_question(0), 900.0)
            case SupportCall(grant=None, asked_at=asked_at) if self.world.help_asked:
                self.world.take_help(0)
                grant = granted_support(self.world.now + 600, f"s{asked_at}")
                return SupportGranted(asked_at, grant)
            case SupportCall(sdp=None) if self.world.calls and not self.world.offer_was_made():
                return OfferMade(self.world.calls[-1], 0, "offer")
            case SupportCall(sdp=str(), call=call, live_since=None):
                return CallConnected(call)
            case _:
                return None


TestAnyHelp = AnyHelp.TestCase
TestAnyHelp.settings = settings(max_examples=300, stateful_step_count=40, deadline=None)
