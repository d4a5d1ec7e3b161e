"""What lights, buzzers and the backlight tell of a stage: plain data for the bridge."""

from kiosk.visit.helplines import Support, SupportCall, SupportOver
from kiosk.visit.stages import (
    CheckingCard,
    Choice,
    Connecting,
    EnterPin,
    Goodbye,
    Idle,
    InVisit,
    MaintenanceDoor,
    OutOfService,
    Refused,
    Stage,
    WaitingRoom,
    Welcome,
)
from kiosk.wire.devices import Indication


def indication_of(stage: Stage, *, resting: bool = False) -> Indication:
    """The same stage always gives the same indication; an idle one that rests has its own."""
    match stage:
        case Idle():
            return Indication.RESTING if resting else Indication.READY
        case CheckingCard() | EnterPin() | Goodbye() | Support() | SupportCall() | SupportOver():
            return Indication.BUSY
        case MaintenanceDoor():
            return Indication.BUSY
        case Choice() | Welcome():
            return Indication.ACCEPTED
        case Refused():
            return Indication.REFUSED
        case WaitingRoom() | Connecting() | InVisit():
            return Indication.VISIT
        case OutOfService():
            return Indication.CLOSED
