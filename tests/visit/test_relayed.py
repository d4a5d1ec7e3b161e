"""A call through a media server: the service offers what the terminal plays. And who watches is shown."""

from dataclasses import replace

import pytest

from kiosk.visit.actions import (
    AskOffer,
    GiveAnswer,
    GiveOffer,
    Hold,
    SendAnswer,
    SendOffer,
    Survey,
)
from kiosk.visit.booking import Monitoring, Privacy
from kiosk.visit.events import (
    AnswerMade,
    CallConnected,
    HoldReleased,
    MonitoringChanged,
    OfferAnswered,
    OfferCame,
    OfferFailed,
    OfferMade,
    VisitorReady,
)
from kiosk.visit.patience import AGAIN_S
from kiosk.visit.reasons import HeldReason, NoAnswer
from kiosk.visit.stages import Connecting, InVisit, Stage, WaitingRoom
from tests.visit.play import play
from tests.visit.samples import CALL, PAGE, RELAYED, in_visit, waiting

SEND, PLAY = (entry.url for entry in RELAYED.media)


def asked() -> Stage:
    """Our offer was ready at 3 s, the visitor at 4 s."""
    return play(
        waiting(RELAYED),
        (3, OfferMade(CALL, 0, "ours"), []),
        (
            4,
            VisitorReady("V1", PAGE),
            [SendOffer(SEND, CALL, "page1", 0, "ours"), AskOffer(PLAY, CALL, "page1", 1)],
        ),
    )


def test_what_the_service_offers_is_answered_and_the_visit_begins_when_both_ways_are_up() -> None:
    stage = play(
        asked(),
        (5, OfferAnswered(CALL, "page1", 0, "theirs"), [GiveAnswer(CALL, 0, "theirs")]),
        (5.1, OfferCame(CALL, "page1", 1, "offer"), [GiveOffer(CALL, 1, "offer")]),
        (5.2, AnswerMade(CALL, 1, "answer"), [SendAnswer(CALL, "page1", 1, "answer")]),
        (6, CallConnected(CALL), [Survey()]),
    )
    assert isinstance(stage, InVisit)


@pytest.mark.parametrize("answered_first", [False, True])
def test_an_offer_that_the_service_can_not_make_is_asked_for_again(answered_first: bool) -> None:
    stage = asked()
    if answered_first:
        theirs = OfferAnswered(CALL, "page1", 0, "theirs")
        stage = play(stage, (4.5, theirs, [GiveAnswer(CALL, 0, "theirs")]))
    stage = play(stage, (5, OfferFailed(CALL, "page1", NoAnswer.SILENCE), []))
    assert isinstance(stage, WaitingRoom)
    assert stage.line.again_at == 5 + AGAIN_S


@pytest.mark.parametrize(
    "late", [OfferCame(1999, "page1", 1, "old"), OfferCame(CALL, "page0", 1, "old")]
)
def test_an_offer_for_an_older_call_or_page_is_left_aside(late: OfferCame) -> None:
    assert play(asked(), (5, late, [])) == asked()


def test_an_answer_of_an_older_call_is_left_aside() -> None:
    assert play(asked(), (5, AnswerMade(1999, 1, "old"), [])) == asked()


def test_an_answer_to_nothing_that_was_asked_is_left_aside() -> None:
    stage = waiting(RELAYED)
    assert play(stage, (3, AnswerMade(CALL, 1, "early"), [])) == stage


def test_who_watches_is_shown_for_as_long_as_they_do() -> None:
    watched = play(in_visit(), (10, MonitoringChanged("V1", "watching"), []))
    assert isinstance(watched, InVisit)
    assert watched.visit.monitoring == "watching"
    alone = play(watched, (20, MonitoringChanged("V1", "possible"), []))
    assert alone == in_visit()


def test_who_watches_a_recorded_visit_hides_nothing_of_the_recording() -> None:
    live = in_visit()
    recorded = replace(live, visit=replace(live.visit, monitoring="recorded"))
    watched = play(recorded, (10, MonitoringChanged("V1", "recorded_and_watching"), []))
    assert isinstance(watched, InVisit)
    assert watched.visit.monitoring == "recorded_and_watching"
    assert play(watched, (20, MonitoringChanged("V1", "recorded"), [])) == recorded


def test_who_watches_another_visit_is_not_shown() -> None:
    assert play(in_visit(), (10, MonitoringChanged("V9", "watching"), [])) == in_visit()


@pytest.mark.parametrize("privacy", [Privacy.LEGAL, Privacy.CONFIDENTIAL])
@pytest.mark.parametrize("monitoring", ["watching", "recorded_and_watching"])
def test_a_private_visit_that_somebody_watches_is_stopped_and_shown_as_watched(
    privacy: Privacy, monitoring: Monitoring
) -> None:
    live = in_visit()
    private = replace(live, visit=replace(live.visit, privacy=privacy, monitoring="none"))
    stage = play(private, (10, MonitoringChanged("V1", monitoring), [Hold(CALL, on=True)]))
    assert isinstance(stage, InVisit)
    assert (stage.visit.held, stage.visit.monitoring) == (HeldReason.RULES, monitoring)
    alone = play(stage, (20, MonitoringChanged("V1", "none"), []))
    assert isinstance(alone, InVisit)
    assert alone.visit.held is HeldReason.RULES, "an officer lets it go on, nobody else"
    play(alone, (30, HoldReleased("V1"), [Hold(CALL, on=False)]))


def test_a_call_that_is_being_connected_shows_nothing_of_who_watches_and_knows_it() -> None:
    stage = play(asked(), (5, MonitoringChanged("V1", "watching"), []))
    assert isinstance(stage, Connecting)
    assert stage.visit.monitoring == "watching"
