"""The design of the screens in pictures, for docs/ui.md: `python -m tests.ui.design` draws them anew."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kiosk.ui import theme
from kiosk.ui.elements import Button, Element, Icon, Scene, Surface, Text
from kiosk.ui.geometry import Box
from kiosk.ui.mirroring import mirrored
from kiosk.ui.scenes import View
from kiosk.ui.scenes.parts import Type, button, silent, story, text
from kiosk.ui.theme import Ground, Look, Role, ink_on, look_of
from kiosk.wire.manner import Manner
from tests.ui.kit import Stage, offscreen_window
from tests.ui.samples import NOW_S, PANEL, SAY, UTC_NOW

PICTURES = Path(__file__).parents[2] / "docs" / "pictures" / "design"
LOOKS: Mapping[str, Look] = {
    "dark": look_of(Manner()),
    "light": look_of(Manner(light=True)),
    "high_contrast": look_of(Manner(high_contrast=True)),
}
_GROUNDS: tuple[Ground, ...] = ("background", "well", "surface", "raised", "accent", "caution")
_INKS: tuple[Role, ...] = ("ink", "soft", "faint", "accent", "caution")
_SIZES = {"CAPTION": theme.CAPTION, "BODY": theme.BODY, "LEAD": theme.LEAD, "TITLE": theme.TITLE}
_GAP = 16.0
_DRAWINGS = (
    "card",
    "clock",
    "person",
    "officer",
    "ask",
    "language",
    "access",
    "contrast",
    "light",
    "left_hand",
    "slow",
    "signing",
    "phrases",
    "microphone",
    "microphone_off",
    "sound",
    "tone",
    "phone",
    "handset",
    "eye",
    "eye_off",
    "record",
    "face_good",
    "face_fair",
    "face_bad",
    "help",
    "place",
    "link",
    "pause",
    "check",
    "leave",
    "lock",
)


def pictures() -> Iterator[tuple[str, Scene, str | None]]:
    """Each picture by name: its scene, and what a finger is on."""
    for name, look in LOOKS.items():
        yield f"colours_{name}", _colours(look), None
        yield f"buttons_{name}", _buttons(look), "pressed"
    yield "type", _type(LOOKS["dark"]), None
    yield "type_large", _type(look_of(Manner(large_text=True))), None
    yield "icons", _icons(LOOKS["dark"]), None
    yield "story", _story(LOOKS["dark"]), None
    yield "story_from_the_right", _turned(_story(LOOKS["dark"])), None


def drawn(stage: Stage, scene: Scene, pressed: str | None) -> NDArray[np.uint8]:
    """The picture at half its size."""
    stage.paint(scene)
    stage.painter.paint(scene, pressed)
    stage.window.canvas.ask_update()
    height = round(max(element.box.bottom for element in scene.elements) + _GAP)
    image = Image.fromarray(stage.pixels()[:height])
    return np.asarray(image.resize((image.width // 2, image.height // 2), Image.Resampling.BOX))


def _view(look: Look) -> View:
    return View(PANEL, SAY, NOW_S, UTC_NOW, look=look)


def _colours(look: Look) -> Scene:
    view = _view(look)
    width = (PANEL.width_px - 7 * _GAP) / 6
    elements: list[Element] = []
    for column, ground in enumerate(_GROUNDS):
        box = Box(_GAP + column * (width + _GAP), _GAP, width, 300)
        elements.append(Surface(f"{ground}_area", box, look.colour(ground), view.px(theme.RADIUS)))
        inks = _INKS if ground not in {"accent", "caution"} else (ink_on(ground),)
        line = box.from_top(12, 44)
        title = Type(theme.CAPTION, ink_on(ground), bold=True)
        elements.append(text(view, ground, line, ground, title, ground))
        for ink in inks:
            line = line.from_top(48, 44)
            look_of_ink = Type(theme.CAPTION, ink)
            elements.append(text(view, f"{ground}_{ink}", line, ink, look_of_ink, ground))
    return Scene(tuple(elements), ground=look.background)


def _buttons(look: Look) -> Scene:
    view = _view(look)
    height = max(PANEL.target_px, view.px(118))
    boxes = [Box(_GAP + i * 250, _GAP, 234, height) for i in range(5)]
    pressed = button(view, "pressed", boxes[2], "Pressed", icon="check")
    shown: list[Button] = [
        button(view, "main", boxes[0], "Main", main=True),
        button(view, "other", boxes[1], "Other", icon="microphone"),
        pressed,
        replace(
            button(view, "warns", boxes[3], "Warns", icon="microphone_off"),
            fill=look.caution,
            ink=look.on_caution,
        ),
        silent(view, button(view, "silent", boxes[4], "Silent")),
    ]
    return Scene(tuple(shown), ground=look.background)


def _type(look: Look) -> Scene:
    view = _view(look)
    elements: list[Text] = []
    top = _GAP
    for name, size in _SIZES.items():
        for bold in (False, True):
            height = view.type_px(size) * 1.4
            box = Box(_GAP + 620 * bold, top, 600, height)
            shown = Type(size, bold=bold, across="left")
            elements.append(text(view, f"{name}{bold}", box, f"{name.title()} 14:05", shown))
        top += height
    return Scene(tuple(elements), ground=look.background)


def _icons(look: Look) -> Scene:
    view = _view(look)
    elements: list[Element] = []
    for place, name in enumerate(_DRAWINGS):
        row, column = divmod(place, 10)
        box = Box(_GAP + column * 125, _GAP + row * 110, 125, 104)
        elements.append(Icon(name, box.from_top(0, 64).centred(64, 64), name, look.ink))
        label = Type(theme.SMALLEST, "soft")
        elements.append(text(view, f"{name}_name", box.from_bottom(0, 32), name, label))
    return Scene(tuple(elements), ground=look.background)


def _story(look: Look) -> Scene:
    view = _view(look)
    area = Box(_GAP, _GAP, 760, 420)
    told = story(view, area, "clock", "Waiting for Mum", ("Your visit begins at 14:00.",))
    beside = Box(900, 160, 300, max(PANEL.target_px, view.px(118)))
    leave = button(view, "leave", beside, "Leave", icon="leave")
    return Scene((*told, leave), ground=look.background)


def _turned(scene: Scene) -> Scene:
    arabic = {"Waiting for Mum": "في انتظار Mum", "Leave": "مغادرة"}
    arabic["Your visit begins at 14:00."] = "تبدأ زيارتك الساعة 14:00."
    elements = [
        replace(element, text=arabic[element.text])
        if isinstance(element, Text)
        else replace(element, label=arabic[element.label])
        if isinstance(element, Button)
        else element
        for element in scene.elements
    ]
    turned = replace(scene, elements=tuple(elements))
    return mirrored(turned, PANEL.width_px, rtl=True, left_handed=False)


def main() -> None:
    """Write all pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as frames:
        stage = Stage(offscreen_window(), Path(frames))
        for name, scene, pressed in pictures():
            image = Image.fromarray(drawn(stage, scene, pressed)).quantize(64)
            image.save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
