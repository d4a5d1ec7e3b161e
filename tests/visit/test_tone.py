"""In the waiting room a person can try whether they hear the loudspeaker, and make it as loud as they
need; it holds up nothing, and is kept into the visit.
"""

from dataclasses import replace

import pytest

from kiosk.visit import advance
from kiosk.visit.actions import GiveAnswer, Play, Survey
from kiosk.visit.events import CallConnected, OfferAnswered, OfferMade, Touched, VisitorReady
from kiosk.visit.reasons import Tone, Touch
from kiosk.visit.rules import resume
from kiosk.visit.stages import LOUDEST, USUAL_VOLUME, Connecting, InVisit, WaitingRoom
from tests.visit.play import play
from tests.visit.samples import CALL, PAGE, connecting, in_visit, send_offer, waiting

TRY = Touched(Touch.TONE)
LOUDER, QUIETER = Touched(Touch.VOLUME_UP), Touched(Touch.VOLUME_DOWN)
PLAYED = replace(waiting(), tone="played")


def test_a_tone_is_heard_at_a_touch_and_as_often_as_it_is_wanted() -> None:
    assert advance(waiting(), TRY, 5) == (PLAYED, [Play(Tone.TEST)])
    assert advance(PLAYED, TRY, 6) == (PLAYED, [Play(Tone.TEST)])


def test_the_answer_is_kept_and_can_be_changed() -> None:
    heard = play(PLAYED, (6, Touched(Touch.TONE, "yes"), []))
    assert heard == replace(PLAYED, tone="yes")
    assert play(heard, (7, Touched(Touch.TONE, "no"), [])) == replace(PLAYED, tone="no")


def test_an_answer_to_no_question_and_no_answer_change_nothing() -> None:
    assert play(waiting(), (5, Touched(Touch.TONE, "yes"), [])) == waiting()
    assert play(PLAYED, (6, Touched(Touch.TONE, "perhaps"), [])) == PLAYED


def test_the_answer_stays_while_the_wait_goes_on() -> None:
    stage = play(PLAYED, (6, OfferMade(CALL, 0, "offer"), []))
    assert isinstance(stage, WaitingRoom)
    assert stage.tone == "played"


def test_a_visitor_who_comes_is_not_kept_waiting_for_an_answer() -> None:
    stage = play(
        PLAYED, (6, OfferMade(CALL, 0, "offer"), []), (7, VisitorReady("V1", PAGE), [send_offer()])
    )
    assert isinstance(stage, Connecting)


def test_nothing_is_tried_any_more_once_the_visitor_is_here() -> None:
    assert play(connecting(), (5, TRY, [])) == connecting()
    assert play(in_visit(), (50, TRY, [])) == in_visit()


@pytest.mark.parametrize(("touch", "step"), [(LOUDER, 1), (QUIETER, -1)], ids=["up", "down"])
def test_who_changes_the_loudness_hears_the_tone_at_the_new_one_and_is_asked_again(
    touch: Touched, step: int
) -> None:
    unheard = replace(PLAYED, tone="no")
    changed = replace(PLAYED, volume=USUAL_VOLUME + step)
    assert advance(unheard, touch, 5) == (changed, [Play(Tone.TEST)])


@pytest.mark.parametrize(("touch", "end"), [(LOUDER, LOUDEST), (QUIETER, 1)], ids=["up", "down"])
def test_at_the_last_step_nothing_is_played_and_nothing_changes(touch: Touched, end: int) -> None:
    at_end = replace(waiting(), volume=end)
    assert advance(at_end, touch, 5) == (at_end, [])


def test_a_visitor_who_is_here_is_heard_before_any_tone() -> None:
    louder = replace(connecting(), volume=USUAL_VOLUME + 1)
    assert advance(connecting(), LOUDER, 5) == (louder, [])


def test_what_was_chosen_before_the_visit_holds_in_it_and_through_a_restart() -> None:
    stage = play(
        waiting(),
        (5, LOUDER, []),
        (6, OfferMade(CALL, 0, "offer"), []),
        (7, VisitorReady("V1", PAGE), [send_offer()]),
        (8, LOUDER, []),
    )
    met = play(
        stage,
        (9, OfferAnswered(CALL, "page1", 0, "answer"), [GiveAnswer(CALL, 0, "answer")]),
        (10, CallConnected(CALL), [Survey()]),
    )
    assert isinstance(met, InVisit)
    for kept in (resume(stage), met, resume(met)):
        assert isinstance(kept, WaitingRoom | InVisit)
        assert kept.volume == USUAL_VOLUME + 2
