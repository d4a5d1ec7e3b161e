"""What the screen is told of each stage."""

from dataclasses import replace

import msgspec
import pytest

from kiosk.core.projection import screen_of
from kiosk.visit.lost import Cause, FairClock
from kiosk.visit.reasons import Ending, Notice, Refusal
from kiosk.visit.stages import (
    Connecting,
    Goodbye,
    Hint,
    InVisit,
    Line,
    OfficerMessage,
    Refused,
    Stage,
    WaitingRoom,
)
from kiosk.wire.screens import (
    ConnectingScreen,
    GoodbyeScreen,
    RefusedScreen,
    VisitScreen,
    WaitingScreen,
)
from tests.core.stages import CARD, EVERY_KIND, HELD, LIVE, VISITOR


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


def test_since_when_a_link_is_made_again_is_told() -> None:
    assert visit_screen(LIVE).lost_since_s is None
    again = Line(2, 8, VISITOR)
    lost = replace(LIVE, line=again, fair=FairClock(since=123.0, losing=Cause.LINK))
    assert visit_screen(lost).lost_since_s == 123.0


def test_a_weak_line_is_shown_with_the_side_that_is_known() -> None:
    weak = replace(LIVE, line=replace(LIVE.line, weak=True, theirs_slow=True))
    assert visit_screen(LIVE).weak is None
    assert visit_screen(weak).weak == "there"
