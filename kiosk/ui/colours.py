"""Colours as the screens name them, how they mix, and the law of contrast."""

from typing import NewType

Colour = NewType("Colour", str)
"""`#RRGGBB`."""

BLACK = Colour("#000000")
WHITE = Colour("#FFFFFF")


def rgb(colour: Colour) -> tuple[float, float, float]:
    """Red, green and blue from 0 to 1."""
    return (
        int(colour[1:3], 16) / 255,
        int(colour[3:5], 16) / 255,
        int(colour[5:7], 16) / 255,
    )


def mixed(colour: Colour, other: Colour, share: float) -> Colour:
    """`colour` with a `share` of `other` in it."""
    parts = (
        round(255 * (a * (1 - share) + b * share))
        for a, b in zip(rgb(colour), rgb(other), strict=True)
    )
    return Colour("#" + "".join(f"{part:02X}" for part in parts))


def contrast(one: Colour, other: Colour) -> float:
    """WCAG contrast ratio, 1 to 21; text needs 7 (level AAA)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
