"""A screen while its glass feels no finger: nothing is offered to touch, and the person reads why."""

from dataclasses import replace

from kiosk.ui.elements import Button, Scene
from kiosk.ui.scenes.parts import BAR_TOP, View, banner, bar_px, silent


def untouchable(scene: Scene, view: View) -> Scene:
    """`scene` with nothing to touch, under a strip where otherwise the terminal is named."""
    strip = view.panel.box.from_top(0, view.px(BAR_TOP) + bar_px(view))
    elements = [
        silent(view, each) if isinstance(each, Button) and each.live else each
        for each in scene.elements
        if not each.box.within(strip)
    ]
    told = banner(view, "untouchable", strip, view.say.phrases.untouchable)
    return replace(scene, elements=(*elements, *told))
