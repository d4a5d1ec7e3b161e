"""The words of a visit besides those that other screens share."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kiosk.ui.words import Counted


@dataclass(frozen=True, slots=True)
class TalkingPhrases:
    """The fixed ones."""

    louder: str = "Louder"
    quieter: str = "Quieter"
    hide_self: str = "Hide me"
    show_self: str = "Show me"
    bigger: str = "Larger letters"
    smaller: str = "Smaller letters"
    officer: str = "Get help"
    phrases: str = "Phrases"
    coming: str = "The picture is coming"
    close: str = "Close"
    you_said: str = "You said"
    they_said: str = "{names} said"


PHRASES = TalkingPhrases()

LEFT = Counted("{count} minute left", "{count} minutes left")
ENDS = Counted("Your visit ends in {count} second.", "Your visit ends in {count} seconds.")

PREPARED: Mapping[str, str] = MappingProxyType(
    {
        "yes": "Yes",
        "no": "No",
        "please_wait": "Please wait",
        "say_again": "Please say it again",
        "cannot_hear": "I cannot hear you",
        "cannot_see": "I cannot see you",
        "please_write": "Please write it down",
        "please_sign": "Please sign",
        "how_are_you": "How are you?",
        "i_am_well": "I am well",
        "i_love_you": "I love you",
        "goodbye": "Goodbye",
    }
)
"""What can be said without a voice, by its key."""
