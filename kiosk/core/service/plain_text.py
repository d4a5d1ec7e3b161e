"""Makes text that people wrote safe to draw on one line, whatever it contains."""

import re
import unicodedata

NAME_CHARACTERS = 60
MESSAGE_CHARACTERS = 300

_ELLIPSIS = "…"
_DROPPED_CATEGORIES = ("Cc", "Cs")
_INVISIBLE = frozenset("\u00ad\u200b\u2060\ufeff")
# Embeddings, overrides, isolates and marks that turn the text around them (Unicode TR 9).
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# A base with more marks than any orthography uses would be drawn over the lines above it.
_MARKS = re.compile(
    r"(?P<kept>[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff"
    r"\u20d0-\u20f0\ufe20-\ufe2f]{3})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff"
    r"\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]+"
)
_JOINERS = "\u200c\u200d"


def clean(text: str, characters: int) -> str:
    """`text` on one line of at most `characters`, without what is not meant to be seen.

    Joiners stay, as Persian and Hindi need them. What is cut off ends in an ellipsis.
    """
    spaced = "".join(" " if c.isspace() else c for c in text[: characters * 20])
    seen = "".join(c for c in spaced if not _is_hidden(c))
    composed = unicodedata.normalize("NFC", " ".join(seen.split()))
    return _clip(_MARKS.sub(r"\g<kept>", composed), characters)


def _is_hidden(character: str) -> bool:
    return (
        character in _TURNING
        or character in _INVISIBLE
        or unicodedata.category(character) in _DROPPED_CATEGORIES
    )


def _clip(text: str, characters: int) -> str:
    if len(text) <= characters:
        return text
    kept = text[: characters - 1]
    # Not in the middle of a letter: back to before the letter whose marks do not fit.
    while kept and unicodedata.combining(text[len(kept)]):
        kept = kept[:-1]
    return kept.rstrip(_JOINERS + " ") + _ELLIPSIS
