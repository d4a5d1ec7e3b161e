"""What is put on record of a step, and what never is."""

from dataclasses import replace

import msgspec
import pytest

from kiosk.core.audit import AuditRecord, fault_record, record_of
from kiosk.core.helping import is_helping
from kiosk.visit import advance, events
from kiosk.visit.booking import BookingChanged
from kiosk.visit.helplines import Support
from kiosk.visit.phrases import PhraseUnsaid, VisitorSaid
from kiosk.visit.reasons import (
    Ending,
    HeldReason,
    NoAnswer,
    Notice,
    OutOfOrder,
    Prepared,
    Rating,
    Refusal,
    Touch,
    Wish,
    WishState,
)
from kiosk.visit.stages import (
    Choice,
    Connecting,
    Goodbye,
    Hint,
    Idle,
    Line,
    MaintenanceDoor,
    Offered,
    OutOfService,
    Refused,
    Stage,
    WaitingRoom,
    Welcome,
)
from kiosk.visit.support_events import HandsetMoved, SupportAsked, WishHeard
from tests.core.stages import AT, CARD, EVERY_KIND, LINE, LIVE, VISIT, VISITOR
from tests.visit.samples import BOOKING, HERE, LATER, LINES, OTHER_CARD, SAM, goodbye

WAITING = WaitingRoom(VISIT, Line(1, 7), leave_at=700.0)
BEFORE_AND_AFTER = (
    Welcome(CARD, SAM, BOOKING, leave_at=60.0),
    Welcome(CARD, SAM, BOOKING, leave_at=60.0, maybe_granted=True),
    goodbye(Ending.TIME_UP, 9.0, 0.0),
    goodbye(Ending.OFFICER, 0.0, 0.0),
    Refused(Refusal.WRONG_HALL, leave_at=30.0, place="Hall B", at=AT),
    Choice(CARD, SAM, (Offered(BOOKING, 0.0), Offered(LATER, 900.0)), leave_at=60.0),
)
"""Wherever a person who is known, or was, can ask for help."""


def record(before: Stage, event: events.Event, after: Stage) -> AuditRecord:
    made = record_of(before, event, after, AT)
    assert made is not None
    return made


def test_a_refusal_is_recorded_with_its_reason() -> None:
    refused = Refused(Refusal.MOVED, 30.0)
    made = record(EVERY_KIND[1], events.Declined(1.0, Refusal.MOVED), refused)
    assert (made.event, made.stage, made.next_stage) == ("Declined", "CheckingCard", "Refused")
    assert made.detail == "moved"


def test_the_end_is_recorded_with_the_visit_that_ended() -> None:
    made = record(LIVE, events.Tick(), Goodbye(Ending.TIME_UP, 9.0, 20.0))
    assert (made.visit, made.detail) == ("v1", "time_up")


def test_a_second_card_during_a_visit_is_recorded_though_the_visit_goes_on() -> None:
    told = replace(LIVE, hint=Hint(Notice.OTHER_CARD, 9.0))
    made = record(LIVE, events.CardPresented(CARD), told)
    assert (made.stage, made.next_stage, made.detail) == ("InVisit", "InVisit", "other_card")


def test_a_second_card_is_recorded_in_the_last_minute_of_a_visit_too() -> None:
    event = events.CardPresented(OTHER_CARD)
    after, _ = advance(LIVE, event, LIVE.visit.ends_at_s - 5)
    assert record(LIVE, event, after).detail == "other_card"


def test_a_card_that_can_not_be_read_at_a_refusal_is_recorded_and_not_as_its_reason() -> None:
    refused = Refused(Refusal.MOVED, 30.0)
    told = replace(refused, hint=Hint(Notice.CARD_UNREADABLE, 9.0))
    made = record(refused, events.CardUnreadable(), told)
    assert (made.event, made.next_stage, made.detail) == ("CardUnreadable", "Refused", None)


