"""The look of the screens: colours by role in three palettes, one scale of type, lengths, motion."""

from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from kiosk.clock import Seconds
from kiosk.ui.colours import BLACK, WHITE, Colour, contrast, mixed
from kiosk.wire.manner import Manner

Ground: TypeAlias = Literal["background", "well", "surface", "raised", "accent", "caution"]
"""What words stand on."""

Role: TypeAlias = Ground | Literal["ink", "soft", "faint", "on_accent", "on_caution", "skin"]
"""What a colour is for."""

CAPTION: Final = 24.0
BODY: Final = 32.0
LEAD: Final = 40.0
TITLE: Final = 60.0
CLOCK: Final = 104.0
SMALLEST: Final = 20.0
"""Sizes of type in pixels on a screen of 1280x800; every other screen scales them."""

LARGE_TEXT: Final = 1.3
"""How much larger letters are for who asks for large text."""

RADIUS: Final = 22.0
TARGET_MM: Final = 20.0
GAP_MM: Final = 3.0
MOTION_S: Final[Seconds] = 0.15
"""How long anything may move."""

CONTRAST: Final = 7.0
"""WCAG 2.2, success criterion 1.4.6."""

_PRESSED: Final = (0.25, 0.45)


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of a screen by what they are for, and how large its letters are."""

    background: Colour
    well: Colour
    """Behind pictures."""
    surface: Colour
    raised: Colour
    """What can be touched."""
    ink: Colour
    soft: Colour
    faint: Colour
    accent: Colour
    on_accent: Colour
    caution: Colour
    on_caution: Colour
    skin: Colour
    """The body of drawn things, which carries no words."""
    letters: float = 1.0
    rim: Colour | None = None
    """Goes around what can be touched, where its fill alone would hardly be seen."""

    def colour(self, role: Role) -> Colour:
        """The colour of a role."""
        colour: Colour = getattr(self, role)
        return colour


DARK: Final = Look(
    background=Colour("#101820"),
    well=Colour("#080D12"),
    surface=Colour("#1B2732"),
    raised=Colour("#263642"),
    ink=Colour("#F3F7F9"),
    soft=Colour("#CCD6DE"),
    faint=Colour("#B9C6D1"),
    accent=Colour("#74D6B8"),
    on_accent=Colour("#0A211A"),
    caution=Colour("#F4C46B"),
    on_caution=Colour("#2B1E03"),
    skin=Colour("#41586A"),
)
LIGHT: Final = Look(
    background=Colour("#F2F5F7"),
    well=Colour("#E3E9ED"),
    surface=WHITE,
    raised=Colour("#D8E1E7"),
    ink=Colour("#101C26"),
    soft=Colour("#2C3E4C"),
    faint=Colour("#364855"),
    accent=Colour("#004A3C"),
    on_accent=WHITE,
    caution=Colour("#643700"),
    on_caution=WHITE,
    skin=Colour("#8FA6B5"),
)
HIGH_CONTRAST: Final = Look(
    background=BLACK,
    well=BLACK,
    surface=Colour("#141414"),
    raised=Colour("#262626"),
    ink=WHITE,
    soft=WHITE,
    faint=Colour("#C8C8C8"),
    accent=Colour("#FFE500"),
    on_accent=BLACK,
    caution=Colour("#FFB300"),
    on_caution=BLACK,
    skin=Colour("#5A5A5A"),
    rim=WHITE,
)


def look_of(manner: Manner) -> Look:
    """How the screen looks to who asked for `manner`; high contrast goes before light."""
    look = HIGH_CONTRAST if manner.high_contrast else LIGHT if manner.light else DARK
    return replace(look, letters=LARGE_TEXT) if manner.large_text else look


def ink_on(ground: Ground) -> Role:
    """What the main words on `ground` are written in."""
    match ground:
        case "accent":
            return "on_accent"
        case "caution":
            return "on_caution"
        case _:
            return "ink"


def pressed(fill: Colour, ink: Colour) -> Colour:
    """The fill of a button while a finger is on it: as far from `fill` as its words allow."""
    shades = [mixed(fill, end, share) for end in (BLACK, WHITE) for share in _PRESSED]
    readable = [shade for shade in shades if contrast(shade, ink) >= CONTRAST]
    return max(readable, key=lambda shade: contrast(shade, fill), default=fill)
