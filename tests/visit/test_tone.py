"""In the waiting room a person can try whether they hear the loudspeaker; it holds up nothing."""

from dataclasses import replace

from kiosk.visit import advance
from kiosk.visit.actions import Play
from kiosk.visit.events import OfferMade, Touched, VisitorReady
from kiosk.visit.reasons import Tone, Touch
from kiosk.visit.stages import Connecting, WaitingRoom
from tests.visit.play import play
from tests.visit.samples import CALL, PAGE, connecting, in_visit, send_offer, waiting

TRY = Touched(Touch.TONE)
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
