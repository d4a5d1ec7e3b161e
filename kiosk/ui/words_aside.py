"""The words of the bar and of what lies over a screen: help, languages, access modes, the countdown."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kiosk.ui.words import Counted


@dataclass(frozen=True, slots=True)
class AsidePhrases:
    """The fixed ones."""

    language: str = "Language"
    easier: str = "Easier to use"
    read_aloud: str = "Read aloud"
    ask_officer: str = "Ask an officer"
    still_here: str = "I am still here"
    choose_language: str = "Choose your language"
    choose_modes: str = "Make this screen easier"


PHRASES = AsidePhrases()

CLOSES = Counted("This screen closes in {count} second.", "This screen closes in {count} seconds.")

OFFICER_CALLS: Mapping[str, str] = MappingProxyType(
    {
        "asking": "Asking for an officer…",
        "asked": "An officer knows. Please wait here.",
        "coming": "An officer is coming.",
        "unheard": "No answer. Please wave to an officer.",
    }
)
"""By what became of asking."""

MODES: Mapping[str, str] = MappingProxyType(
    {
        "large_text": "Larger letters",
        "high_contrast": "Strong contrast",
        "light": "Light screen",
        "left_handed": "For the left hand",
        "slow": "More time",
        "signing": "Sign language",
        "spoken": "Read aloud",
        "phrases": "Ready phrases",
    }
)
"""By the field of Manner."""
