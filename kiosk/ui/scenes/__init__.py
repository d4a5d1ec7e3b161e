"""A screen is a function of what kiosk-core says and of the moment: plain data, no Kivy."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from kiosk.ui.elements import Scene
from kiosk.ui.mirroring import mirrored
from kiosk.ui.scenes import (
    aside,
    before,
    choice,
    closing,
    door,
    entry,
    goodbye,
    helping,
    visit,
    welcome,
)
from kiosk.ui.scenes.bar import changes_at_s
from kiosk.ui.scenes.parts import View
from kiosk.ui.scenes.untouchable import untouchable
from kiosk.wire.messages import Show
from kiosk.wire.screens import (
    CheckingScreen,
    ChoiceScreen,
    ConnectingScreen,
    DoorScreen,
    GoodbyeScreen,
    IdleScreen,
    OutOfServiceScreen,
    PinScreen,
    RefusedScreen,
    Screen,
    VisitScreen,
    WaitingScreen,
    WelcomeScreen,
)
from kiosk.wire.support import SupportCallScreen, SupportOverScreen, SupportScreen

__all__ = ["View", "scene_of"]


def scene_of(show: Show | None, view: View) -> Scene:
    """What is to be seen now; without a link it says so and nothing can be touched."""
    if show is None:
        return replace(closing.starting(view), ground=view.look.background)
    return mirrored(
        _for_the_right_hand(show, view),
        view.panel.width_px,
        rtl=view.say.right_to_left,
        left_handed=show.manner.left_handed,
    )


def _for_the_right_hand(show: Show, view: View) -> Scene:
    view = replace(view, terminal=show.terminal, hall=show.hall, show=show)
    scene = replace(_shown(show, view), ground=view.look.background)
    if not view.touchable:
        scene = untouchable(scene, view)
    if view.linked or isinstance(show.screen, VisitScreen):
        return scene
    return closing.one_moment(scene, view)


def _shown(show: Show, view: View) -> Scene:
    if show.resting:
        return aside.resting(view)
    scene = _of(show.screen, view)
    if isinstance(show.screen, IdleScreen):
        scene = aside.drifted(scene, view)
    moments = (scene.changes_at_s, changes_at_s(view))
    next_s = min((moment for moment in moments if moment is not None), default=None)
    return aside.with_panel(replace(scene, changes_at_s=next_s), show, view)


def _of(screen: Screen, view: View) -> Scene:
    scene = _SCENES[type(screen)](screen, view)
    nobody_is_here = isinstance(screen, IdleScreen | OutOfServiceScreen)
    return door.with_door(scene, view) if nobody_is_here else scene


_SCENES: Final[Mapping[type[Screen], Callable[[Any, View], Scene]]] = {
    IdleScreen: entry.idle,
    CheckingScreen: entry.checking,
    PinScreen: entry.pin,
    ChoiceScreen: choice.choice,
    WelcomeScreen: welcome.welcome,
    WaitingScreen: before.waiting,
    ConnectingScreen: before.connecting,
    VisitScreen: visit.visit,
    GoodbyeScreen: goodbye.goodbye,
    RefusedScreen: closing.refused,
    SupportScreen: helping.support,
    SupportCallScreen: helping.support_call,
    SupportOverScreen: helping.support_over,
    DoorScreen: door.door,
    OutOfServiceScreen: closing.closed,
}
