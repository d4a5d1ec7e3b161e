"""Words for after a visit: how it was, what can be asked of the prison, and the same for a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kiosk.ui.words import Counted


@dataclass(frozen=True, slots=True)
class AfterPhrases:
    """The fixed words of the goodbye; `{…}` are woven in."""

    next_visit: str = "Your next visit: {day}, {at}."
    how_picture: str = "How was the picture?"
    how_sound: str = "How was the sound?"
    no_name: str = "You do not have to answer. Your name is not sent."
    thanks: str = "Thank you. Your name is not sent."
    report_fault: str = "Report a fault"
    ask_rebooking: str = "Ask for a new visit"
    sending: str = "Sending…"
    fault_reported: str = "Fault reported"
    rebooking_asked: str = "New visit asked for"
    try_again: str = "Try again"
    given_little: str = "You got back less than a minute."


AFTER = AfterPhrases()

RATINGS: Mapping[str, str] = MappingProxyType({"good": "Good", "fair": "So-so", "bad": "Bad"})

WISHES: Mapping[str, str] = MappingProxyType(
    {
        "rebooking_asked": "The prison knows that you ask for a new visit.",
        "rebooking_unheard": "We could not send this. Try again, or tell an officer.",
        "fault_asked": "The prison knows that something did not work.",
        "fault_unheard": "We could not send this. Try again, or tell an officer.",
    }
)
"""What became of a wish; while it is being sent nothing more is said than on its button."""

GIVEN_BACK = Counted(
    "You got back {count} minute that was lost.", "You got back {count} minutes that were lost."
)
