"""What is read out of a screen where its own words name a person or a time, or are too few to be heard."""

from collections.abc import Mapping
from types import MappingProxyType

PROMPTS: Mapping[str, str] = MappingProxyType(
    {
        "idle": "Hold your card at the card reader to join your visit.",
        "checking": "We are checking your card. Please wait.",
        "pin": "Enter your PIN on the screen. Then touch OK.",
        "pin.wrong": "That PIN was not right. Please try again.",
        "choice": "You have more than one visit. Touch the one that you want.",
        "welcome": "Your visit is booked. Touch Join to begin.",
        "welcome.early": "You are early. You can join soon.",
        "waiting": "Your visitor is not here yet. Please wait here.",
        "waiting.lobby": "Your visitor is here. An officer will let them in.",
        "connecting": "Your visitor is here. Your visit is about to start.",
        "connecting.in_vain": "This takes too long. Please tell an officer.",
        "visit.reconnecting": "The picture is coming back. Your time is safe.",
        "visit.visitor_away": "Your visitor can come back to the call. Your time is safe.",
        "support": "Touch who you would like to talk to.",
        "support.card": "Hold your card at the card reader to call this line.",
        "support.handset": "Lift the handset to begin the call.",
        "panel.language": "Touch the language that you speak.",
        "panel.access": "Touch what makes this screen easier for you.",
        "closes": "This screen closes soon.",
        "closes.stay": "This screen closes soon. Touch the screen to stay.",
        "door": "This is for staff. Touch Back to go on.",
    }
)
"""By the key that kiosk-core sends; what has a reason is read out as it is written (kiosk.ui.prompts)."""
