"""A call that falls silent may heal as long as no new one can be made, and is made anew when it can."""

from dataclasses import replace

from kiosk.visit import next_deadline
from kiosk.visit.events import (
    CallHeard,
    CallLost,
    CallSilent,
    OfferMade,
    ServiceBack,
    ServiceLost,
    Tick,
    VisitorLeft,
    VisitorReady,
)
from kiosk.visit.patience import AGAIN_S, ANSWER_S, HEAL_S, HEALS_S, SILENT_S
from kiosk.visit.stages import InVisit, Line, Seconds
from tests.visit.play import play, wait
from tests.visit.samples import CALL, PAGE, RELOADED, in_visit, prepare, send_offer, waiting


def silent(since: Seconds = 20) -> InVisit:
    stage = play(in_visit(), (since + 2.5, CallSilent(CALL, since), []))
    assert isinstance(stage, InVisit)
    return stage


def line_of(stage: object) -> Line:
    assert isinstance(stage, InVisit)
    return stage.line


def test_a_call_that_stays_silent_is_made_anew() -> None:
    play(silent(), (20 + SILENT_S, Tick(), [prepare(25_000, attempt=2)]))


def test_a_silent_call_that_is_heard_again_goes_on() -> None:
    stage = play(silent(), (24, CallHeard(CALL), []))
    assert line_of(stage).flows
    assert line_of(wait(stage, 100)) == line_of(stage)


def test_while_the_service_is_away_a_silent_call_may_heal() -> None:
    alone = play(silent(), (23, ServiceLost(), []), (29, ServiceLost(), []))
    healed = play(alone, (30, CallHeard(CALL), []))
    assert line_of(healed).flows
    assert line_of(healed).attempt == 1


def test_a_call_that_fell_silent_after_the_service_was_lost_may_heal_too() -> None:
    alone = play(in_visit(), (18, ServiceLost(), []), (22.5, CallSilent(CALL, 20), []))
    assert line_of(alone).again_at is None


def test_a_call_that_does_not_heal_when_the_service_is_back_is_made_anew() -> None:
    play(
        silent(),
        (23, ServiceLost(), []),
        (30, ServiceBack(), []),
        (30 + HEAL_S, Tick(), [prepare(31_000, attempt=2)]),
    )


def test_a_call_that_can_not_heal_any_more_is_made_anew_at_once() -> None:
    back = play(silent(), (23, ServiceLost(), []), (20 + HEALS_S, ServiceBack(), []))
    assert next_deadline(back) == 20 + HEALS_S
    play(back, (20 + HEALS_S, Tick(), [prepare(45_000, attempt=2)]))


def test_a_service_that_is_back_soon_makes_no_new_call_sooner() -> None:
    back = play(silent(), (22.6, ServiceLost(), []), (22.7, ServiceBack(), []))
    assert line_of(back).again_at == 20 + SILENT_S


def test_while_their_page_is_closed_a_silent_call_may_heal() -> None:
    closed = play(silent(), (23, VisitorLeft("V1", "page1"), []))
    assert line_of(closed).again_at is None
    play(
        closed,
        (40, VisitorReady("V1", PAGE), []),
        (40 + HEAL_S, Tick(), [prepare(41_000, attempt=2)]),
    )


def test_a_page_that_comes_again_in_a_silence_has_time_to_be_heard() -> None:
    seen = play(silent(), (24.9, VisitorReady("V1", PAGE), []))
    assert line_of(seen).again_at == 24.9 + HEAL_S


def test_a_page_that_begins_anew_in_a_silence_is_called_at_once() -> None:
    play(silent(), (23, VisitorReady("V1", RELOADED), [prepare(23_000, attempt=2)]))


def test_what_failed_while_the_service_was_away_is_tried_as_soon_as_it_is_back() -> None:
    lost = play(
        in_visit(),
        (20, ServiceLost(), []),
        (21, CallLost(CALL), [prepare(21_000, attempt=2)]),
        (22, CallLost(21_000), []),
    )
    play(lost, (22.1, ServiceBack(), [prepare(22_100, attempt=3)]))


def test_what_was_on_its_way_when_the_service_came_back_has_little_time() -> None:
    sent = play(
        in_visit(),
        (20, ServiceLost(), []),
        (21, CallLost(CALL), [prepare(21_000, attempt=2)]),
        (22, OfferMade(21_000, 0, "new"), [send_offer(21_000, sdp="new")]),
        (23, ServiceBack(), []),
    )
    play(sent, (23 + ANSWER_S, Tick(), [prepare(24_500, attempt=3)]))


def test_a_visitor_who_comes_while_a_failed_call_waits_is_called_at_once() -> None:
    lost = play(
        in_visit(),
        (21, CallLost(CALL), [prepare(21_000, attempt=2)]),
        (22, CallLost(21_000), []),
    )
    early_s = 22 + AGAIN_S / 2
    play(lost, (early_s, VisitorReady("V1", RELOADED), [prepare(22_350, attempt=3)]))


def test_a_service_that_is_heard_as_before_changes_nothing() -> None:
    assert play(silent(), (23, ServiceBack(), [])) == silent()


def test_a_service_that_is_lost_while_somebody_waits_is_remembered() -> None:
    alone = play(waiting(), (5, ServiceLost(), []))
    assert alone == replace(waiting(), line=replace(waiting().line, cut_off=True))
    assert play(alone, (6, ServiceBack(), [])) == waiting()
