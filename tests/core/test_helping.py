"""What a site's lines become, and what the screens of help say of a call."""

from dataclasses import replace

import pytest

from kiosk.core.helping import asks_for_help, is_helping, lines_of, screen_of_help
from kiosk.core.projection import show_of
from kiosk.core.settings import SupportLineSettings, TerminalSettings
from kiosk.visit.beside import Beside, Standing
from kiosk.visit.events import Touched
from kiosk.visit.helplines import HelpDesk, Support, SupportCall
from kiosk.visit.manner import Site, Wishes
from kiosk.visit.reasons import Touch
from kiosk.visit.stages import Stage
from kiosk.visit.support_events import SupportAsked
from kiosk.wire import messages
from kiosk.wire.devices import CardUnreadable, HandsetStatus
from kiosk.wire.messages import MediaDevice, Program
from kiosk.wire.support import SupportCallScreen, SupportScreen
from tests.core.desk import Desk, ready
from tests.core.stages import EVERY_KIND

PRIVATE = SupportLineSettings(
    id="samaritans", name="Samaritans", about="Anything", confidential=True, unrecorded=True
)
OPEN = SupportLineSettings(id="helpdesk", name="Helpdesk", about="Bookings", needs_card=False)
SITE = TerminalSettings("T1", "Terminal 1", "MDI", "Hall A", support_lines=(PRIVATE, OPEN))
CALL = next(stage for stage in EVERY_KIND if isinstance(stage, SupportCall))


def call_screen(stage: SupportCall) -> SupportCallScreen:
    screen = screen_of_help(stage)
    assert isinstance(screen, SupportCallScreen)
    return screen


def test_a_confidential_line_needs_the_handset_only_where_there_is_one() -> None:
    assert [line.needs_handset for line in lines_of(SITE)] == [False, False]
    with_handset = TerminalSettings(
        "T1", "Terminal 1", "MDI", "Hall A", handset=True, support_lines=(PRIVATE, OPEN)
    )
    assert [line.needs_handset for line in lines_of(with_handset)] == [True, False]


def test_a_line_of_which_nothing_is_said_needs_a_card_and_promises_nothing() -> None:
    line = lines_of(SITE)[0]
    assert (line.needs_card, lines_of(SITE)[1].unrecorded) == (True, False)


@pytest.mark.parametrize("by_site", [True, False])
@pytest.mark.parametrize("by_service", [True, False])
def test_a_call_is_called_private_only_where_site_and_service_attest_it(
    by_site: bool, by_service: bool
) -> None:
    assert CALL.grant is not None
    line = replace(CALL.line, unrecorded=by_site)
    grant = replace(CALL.grant, unrecorded=by_service)
    screen = call_screen(replace(CALL, line=line, grant=grant))
    assert screen.private is (by_site and by_service)


def test_a_call_that_is_not_granted_yet_is_not_called_private() -> None:
    assert not call_screen(replace(CALL, grant=None)).private


def test_the_screen_says_what_is_missing_card_first() -> None:
    both = replace(lines_of(SITE)[0], needs_handset=True)
    stage = Support(HelpDesk((both,), lifted=False), 60.0, both)
    screens = [screen_of_help(stage)]
    screens.append(screen_of_help(replace(stage, desk=replace(stage.desk, card_known=True))))
    missing = [screen.missing for screen in screens if isinstance(screen, SupportScreen)]
    assert missing == ["card", "handset"]


@pytest.mark.parametrize(
    ("language", "about"), [("cy", "Unrhyw beth"), ("cy-GB", "Unrhyw beth"), ("pl", "Anything")]
)
def test_what_a_line_is_for_is_said_in_the_readers_language_where_the_site_has_it(
    language: str, about: str
) -> None:
    translated = SupportLineSettings(
        id="samaritans", name="Samaritans", about="Anything", about_in={"cy": "Unrhyw beth"}
    )
    settings = TerminalSettings("T1", "T 1", "MDI", "A", support_lines=(translated, OPEN))
    stage = Support(HelpDesk(lines_of(settings), lifted=False), 60.0)
    standing = Standing(stage, Beside(Wishes(chosen=language)))
    show = show_of(1, settings, standing, Site(("en", "cy", "cy-GB", "pl")), (), 0)
    assert isinstance(show.screen, SupportScreen)
    assert [line.about for line in show.screen.lines] == [about, "Bookings"]


def test_asking_for_help_brings_the_lines_and_a_choice_stays_one() -> None:
    asked = asks_for_help(Touched(Touch.SUPPORT), SITE, lifted=True)
    assert asked == SupportAsked(lines_of(SITE), lifted=True)
    chosen = Touched(Touch.SUPPORT, "samaritans")
    assert asks_for_help(chosen, SITE, lifted=True) == chosen


async def test_a_terminal_without_lines_shows_no_way_to_them_and_ignores_the_touch() -> None:
    desk = ready()
    assert not desk.shown().support
    desk.said(Program.UI, messages.Touched(desk.shown().number, messages.Touch.SUPPORT, 0.0))
    assert type(desk.terminal.stage).__name__ == "Idle"


async def test_the_handset_is_told_to_the_rules() -> None:
    desk = Desk(replace(CALL, by_handset=True))
    desk.said(Program.BRIDGE, HandsetStatus(lifted=False))
    assert type(desk.terminal.stage).__name__ == "SupportOver"


@pytest.mark.parametrize("stage", [stage for stage in EVERY_KIND if is_helping(stage)])
async def test_a_card_that_can_not_be_read_where_help_is_asked_for_is_on_no_record(
    stage: Stage,
) -> None:
    """That of an idle screen says it without the reader: this one would tell the two apart."""
    desk = Desk(stage)
    desk.said(Program.BRIDGE, CardUnreadable("desk", "noise"))
    assert desk.records == []


@pytest.mark.parametrize("stage", [stage for stage in EVERY_KIND if is_helping(stage)])
async def test_a_device_that_fails_where_help_is_asked_for_is_told_by_heartbeats_alone(
    stage: Stage,
) -> None:
    """Nothing opens a microphone on an idle screen: the record would say that somebody called."""
    desk = Desk(stage)
    desk.said(Program.CALL, MediaDevice("microphone", up=False))
    assert desk.records == []
    assert "microphone is down" in desk.terminal.condition.faults()
