"""What the screen shows of a stage, as plain data: the screen never sees the stage itself."""

from typing import Final

from kiosk.core.greeting import screen_of_greeting
from kiosk.core.helping import in_language, screen_of_help
from kiosk.core.settings import TerminalSettings
from kiosk.visit.beside import Standing, manner_of
from kiosk.visit.helplines import Support, SupportCall, SupportOver
from kiosk.visit.manner import Site
from kiosk.visit.reasons import Ending
from kiosk.visit.stages import (
    LOUDEST,
    CheckingCard,
    Choice,
    Connecting,
    EnterPin,
    Goodbye,
    Hint,
    Idle,
    InVisit,
    MaintenanceDoor,
    OfficerMessage,
    OutOfService,
    Refused,
    Stage,
    WaitingRoom,
    Welcome,
)
from kiosk.visit.waits import can_stay, leaves_at
from kiosk.wire.manner import Manner
from kiosk.wire.messages import Show
from kiosk.wire.screens import (
    Aftermath,
    CheckingScreen,
    ConnectingScreen,
    DoorScreen,
    GoodbyeScreen,
    IdleScreen,
    LinkState,
    OutOfServiceScreen,
    PinScreen,
    RefusedScreen,
    Screen,
    VisitScreen,
    WaitingScreen,
)

PATIENT_ATTEMPTS: Final = 4
"""A person is told when more fail: after three seconds at the soonest, where no call can be made at all,
and after a minute where nobody answers."""


def screen_of(stage: Stage, down: tuple[str, ...] = ()) -> Screen:
    """The screen of a stage while these devices of a call do not work.

    The same stage and devices always give the same screen.
    """
    match stage:
        case Idle(hint):
            return IdleScreen(_notice(hint))
        case CheckingCard():
            return CheckingScreen()
        case EnterPin(tries_left=tries_left, wrong=wrong, asked_at=asked_at):
            return PinScreen(tries_left, wrong, checking=asked_at is not None)
        case Goodbye():
            return _goodbye(stage)
        case Refused(reason, place=place, at=at, hint=hint):
            return RefusedScreen(reason, place, at, _notice(hint))
        case OutOfService(reason):
            return OutOfServiceScreen(reason)
        case Choice() | Welcome():
            return screen_of_greeting(stage)
        case WaitingRoom(line=line) if line.visitor is None:
            return _waiting(stage, down)
        case WaitingRoom() | Connecting():  # for the person it is one, also while we get ready
            return _connecting(stage, down)
        case InVisit():
            return _visit(stage, down)
        case MaintenanceDoor() | Support() | SupportCall() | SupportOver():
            return _without_visit(stage)


def _without_visit(stage: MaintenanceDoor | Support | SupportCall | SupportOver) -> Screen:
    if isinstance(stage, MaintenanceDoor):
        return DoorScreen(stage.refused)
    return screen_of_help(stage)


def show_of(
    number: int,
    settings: TerminalSettings,
    standing: Standing,
    site: Site,
    down: tuple[str, ...],
    ahead_s: int,
) -> Show:
    """All that the screen is told, with what stands beside the stage."""
    stage, beside = standing.stage, standing.beside
    manner = manner_of(standing, site)
    return Show(
        number,
        settings.name,
        settings.hall,
        in_language(screen_of(stage, down), settings, manner.language),
        ahead_s,
        manner=Manner(manner.language, **{mode.value: True for mode in manner.modes}),
        languages=site.languages,
        leaves_at_s=leaves_at(stage),
        can_stay=can_stay(stage, beside.wait),
        panel=beside.panel.value if beside.panel else None,
        officer=beside.officer.state.value if beside.officer else None,
        resting=beside.resting,
        support=bool(settings.support_lines),
    )


def _goodbye(stage: Goodbye) -> GoodbyeScreen:
    badly = Aftermath(stage.rebooking, stage.fault) if stage.went_badly else None
    return GoodbyeScreen(
        _said_of(stage),
        stage.talked_s,
        _notice(stage.hint),
        stage.given_s,
        stage.next_at,
        stage.picture,
        stage.sound,
        badly,
    )


def _said_of(stage: Goodbye) -> str:
    """To a person it is the connection that ended what was cut off, and a visit without the other none."""
    if stage.cut_off:
        return "connection_lost"
    if stage.talked_s <= 0 and stage.reason is Ending.TIME_UP:
        return "never_met"
    return stage.reason


def _waiting(stage: WaitingRoom, down: tuple[str, ...]) -> WaitingScreen:
    return WaitingScreen(
        visitors=stage.visit.visitors,
        in_lobby=stage.visit.visitor_in_lobby,
        starts_at=stage.visit.starts_at,
        waits_until_s=stage.visit.wait_until_s,
        tone=stage.tone,
        volume=stage.volume,
        loudest=LOUDEST,
        ends_at_s=stage.visit.ends_at_s,
        call=stage.line.call,
        message=_said(stage.message),
        leave_asked=stage.leave_asked_until is not None,
        notice=_notice(stage.hint),
        down=down,
    )


def _connecting(stage: WaitingRoom | Connecting, down: tuple[str, ...]) -> ConnectingScreen:
    return ConnectingScreen(
        visitors=stage.visit.visitors,
        ends_at_s=stage.visit.ends_at_s,
        call=stage.line.call,
        message=_said(stage.message),
        leave_asked=stage.leave_asked_until is not None,
        notice=_notice(stage.hint),
        down=down,
        in_vain=stage.line.attempt > PATIENT_ATTEMPTS,
        volume=stage.volume,
        loudest=LOUDEST,
    )


def _visit(stage: InVisit, down: tuple[str, ...]) -> VisitScreen:
    visitor, link = stage.line.visitor, _link(stage)
    return VisitScreen(
        call=stage.line.call,
        visitors=stage.visit.visitors,
        ends_at_s=stage.visit.ends_at_s,
        given_s=stage.fair.given_s,
        link=link,
        held_reason=stage.visit.held,
        visitor_has_camera=visitor is None or visitor.camera,
        muted=stage.muted,
        monitoring=stage.visit.monitoring,
        message=_said(stage.message),
        leave_asked=stage.leave_asked_until is not None,
        notice=_notice(stage.hint),
        down=down,
        weak=stage.line.weak_side,
        visitor_has_microphone=visitor is None or visitor.microphone,
        lost_since_s=stage.fair.since if link == "reconnecting" else None,
        length_s=stage.visit.ends_at_s - stage.visit.starts_at_s,
        cue_minutes=stage.cues.minutes,
        volume=stage.volume,
        loudest=LOUDEST,
        phrase=stage.phrase.key if stage.phrase else None,
        phrase_ours=stage.phrase is not None and stage.phrase.ours,
    )


def _link(stage: InVisit) -> LinkState:
    if stage.visit.held is not None:
        return "held"
    if stage.line.flows:
        return "live"
    return "reconnecting" if stage.line.visitor else "visitor_away"


def _said(message: OfficerMessage | None) -> str | None:
    return message.text if message else None


def _notice(hint: Hint | None) -> str | None:
    return hint.notice if hint else None
