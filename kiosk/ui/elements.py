"""What a screen is made of, in plain data: text, surfaces, things to touch, icons and pictures."""

from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from kiosk.clock import Seconds
from kiosk.ui.colours import BLACK, Colour
from kiosk.ui.geometry import Box

ICON_SHARE: Final = 0.336
"""Of a button's height, the least that an icon takes: who does not read depends on it."""

_AIR = 0.025  # of its height, around the icon
_PAD = 0.3  # of the size of its letters, at the sides
_FOOT = 0.4  # of that, below them
_LOOSE = 0.68  # of what its words leave, where they leave much
_BESIDE = 1.4  # of an icon's side: how far its mark is from it

Across: TypeAlias = Literal["left", "center", "right"]
Down: TypeAlias = Literal["top", "middle", "bottom"]


@dataclass(frozen=True, slots=True)
class Text:
    """Words in at most `lines` lines; they shrink to fit `box`, then end in an ellipsis."""

    key: str
    box: Box
    text: str
    size_px: float
    colour: Colour
    on: Colour
    bold: bool = False
    lines: int = 1
    across: Across = "center"
    down: Down = "middle"
    rtl: bool = False
    """Whether its sentences begin on the right."""
    given: bool = False
    """Words from outside stay in their own direction, whatever the screen speaks."""


@dataclass(frozen=True, slots=True)
class Surface:
    """A rounded area of one colour."""

    key: str
    box: Box
    colour: Colour
    radius_px: float = 0.0
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Icon:
    """A drawing from `kiosk.ui.icons` in one colour."""

    key: str
    box: Box
    name: str
    colour: Colour
    turned: bool = False
    """Drawn as in a mirror."""


@dataclass(frozen=True, slots=True)
class Button:
    """Something to touch; `touch` is what is asked for, with `:` and the choice where there are several.

    One that is not live only tells.
    """

    touch: str
    box: Box
    label: str
    size_px: float
    fill: Colour
    ink: Colour
    radius_px: float
    icon: str = ""
    live: bool = True
    lines: int = 1
    rtl: bool = False
    rim: Colour | None = None
    mark: str = ""
    """A second drawing beside the icon: how a switch stands."""

    @property
    def key(self) -> str:
        return f"touch_{self.touch}"


@dataclass(frozen=True, slots=True)
class Picture:
    """The newest picture of `call`, in its own shape, while there is one and before `until_s`.

    `coming` is said in its place, in `ink` on `well`, before the first one of this call, and `empty`
    while there is none later. One that is `movable` follows a finger.
    """

    key: str
    box: Box
    source: Literal["remote", "self"]
    call: int
    until_s: Seconds
    mirrored: bool
    empty: str
    text_px: float
    ink: Colour
    well: Colour
    rtl: bool = False
    coming: str = ""
    movable: bool = False


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring of which a `share`, from the top and clockwise, is in `colour`, and the rest in `rest`."""

    key: str
    box: Box
    share: float
    colour: Colour
    rest: Colour


Element: TypeAlias = Text | Surface | Icon | Button | Picture | Ring


@dataclass(frozen=True, slots=True)
class Scene:
    """All that is to be seen, from back to front on `ground`, and when it changes by itself."""

    elements: tuple[Element, ...]
    changes_at_s: Seconds | None = None
    ground: Colour = BLACK
    door: Box | None = None
    """Where nothing is to be seen, and a finger that stays for long asks for maintenance."""

    def targets(self) -> dict[str, Box]:
        """Where each thing that can be touched is."""
        return {e.touch: e.box for e in self.elements if isinstance(e, Button) and e.live}

    def movable(self) -> Picture | None:
        """What follows a finger, unless something lies over it."""
        for place, element in enumerate(self.elements):
            if isinstance(element, Picture) and element.movable:
                above = self.elements[place + 1 :]
                covered = any(isinstance(e, Surface) and e.box.meets(element.box) for e in above)
                return None if covered else element
        return None

    def pictures(self) -> tuple[Picture, ...]:
        return tuple(e for e in self.elements if isinstance(e, Picture))


def label_of(button: Button) -> Text:
    """The text on a button: at its bottom, below the icon, when it has one."""
    pad = button.size_px * _PAD
    box = button.box
    if button.icon:
        box = box.from_bottom(pad * _FOOT, box.height * (1 - ICON_SHARE - _AIR) - pad * _FOOT)
    room = Box(box.left + pad, box.top, box.width - 2 * pad, box.height)
    return Text(
        "",
        room,
        button.label,
        button.size_px,
        button.ink,
        button.fill,
        bold=True,
        lines=button.lines,
        down="bottom" if button.icon else "middle",
        rtl=button.rtl,
    )


def icon_box(button: Button, words_px: float) -> Box:
    """The square for a button's icon, over words that are so high: never less than `ICON_SHARE`."""
    box = button.box
    room = box.height - button.size_px * _PAD * _FOOT - words_px
    side = min(
        max(room * _LOOSE, box.height * ICON_SHARE), box.width * (0.3 if button.mark else 0.5)
    )
    left = box.left + (box.width - side) / 2
    if button.mark:
        left += (1 if button.rtl else -1) * side * _BESIDE / 2
    top = box.top + (room - side) / 2
    return Box(left, top + (room - side) * 0.1, side, side)


def mark_box(button: Button, icon: Box) -> Box:
    """The square for a button's mark, on the side to which one reads on from its icon."""
    return replace(icon, left=icon.left + (-1 if button.rtl else 1) * icon.width * _BESIDE)
