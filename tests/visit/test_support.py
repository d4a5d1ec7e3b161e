"""Help: from the button to a line that answers, and every way in which a call to it ends."""

from dataclasses import asdict, replace

import pytest

from kiosk.visit import advance, resume
from kiosk.visit.actions import (
    Action,
    CallSupport,
    CheckCard,
    EndCall,
    EndSupport,
    GiveAnswer,
    Identify,
    LeaveVisit,
    OfferSupport,
    PrepareSupport,
    Survey,
)
from kiosk.visit.booking import BookingChanged
from kiosk.visit.events import (
    CallBack,
    CallConnected,
    CallGone,
    CallLost,
    CardPresented,
    Declined,
    Event,
    OfferMade,
    Tick,
    Touched,
)
from kiosk.visit.helplines import HelpDesk, Support, SupportCall, SupportOver
from kiosk.visit.patience import CARD_CHECK_S, CONNECT_S, NOTICE_S, RING_S, SUPPORT_ASK_S, SUPPORT_S
from kiosk.visit.reasons import Ending, OutOfOrder, Refusal, SupportEnding, Touch
from kiosk.visit.stages import LOUDEST, CheckingCard, Idle, OutOfService, Refused, Stage
from kiosk.visit.support_events import (
    CardKnown,
    HandsetMoved,
    HandsetUnknown,
    SupportAnswered,
    SupportAsked,
    SupportDeclined,
    SupportGranted,
    SupportUnanswered,
)
from tests.visit.play import play
from tests.visit.samples import (
    BOOKING,
    CARD,
    HELPDESK,
    HERE,
    LATER,
    LINES,
    OTHER_CARD,
    SAMARITANS,
    SUPPORT_URL,
    TWO,
    UNTRUSTED,
    choosing,
    connecting,
    goodbye,
    granted_support,
    in_visit,
    joining,
    waiting,
    welcomed,
)

ASKED = SupportAsked(LINES, lifted=False)
CHOSEN = Touched(Touch.SUPPORT, SAMARITANS.id)
GRANT = granted_support()
CALL = 11_000
"""The call of every sample: its line is asked for at 11 s."""

ENDED: list[Action] = [EndCall(CALL), EndSupport("s1")]


def listed() -> Support:
    """The lines are on the screen since 10 s; the handset hangs."""
    stage = play(Idle(), (10, ASKED, []))
    assert isinstance(stage, Support)
    return stage


def asking() -> SupportCall:
    """The handset was lifted at 11 s."""
    stage = play(
        listed(),
        (10.5, CHOSEN, []),
        (11, HandsetMoved(lifted=True), [CallSupport("samaritans", 11)]),
    )
    assert isinstance(stage, SupportCall)
    return stage


def ringing() -> SupportCall:
    """The service granted the call at 12 s; our offer is with it since 13 s."""
    stage = play(
        asking(),
        (12, SupportGranted(11, GRANT), [PrepareSupport(CALL, GRANT)]),
        (13, OfferMade(CALL, 0, "offer"), [OfferSupport(SUPPORT_URL, CALL, "offer")]),
    )
    assert isinstance(stage, SupportCall)
    return stage


def talking() -> SupportCall:
    """They hear each other since 21 s."""
    stage = play(
        ringing(),
        (20, SupportAnswered(CALL, "answer"), [GiveAnswer(CALL, 0, "answer")]),
        (21, CallConnected(CALL), []),
    )
    assert isinstance(stage, SupportCall)
    return stage


def over(stage: Stage) -> tuple[SupportEnding, float]:
    assert isinstance(stage, SupportOver)
    return stage.reason, stage.talked_s


def name(stage: Stage) -> str:
    return type(stage).__name__


@pytest.mark.parametrize(
    "stage",
    [Idle(), welcomed(), goodbye(Ending.LEFT, 44, 5), Refused(Refusal.NO_BOOKING, 80)],
    ids=name,
)
def test_help_is_there_before_a_visit_and_after_one(stage: Stage) -> None:
    assert isinstance(play(stage, (10, ASKED, [])), Support)


@pytest.mark.parametrize(
    "stage",
    [joining(), waiting(), connecting(), in_visit(), OutOfService(OutOfOrder.ORDERED)],
    ids=name,
)
def test_help_does_not_end_a_visit(stage: Stage) -> None:
    assert play(stage, (5, ASKED, [])) == stage


def test_a_site_without_lines_shows_none() -> None:
    assert play(Idle(), (10, SupportAsked((), lifted=False), [])) == Idle()


def test_who_asks_for_help_before_a_visit_is_forgotten_but_for_its_time() -> None:
    stage = play(welcomed(), (10, ASKED, []))
    assert stage == Support(
        HelpDesk(LINES, False, card_known=True, visit_at=BOOKING.starts_at), 10 + SUPPORT_S
    )


