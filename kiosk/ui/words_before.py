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
    silent: str = "We hear nothing here. Say something. If the bar stays empty, tell an officer."
    quiet: str = "Say something. If the bar moves little, speak louder or sit closer."
    dark: str = "It is dark here. Turn your face to the light."
    in_picture: str = "Is your face in the picture? Sit so that you see it."
    all_well: str = "We hear you well."
    hear_tone: str = "Hear a tone"
    tone_asked: str = "Did you hear a tone?"
    tone_yes: str = "Yes"
    tone_no: str = "No"
    tone_heard: str = "Good. Your sound works."
    tone_unheard: str = "Try once more. If you hear nothing, tell an officer."
    if_late: str = "If they are late, we wait until {at}."
    time_runs: str = "Your visit's time has started."


BEFORE: Final = Before()
