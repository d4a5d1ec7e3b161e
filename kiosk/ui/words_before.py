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
    early: str = "You are early."
    early_then: str = "You can join at {at}. You can wait here."
    until_open: str = "until you can join"


BEFORE: Final = Before()
