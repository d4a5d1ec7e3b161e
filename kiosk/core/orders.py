"""Actions of the rules as messages to kiosk-call."""

from kiosk.visit.actions import (
    EndCall,
    GiveAnswer,
    GiveOffer,
    Hold,
    MoveDeadline,
    Mute,
    Play,
    PrepareCall,
    PrepareSupport,
)
from kiosk.visit.helplines import SupportCall, SupportGrant
from kiosk.visit.media import IceServer
from kiosk.visit.patience import JOIN_S
from kiosk.visit.stages import (
    USUAL_VOLUME,
    Connecting,
    InVisit,
    Seconds,
    Stage,
    WaitingRoom,
    Welcome,
)
from kiosk.wire import messages
from kiosk.wire.manner import Manner
from kiosk.wire.messages import Message
from kiosk.wire.secret import Secret

CallAction = (
    PrepareCall
    | PrepareSupport
    | GiveOffer
    | GiveAnswer
    | MoveDeadline
    | Mute
    | Hold
    | Play
    | EndCall
)


def order_of(action: CallAction) -> Message:
    """The message that has kiosk-call do it."""
    match action:
        case PrepareCall():
            return _prepare(action)
        case PrepareSupport(call, grant):
            return _prepare_support(call, grant)
        case GiveOffer(call, medium, sdp):
            return messages.TakeOffer(call, medium, sdp)
        case GiveAnswer(call, medium, sdp):
            return messages.TakeAnswer(call, medium, sdp)
        case MoveDeadline(call, ends_at_s):
            return messages.MoveDeadline(call, ends_at_s)
        case Mute(call, on):
            return messages.Mute(call, on)
        case Hold(call, on):
            return messages.Hold(call, on)
        case Play(tone):
            return messages.Play(tone.value)
        case EndCall(call):
            return messages.EndCall(call)


def adjustment(stage: Stage, manner: Manner) -> messages.Adjust:
    """How kiosk-call is to sound and look at this stage, to who is spoken to in this manner."""
    match stage:
        case WaitingRoom() | Connecting() | InVisit() | SupportCall():
            volume = stage.volume
        case _:
            volume = USUAL_VOLUME
    return messages.Adjust(volume, manner.signing)


def ready_until(stage: Stage) -> Seconds | None:
    """Until when kiosk-call is to be ready for who may join; None where nobody may now."""
    if isinstance(stage, Welcome) and stage.opens_at_s is None:
        return stage.leave_at + JOIN_S
    return None


def _prepare(action: PrepareCall) -> messages.PrepareCall:
    visit = action.visit
    return messages.PrepareCall(
        visit=visit.reference,
        attempt=action.attempt,
        call=action.call,
        ends_at_s=visit.ends_at_s,
        media=tuple(messages.Medium(entry.direction, entry.offerer) for entry in visit.media),
        ice_servers=_servers(visit.ice_servers),
        relay_only=visit.relay_only,
        muted=action.muted,
        held=action.held,
    )


def _prepare_support(call: int, grant: SupportGrant) -> messages.PrepareCall:
    """Sound alone, and nothing of a visit: the service's name for the call stands in its place."""
    return messages.PrepareCall(
        visit=grant.id,
        attempt=1,
        call=call,
        ends_at_s=grant.ends_at_s,
        media=(messages.Medium("sendrecv", "terminal"),),
        ice_servers=_servers(grant.ice_servers),
        relay_only=grant.relay_only,
        muted=False,
        held=False,
        sound_only=True,
    )


def _servers(servers: tuple[IceServer, ...]) -> tuple[messages.IceServer, ...]:
    return tuple(
        messages.IceServer(
            server.urls,
            server.username,
            Secret(server.credential) if server.credential is not None else None,
        )
        for server in servers
    )