def test_a_second_card_while_connecting_is_recorded_as_such() -> None:
    connecting = Connecting(VISIT, LINE, leave_at=700.0)
    told = replace(connecting, hint=Hint(Notice.OTHER_CARD, 9.0))
    assert record(connecting, events.CardPresented(CARD), told).detail == "other_card"


def test_a_closed_terminal_whose_reason_changes_is_recorded_with_each_reason() -> None:
    starting = OutOfService(OutOfOrder.STARTING)
    for reason in (OutOfOrder.READER_DOWN, OutOfOrder.ORDERED):
        made = record(starting, events.Broken(reason), OutOfService(reason))
        assert (made.event, made.next_stage, made.detail) == ("Broken", "OutOfService", reason)
        same = OutOfService(reason)
        assert record_of(same, events.Broken(reason), same, AT) is None


def test_a_visit_that_is_held_because_nobody_oversees_it_is_recorded_with_why() -> None:
    alone = replace(LIVE, unsupervised_since=100.0)
    held = replace(alone, visit=replace(VISIT, held=HeldReason.UNSUPERVISED))
    made = record(alone, events.Tick(), held)
    assert (made.event, made.visit, made.detail) == ("Tick", "v1", "unsupervised")
    later = replace(held, hint=None, message=None, muted=True)
    assert record_of(held, events.Tick(), later, AT) is None


def test_a_visitor_without_a_camera_is_recorded_as_such() -> None:
    for visitor, detail in ((VISITOR, None), (replace(VISITOR, camera=False), "no_camera")):
        here = replace(WAITING, line=replace(WAITING.line, visitor=visitor))
        assert record(WAITING, events.VisitorReady("v1", visitor), here).detail == detail


def test_that_a_visitors_page_was_opened_is_recorded_once() -> None:
    came = replace(WAITING, visit=replace(VISIT, wait_until_s=VISIT.ends_at_s))
    opened = events.VisitorCame("v1")
    made = record(WAITING, opened, came)
    assert (made.event, made.stage, made.visit) == ("VisitorCame", "WaitingRoom", "v1")
    assert record_of(came, opened, came, AT) is None


def test_why_no_call_comes_about_is_recorded_where_it_is_known() -> None:
    connecting = Connecting(VISIT, LINE, leave_at=700.0)
    again = WaitingRoom(VISIT, replace(LINE, sent=False, again_at=9.0), leave_at=700.0)
    for event, detail in (
        (events.OfferFailed(7, "page1", NoAnswer.SILENCE), "silence"),
        (events.OfferFailed(7, "page1", NoAnswer.VISITOR_GONE), "visitor_gone"),
        (events.CallLost(7, no_relay=True), "no_relay"),
        (events.CallLost(7), None),
    ):
        assert record(connecting, event, again).detail == detail
    over = record(
        connecting,
        events.OfferFailed(7, "page1", NoAnswer.VISIT_OVER),
        Goodbye(Ending.ENDED, 0.0, 20.0),
    )
    assert over.detail == "ended"


def test_how_a_visit_was_is_recorded_with_the_visit_and_no_name() -> None:
    over = Goodbye(Ending.TIME_UP, 9.0, 20.0, visit="v1")
    made = record(over, events.Touched(Touch.RATE_SOUND, "bad"), replace(over, sound=Rating.BAD))
    assert (made.visit, made.detail) == ("v1", "rate_sound bad")


def test_a_wish_that_was_not_heard_is_recorded_so() -> None:
    over = Goodbye(Ending.OFFICER, 9.0, 20.0, visit="v1", fault=WishState.ASKING)
    heard = WishHeard("v1", Wish.FAULT, taken=False)
    made = record(over, heard, replace(over, fault=WishState.UNHEARD))
    assert (made.visit, made.detail) == ("v1", "fault unheard")


