"""What a screen is made of, in plain data: text, surfaces, things to touch, icons and pictures."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from kiosk.clock import Seconds
from kiosk.ui.colours import BLACK, Colour
from kiosk.ui.geometry import Box

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
    """The text on a button: below its icon when it has one."""
    pad = button.size_px * 0.3
    box = button.box
    if button.icon:
        box = box.from_bottom(pad * 0.6, button.size_px * 1.4 * button.lines)
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
        rtl=button.rtl,
    )


def icon_box(button: Button) -> Box:
    """The square for a button's icon."""
    label = label_of(button).box
    room = label.top - button.box.top
    side = min(room * 0.68, button.box.width * 0.5)
    return Box(
        button.box.left + (button.box.width - side) / 2,
        button.box.top + (room - side) / 2 + side * 0.06,
        side,
        side,
    )
