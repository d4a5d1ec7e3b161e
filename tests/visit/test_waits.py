"""Every screen of a person is cleared when they are gone, and not while they are there."""

from dataclasses import replace

import pytest

from kiosk.visit.actions import AskOfficer, EndCall, LeaveVisit
from kiosk.visit.beside import next_moment
from kiosk.visit.events import (
    CardIdentified,
    CardPresented,
    CardUnreadable,
    Event,
    JoinGranted,
    OfferFailed,
    OfferMade,
    Tick,
    Touched,
    VisitorInLobby,
    VisitorReady,
)
from kiosk.visit.helplines import SupportCall
from kiosk.visit.manner import Mode, Wishes
from kiosk.visit.patience import (
    AWAY_S,
    BAD_ENDING_S,
    CUE_S,
    LEAVE_QUESTION_S,
    NOTICE_S,
    PHRASE_S,
    REST_S,
    SLOW_TIMES,
    STAYS,
    WELCOME_S,
)
from kiosk.visit.phrases import VisitorSaid
from kiosk.visit.reasons import Ending, NoAnswer, OutOfOrder, Prepared, Touch
from kiosk.visit.stages import (
    CheckingCard,
    Connecting,
    Goodbye,
    Idle,
    InVisit,
    OutOfService,
    Stage,
    WaitingRoom,
    Welcome,
)
from kiosk.visit.waits import can_stay, leaves_at
from tests.visit.beside import Hall, standing
from tests.visit.samples import (
    BOOKING,
    CARD,
    HERE,
    OTHER_CARD,
    PAGE,
    SAM,
    TWO,
    VISIT,
    in_visit,
    lasting,
)
from tests.visit.situations import situations

STAGES = [situation.stage for situation in situations()]
STAY = Touched(Touch.STAY)
SLOW = Touched(Touch.ACCESS, "slow")
UNPERSONAL = (Idle, OutOfService, CheckingCard, SupportCall, InVisit)
"""Nobody's, no more than seconds long, or a call or visit itself, which has its own end."""


def welcome() -> Hall:
    """A person reads who they are, since this moment."""
    hall = standing(Idle()).happens(CardPresented(CARD))
    return hall.happens(CardIdentified(0.0, SAM, (BOOKING,), HERE, TWO))


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: type(stage).__name__)
def test_every_screen_of_a_person_has_a_moment_at_which_it_is_cleared(stage: Stage) -> None:
    if not isinstance(stage, UNPERSONAL):
        assert hasattr(stage, "leave_at"), "what holds a name must not stand for ever"
        if getattr(stage, "asked_at", None) is None:
            assert leaves_at(stage) == stage.leave_at


def test_a_touch_gives_the_screen_its_whole_time_anew() -> None:
    hall = welcome().after(50, STAY)
    assert leaves_at(hall.stage) == 50 + WELCOME_S
    assert isinstance(hall.after(WELCOME_S - 1, Tick()).stage, Welcome)
    assert hall.after(1, Tick()).stage == Idle()


@pytest.mark.parametrize("touch", [Touch.ASK_OFFICER, Touch.LANGUAGE])
def test_who_asks_for_an_officer_or_another_language_is_still_here(touch: Touch) -> None:
    hall = welcome().after(WELCOME_S - 1, Touched(touch))
    assert leaves_at(hall.stage) == 2 * WELCOME_S - 1
    assert isinstance(hall.after(WELCOME_S - 1, Tick()).stage, Welcome)


def test_a_screen_can_not_be_held_for_ever() -> None:
    hall = welcome()
    while isinstance(hall.stage, Welcome):
        hall.after(5, STAY)
    assert hall.now <= (1 + STAYS) * WELCOME_S + 5
    assert hall.now >= (1 + STAYS) * WELCOME_S


def test_it_is_told_whether_a_touch_still_helps() -> None:
    hall = welcome()
    assert can_stay(hall.stage, hall.standing.beside.wait)
    for _ in range(2 * STAYS):
        hall.after(WELCOME_S - 1, STAY)
        if leaves_at(hall.stage) == (1 + STAYS) * WELCOME_S:
            break
    assert not can_stay(hall.stage, hall.standing.beside.wait)


