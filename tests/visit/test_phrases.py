"""Prepared phrases and loudness: what is chosen at the screen, and what becomes of it."""

from dataclasses import replace

import pytest

from kiosk.visit import advance
from kiosk.visit.actions import Hold, SayPhrase
from kiosk.visit.booking import Privacy
from kiosk.visit.events import (
    HoldOrdered,
    MonitoringChanged,
    Touched,
)
from kiosk.visit.patience import NOTICE_S, PHRASE_AGAIN_S, PHRASE_S
from kiosk.visit.phrases import PhraseUnsaid, VisitorSaid
from kiosk.visit.reasons import HeldReason, Notice, Prepared, Touch
from kiosk.visit.stages import LOUDEST, USUAL_VOLUME, Hint, InVisit, Phrase, Stage
from tests.visit.play import play, wait
from tests.visit.samples import CALL, VISIT, in_visit, waiting


def phrase(stage: Stage) -> Phrase | None:
    assert isinstance(stage, InVisit)
    return stage.phrase


def said(key: Prepared = Prepared.I_LOVE_YOU) -> Stage:
    return play(in_visit(), (20, Touched(Touch.PHRASE, key), [SayPhrase("V1", key, 20)]))


def test_a_phrase_is_told_to_the_visitor_and_shown_here_for_a_while() -> None:
    assert phrase(said()) == Phrase(Prepared.I_LOVE_YOU, True, 20, 20 + PHRASE_S)
    assert phrase(wait(said(), 20 + PHRASE_S + 1)) is None


@pytest.mark.parametrize("key", ["", "no such phrase", "[b]I am free text[/b]", "YES"])
def test_only_what_is_prepared_can_be_said(key: str) -> None:
    assert advance(in_visit(), Touched(Touch.PHRASE, key), 20) == (in_visit(), [])


def test_a_finger_that_shakes_says_a_phrase_once() -> None:
    soon = 20 + PHRASE_AGAIN_S / 2
    assert advance(said(), Touched(Touch.PHRASE, Prepared.I_LOVE_YOU), soon) == (said(), [])
    later = 20 + PHRASE_AGAIN_S
    _, actions = advance(said(), Touched(Touch.PHRASE, Prepared.YES), later)
    assert actions == [SayPhrase("V1", Prepared.YES, later)]


def test_what_the_visitor_chose_is_shown_here() -> None:
    stage = play(in_visit(), (20, VisitorSaid("V1", Prepared.YES), []))
    assert phrase(stage) == Phrase(Prepared.YES, False, 20, 20 + PHRASE_S)
    assert phrase(play(in_visit(), (20, VisitorSaid("V9", Prepared.YES), []))) is None


def test_what_did_not_get_through_is_not_shown_as_said() -> None:
    stage = play(said(), (21, PhraseUnsaid("V1", 20), []))
    assert phrase(stage) is None
    assert isinstance(stage, InVisit)
    assert stage.hint == Hint(Notice.PHRASE_UNSAID, 21 + NOTICE_S)


def test_news_of_an_older_phrase_takes_no_newer_one_away() -> None:
    newer = play(said(), (22, VisitorSaid("V1", Prepared.NO), []))
    assert advance(newer, PhraseUnsaid("V1", 20), 23) == (newer, [])


def test_nothing_passes_while_a_visit_is_held() -> None:
    held = play(said(), (21, HoldOrdered("V1", HeldReason.OFFICER), [Hold(CALL, on=True)]))
    assert phrase(held) is None
    for event in (Touched(Touch.PHRASE, Prepared.YES), VisitorSaid("V1", Prepared.YES)):
        assert advance(held, event, 25) == (held, [])


@pytest.mark.parametrize("privacy", Privacy)
def test_in_a_visit_of_any_privacy_a_phrase_passes_both_ways(privacy: Privacy) -> None:
    stage = in_visit(replace(VISIT, privacy=privacy, monitoring="none"))
    asked, actions = advance(stage, Touched(Touch.PHRASE, Prepared.YES), 20)
    assert actions == [SayPhrase("V1", Prepared.YES, 20)]
    answered, _ = advance(asked, VisitorSaid("V1", Prepared.NO), 21)
    assert phrase(answered) == Phrase(Prepared.NO, False, 21, 21 + PHRASE_S)


@pytest.mark.parametrize("privacy", [Privacy.LEGAL, Privacy.CONFIDENTIAL])
def test_in_a_private_visit_that_somebody_watches_no_phrase_passes_either(privacy: Privacy) -> None:
    stage = in_visit(replace(VISIT, privacy=privacy, monitoring="none"))
    watched, actions = advance(stage, MonitoringChanged("V1", "watching"), 20)
    assert actions == [Hold(CALL, on=True)]
    for event in (Touched(Touch.PHRASE, Prepared.YES), VisitorSaid("V1", Prepared.YES)):
        assert advance(watched, event, 25) == (watched, [])


def test_nobody_says_anything_before_they_have_met() -> None:
    for event in (Touched(Touch.PHRASE, Prepared.YES), VisitorSaid("V1", Prepared.YES)):
        assert advance(waiting(), event, 5) == (waiting(), [])


@pytest.mark.parametrize(
    ("touch", "end"), [(Touch.VOLUME_UP, LOUDEST), (Touch.VOLUME_DOWN, 1)], ids=["up", "down"]
)
def test_it_gets_louder_and_quieter_step_by_step_and_never_silent(touch: Touch, end: int) -> None:
    stage: Stage = in_visit()
    steps = []
    for number in range(9):
        stage, actions = advance(stage, Touched(touch), 20 + number)
        assert actions == []
        assert isinstance(stage, InVisit)
        steps.append(stage.volume)
    assert abs(steps[0] - USUAL_VOLUME) == 1
    assert steps[-1] == end