def test_who_asks_for_help_where_several_visits_are_offered_is_told_of_the_first_that_still_stands() -> (
    None
):
    stage = play(choosing(), (10, ASKED, []))
    desk = HelpDesk(LINES, False, card_known=True, visit_at=BOOKING.starts_at)
    assert stage == Support(desk, 10 + SUPPORT_S)
    gone = BookingChanged(replace(BOOKING, cancelled=True), HERE, TWO)
    others = choosing(LATER, replace(LATER, reference="V6"))
    withdrawn, _ = advance(others, gone, 9)
    assert play(withdrawn, (10, ASKED, [])) == replace(
        stage, desk=replace(desk, visit_at=LATER.starts_at)
    )


def test_what_may_have_been_granted_to_a_killed_core_is_given_back_before_help() -> None:
    play(
        resume(joining()),
        (10, ASKED, [LeaveVisit("V1", Ending.NOT_WANTED, 0.0)]),
    )


def test_the_lines_make_room_by_themselves_and_when_put_away() -> None:
    assert play(listed(), (10 + SUPPORT_S, Tick(), [Survey()])) == Idle()
    assert play(listed(), (20, Touched(Touch.DONE), [Survey()])) == Idle()


def test_who_shows_a_card_at_the_lines_comes_for_a_visit() -> None:
    stage = play(listed(), (20, CardPresented(CARD), [Identify(CARD, 20)]))
    assert stage == CheckingCard(CARD, 20)


def test_an_unknown_line_is_no_line() -> None:
    assert play(listed(), (11, Touched(Touch.SUPPORT, "no-such"), [])) == listed()


def test_a_confidential_line_waits_for_the_handset() -> None:
    stage = play(listed(), (10.5, CHOSEN, []))
    assert isinstance(stage, Support)
    assert stage.chosen == SAMARITANS
    assert play(stage, (12, Touched(Touch.DONE), [])) == replace(listed(), leave_at=12 + SUPPORT_S)


def test_a_handset_that_is_up_already_is_not_asked_for() -> None:
    stage = play(
        Idle(),
        (10, SupportAsked(LINES, lifted=True), []),
        (11, CHOSEN, [CallSupport("samaritans", 11)]),
    )
    assert isinstance(stage, SupportCall)


def test_a_handset_that_was_put_down_again_is_asked_for() -> None:
    stage = play(
        Idle(),
        (10, SupportAsked(LINES, lifted=True), []),
        (10.5, HandsetMoved(lifted=False), []),
        (11, CHOSEN, []),
    )
    assert isinstance(stage, Support)


def test_a_confidential_line_needs_no_card_and_asks_for_none() -> None:
    assert asking().desk.card_known is False


def at_the_card() -> Stage:
    return play(listed(), (11, Touched(Touch.SUPPORT, HELPDESK.id), []))


def test_a_line_that_needs_a_card_is_called_once_the_service_knows_it() -> None:
    stage = play(
        at_the_card(),
        (12, CardPresented(CARD), [CheckCard(CARD, 12)]),
        (13, CardKnown(12), [CallSupport("helpdesk", 13)]),
    )
    assert isinstance(stage, SupportCall)
    assert CARD.value not in str(asdict(stage))


def test_a_card_that_the_service_does_not_know_leaves_the_line_uncalled() -> None:
    stage = play(
        at_the_card(),
        (12, CardPresented(CARD), [CheckCard(CARD, 12)]),
        (13, Declined(12, Refusal.UNKNOWN_CARD), []),
    )
    assert isinstance(stage, Support)
    assert (stage.refused, stage.asked_at) == (Refusal.UNKNOWN_CARD, None)
    assert isinstance(
        play(stage, (14, CardPresented(OTHER_CARD), [CheckCard(OTHER_CARD, 14)])), Support
    )


def test_a_card_check_without_an_answer_is_given_up() -> None:
    stage = play(
        at_the_card(),
        (12, CardPresented(CARD), [CheckCard(CARD, 12)]),
        (12 + CARD_CHECK_S, Tick(), []),
    )
    assert isinstance(stage, Support)
    assert stage.refused is Refusal.SERVICE_AWAY


def test_a_card_that_the_site_does_not_trust_is_not_asked_about() -> None:
    stage = play(at_the_card(), (12, CardPresented(UNTRUSTED), []))
    assert isinstance(stage, Support)
    assert stage.refused is Refusal.CARD_NOT_TRUSTED


def test_the_line_rings_until_somebody_answers() -> None:
    again = play(ringing(), (21, SupportUnanswered(CALL), []))
    play(again, (22, Tick(), [OfferSupport(SUPPORT_URL, CALL, "offer")]))
    assert talking().live_since == 21


def test_a_line_that_does_not_answer_is_given_up_with_what_to_do_next() -> None:
    stage = play(ringing(), (12 + RING_S, Tick(), ENDED))
    assert over(stage) == (SupportEnding.NO_ANSWER, 0.0)
    again = play(stage, (80, CHOSEN, [CallSupport("samaritans", 80)]))
    assert isinstance(again, SupportCall)
    assert isinstance(play(stage, (80, ASKED, [])), Support)


def test_an_answer_that_leads_to_no_connection_is_given_up() -> None:
    answered = play(
        ringing(), (20, SupportAnswered(CALL, "answer"), [GiveAnswer(CALL, 0, "answer")])
    )
    assert over(play(answered, (20 + CONNECT_S, Tick(), ENDED)))[0] is SupportEnding.NO_ANSWER


