"""What the table of the visit says of last words and of help: the stages, and what can happen there."""

from dataclasses import replace
from typing import TypeAlias

from kiosk.visit.events import CallBack, CallConnected, CallLost, Event, OfferMade
from kiosk.visit.helplines import HelpDesk, Support, SupportCall, SupportOver
from kiosk.visit.reasons import Ending, Notice, OutOfOrder, Refusal, SupportEnding, WishState
from kiosk.visit.stages import Hint, MaintenanceDoor, Refused, Seconds, Stage
from kiosk.visit.support_events import (
    HandsetMoved,
    HandsetUnknown,
    SupportAnswered,
    SupportAsked,
    SupportDeclined,
    SupportGranted,
    SupportUnanswered,
)
from tests.visit.samples import BOOKING, HELPDESK, LINES, SAMARITANS, goodbye, granted_support

_DESK = HelpDesk(LINES, lifted=False)
_GREETED = HelpDesk(LINES, lifted=False, card_known=True, visit_at=BOOKING.starts_at)
_ASKING = SupportCall(replace(_DESK, lifted=True), SAMARITANS, 40_000, 40, 46, True, 3)
_RINGING = replace(_ASKING, grant=granted_support(), give_up_at=101, sdp="offer")
_TALKING = replace(_RINGING, give_up_at=None, live_since=45)

_WELL, _BADLY = goodbye(Ending.LEFT, 44, 50), goodbye(Ending.OFFICER, 44, 50)
_REFUSED = Refused(Refusal.NO_BOOKING, 80)
_REMARK = Hint(Notice.CARD_UNREADABLE, 55)

Met: TypeAlias = tuple[str, Stage, Seconds, str | None]
"""In words, the stage, when things happen to it, and which other it is like."""

LAST_WORDS: tuple[Met, ...] = (
    ("it went well", _WELL, 50, None),
    ("a remark is shown", replace(_WELL, hint=_REMARK), 50, "it went well"),
    ("it went badly", _BADLY, 50, None),
    (
        "another visit is being asked for",
        replace(_BADLY, rebooking=WishState.ASKING),
        50,
        "it went badly",
    ),
    ("", _REFUSED, 50, None),
    ("a remark is shown", replace(_REFUSED, hint=_REMARK), 50, ""),
)
HELPING: tuple[Met, ...] = (
    ("the lines are shown", Support(_DESK, 100), 50, None),
    ("a visit begins soon", Support(_GREETED, 100), 50, "the lines are shown"),
    ("a card is missing", Support(_DESK, 100, HELPDESK), 50, None),
    ("a card is being checked", Support(_DESK, 100, HELPDESK, 49), 50, None),
    ("the handset is missing", Support(_DESK, 100, SAMARITANS), 50, None),
    ("the service is asked", _ASKING, 44, None),
    ("it rings", _RINGING, 50, None),
    ("it rings again soon", replace(_RINGING, again_at=51), 50, None),
    ("they talk", _TALKING, 50, None),
    ("a remark is shown", replace(_TALKING, card_told_until=56), 50, None),
    ("", SupportOver(_DESK, SAMARITANS, SupportEnding.NO_ANSWER, 0.0, 110), 50, None),
    ("", MaintenanceDoor(65), 50, None),
    ("something is broken", MaintenanceDoor(65, behind=OutOfOrder.CALL_DOWN), 50, None),
)


def of_help(stage: Stage) -> list[tuple[str, Event]]:
    """All that only help waits for, wherever it comes."""
    found: list[tuple[str, Event]] = [
        ("`SupportAsked`", SupportAsked(LINES, lifted=False)),
        ("`HandsetMoved`, lifted", HandsetMoved(lifted=True)),
        ("`HandsetMoved`, put down", HandsetMoved(lifted=False)),
        ("`HandsetUnknown`", HandsetUnknown()),
    ]
    if not isinstance(stage, SupportCall):
        return [*found, ("`SupportGranted`, late", SupportGranted(-1, granted_support()))]
    call, asked_at = stage.call, stage.asked_at
    return [
        *found,
        ("`SupportGranted`", SupportGranted(asked_at, granted_support())),
        ("`SupportDeclined`", SupportDeclined(asked_at)),
        ("`SupportAnswered`", SupportAnswered(call, "answer")),
        ("`SupportUnanswered`", SupportUnanswered(call)),
        ("`OfferMade`", OfferMade(call, 0, "offer")),
        ("`CallConnected`", CallConnected(call)),
        ("`CallLost`", CallLost(call)),
        ("`CallBack` in this call", CallBack(call)),
    ]
