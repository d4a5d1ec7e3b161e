"""Makes text fit its box: breaks lines between words, shrinks, breaks words, and cuts at the very last."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import TypeAlias

Measure: TypeAlias = Callable[[str, float], float]
"""The width in pixels of one line of text at a size."""

Ruler: TypeAlias = Callable[[str], float]
"""The same at one size."""

LineHeight: TypeAlias = Callable[[float], float]
"""The height in pixels of one line at a size."""

SOFT_HYPHEN = "\u00ad"
"""Where a long word may be broken, with a hyphen, if it must be; else it is not shown."""

_STEP = 0.92
_SURELY = 0.9
"""Letters of another size are at least so large a share of what they should be, rounded as fonts are."""
_ELLIPSIS = "…"
_ROUNDING_PX = 0.5


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines that fit, the size they fit at, and whether words were lost, or broken within."""

    lines: tuple[str, ...]
    size_px: float
    cut: bool
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """The space that a text may take."""

    width_px: float
    height_px: float
    lines: int
    balanced: bool = False
    """Break lines so that they are about as long as each other."""


def fitted(
    text: str,
    room: Room,
    size_px: float,
    smallest_px: float,
    measure: Measure,
    line_px: LineHeight,
) -> Fitted:
    """`text` at `size_px`, or as large below it as fits, but not below `smallest_px`."""
    size = size_px
    while True:
        high = (room.height_px + _ROUNDING_PX) / line_px(size)
        most = max(1, min(room.lines, int(high)))
        ruler = cache(partial(_at_size, measure, size))
        lines = _broken(text, room.width_px, ruler)
        at_last = size <= smallest_px
        whole = _has_whole_words(text, lines)
        if len(lines) <= most and ((high >= 1 and whole) or at_last):
            lines = _balanced(text, lines, room.width_px, ruler) if room.balanced else lines
            return Fitted(tuple(lines), size, cut=False, broken=not whole)
        if at_last:
            return Fitted(_cut(lines, most, room.width_px, size, measure), size, cut=True)
        size = _smaller(text, room, (size, smallest_px), ruler, line_px(size))


def _smaller(
    text: str, room: Room, sizes_px: tuple[float, float], measure: Ruler, line_px: float
) -> float:
    """The next size that may fit, by what was measured at the first; to open a font takes milliseconds.

    A word that breaks at its hyphen may take fewer lines when it is larger, so then none is left out.
    """
    tried, smallest = sizes_px
    size = max(smallest, tried * _STEP)
    while size > smallest and not {"-", SOFT_HYPHEN} & set(text):
        share = size / tried * _SURELY
        high = (room.height_px + _ROUNDING_PX) / (line_px * share)
        lines = _broken(text, room.width_px / share, measure)
        may_fit = high >= 1 and len(lines) <= max(1, min(room.lines, int(high)))
        if may_fit and _has_whole_words(text, lines):
            break
        size = max(smallest, size * _STEP)
    return size


def _at_size(measure: Measure, size_px: float, part: str) -> float:
    return measure(part, size_px)


def _has_whole_words(text: str, lines: list[str]) -> bool:
    """Whether no word had to be broken but at a hyphen, which makes it hard to read."""
    unbroken = " ".join(lines).replace("- ", "").replace("-", "")
    return unbroken.split() == text.replace(SOFT_HYPHEN, "").replace("-", "").split()


def _balanced(text: str, lines: list[str], width_px: float, measure: Ruler) -> list[str]:
    """The same words on as many lines, in the narrowest column that takes no more."""
    best = lines
    while len(best) > 1:
        width_px *= _STEP
        narrower = _broken(text, width_px, measure)
        fits = max(map(measure, narrower)) <= width_px  # a letter that does not is not broken
        if not fits or len(narrower) > len(best) or not _has_whole_words(text, narrower):
            break
        best = narrower
    return best


def _broken(text: str, width_px: float, measure: Ruler) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in text.split():
        for piece in _pieces(word, width_px, measure):
            longer = f"{line} {piece}" if line else piece
            if line and measure(longer) > width_px:
                lines.append(line)
                line = piece
            else:
                line = longer
    return [*lines, line]


def _pieces(word: str, width_px: float, measure: Ruler) -> list[str]:
    """A word, in as many parts as it takes when it is wider than a line; at its hyphens if it has any."""
    parts = []
    while len(_shown(word)) > 1 and measure(_shown(word)) > width_px:
        ends = [end for end in range(1, len(word)) if word[end - 1] in ("-", SOFT_HYPHEN)]
        if not any(measure(_shown(word[:end])) <= width_px for end in ends):
            ends = list(range(1, len(word)))
        fits = (end for end in reversed(ends) if measure(_shown(word[:end])) <= width_px)
        end = next(fits, ends[0])
        parts.append(_shown(word[:end]))
        word = word[end:]
    return [*parts, _shown(word)] if word else parts


def _shown(part: str) -> str:
    """What is read of a word, or of the beginning of one that is broken."""
    return part.replace(SOFT_HYPHEN, "") + ("-" if part.endswith(SOFT_HYPHEN) else "")


def _cut(
    lines: list[str], most: int, width_px: float, size_px: float, measure: Measure
) -> tuple[str, ...]:
    last = lines[most - 1]
    while last and measure(last + _ELLIPSIS, size_px) > width_px:
        last = last[:-1].rstrip()
    return (*lines[: most - 1], last + _ELLIPSIS)