def test_a_service_that_says_no_or_nothing_is_told_apart_from_a_line_that_does_not_answer() -> None:
    assert over(play(asking(), (12, SupportDeclined(11), [])))[0] is SupportEnding.AWAY
    assert over(play(asking(), (11 + SUPPORT_ASK_S, Tick(), [])))[0] is SupportEnding.AWAY


def test_who_talks_by_a_handset_that_nobody_knows_of_is_not_cut_off_until_it_is_put_down() -> None:
    stage = play(talking(), (51, HandsetUnknown(), []))
    assert isinstance(stage, SupportCall)
    assert not stage.desk.lifted
    back = play(stage, (55, HandsetMoved(lifted=True), []))
    assert isinstance(back, SupportCall)
    assert back.desk.lifted
    assert over(play(stage, (55, HandsetMoved(lifted=False), ENDED))) == (SupportEnding.LEFT, 34.0)
    assert over(play(stage, (55, Touched(Touch.LEAVE), ENDED))) == (SupportEnding.LEFT, 34.0)


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (HandsetMoved(lifted=False), SupportEnding.LEFT),
        (Touched(Touch.LEAVE), SupportEnding.LEFT),
        (CallLost(CALL), SupportEnding.ENDED),
        (CallGone(), SupportEnding.BROKEN),
        (CallBack(None), SupportEnding.BROKEN),
    ],
    ids=["hung up", "left", "the line hung up", "kiosk-call died", "kiosk-call forgot it"],
)
def test_each_way_in_which_a_call_ends(event: Event, reason: SupportEnding) -> None:
    stage = play(talking(), (51, event, ENDED))
    assert over(stage) == (reason, 30.0)


def test_the_end_that_the_service_gave_ends_the_call() -> None:
    assert over(play(talking(), (1200, Tick(), ENDED))) == (SupportEnding.TIME_UP, 1179.0)
    late, actions = advance(talking(), CallConnected(CALL), 1300)
    assert (over(late), actions) == ((SupportEnding.TIME_UP, 1179.0), ENDED)


def test_a_call_that_was_granted_too_late_does_not_begin() -> None:
    stage = play(asking(), (12, SupportGranted(11, granted_support(12.0)), ENDED))
    assert over(stage) == (SupportEnding.TIME_UP, 0.0)


def test_a_card_in_a_call_is_answered_with_a_remark_and_nothing_else() -> None:
    told = play(talking(), (30, CardPresented(CARD), []))
    assert told == replace(talking(), card_told_until=30 + NOTICE_S)
    assert play(told, (30 + NOTICE_S, Tick(), [])) == talking()


@pytest.mark.parametrize(
    ("touch", "end"), [(Touch.VOLUME_UP, LOUDEST), (Touch.VOLUME_DOWN, 1)], ids=["up", "down"]
)
def test_a_line_is_made_louder_or_quieter_and_never_silent(touch: Touch, end: int) -> None:
    stage: Stage = talking()
    for step in range(LOUDEST + 1):
        stage = play(stage, (30 + step, Touched(touch), []))
    assert stage == replace(talking(), volume=end)


def test_a_grant_that_nobody_waits_for_is_given_back() -> None:
    left = play(asking(), (11.5, Touched(Touch.LEAVE), []))
    assert play(left, (12, SupportGranted(11, GRANT), [EndSupport("s1")])) == left
    play(Idle(), (12, SupportGranted(11, GRANT), [EndSupport("s1")]))


def test_a_core_that_was_killed_finds_a_call_that_goes_on() -> None:
    assert play(resume(talking()), (30, CallBack(CALL), [])) == talking()
    rung = OfferSupport(SUPPORT_URL, CALL, "offer")
    assert play(resume(ringing()), (30, CallBack(CALL), [rung])) == ringing()
    assert resume(asking()) == OutOfService(OutOfOrder.STARTING)


def test_a_killed_core_keeps_no_card_that_was_being_checked() -> None:
    checking = play(at_the_card(), (12, CardPresented(CARD), [CheckCard(CARD, 12)]))
    assert CARD.value not in str(asdict(resume(checking)))


def test_what_was_said_to_an_earlier_question_or_call_changes_nothing() -> None:
    for late in (SupportGranted(10, GRANT), SupportDeclined(10)):
        assert advance(asking(), late, 12)[0] == asking()
    of_another: list[Event] = [SupportAnswered(7, "late"), SupportUnanswered(7)]
    for event in (*of_another, CallConnected(7), CallLost(7)):
        assert play(ringing(), (14, event, [])) == ringing()


def test_nothing_is_answered_or_connected_that_was_not_offered() -> None:
    granted = play(asking(), (12, SupportGranted(11, GRANT), [PrepareSupport(CALL, GRANT)]))
    early: list[Event] = [SupportAnswered(CALL, "?"), SupportUnanswered(CALL), CallConnected(CALL)]
    for event in early:
        assert play(granted, (13, event, [])) == granted
