"""What the screen is told of each stage."""

from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from kiosk.core.projection import screen_of
from kiosk.visit.lost import Cause, FairClock
from kiosk.visit.reasons import (
    Ending,
    HeldReason,
    Notice,
    OutOfOrder,
    Prepared,
    Rating,
    Refusal,
    WishState,
)
from kiosk.visit.stages import (
    CheckingCard,
    Connecting,
    Cues,
    EnterPin,
    Goodbye,
    Hint,
    Idle,
    InVisit,
    Line,
    OfficerMessage,
    OutOfService,
    Phrase,
    Refused,
    Stage,
    WaitingRoom,
    Welcome,
)
from kiosk.wire.screens import (
    Aftermath,
    CheckingScreen,
    ConnectingScreen,
    GoodbyeScreen,
    IdleScreen,
    OutOfServiceScreen,
    PinScreen,
    RefusedScreen,
    Screen,
    VisitScreen,
    WaitingScreen,
    WelcomeScreen,
)
from tests.core.stages import BOOKING, CARD, EVERY_KIND, HELD, LIVE, PERSON, VISIT, VISITOR

OTHER = Hint(Notice.OTHER_CARD, 5.0)
UNREADABLE = Hint(Notice.CARD_UNREADABLE, 5.0)
SAID = OfficerMessage("Two minutes", 30.0)
AT_TWO = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)
FIVE_PAST = datetime(2026, 3, 1, 14, 5, tzinfo=UTC)
TEN_TO_THREE = datetime(2026, 3, 1, 14, 50, tzinfo=UTC)
FOUR = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
DOWN = ("camera", "speaker")

WAITED_FOR = WaitingScreen(
    visitors=("Mum", "Aisha"),
    in_lobby=False,
    starts_at=AT_TWO,
    waits_until_s=900.0,
    ends_at_s=1000.0,
    call=7,
    message=None,
    leave_asked=False,
    notice=None,
    down=DOWN,
)
CALLED = ConnectingScreen(("Mum", "Aisha"), 1000.0, 7, None, False, None, DOWN, in_vain=False)
SEEN = VisitScreen(
    call=7,
    visitors=("Mum", "Aisha"),
    ends_at_s=1000.0,
    given_s=0.0,
    link="live",
    held_reason=None,
    visitor_has_camera=True,
    muted=False,
    monitoring="possible",
    message=None,
    leave_asked=False,
    notice=None,
    down=DOWN,
    weak=None,
    length_s=VISIT.ends_at_s - VISIT.starts_at_s,
)