def test_another_booking_that_changes_at_the_goodbye_is_not_recorded_as_why_the_visit_is_over() -> (
    None
):
    over = Goodbye(Ending.TIME_UP, 9.0, 20.0, visit="v1", next_at=AT)
    event = BookingChanged(replace(BOOKING, reference="v2"), HERE, AT)
    made = record(over, event, replace(over, next_at=None))
    assert (made.event, made.visit, made.detail) == ("BookingChanged", "v1", None)


def test_the_next_card_is_not_recorded_with_the_visit_that_is_over() -> None:
    over = Goodbye(Ending.TIME_UP, 9.0, 20.0, visit="v1")
    assert record(over, events.CardPresented(CARD), EVERY_KIND[1]).visit is None


@pytest.mark.parametrize("before", BEFORE_AND_AFTER, ids=lambda stage: type(stage).__name__)
def test_who_asks_for_help_is_recorded_in_every_field_as_who_walks_away(before: Stage) -> None:
    steps = []
    for event in (SupportAsked(LINES, lifted=True), events.Touched(Touch.DONE)):
        after, _ = advance(before, event, 5.0)
        steps.append((type(after), msgspec.structs.replace(record(before, event, after), id="")))
    (helped, asked), (left, walked_away) = steps
    assert (helped, left) == (Support, Idle)
    assert asked == walked_away


def test_what_follows_when_help_was_asked_for_is_not_recorded_at_all() -> None:
    for before in filter(is_helping, EVERY_KIND):
        for after in (*filter(is_helping, EVERY_KIND), Idle()):
            assert record_of(before, HandsetMoved(lifted=True), after, AT) is None


def test_a_card_at_the_door_to_maintenance_is_recorded_as_refused() -> None:
    before, after = MaintenanceDoor(15.0), MaintenanceDoor(20.0, refused=True)
    made = record(before, events.CardPresented(CARD), after)
    assert (made.stage, made.detail, made.visit) == ("MaintenanceDoor", "refused", None)


def test_a_touch_is_recorded_as_what_was_asked_for() -> None:
    made = record(LIVE, events.Touched(Touch.MUTE), replace(LIVE, muted=True))
    assert made.detail == "mute"


@pytest.mark.parametrize("touch", [Touch.VOLUME_UP, Touch.VOLUME_DOWN])
def test_how_well_a_person_hears_is_nobodys_business(touch: Touch) -> None:
    for before in (WAITING, LIVE):
        after, _ = advance(before, events.Touched(touch), 5.0)
        assert after != before
        assert record_of(before, events.Touched(touch), after, AT) is None


def test_neither_what_is_said_in_prepared_phrases_nor_that_it_is_said_is_recorded() -> None:
    said = events.Touched(Touch.PHRASE, Prepared.I_LOVE_YOU)
    answered = VisitorSaid(LIVE.visit.reference, Prepared.YES)
    unsaid = PhraseUnsaid(LIVE.visit.reference, 5.0)
    before: Stage = LIVE
    for event in (said, unsaid, said, answered, events.Tick()):
        after, _ = advance(before, event, 99.0 if isinstance(event, events.Tick) else 5.0)
        assert after != before
        assert record_of(before, event, after, AT) is None
        before = after


def test_what_changes_nothing_or_only_time_is_not_recorded() -> None:
    assert record_of(Idle(), events.CardUnreadable(), Idle(), AT) is None
    assert record_of(EVERY_KIND[0], events.Tick(), Idle(), AT) is None


def test_no_record_holds_a_card_a_name_or_an_officers_words() -> None:
    for before in EVERY_KIND:
        for after in EVERY_KIND:
            for event in (events.CardPresented(CARD), events.OfficerSaid("v1", "Two minutes")):
                text = msgspec.json.encode(record_of(before, event, after, AT)).decode()
                assert CARD.value not in text
                assert "Sam" not in text
                assert "Two minutes" not in text


def test_a_long_fault_is_cut_to_what_the_contract_allows() -> None:
    assert len(fault_record("ServiceFault", LIVE, "x" * 999, AT).detail or "") == 200
