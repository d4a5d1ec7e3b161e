"""How a screen speaks to the person in front of it: language, access modes. Nothing of who they are."""

from collections.abc import Collection
from typing import Final

import msgspec


class Manner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the screen, the spoken guide and the camera keep to from now on."""

    language: str = "en"
    """A tag of BCP 47; where no catalogue speaks it, the screen speaks English."""
    large_text: bool = False
    high_contrast: bool = False
    light: bool = False
    """Dark letters on a light ground."""
    left_handed: bool = False
    """What is touched stands on the left."""
    slow: bool = False
    """Everything waits longer."""
    signing: bool = False
    """People sign: pictures large and fluent before sharp."""
    spoken: bool = False
    """Every screen is read out when it comes."""
    phrases: bool = False
    """Prepared phrases are at hand in the visit."""


HUSH: Final = "hush"
"""The key of no sound at all: what is being read out is broken off."""


def nearest(tag: str, known: Collection[str]) -> str | None:
    """The language among those `known`, which are in small letters, that serves who speaks `tag`.

    That is itself, else what is left of it without its last parts; None where none of that is known.
    """
    parts = tag.replace("_", "-").lower().split("-")
    tried = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((each for each in tried if each in known), None)


MODES: Final = tuple(name for name in Manner.__struct_fields__ if name != "language")
"""What can be switched on and off."""