@pytest.mark.parametrize(
    ("stage", "screen"),
    [
        (Idle(), IdleScreen(None)),
        (Idle(UNREADABLE), IdleScreen("card_unreadable")),
        (CheckingCard(CARD, 1.0), CheckingScreen()),
        (EnterPin(CARD, "id1", 3, leave_at=60.0), PinScreen(3, wrong=False, checking=False)),
        (
            EnterPin(CARD, "id1", 2, leave_at=60.0, wrong=True),
            PinScreen(2, wrong=True, checking=False),
        ),
        (
            EnterPin(CARD, "id1", 1, leave_at=60.0, asked_at=0.0),
            PinScreen(1, wrong=False, checking=True),
        ),
        (
            Welcome(CARD, PERSON, BOOKING, leave_at=60.0),
            WelcomeScreen("Sam", ("Mum",), FIVE_PAST, TEN_TO_THREE, joining=False, notice=None),
        ),
        (
            Welcome(CARD, PERSON, BOOKING, leave_at=60.0, asked_at=0.0, hint=OTHER),
            WelcomeScreen("Sam", ("Mum",), FIVE_PAST, TEN_TO_THREE, True, "other_card"),
        ),
        (WaitingRoom(VISIT, Line(1, 7), leave_at=700.0), WAITED_FOR),
        (
            WaitingRoom(
                replace(VISIT, visitor_in_lobby=True),
                Line(1, 7),
                9.0,
                OTHER,
                SAID,
                volume=4,
                leave_at=700.0,
            ),
            msgspec.structs.replace(
                WAITED_FOR,
                volume=4,
                in_lobby=True,
                leave_asked=True,
                notice="other_card",
                message="Two minutes",
            ),
        ),
        (WaitingRoom(VISIT, Line(1, 7, VISITOR), leave_at=700.0), CALLED),
        (
            Connecting(VISIT, Line(4, 7, VISITOR, sent=True), volume=2, leave_at=700.0),
            msgspec.structs.replace(CALLED, volume=2),
        ),
        (
            Connecting(
                VISIT, Line(5, 8, VISITOR, sent=True), 0.0, UNREADABLE, SAID, leave_at=700.0
            ),
            ConnectingScreen(
                ("Mum", "Aisha"), 1000.0, 8, "Two minutes", True, "card_unreadable", DOWN, True
            ),
        ),
        (LIVE, SEEN),
        (
            replace(
                LIVE,
                visit=replace(VISIT, ends_at_s=1090.0, monitoring="recorded"),
                leave_asked_until=0.0,
                hint=OTHER,
                message=SAID,
                muted=True,
                fair=FairClock(given_s=90.0, told_s=120.0),
                cues=Cues(600.0, 10, 5.0),
                volume=5,
                phrase=Phrase(Prepared.YES, ours=True, said_at=0.0, until=9.0),
            ),
            msgspec.structs.replace(
                SEEN,
                ends_at_s=1090.0,
                monitoring="recorded",
                leave_asked=True,
                notice="other_card",
                message="Two minutes",
                muted=True,
                given_s=90.0,
                length_s=1090.0,
                cue_minutes=10,
                volume=5,
                phrase="yes",
                phrase_ours=True,
            ),
        ),
        (
            replace(LIVE, visit=replace(VISIT, held=HeldReason.UNSUPERVISED)),
            msgspec.structs.replace(SEEN, link="held", held_reason="unsupervised"),
        ),
        (
            replace(
                LIVE,
                line=Line(2, 8, replace(VISITOR, camera=False, microphone=False)),
                fair=FairClock(since=123.0, losing=Cause.LINK),
            ),
            msgspec.structs.replace(
                SEEN,
                call=8,
                link="reconnecting",
                visitor_has_camera=False,
                visitor_has_microphone=False,
                lost_since_s=123.0,
            ),
        ),
        (
            replace(LIVE, line=Line(2, 8)),
            msgspec.structs.replace(SEEN, call=8, link="visitor_away"),
        ),
        (
            replace(LIVE, line=replace(LIVE.line, silent_since=0.0)),
            msgspec.structs.replace(SEEN, link="reconnecting", lost_since_s=0.0),
        ),
        (
            replace(LIVE, line=replace(LIVE.line, weak=True, ours_slow=True)),
            msgspec.structs.replace(SEEN, weak="here"),
        ),
        (
            Goodbye(Ending.OFFICER, 12.5, 20.0, rebooking=WishState.ASKED),
            GoodbyeScreen("officer", 12.5, badly=Aftermath(rebooking="asked")),
        ),
        (
            Goodbye(Ending.TIME_UP, 44.0, 70.0, UNREADABLE, "v1", 90.0, FOUR, picture=Rating.BAD),
            GoodbyeScreen("time_up", 44.0, "card_unreadable", 90.0, FOUR, picture="bad"),
        ),
        (
            Goodbye(Ending.TIME_UP, 44.0, 70.0, cut_off=True),
            GoodbyeScreen("connection_lost", 44.0, badly=Aftermath()),
        ),
        (
            Goodbye(Ending.TIME_UP, 0.0, 70.0),
            GoodbyeScreen("never_met", 0.0, badly=Aftermath()),
        ),
        (Refused(Refusal.NO_BOOKING, leave_at=30.0), RefusedScreen("no_booking", None, None)),
        (
            Refused(Refusal.WRONG_HALL, leave_at=30.0, place="Hall B", at=FOUR, hint=UNREADABLE),
            RefusedScreen("wrong_hall", "Hall B", FOUR, "card_unreadable"),
        ),
        (OutOfService(OutOfOrder.READER_DOWN), OutOfServiceScreen("reader_down")),
    ],
    ids=lambda given: type(given).__name__,
)
def test_a_stage_is_shown_whole_and_as_it_is(stage: Stage, screen: Screen) -> None:
    assert screen_of(stage, DOWN) == screen


def visit_screen(stage: InVisit) -> VisitScreen:
    screen = screen_of(stage)
    assert isinstance(screen, VisitScreen)
    return screen


