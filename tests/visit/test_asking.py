"""Asking an officer to come, from any screen, however often it is touched."""

import pytest

from kiosk.visit.actions import AskOfficer
from kiosk.visit.asked import OfficerComes, OfficerTold, OfficerUnheard
from kiosk.visit.asking import Asked, OfficerCall
from kiosk.visit.beside import resume_both
from kiosk.visit.events import CardPresented, ServiceBack, Tick, Touched
from kiosk.visit.patience import ASK_AGAIN_S, ASK_S, ASKED_S, COMING_S, UNHEARD_S
from kiosk.visit.reasons import OutOfOrder, Touch
from kiosk.visit.stages import Idle, OutOfService, Stage
from tests.visit.beside import Hall, standing
from tests.visit.samples import CARD
from tests.visit.situations import situations

STAGES = [situation.stage for situation in situations()]
ASK = Touched(Touch.ASK_OFFICER)


def asked(hall: Hall) -> list[AskOfficer]:
    return [action for action in hall.done if isinstance(action, AskOfficer)]


def state(hall: Hall) -> Asked | None:
    call = hall.standing.beside.officer
    return call.state if call is not None else None


def known() -> Hall:
    hall = standing(Idle()).happens(ASK)
    return hall.happens(OfficerTold(hall.now, "17"))


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: type(stage).__name__)
def test_an_officer_can_be_asked_from_every_screen(stage: Stage) -> None:
    hall = standing(stage).happens(ASK)
    assert asked(hall) == [AskOfficer(0.0)]
    assert hall.happens(OfficerTold(0.0, "17")).standing.beside.officer == OfficerCall(
        Asked.ASKED, 0.0, "17"
    )


def test_fifty_touches_a_second_ask_once() -> None:
    hall = standing(Idle())
    for _ in range(500):
        hall.after(0.02, ASK)
    assert len(asked(hall)) == 1


def test_an_officer_who_has_seen_it_is_coming() -> None:
    assert state(known().happens(OfficerComes("17"))) is Asked.COMING


def test_word_of_another_call_changes_nothing() -> None:
    assert state(known().happens(OfficerComes("16"))) is Asked.ASKED
    assert state(known().happens(OfficerTold(3.0, "18"))) is Asked.ASKED


def test_an_officer_who_is_quicker_than_the_answer_is_coming() -> None:
    hall = standing(Idle()).happens(ASK).happens(OfficerComes("17"))
    assert state(hall.happens(OfficerTold(0.0, "17"))) is Asked.COMING


def test_a_call_that_an_officer_had_seen_before_is_answered_by_one_who_comes() -> None:
    hall = standing(Idle()).happens(ASK)
    assert state(hall.happens(OfficerTold(0.0, "17", seen=True))) is Asked.COMING


def test_who_can_not_be_heard_is_told_so_and_can_ask_again_after_a_moment() -> None:
    hall = standing(Idle()).happens(ASK).happens(OfficerUnheard(0.0))
    assert state(hall) is Asked.UNHEARD
    assert len(asked(hall.after(ASK_AGAIN_S - 0.1, ASK))) == 1
    assert len(asked(hall.after(0.1, ASK))) == 2
    assert state(hall) is Asked.ASKING


def test_an_answer_that_never_comes_is_no_answer() -> None:
    hall = standing(Idle()).happens(ASK).after(ASK_S, Tick())
    assert state(hall) is Asked.UNHEARD
    assert state(hall.happens(OfficerTold(0.0, "17"))) is Asked.UNHEARD, "a late one is dropped"


def test_a_service_that_comes_back_is_asked_by_itself() -> None:
    hall = standing(Idle()).happens(ASK).happens(OfficerUnheard(0.0)).after(9.0, ServiceBack())
    assert asked(hall) == [AskOfficer(0.0), AskOfficer(9.0)]


def test_it_is_not_told_for_ever() -> None:
    assert state(standing(Idle()).happens(ASK).after(ASK_S + UNHEARD_S, Tick())) is None
    assert state(known().after(ASKED_S, Tick())) is None
    assert state(known().happens(OfficerComes("17")).after(COMING_S, Tick())) is None


def test_it_is_told_on_the_screens_that_follow_too() -> None:
    assert state(known().happens(CardPresented(CARD))) is Asked.ASKED


def test_a_killed_core_that_was_asking_asks_again_when_the_service_is_heard() -> None:
    hall = standing(Idle()).happens(ASK)
    hall.standing = resume_both(hall.standing, 1.0)
    assert hall.stage == OutOfService(OutOfOrder.STARTING)
    hall.after(2.0, ServiceBack())
    assert asked(hall) == [AskOfficer(0.0), AskOfficer(2.0)]


def test_a_killed_core_still_knows_that_an_officer_was_asked() -> None:
    hall = known()
    hall.standing = resume_both(hall.standing, 1.0)
    assert state(hall.happens(OfficerComes("17"))) is Asked.COMING
