"""The fair clock: what a second was lost to, and when the service is told of it."""

from dataclasses import replace

import pytest

from kiosk.visit import advance, next_deadline
from kiosk.visit.actions import Action, ReportLost
from kiosk.visit.events import (
    CallBack,
    CallConnected,
    CallGone,
    CallHeard,
    CallLost,
    CallMeasured,
    CallSilent,
    Event,
    HoldOrdered,
    HoldReleased,
    OfferMade,
    ServiceBack,
    ServiceLost,
    Tick,
    TimeGiven,
    VisitorInLobby,
    VisitorLeft,
    VisitorReady,
)
from kiosk.visit.leaving import InPerson, talked_s
from kiosk.visit.lost import Lost
from kiosk.visit.patience import TELL_BEFORE_END_S
from kiosk.visit.reasons import HeldReason
from kiosk.visit.stages import InVisit, Seconds, Stage, WaitingRoom
from tests.visit.samples import (
    CALL,
    PAGE,
    RELOADED,
    VISIT,
    connecting,
    in_visit,
    lasting,
    reported,
    waiting,
)

MET = {"visitor": 2.0, "link": 2.0}
"""What the sample visit has lost when they meet at 6 s: it was granted at 2 s, she came at 4 s."""


def after(stage: Stage, *script: tuple[Seconds, Event]) -> tuple[InPerson, list[ReportLost]]:
    """The stage, and what the service was told of lost time."""
    told: list[Action] = []
    for at, event in script:
        while (due := next_deadline(stage)) is not None and due < at:
            stage, actions = advance(stage, Tick(), due)
            told += actions
        stage, actions = advance(stage, event, at)
        told += actions
    assert isinstance(stage, InPerson)
    return stage, [action for action in told if isinstance(action, ReportLost)]


def lost(stage: Stage, at: Seconds) -> Lost:
    assert isinstance(stage, InPerson)
    return stage.fair.at(at)


def test_what_is_waited_for_a_visitor_is_lost_to_them() -> None:
    assert lost(waiting(), 62) == Lost(visitor=60)


def test_nothing_is_lost_before_the_visit_was_to_begin() -> None:
    early = waiting(replace(VISIT, starts_at_s=30.0))
    assert lost(early, 20) == Lost()
    assert lost(early, 40) == Lost(visitor=10)


def test_a_visitor_whom_nobody_lets_in_loses_the_prisons_time() -> None:
    stage, _ = after(
        waiting(),
        (12, VisitorInLobby("V1", present=True)),
        (42, VisitorReady("V1", PAGE)),
    )
    assert lost(stage, 42) == Lost(visitor=10, prison=30)


def test_who_was_in_the_lobby_before_the_visit_was_granted_is_known_to_be() -> None:
    """The service may say so before its grant is read."""
    stage = waiting()
    told = replace(stage, visit=replace(stage.visit, visitor_in_lobby=True))
    after_it, _ = after(told, (5, VisitorInLobby("V1", present=True)))
    assert lost(after_it, 10).prison > 0


def test_when_they_meet_the_service_is_told_what_was_lost_before() -> None:
    stage, told = after(connecting(), (6, CallConnected(CALL)))
    assert told == [reported(**MET)]
    assert lost(stage, 1000) == Lost(**MET)


def test_a_call_that_is_lost_and_comes_back_was_lost_to_the_link() -> None:
    stage, told = after(
        in_visit(),
        (20, CallLost(CALL)),
        (21, OfferMade(20_000, 0, "new")),
        (30, CallConnected(20_000)),
    )
    assert told == [reported(visitor=2.0, link=12.0)]
    assert talked_s(stage, 40) == 24


def test_a_silence_is_lost_from_its_beginning_though_it_is_known_later() -> None:
    stage, told = after(in_visit(), (23, CallSilent(CALL, 20.5)), (25, CallHeard(CALL)))
    assert told == [reported(visitor=2.0, link=2.0 + 4.5)]
    assert talked_s(stage, 25) == 14.5


def test_a_silence_that_began_before_they_met_is_not_counted_twice() -> None:
    stage, _ = after(in_visit(), (7, CallSilent(CALL, 1)), (9, CallHeard(CALL)))
    assert lost(stage, 9) == Lost(visitor=2, link=2 + 3)