def test_fifty_touches_a_second_move_the_moment_once_a_second() -> None:
    hall, moved = welcome(), 0
    hall.after(10, Tick())
    for _ in range(500):
        before = leaves_at(hall.stage)
        hall.after(0.02, STAY)
        moved += leaves_at(hall.stage) != before
    assert moved <= 11


def test_who_waits_for_the_service_is_not_waited_for() -> None:
    joining = welcome().happens(Touched(Touch.JOIN))
    assert leaves_at(joining.stage) is None
    before = joining.stage
    assert joining.happens(STAY).stage == before


def waiting(*first: Event) -> Hall:
    """A person waits for somebody who is in the lobby, and was granted their visit at this moment."""
    hall = welcome()
    for event in first:
        hall.happens(event)
    hall.happens(Touched(Touch.JOIN)).happens(JoinGranted(0.0, VISIT))
    return hall.happens(VisitorInLobby("V1", True))


def test_who_walks_off_from_the_waiting_room_leaves_no_name_and_no_picture_there() -> None:
    hall = waiting().after(AWAY_S - 1, Tick())
    assert type(hall.stage) is WaitingRoom
    call = hall.stage.line.call
    hall.after(1, Tick())
    assert hall.done[-2:] == [EndCall(call), LeaveVisit("V1", Ending.NOT_WANTED, 0.0)]
    assert hall.standing.stage == Goodbye(Ending.NOT_WANTED, 0.0, AWAY_S + BAD_ENDING_S, visit="V1")
    assert hall.after(BAD_ENDING_S, Tick()).stage == Idle()


@pytest.mark.parametrize("sign", [STAY, Touched(Touch.TONE), CardPresented(CARD)])
def test_who_waits_for_their_visitor_may_say_to_the_end_that_they_are_here(sign: Event) -> None:
    hall = waiting()
    while hall.now + AWAY_S < VISIT.ends_at_s:
        assert can_stay(hall.stage, hall.standing.beside.wait)
        hall.after(AWAY_S - 1, sign)
        assert isinstance(hall.stage, WaitingRoom)
    assert hall.after(VISIT.ends_at_s - hall.now, Tick()).stage.reason is Ending.TIME_UP


def test_the_card_of_another_does_not_say_that_one_is_here() -> None:
    before = leaves_at(waiting().stage)
    assert leaves_at(waiting().after(9, CardPresented(OTHER_CARD)).stage) == before


def test_no_attempt_at_a_call_puts_off_that_the_waiting_room_is_cleared() -> None:
    hall = waiting().after(10, STAY)
    leave_at, attempts = leaves_at(hall.stage), 0
    while isinstance(hall.stage, WaitingRoom | Connecting):
        assert leaves_at(hall.stage) == leave_at
        assert can_stay(hall.stage, hall.standing.beside.wait)
        hall.happens(OfferMade(hall.stage.line.call, 0, "offer"))
        hall.after(1, VisitorReady("V1", PAGE))
        if isinstance(hall.stage, Connecting):
            attempts += 1
            failed = OfferFailed(hall.stage.line.call, PAGE.join_id, NoAnswer.SILENCE)
            hall.after(2, failed)
    assert attempts > 10
    assert hall.stage.reason is Ending.NOT_WANTED
    assert leave_at == 10 + AWAY_S


def test_who_is_slow_may_wait_twice_as_long_untouched() -> None:
    assert leaves_at(waiting(SLOW).stage) == SLOW_TIMES * AWAY_S


def test_who_is_slow_gets_twice_the_time_for_the_screen_they_are_at() -> None:
    hall = welcome().after(50, SLOW)
    assert leaves_at(hall.stage) == 50 + SLOW_TIMES * WELCOME_S


def test_switching_it_again_and_again_holds_no_screen() -> None:
    hall = welcome()
    while isinstance(hall.stage, Welcome):
        hall.after(5, SLOW)
    assert hall.now <= SLOW_TIMES * (1 + STAYS) * WELCOME_S + 10


def test_everything_waits_twice_as_long_for_who_is_slow() -> None:
    hall = standing(in_visit())
    hall.now = 5.0
    hall.happens(SLOW).happens(Touched(Touch.LEAVE))
    assert hall.stage.leave_asked_until == 5 + SLOW_TIMES * LEAVE_QUESTION_S
    idle = standing(Idle()).happens(SLOW).happens(CardUnreadable())
    assert idle.stage.hint.until == SLOW_TIMES * NOTICE_S


