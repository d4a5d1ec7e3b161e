"""Words for the door to maintenance, which staff alone should come to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DoorPhrases:
    """The fixed words of the door."""

    title: str = "Maintenance"
    hold_card: str = "This is for staff. Hold a staff card at the reader."
    refused: str = "This card does not open maintenance."
    refused_then: str = "Hold another staff card at the reader, or go back."
    back: str = "Back"


DOOR = DoorPhrases()
