"""What the screen knows: the newest Show, the link to kiosk-core, and the finger on the glass."""

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from kiosk.catalogues import ENGLISH
from kiosk.clock import Seconds
from kiosk.ui.elements import Scene
from kiosk.ui.geometry import Box, Panel
from kiosk.ui.legible import legible
from kiosk.ui.own_view import LOCAL, NO_PHRASES, UNTOUCHED
from kiosk.ui.pad import KEYS, PinPad
from kiosk.ui.phrasebook import Phrasebooks
from kiosk.ui.scenes import View, scene_of
from kiosk.ui.scenes.places import USUAL_SHAPE, own_places, turns
from kiosk.ui.scenes.remarks import tells_more
from kiosk.ui.theme import DARK, look_of
from kiosk.wire.link import ALONE_S
from kiosk.wire.messages import Message, PinEntered, Show, Touch, Touched
from kiosk.wire.own import OwnLevels
from kiosk.wire.screens import ConnectingScreen, PinScreen, VisitScreen, WaitingScreen
from kiosk.wire.threaded import LinkDown, LinkUp

PATIENCE_S: Seconds = 2.0
"""How long kiosk-core may be gone before the screen says so."""

ANSWER_S: Seconds = 0.4
"""What was touched looks held down until kiosk-core answers, and no longer than that."""

DOOR_S: Seconds = 3.0
"""How long a finger stays on the door to maintenance to open it."""

_SLOP_MM = 8.0

Touchable: TypeAlias = dict[str, tuple[int, int, int, int]]


@dataclass(frozen=True, slots=True)
class _Finger:
    uid: int
    touch: str
    anywhere: bool = False
    """It came down on no target, where one touch is meant wherever it is."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A finger on the door to maintenance."""

    uid: int
    since_s: Seconds


@dataclass(frozen=True, slots=True)
class _Grip:
    """A finger on what can be moved, and where on it."""

    uid: int
    across: float
    down: float


@dataclass(frozen=True, slots=True)
class _Asked:
    touch: str
    until_s: Seconds


