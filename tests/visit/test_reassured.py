"""Who could not see and hear each other for a while reads for a moment that nothing is lost by it."""

import pytest

from kiosk.visit import advance
from kiosk.visit.actions import Hold, SayPhrase
from kiosk.visit.events import (
    CallConnected,
    CallHeard,
    CallLost,
    CallMeasured,
    CallPaused,
    CallSilent,
    CardPresented,
    Event,
    HoldOrdered,
    HoldReleased,
    OfferMade,
    Touched,
)
from kiosk.visit.patience import NOTICE_S
from kiosk.visit.phrases import PhraseUnsaid
from kiosk.visit.reasons import HeldReason, Notice, Prepared, Touch
from kiosk.visit.stages import Hint, InVisit, Seconds
from tests.visit.play import play, wait
from tests.visit.samples import (
    CALL,
    OTHER_CARD,
    PAGE,
    connecting,
    in_visit,
    prepare,
    send_offer,
    waiting,
)


def remark(stage: object) -> Hint | None:
    assert isinstance(stage, InVisit)
    return stage.hint


def heard_at(*script: tuple[Seconds, Event]) -> Hint | None:
    stage = in_visit()
    for now, event in script:
        after, _ = advance(wait(stage, now), event, now)
        assert isinstance(after, InVisit)
        stage = after
    return remark(stage)


def test_a_call_that_was_away_for_a_moment_says_that_the_time_is_safe() -> None:
    stage = play(in_visit(), (20, CallPaused(CALL), []))
    assert remark(stage) == Hint(Notice.TIME_SAFE, 20 + NOTICE_S)
    assert remark(wait(stage, 20 + NOTICE_S + 1)) is None


def test_so_does_one_that_is_heard_again_after_a_silence() -> None:
    found = heard_at((22.5, CallSilent(CALL, 20)), (24, CallHeard(CALL)))
    assert found == Hint(Notice.TIME_SAFE, 24 + NOTICE_S)


def test_so_does_one_that_was_made_anew() -> None:
    stage = play(
        in_visit(),
        (20, CallLost(CALL), [prepare(20_000, attempt=2)]),
        (21, OfferMade(20_000, 0, "new"), [send_offer(20_000, PAGE, "new")]),
        (22, CallConnected(20_000), []),
    )
    assert remark(stage) == Hint(Notice.TIME_SAFE, 22 + NOTICE_S)


def test_who_meets_for_the_first_time_has_lost_nothing() -> None:
    met, _ = advance(connecting(), CallConnected(CALL), 6)
    assert remark(met) is None


@pytest.mark.parametrize(
    "script",
    [
        [(20, CallPaused(CALL - 1))],
        [(20, CallMeasured(CALL, 0.7))],
        [(22.5, CallSilent(CALL, 20)), (23, CallPaused(CALL))],
    ],
    ids=["of another call", "a picture that stood still", "a call that is silent"],
)
def test_what_says_nothing_of_it(script: list[tuple[Seconds, Event]]) -> None:
    assert heard_at(*script) is None


def test_a_call_that_is_away_again_is_not_said_to_be_back() -> None:
    assert heard_at((20, CallPaused(CALL)), (23.5, CallSilent(CALL, 21))) is None
    other = (20, CardPresented(OTHER_CARD))
    assert heard_at(other, (23.5, CallSilent(CALL, 21))) == Hint(Notice.OTHER_CARD, 20 + NOTICE_S)


def test_before_they_have_met_a_pause_means_nothing() -> None:
    assert advance(waiting(), CallPaused(CALL), 5) == (waiting(), [])


def test_in_a_visit_that_an_officer_holds_nothing_is_said_of_the_line() -> None:
    held = play(in_visit(), (20, HoldOrdered("V1", HeldReason.OFFICER), [Hold(CALL, on=True)]))
    assert remark(play(held, (21, CallPaused(CALL), []))) is None
    back = play(held, (22, HoldReleased("V1"), [Hold(CALL, on=False)]))
    assert remark(back) is None


def test_another_card_is_told_of_after_the_answer_to_an_interruption_was_read() -> None:
    stage = play(in_visit(), (20, CallPaused(CALL), []), (22, CardPresented(OTHER_CARD), []))
    safe = remark(stage)
    assert safe is not None
    assert (safe.notice, safe.until) == (Notice.TIME_SAFE, 20 + NOTICE_S)
    card = remark(wait(stage, 20 + NOTICE_S + 1))
    assert card == Hint(Notice.OTHER_CARD, 20 + NOTICE_S + NOTICE_S)
    assert remark(wait(stage, 20 + 2 * NOTICE_S + 1)) is None


def test_a_phrase_that_did_not_get_through_is_told_after_the_answer_to_an_interruption() -> None:
    said = Touched(Touch.PHRASE, Prepared.YES)
    stage = play(
        in_visit(),
        (20, said, [SayPhrase("V1", Prepared.YES, 20)]),
        (21, CallPaused(CALL), []),
        (22, PhraseUnsaid("V1", 20), []),
    )
    safe = remark(stage)
    assert safe is not None
    assert (safe.notice, safe.until) == (Notice.TIME_SAFE, 21 + NOTICE_S)
    unsaid = remark(wait(stage, 21 + NOTICE_S + 1))
    assert unsaid == Hint(Notice.PHRASE_UNSAID, 21 + 2 * NOTICE_S)


def test_another_card_is_told_of_at_once_where_the_call_is_away_again() -> None:
    script = ((20, CallPaused(CALL)), (22, CardPresented(OTHER_CARD)))
    found = heard_at(*script, (23.5, CallSilent(CALL, 21)))
    assert found == Hint(Notice.OTHER_CARD, 23.5 + NOTICE_S)
