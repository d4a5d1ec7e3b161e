"""What the terminal's other programs say, as events for the rules."""

import re
from collections.abc import Collection
from typing import Final

from kiosk.core.settings import Assurance
from kiosk.visit import events
from kiosk.visit.booking import Card
from kiosk.visit.reasons import Touch
from kiosk.wire.devices import (
    BoardStatus,
    CardPresented,
    CardRemoved,
    CardUnreadable,
    HandsetStatus,
    ReaderStatus,
    Tamper,
    TamperOver,
)
from kiosk.wire.messages import (
    NO_RELAY,
    AnswerReady,
    CallConnected,
    CallEnded,
    CallHeard,
    CallLost,
    CallPaused,
    CallSilent,
    CallStats,
    CallStatus,
    Drawn,
    MediaDevice,
    Message,
    OfferReady,
    PictureStats,
    PinEntered,
    Program,
    RemoteDrawn,
    ScreenStats,
    Touched,
)
from kiosk.wire.own import OwnLevels
from kiosk.wire.touchscreen import TouchscreenStatus

_PIN: Final = re.compile(r"[0-9]{4,12}")
"""What the service can be asked about (`pin` in openapi.yaml); the pad sends nothing else."""

_BY_PROGRAM: dict[Program, tuple[type[Message], ...]] = {
    Program.BRIDGE: (
        ReaderStatus,
        CardPresented,
        CardRemoved,
        CardUnreadable,
        BoardStatus,
        HandsetStatus,
        Tamper,
        TamperOver,
    ),
    Program.UI: (
        Touched,
        PinEntered,
        Drawn,
        RemoteDrawn,
        PictureStats,
        ScreenStats,
        TouchscreenStatus,
    ),
    Program.CALL: (
        CallStatus,
        OfferReady,
        AnswerReady,
        CallConnected,
        CallLost,
        CallSilent,
        CallHeard,
        CallPaused,
        CallEnded,
        MediaDevice,
        CallStats,
        OwnLevels,
    ),
}

FOR_OBSERVERS: Final = (
    Touched,
    Drawn,
    RemoteDrawn,
    PictureStats,
    ScreenStats,
    CallConnected,
    CallSilent,
    CallHeard,
    CallPaused,
    CallEnded,
    CallStats,
    MediaDevice,
)
"""What an observer hears, too."""


def may_say(program: Program, message: Message) -> bool:
    """Whether this program may send this message: a screen that was broken into can not show a card."""
    return isinstance(message, _BY_PROGRAM.get(program, ()))


def event_of(message: Message, trusted: Collection[Assurance]) -> events.Event | None:
    """The event that a message is for the rules; None for one that only informs.

    `trusted`: how much a card must prove to be asked about at this site.
    """
    match message:
        case CardPresented(technology=technology, assurance=assurance, credential=credential):
            card = Card(technology, assurance, credential.reveal(), assurance in trusted)
            return events.CardPresented(card)
        case CardUnreadable():
            return events.CardUnreadable()
        case Touched(touch=touch, choice=choice):
            return events.Touched(Touch(touch.value), choice)
        case PinEntered(pin=pin) if _PIN.fullmatch(pin.reveal()):
            return events.PinTyped(pin.reveal())
        case _:
            return _of_call(message)


def _of_call(message: Message) -> events.Event | None:
    match message:
        case OfferReady(call=call, medium=medium, sdp=sdp):
            return events.OfferMade(call, medium, sdp)
        case AnswerReady(call=call, medium=medium, sdp=sdp):
            return events.AnswerMade(call, medium, sdp)
        case CallConnected(call=call):
            return events.CallConnected(call)
        # Kiosk-call ended a call that goes on here: an extension came when its time was just up.
        case CallLost(call=call) | CallEnded(call=call):
            no_relay = isinstance(message, CallLost) and message.reason == NO_RELAY
            return events.CallLost(call, no_relay)
        case CallSilent(call=call, since_s=since_s):
            return events.CallSilent(call, since_s)
        case CallHeard(call=call):
            return events.CallHeard(call)
        case CallPaused(call=call):
            return events.CallPaused(call)
        case CallStats(call=call, frozen_s=frozen_s, weak=weak):
            return events.CallMeasured(call, frozen_s, weak)
        case _:
            return None