def test_what_is_told_of_the_time_left_stands_twice_as_long_for_who_is_slow() -> None:
    for slow in (False, True):
        hall = in_the_visit(slow)
        ends_at_s = hall.stage.visit.ends_at_s
        stands_s = CUE_S * (SLOW_TIMES if slow else 1)
        hall.after(ends_at_s - 300 - hall.now, Tick())
        assert hall.stage.cues.minutes == 5
        hall.after(stands_s - 1, Tick())
        assert hall.stage.cues.minutes == 5
        hall.after(1, Tick())
        assert hall.stage.cues.minutes is None


@pytest.mark.parametrize(
    "said", [Touched(Touch.PHRASE, Prepared.YES), VisitorSaid("V1", Prepared.YES)]
)
def test_a_prepared_phrase_stands_twice_as_long_for_who_is_slow(said: Event) -> None:
    for slow in (False, True):
        hall = in_the_visit(slow).after(10, said)
        stands_s = PHRASE_S * (SLOW_TIMES if slow else 1)
        hall.after(stands_s - 1, Tick())
        assert hall.stage.phrase is not None
        hall.after(1, Tick())
        assert hall.stage.phrase is None


def in_the_visit(slow: bool) -> Hall:
    """Two talk, and one of them may have asked for more time."""
    hall = standing(in_visit(lasting(400)))
    hall.now = 10.0
    return hall.happens(SLOW) if slow else hall


def test_a_moment_is_put_off_once_and_not_at_each_step() -> None:
    hall = standing(Idle()).happens(SLOW).happens(CardUnreadable())
    hint = hall.stage.hint
    assert hall.happens(Touched(Touch.ACCESS)).happens(Tick()).stage.hint == hint


def test_the_law_of_time_knows_no_slowness() -> None:
    ends = in_visit().visit.ends_at_s
    hall = standing(in_visit())
    hall.now = 5.0
    assert hall.happens(SLOW).stage.visit.ends_at_s == ends
    assert isinstance(hall.after(ends - 5, Tick()).stage, Goodbye)


def test_a_goodbye_is_cleared_and_leaves_nothing_of_the_person_behind() -> None:
    hall = standing(Goodbye(Ending.LEFT, 60.0, 20.0)).happens(SLOW)
    hall.after(SLOW_TIMES * 20 + 1, Tick())
    assert hall.stage == Idle()
    assert hall.standing.beside.wishes == Wishes()
    assert hall.standing.beside.wait is None


def resting() -> Hall:
    hall = standing(OutOfService(OutOfOrder.STARTING)).happens(Touched(Touch.CLOSE))
    hall.standing = replace(hall.standing, stage=Goodbye(Ending.LEFT, 0.0, 1.0))
    hall.after(1, Tick())
    assert hall.stage == Idle()
    return hall.after(REST_S, Tick())


def test_an_idle_screen_rests_after_a_while_and_waits_for_nothing() -> None:
    hall = resting()
    assert hall.standing.beside.resting
    assert next_moment(hall.standing) is None


@pytest.mark.parametrize("event", [Touched(Touch.WAKE), CardUnreadable(), SLOW])
def test_a_screen_that_rests_wakes_at_a_touch_and_at_a_card(
    event: Touched | CardUnreadable,
) -> None:
    hall = resting().happens(event)
    assert not hall.standing.beside.resting
    assert hall.after(REST_S - 1, Tick()).standing.beside.resting is False
    assert hall.after(1, Tick()).standing.beside.resting


def test_a_screen_that_is_touched_does_not_rest() -> None:
    hall = resting().happens(Touched(Touch.WAKE))
    for _ in range(3):
        assert not hall.after(REST_S - 1, Touched(Touch.WAKE)).standing.beside.resting


def test_the_touch_that_wakes_a_screen_is_obeyed_too() -> None:
    assert resting().happens(Touched(Touch.ASK_OFFICER)).done[-1] == AskOfficer(1 + REST_S)


def test_a_mode_is_a_mode_of_the_wire_and_of_the_contract() -> None:
    assert {mode.value for mode in Mode} == {
        "large_text",
        "high_contrast",
        "light",
        "left_handed",
        "slow",
        "signing",
        "spoken",
        "phrases",
    }
