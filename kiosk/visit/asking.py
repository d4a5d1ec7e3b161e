"""Asking an officer to come: once however often it is touched, and honest when nobody can be told."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from kiosk.visit.actions import Action, AskOfficer
from kiosk.visit.asked import OfficerComes, OfficerTold, OfficerUnheard
from kiosk.visit.events import Event, ServiceBack, Tick, Touched
from kiosk.visit.patience import ASK_AGAIN_S, ASK_S, ASKED_S, COMING_S, UNHEARD_S
from kiosk.visit.reasons import Touch
from kiosk.visit.stages import Seconds


class Asked(StrEnum):
    """What became of it."""

    ASKING = "asking"
    ASKED = "asked"
    COMING = "coming"
    UNHEARD = "unheard"


@dataclass(frozen=True, slots=True)
class OfficerCall:
    """An officer was asked to come. `since`: when it came to this; while asking, it names the question."""

    state: Asked
    since: Seconds
    request: str | None = None


_LASTS = {
    Asked.ASKING: ASK_S,
    Asked.ASKED: ASKED_S,
    Asked.COMING: COMING_S,
    Asked.UNHEARD: UNHEARD_S,
}

Step: TypeAlias = tuple[OfficerCall | None, list[Action]]


def advance_call(call: OfficerCall | None, event: Event, now: Seconds) -> Step:
    """What has become of asking, and what to do; what does not concern it changes nothing."""
    match call, event:
        case None, Touched(Touch.ASK_OFFICER):
            return _ask(now)
        case OfficerCall(Asked.UNHEARD, since), Touched(Touch.ASK_OFFICER) if (
            now >= since + ASK_AGAIN_S
        ):
            return _ask(now)
        case OfficerCall(Asked.UNHEARD), ServiceBack():
            return _ask(now)
        case OfficerCall(Asked.ASKING, since, early), OfficerTold(asked_at, request, seen) if (
            asked_at == since
        ):
            came = seen or early == request
            return OfficerCall(Asked.COMING if came else Asked.ASKED, now, request), []
        case OfficerCall(Asked.ASKING, since), OfficerUnheard(asked_at) if asked_at == since:
            return OfficerCall(Asked.UNHEARD, now), []
        case OfficerCall(Asked.ASKING), OfficerComes(request):
            return replace(call, request=request), []  # its word overtook the answer
        case OfficerCall(Asked.ASKED, _, request), OfficerComes(told) if told == request:
            return OfficerCall(Asked.COMING, now, request), []
        case OfficerCall(), Tick() if now >= over_at(call):
            return (OfficerCall(Asked.UNHEARD, now) if call.state is Asked.ASKING else None), []
        case _:
            return call, []


def over_at(call: OfficerCall) -> Seconds:
    """When this stops to be true, or to be worth telling."""
    return call.since + _LASTS[call.state]


def resumed(call: OfficerCall | None, now: Seconds) -> OfficerCall | None:
    """An answer that was waited for is lost; the service is asked again when it is heard."""
    asking = call is not None and call.state is Asked.ASKING
    return OfficerCall(Asked.UNHEARD, now) if asking else call


def _ask(now: Seconds) -> Step:
    return OfficerCall(Asked.ASKING, now), [AskOfficer(now)]