class Showing:
    """Turns what arrives into a scene and what is touched into messages; decides nothing else."""

    def __init__(
        self,
        panel: Panel,
        books: Phrasebooks,
        now_s: Seconds,
        voices: Collection[str],
        *,
        poor_letters: bool = False,
    ) -> None:
        """With `poor_letters` nothing is shown in those that can not be drawn."""
        self._panel = panel
        self._books = books
        self._voices = voices
        self._poor_letters = poor_letters
        self._show: Show | None = None
        self._gone_since_s: Seconds | None = now_s
        self._pad = PinPad()
        self._finger: _Finger | None = None
        self._held: _Held | None = None
        self._waiting: _Asked | None = None
        self._touchable = True
        self._own: OwnLevels | None = None
        self._scene = Scene(())
        self._own_view = UNTOUCHED
        self._grip: _Grip | None = None
        self._shape: tuple[int, int] | None = None

    @property
    def show(self) -> Show | None:
        return self._show

    @property
    def pressed(self) -> str | None:
        """What the finger is on, or what it asked for a moment ago."""
        held = self._finger or self._waiting
        return held.touch if held else None

    def receive(self, item: Message | LinkUp | LinkDown, now_s: Seconds) -> None:
        """Take what came from the wire; anything but a Show and the link is not for a screen."""
        match item:
            case Show():
                self._take(item)
            case OwnLevels():
                self._own = item if self._is_waited(item.call) else None
            case LinkUp():
                self._gone_since_s = None
            case LinkDown() if self._gone_since_s is None:
                self._gone_since_s = now_s
            case _:
                pass

    def touch_works(self, works: bool) -> bool:
        """The glass feels fingers, or no longer; whether that is news."""
        news = works is not self._touchable
        self._touchable = works
        return news

    def scene(self, now_s: Seconds, utc: datetime) -> Scene:
        """What is to be seen at this moment; `utc` is what the terminal's own clock says."""
        if self._waiting and now_s >= self._waiting.until_s:
            self._waiting = None
        say = self._books.of(self._show.manner.language if self._show else ENGLISH)
        view = View(
            self._panel,
            say,
            now_s,
            utc + timedelta(seconds=self._show.ahead_s if self._show else 0),
            linked=not self._is_gone_for(PATIENCE_S, now_s),
            alone=self._is_gone_for(ALONE_S, now_s),
            typed=len(self._pad),
            look=look_of(self._show.manner) if self._show else DARK,
            touchable=self._touchable,
            own=self._own,
            own_view=self._own_view,
            shape=self._shape,
            voiced=say.language in self._voices,
        )
        scene = scene_of(self._show, view)
        self._scene = replace(scene, changes_at_s=self._changes_at_s(scene, now_s))
        if self._finger and not self._stands(self._finger.touch):
            self._finger = None
        return self._scene

    def targets(self) -> Touchable:
        """Where the things to touch are in the newest scene."""
        return {touch: box.in_px() for touch, box in self._scene.targets().items()}

    def press(self, uid: int, x: float, y: float, now_s: Seconds = math.inf) -> None:
        """A finger came down; `y` grows downwards."""
        door = self._scene.door
        self._held = _Held(uid, now_s) if door is not None and door.holds(x, y) else None
        hit = next((t for t, box in self._scene.targets().items() if box.holds(x, y)), None)
        anywhere = self._anywhere() if hit is None else None
        hit = hit or anywhere
        movable = self._scene.movable()
        if hit is None and movable is not None and movable.box.holds(x, y) and self._grip is None:
            self._grip = _Grip(uid, x - movable.box.left, y - movable.box.top)
        self._finger = _Finger(uid, hit, anywhere is not None) if hit is not None else None

    def lift(self, uid: int, x: float, y: float, now_s: Seconds) -> Message | None:
        """A finger went up; where it still is on what it came down on, that is asked for."""
        if self._opens_door(uid, x, y, now_s) and self._show is not None:
            return Touched(self._show.number, Touch.MAINTENANCE, now_s)
        if self._grip is not None and self._grip.uid == uid:
            self._let_go()
        finger = self._finger
        if finger is None or finger.uid != uid:
            return None
        self._finger = None
        box = self._scene.targets().get(finger.touch)
        if self._show is None:
            return None
        if finger.anywhere:
            return Touched(self._show.number, Touch(finger.touch), now_s)
        if box is None:
            return None
        if not box.inset(-self._panel.mm(_SLOP_MM)).holds(x, y):
            return None
        return self._asked(finger.touch, self._show.number, now_s)

    def _anywhere(self) -> Touch | None:
        """What a touch beside all targets asks for: light, and that this screen is not cleared."""
        if self._show is not None and self._show.resting:
            return Touch.WAKE
        return Touch.STAY if Touch.STAY in self._scene.targets() else None

    def _opens_door(self, uid: int, x: float, y: float, now_s: Seconds) -> bool:
        """Whether the finger was on the door all the while, and long enough."""
        held, door = self._held, self._scene.door
        if held is None or held.uid != uid:
            return False
        self._held = None
        return door is not None and door.holds(x, y) and now_s >= held.since_s + DOOR_S

    def _stands(self, touch: str) -> bool:
        return touch == Touch.WAKE or touch in self._scene.targets()

    def drag(self, uid: int, x: float, y: float) -> bool:
        """A finger moved; whether anything follows it."""
        movable, grip = self._scene.movable(), self._grip
        if grip is None or grip.uid != uid or movable is None:
            return False
        glass, box = self._panel.box, movable.box
        left = min(max(x - grip.across, 0.0), glass.width - box.width)
        top = min(max(y - grip.down, 0.0), glass.height - box.height)
        if self._turns():
            left = glass.width - left - box.width
        self._own_view = replace(self._own_view, dragged=Box(left, top, box.width, box.height))
        return True

    def _turns(self) -> bool:
        """Whether what is laid out on the left is seen on the right."""
        if self._show is None:
            return False
        manner = self._show.manner
        return turns(manner, self._books.of(manner.language).right_to_left)

    def sees(self, shape: tuple[int, int] | None) -> bool:
        """The visitor's picture is as wide and high as this; whether it has another place by that.

        What was last seen stays while there is no picture.
        """
        width, height = self._shape or USUAL_SHAPE
        self._shape = shape or self._shape
        return shape is not None and shape[0] * height != shape[1] * width

    def _let_go(self) -> None:
        self._grip = None
        if self._show is not None and isinstance(self._show.screen, VisitScreen):
            manner = self._show.manner
            rtl = self._books.of(manner.language).right_to_left
            places = own_places(self._panel, manner, self._shape, rtl)
            self._own_view = self._own_view.dropped(places)

    def _asked(self, touch: str, number: int, now_s: Seconds) -> Message | None:
        if touch in LOCAL:
            self._own_view = self._own_view.asked(touch)
            return None
        if touch.startswith(f"{Touch.PHRASE}:"):
            self._own_view = self._own_view.asked(NO_PHRASES)
        if touch not in KEYS:
            self._waiting = _Asked(touch, now_s + ANSWER_S)
            what, _, which = touch.partition(":")
            return Touched(number, Touch(what), now_s, which)
        pin = self._pad.press(touch)
        if pin is not None:
            return PinEntered(number, pin)
        can_stay = self._show is not None and self._show.can_stay
        return Touched(number, Touch.STAY, now_s) if can_stay else None  # who types is here

    def _is_waited(self, call: int) -> bool:
        """Whether the person sees themselves, and nobody else, in this call."""
        screen = self._show.screen if self._show else None
        return isinstance(screen, WaitingScreen | ConnectingScreen) and screen.call == call

    def _take(self, show: Show) -> None:
        if self._poor_letters:
            show = legible(show, self._books.of(ENGLISH).endonym)
        self._waiting = None
        kind = type(self._show.screen) if self._show else None
        if type(show.screen) is not kind:
            self._finger = None
        if not isinstance(show.screen, VisitScreen):
            self._own_view, self._grip, self._shape = UNTOUCHED, None, None
        elif self._show is not None and tells_more(self._show.screen, show.screen):
            self._own_view = self._own_view.asked(NO_PHRASES)
        if not isinstance(show.screen, PinScreen) or show.screen.checking:
            self._pad.clear()
        self._show = show
        if self._own and not self._is_waited(self._own.call):
            self._own = None

    def _is_gone_for(self, patience_s: Seconds, now_s: Seconds) -> bool:
        return self._gone_since_s is not None and now_s >= self._gone_since_s + patience_s

    def _changes_at_s(self, scene: Scene, now_s: Seconds) -> Seconds | None:
        moments = [scene.changes_at_s, self._waiting.until_s if self._waiting else None]
        if self._gone_since_s is not None:
            gone = (self._gone_since_s + patience_s for patience_s in (PATIENCE_S, ALONE_S))
            moments += [moment for moment in gone if moment > now_s]
        return min((moment for moment in moments if moment is not None), default=None)
