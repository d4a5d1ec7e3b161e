"""The look: one set of colours, one scale of type, and the law of contrast."""

from typing import Final, TypeAlias

Colour: TypeAlias = str
"""`#RRGGBB`."""

BACKGROUND: Final = "#101820"
WELL: Final = "#080D12"  # behind pictures
SURFACE: Final = "#1B2732"
RAISED: Final = "#2C3D4B"
INK: Final = "#F3F7F9"
SOFT: Final = "#B9C6D1"
FAINT: Final = "#93A4B1"
ACCENT: Final = "#74D6B8"
ON_ACCENT: Final = "#0A211A"
CAUTION: Final = "#F4C46B"
ON_CAUTION: Final = "#2B1E03"
SKIN: Final = "#41586A"  # the body of drawn things

CAPTION: Final = 24.0
BODY: Final = 32.0
LEAD: Final = 40.0
TITLE: Final = 60.0
CLOCK: Final = 104.0
SMALLEST: Final = 20.0
"""Sizes of type in pixels on a screen of 1280x800; every other screen scales them."""

RADIUS: Final = 22.0
TARGET_MM: Final = 20.0
GAP_MM: Final = 3.0
_PRESSED: Final = 0.22


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
    return "#" + "".join(f"{part:02X}" for part in parts)


def pressed(fill: Colour) -> Colour:
    """The fill of a button while a finger is on it."""
    return mixed(fill, INK, _PRESSED)


def contrast(one: Colour, other: Colour) -> float:
    """WCAG contrast ratio, 1 to 21; text needs 4.5 (level AA)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
