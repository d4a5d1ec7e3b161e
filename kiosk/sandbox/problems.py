"""What a terminal is told when it can not have what it asked for (RFC 9457)."""

from collections.abc import Sequence

from kiosk.sandbox.granting import Refused
from kiosk.sandbox.instants import rfc3339

_TITLES = {
    "bad_request": "The request breaks the contract.",
    "unknown_terminal": "This terminal may not use this service.",
    "unknown_operation": "There is nothing here.",
    "unknown_card": "Nobody holds this card.",
    "unknown_identification": "Show the card again.",
    "pin_wrong": "It was not this PIN.",
    "not_joined": "This terminal does not hold this visit.",
    "unknown_medium": "The visit has no such medium.",
    "visitor_gone": "The visitor is not there any more.",
    "visit_over": "The visit is over.",
    "held": "An officer stopped this visit.",
    "no_connection": "This connection waits for no answer.",
    "media_away": "The media server does not answer now.",
    "no_answer": "The visitor's browser could not answer.",
    "unknown_line": "There is no such line.",
    "call_over": "This call is over.",
    "too_early": "It is too early for this visit.",
    "too_late": "This visit is over.",
    "wrong_hall": "This visit is in another hall.",
    "wrong_prison": "This visit is in another prison.",
    "moved": "The person was moved to another prison.",
    "released": "The person was released.",
    "visitor_not_approved": "A visitor is no longer approved.",
    "booking_changed": "The booking was changed.",
    "booking_cancelled": "The booking was cancelled.",
    "no_privacy_class": "The booking has no privacy class.",
    "taken": "Another terminal has this visit.",
    "not_allowed": "This visit is not allowed now.",
    "fault": "The service is at fault.",
}


class Problem(Exception):
    """A reply that says no, and why."""

    def __init__(self, status: int, code: str, detail: str = "", **more: object) -> None:
        self.status = status
        self.body: dict[str, object] = {"code": code, "title": _TITLES[code], "status": status}
        self.body |= more
        if detail:
            self.body["detail"] = detail[:2000]
        super().__init__(code)


def bad_request(faults: Sequence[str]) -> Problem:
    """Names every clause that the request breaks."""
    return Problem(400, "bad_request", "; ".join(faults))


def refused(why: Refused) -> Problem:
    """A refusal to join, with the place to go to or the time to come back."""
    more: dict[str, str] = {}
    if why.place is not None:
        more["place"] = why.place
    if why.at_ms is not None:
        more["at"] = rfc3339(why.at_ms)
    return Problem(409, why.code, **more)
