"""The words of the screens between the card and the visit, in English."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Before:
    """The fixed words; `{…}` are woven in."""

    choose: str = "Which visit do you want?"
    now: str = "Now"
    opens: str = "Opens at {at}"
    more_visits: str = "Other visits"
    back: str = "Choose again"
    early: str = "You are early. You can join in {left}."
    much_too_early: str = "You can join from {at}. Hold your card here again then."


BEFORE: Final = Before()