def test_a_hold_in_a_silence_is_lost_to_the_hold_from_the_order_on() -> None:
    stage, _ = after(
        in_visit(),
        (23, CallSilent(CALL, 20)),
        (25, HoldOrdered("V1", HeldReason.OFFICER)),
        (35, HoldReleased("V1")),
        (36, CallHeard(CALL)),
    )
    assert lost(stage, 36) == Lost(visitor=2, link=2 + 5 + 1, hold=10)


def test_a_page_that_is_gone_once_they_have_met_is_nobodys_fault() -> None:
    stage, _ = after(
        in_visit(),
        (20, VisitorLeft("V1", "page1")),
        (22, CallLost(CALL)),
        (62, VisitorReady("V1", RELOADED)),
    )
    assert lost(stage, 62) == Lost(visitor=2, link=2 + 40)


def test_what_kiosk_call_loses_is_lost_to_the_terminal() -> None:
    stage, _ = after(in_visit(), (20, CallGone()), (24, CallBack(None)))
    assert lost(stage, 24) == Lost(visitor=2, link=2, terminal=4)
    assert lost(stage, 25) == Lost(visitor=2, link=2 + 1, terminal=4)


def test_a_visit_that_nobody_can_oversee_is_lost_to_the_prison() -> None:
    limit_s = VISIT.unsupervised_limit_s
    stage, told = after(in_visit(), (20, ServiceLost()), (20 + limit_s, Tick()))
    assert lost(stage, 20 + limit_s + 9) == Lost(visitor=2, link=2, prison=9)
    _, told = after(stage, (20 + limit_s + 9, ServiceBack()))
    assert told == [reported(visitor=2.0, link=2.0, prison=9.0)]


def test_a_picture_that_stood_still_is_lost_to_the_link() -> None:
    stage, told = after(
        in_visit(),
        (20, CallMeasured(CALL, 0.5)),
        (21, CallMeasured(CALL, 0.5)),
        (22, CallMeasured(CALL, 1.25)),
        (23, CallMeasured(1999, 9.0)),
    )
    assert lost(stage, 30) == Lost(visitor=2, link=2 + 1.25)
    assert told == [reported(visitor=2.0, link=2 + 0.5), reported(visitor=2.0, link=2 + 1.25)]


def test_a_picture_that_stands_still_for_a_little_is_told_when_it_is_worth_it() -> None:
    _, told = after(in_visit(), *((20 + each, CallMeasured(CALL, 0.2 * each)) for each in range(5)))
    assert [report.lost.link for report in told] == [pytest.approx(2 + 0.6)]


def test_a_little_is_told_with_what_comes_later() -> None:
    stage, told = after(in_visit(), (20, CallSilent(CALL, 19.7)), (20.1, CallHeard(CALL)))
    assert told == []
    _, told = after(stage, (30, CallSilent(CALL, 29)), (30.5, CallHeard(CALL)))
    assert [report.lost.link for report in told] == [pytest.approx(2 + 0.4 + 1.5)]


def test_what_is_being_lost_near_the_end_is_told_before_it_once_for_each_end() -> None:
    near_s = 1800 - TELL_BEFORE_END_S
    stage, told = after(in_visit(), (1780, CallLost(CALL)), (near_s, Tick()))
    assert told == [reported(visitor=2.0, link=2.0 + near_s - 1780)]
    assert isinstance(stage, InVisit)
    given, told = after(stage, (1796, TimeGiven("V1", 1817.0, 17.0)), (1812, Tick()))
    assert told == [reported(visitor=2.0, link=2.0 + 32)]
    assert given.visit.ends_at_s == 1817
    assert given.fair.given_s == 17
    over, _ = advance(given, Tick(), 1817)
    assert not isinstance(over, InPerson)


def test_time_is_given_back_up_to_the_latest_end_and_no_further() -> None:
    stage, _ = after(in_visit(lasting(1800, latest_end_s=1830)), (50, TimeGiven("V1", 1900, 100)))
    assert stage.visit.ends_at_s == 1830


def test_a_visitor_who_came_before_the_grant_and_left_is_waited_for_to_the_end() -> None:
    stage, _ = after(
        waiting(), (3, VisitorInLobby("V1", present=True)), (4, VisitorInLobby("V1", present=False))
    )
    assert isinstance(stage, WaitingRoom)
    assert stage.visit.wait_until_s == VISIT.ends_at_s
