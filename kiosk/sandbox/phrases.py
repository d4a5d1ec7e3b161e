"""The prepared phrases that pass between the two, by their keys; the words are each side's own."""

from typing import Final

PHRASES: Final = frozenset(
    {
        "yes",
        "no",
        "please_wait",
        "say_again",
        "cannot_hear",
        "cannot_see",
        "please_write",
        "please_sign",
        "how_are_you",
        "i_am_well",
        "i_love_you",
        "goodbye",
    }
)