@pytest.mark.parametrize("stage", EVERY_KIND, ids=lambda stage: type(stage).__name__)
def test_every_stage_has_a_screen_that_names_no_card_and_no_number(stage: Stage) -> None:
    text = msgspec.json.encode(screen_of(stage)).decode()
    assert CARD.value not in text
    assert "A1234BC" not in text
    assert "password" not in text
    assert "v=0" not in text


def test_a_live_call_is_shown_with_its_number_and_end() -> None:
    screen = visit_screen(LIVE)
    assert (screen.link, screen.call, screen.ends_at_s) == ("live", 7, 1000.0)


def test_a_held_visit_is_held_whatever_its_line_does() -> None:
    held = replace(LIVE, visit=replace(LIVE.visit, held=HELD))
    assert visit_screen(held).link == "held"
    assert visit_screen(held).held_reason == "officer"
    assert visit_screen(replace(held, line=Line(2, 8))).link == "held"


def test_a_lost_line_says_who_is_awaited() -> None:
    assert visit_screen(replace(LIVE, line=Line(2, 8, VISITOR))).link == "reconnecting"
    assert visit_screen(replace(LIVE, line=Line(2, 8, None))).link == "visitor_away"


def test_nobody_is_said_to_be_waited_for_who_is_here() -> None:
    waiting = next(stage for stage in EVERY_KIND if isinstance(stage, WaitingRoom))
    nobody, here = (replace(waiting, line=Line(1, 7, visitor)) for visitor in (None, VISITOR))
    assert isinstance(screen_of(nobody), WaitingScreen)
    assert isinstance(screen_of(here), ConnectingScreen)


def test_what_an_officer_says_is_shown_from_the_waiting_room_on() -> None:
    said = OfficerMessage("Two minutes", 30.0)
    for kind in (WaitingRoom, Connecting, InVisit):
        stage = next(stage for stage in EVERY_KIND if isinstance(stage, kind))
        screen = screen_of(replace(stage, message=said))
        assert isinstance(screen, WaitingScreen | ConnectingScreen | VisitScreen)
        assert screen.message == "Two minutes"


def test_a_device_that_does_not_work_is_told_from_the_waiting_room_on() -> None:
    for kind in (WaitingRoom, Connecting, InVisit):
        stage = next(stage for stage in EVERY_KIND if isinstance(stage, kind))
        screen = screen_of(stage, ("microphone",))
        assert isinstance(screen, WaitingScreen | ConnectingScreen | VisitScreen)
        assert screen.down == ("microphone",)


def test_a_card_that_could_not_be_read_is_told_beside_the_last_words() -> None:
    unreadable = Hint(Notice.CARD_UNREADABLE, 5.0)
    for stage in (Goodbye(Ending.LEFT, 44, 70), Refused(Refusal.MOVED, 80)):
        screen = screen_of(replace(stage, hint=unreadable))
        assert isinstance(screen, GoodbyeScreen | RefusedScreen)
        assert screen.notice == "card_unreadable"


def test_who_is_called_again_and_again_in_vain_is_told_so() -> None:
    waiting = next(stage for stage in EVERY_KIND if isinstance(stage, WaitingRoom))
    for attempt, in_vain in ((4, False), (5, True)):
        screen = screen_of(replace(waiting, line=Line(attempt, 7, VISITOR)))
        assert isinstance(screen, ConnectingScreen)
        assert screen.in_vain is in_vain


def test_a_visitor_without_a_camera_is_told_apart() -> None:
    sound_only = replace(LIVE.line, visitor=replace(VISITOR, camera=False))
    assert not visit_screen(replace(LIVE, line=sound_only)).visitor_has_camera


def test_a_visitor_without_a_microphone_is_told_apart() -> None:
    silent = replace(LIVE.line, visitor=replace(VISITOR, microphone=False))
    assert not visit_screen(replace(LIVE, line=silent)).visitor_has_microphone
    assert visit_screen(LIVE).visitor_has_microphone


def test_a_weak_line_is_shown_with_the_side_that_is_known() -> None:
    weak = replace(LIVE, line=replace(LIVE.line, weak=True, theirs_slow=True))
    assert visit_screen(LIVE).weak is None
    assert visit_screen(weak).weak == "there"
