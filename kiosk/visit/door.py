"""The door to maintenance: it asks for a staff card, and goes away by itself."""

from dataclasses import replace

from kiosk.visit.actions import Survey
from kiosk.visit.events import AllWell, Broken, CardPresented, Event, Tick, Touched
from kiosk.visit.leaving import Step, to_idle
from kiosk.visit.patience import DOOR_S
from kiosk.visit.reasons import Touch
from kiosk.visit.stages import Idle, MaintenanceDoor, OutOfService, Seconds, Stage


def opens_door(stage: Stage, event: Event, now: Seconds) -> Step | None:
    """From an idle terminal or one out of service; None anywhere else."""
    match stage, event:
        case Idle(), Touched(Touch.MAINTENANCE):
            return MaintenanceDoor(now + DOOR_S), []
        case OutOfService(reason), Touched(Touch.MAINTENANCE):
            return MaintenanceDoor(now + DOOR_S, behind=reason), []
        case _:
            return None


def from_door(stage: MaintenanceDoor, event: Event, now: Seconds) -> Step | None:
    """No card opens it: the service is not asked, as its contract knows of no staff."""
    match event:
        case CardPresented():
            return replace(stage, refused=True, leave_at=now + DOOR_S), []
        case Broken(reason):
            return replace(stage, behind=reason), []
        case AllWell():
            return replace(stage, behind=None), []
        case Touched(Touch.DONE):
            return _away(stage)
        case Tick() if now >= stage.leave_at:
            return _away(stage)
        case _:
            return None


def _away(stage: MaintenanceDoor) -> Step:
    """Back to what was there; what broke meanwhile shows at once."""
    return to_idle() if stage.behind is None else (OutOfService(stage.behind), [Survey()])
