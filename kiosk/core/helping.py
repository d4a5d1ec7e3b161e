"""The lines for help of a site, as the rules and the screen see them; nothing here knows who calls."""

from msgspec.structs import replace

from kiosk.core.settings import SupportLineSettings, TerminalSettings
from kiosk.visit.events import Event
from kiosk.visit.events import Touched as PersonTouched
from kiosk.visit.helplines import HelpDesk, Support, SupportCall, SupportLine, SupportOver
from kiosk.visit.reasons import Notice, Touch
from kiosk.visit.stages import LOUDEST, Stage
from kiosk.visit.support import needs_card, needs_handset
from kiosk.visit.support_events import SupportAsked
from kiosk.wire.manner import nearest
from kiosk.wire.screens import Screen
from kiosk.wire.support import (
    Missing,
    ShownLine,
    SupportCallScreen,
    SupportOverScreen,
    SupportScreen,
)


def lines_of(settings: TerminalSettings) -> tuple[SupportLine, ...]:
    """A confidential line is spoken to by handset wherever there is one."""
    return tuple(
        SupportLine(
            line.id,
            line.name,
            line.about,
            line.confidential,
            line.needs_card,
            line.confidential and settings.handset,
            line.unrecorded,
        )
        for line in settings.support_lines
    )


def asks_for_help(event: Event, settings: TerminalSettings, lifted: bool) -> Event:
    """`event`, with the lines that this site has where that is what it asks for."""
    if event == PersonTouched(Touch.SUPPORT):
        return SupportAsked(lines_of(settings), lifted)
    return event


def is_helping(stage: Stage) -> bool:
    """Whether somebody asks for help or speaks with a line: nobody else is to know of that."""
    return isinstance(stage, Support | SupportCall | SupportOver)


def screen_of_help(
    stage: Support | SupportCall | SupportOver,
) -> SupportScreen | SupportCallScreen | SupportOverScreen:
    match stage:
        case Support():
            return SupportScreen(
                _shown(stage.desk),
                stage.chosen.id if stage.chosen else None,
                _missing(stage),
                stage.asked_at is not None,
                stage.refused,
                stage.desk.visit_at,
            )
        case SupportCall():
            return _call(stage)
        case SupportOver(desk, line, reason, talked_s):
            return SupportOverScreen(_line(line), reason, talked_s, desk.visit_at)


def in_language(screen: Screen, settings: TerminalSettings, language: str) -> Screen:
    """`screen` with what each line is for in the site's own words for who reads `language`."""
    if not isinstance(screen, SupportScreen):
        return screen
    about = {line.id: _about(line, language) for line in settings.support_lines}
    lines = (replace(line, about=about.get(line.id, line.about)) for line in screen.lines)
    return replace(screen, lines=tuple(lines))


def _about(line: SupportLineSettings, language: str) -> str:
    told = {tag.lower(): about for tag, about in line.about_in.items()}
    return told.get(nearest(language, told) or "", line.about)


def _call(stage: SupportCall) -> SupportCallScreen:
    grant = stage.grant
    return SupportCallScreen(
        _line(stage.line),
        stage.live_since,
        grant.ends_at_s if grant else None,
        private=grant is not None and grant.unrecorded and stage.line.unrecorded,
        by_handset=stage.by_handset and stage.desk.lifted,
        volume=stage.volume,
        loudest=LOUDEST,
        visit_at=stage.desk.visit_at,
        notice=Notice.CARD_IN_CALL if stage.card_told_until is not None else None,
    )


def _missing(stage: Support) -> Missing | None:
    if needs_card(stage):
        return "card"
    return "handset" if needs_handset(stage) else None


def _shown(desk: HelpDesk) -> tuple[ShownLine, ...]:
    return tuple(_line(line) for line in desk.lines)


def _line(line: SupportLine) -> ShownLine:
    needs: list[Missing] = ["card"] * line.needs_card
    needs += ["handset"] * line.needs_handset
    return ShownLine(line.id, line.name, line.about, line.confidential, tuple(needs))
