"""What the terminal's other programs say, as events for the rules."""

from kiosk.visit import events
from kiosk.visit.booking import Card
from kiosk.visit.reasons import Touch
from kiosk.wire.messages import (
    CallConnected,
    CallLost,
    CardPresented,
    CardUnreadable,
    Message,
    OfferReady,
    PinEntered,
    Touched,
)


def event_of(message: Message) -> events.Event | None:
    """The event that a message is for the rules; None for one that only informs."""
    match message:
        case CardPresented(technology=technology, assurance=assurance, credential=credential):
            return events.CardPresented(Card(technology, assurance, credential.reveal()))
        case CardUnreadable():
            return events.CardUnreadable()
        case Touched(touch=touch):
            return events.Touched(Touch(touch.value))
        case PinEntered(pin=pin):
            return events.PinTyped(pin.reveal())
        case OfferReady(call=call, medium=medium, sdp=sdp):
            return events.OfferMade(call, medium, sdp)
        case CallConnected(call=call):
            return events.CallConnected(call)
        case CallLost(call=call):
            return events.CallLost(call)
        case _:
            return None
