"""The screen's loop: takes what arrives, paints what changed, says what is on the glass."""

import logging
import os
import select
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from kivy.base import EventLoop

from kiosk.clock import Clock, Seconds
from kiosk.memory import give_back
from kiosk.ui.beat import Beat
from kiosk.ui.drawn import DrawnPictures
from kiosk.ui.elements import Scene
from kiosk.ui.glass.painter import Painter
from kiosk.ui.glass.touchscreen import touch_works
from kiosk.ui.glass.window import lay_ground
from kiosk.ui.showing import ANSWER_S, Showing
from kiosk.ui.touchscreen import Touchscreen
from kiosk.ui.turns import Turns
from kiosk.wire.messages import Drawn, Message, Show, Touch, Touched
from kiosk.wire.screens import IdleScreen, OutOfServiceScreen, VisitScreen
from kiosk.wire.threaded import LinkDown, LinkUp

_LIVE_EVERY_S: Seconds = 1 / 60
_FIRST_EVERY_S: Seconds = 1 / 250  # somebody has waited long for this picture
_TOGETHER_S: Seconds = 0.1
"""What a touch brings about in this time, which nobody notices, is drawn once, as it stands in the end."""

_LOOK_S: Seconds = 1.0  # at the touchscreen
_STILL_EVERY_S: Seconds = 1 / 40  # how late a touch may be seen when nothing moves

_FOUND = (logging.INFO, "the touchscreen is there again")
_LOST = (logging.ERROR, "the touchscreen is gone")

log = logging.getLogger(__name__)


class Link(Protocol):
    """What the loop needs of the wire to kiosk-core; neither call waits."""

    def receive(self) -> Sequence[Message | LinkUp | LinkDown]:
        """What came since the last call."""

    def send(self, message: Message) -> None:
        """Send, or drop while there is no link."""


class Wake:
    """Ends the loop's wait from any thread or signal handler."""

    def __init__(self) -> None:
        self._fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._poll = select.poll()
        self._poll.register(self._fd, select.POLLIN)

    def __call__(self) -> None:
        os.eventfd_write(self._fd, 1)

    def wait(self, at_most_s: Seconds) -> None:
        if self._poll.poll(at_most_s * 1e3):
            os.eventfd_read(self._fd)

    def close(self) -> None:
        os.close(self._fd)


class Loop:
    """Runs the window until stopped; Kivy's own clock never makes it wait."""

    def __init__(
        self,
        window: Any,
        showing: Showing,
        painter: Painter,
        wire: Link,
        wake: Wake,
        clock: Clock,
        spare: Iterable[None] = (),
        *,
        terminal: bool = False,
    ) -> None:
        """On a `terminal` the panel is driven directly and touches come from one device. A step of `spare`
        is done in each turn in which nobody is here and nothing else is to do."""
        self._window = window
        self._showing = showing
        self._painter = painter
        self._wire = wire
        self._wake = wake
        self._clock = clock
        self._spare = iter(spare)
        self._pictures = DrawnPictures()
        self._turns = Turns()
        self._touchscreen = Touchscreen()
        self._scene = Scene(())
        self._stale_since_s: Seconds | None = clock.monotonic()
        self._painted: Show | None = None
        self._said: Show | None = None
        self._flipped = False
        self._running = True
        self._paint_at_s: Seconds = 0.0
        self._look_at_s: Seconds = 0.0
        self._beat = Beat(clock.monotonic()) if terminal else None
        self._hears: dict[str, Any] = {
            "on_touch_down": self._down,
            "on_touch_move": self._move,
            "on_touch_up": self._up,
            "on_flip": self._on_flip,
        }
        window.bind(**self._hears)

    def leave(self) -> None:
        """Let go of the window."""
        self._window.unbind(**self._hears)

    def run(self) -> None:
        """Until stopped."""
        while self._running:
            self._wake.wait(self._patience_s)
            self.step()

    @property
    def _patience_s(self) -> Seconds:
        if self._painter.expects_first or self._stale_since_s is not None:
            return _FIRST_EVERY_S
        return _LIVE_EVERY_S if self._scene.pictures() else _STILL_EVERY_S

    def stop(self) -> None:
        """End `run` soon; safe in a signal handler."""
        self._running = False
        self._wake()

    def step(self) -> None:
        """One turn: input, scene, pictures, glass, and what there is to tell."""
        began_s = self._clock.monotonic()
        if self._beat is not None:
            self._look_after(self._beat, began_s)
        self._window.mainloop()
        EventLoop.dispatch_input()
        for item in self._wire.receive():
            self._showing.receive(item, self._clock.monotonic())
            self._changed()
            if isinstance(item, LinkUp) and self._beat is not None:
                self._send(self._touchscreen.status)
            if _is_visit(item) and not _is_visit(self._painted):
                self._paint_at_s = 0.0  # where joining ends: a picture may come at any moment
        now_s = self._clock.monotonic()
        self._look_at_time(now_s)
        if self._is_due(now_s):
            self._paint(now_s)
        changed, remote = self._painter.poll(now_s)
        if changed:
            self._draw(now_s)
            if self._showing.sees(self._painter.shape):
                self._paint(now_s)  # it is seen in its place from its first frame on
        self._flipped = False
        EventLoop.idle()
        self._tell(remote and self._flipped)
        if self._is_quiet():
            next(self._spare, None)
        self._send(*self._turns.turned(began_s, self._clock.monotonic(), drew=self._flipped))

    def _is_quiet(self) -> bool:
        """Whether nobody waits for anything."""
        still = not self._flipped and self._stale_since_s is None
        return _is_idle(self._painted) and still and self._showing.pressed is None

    def _look_after(self, beat: Beat, now_s: Seconds) -> None:
        """What a window system would do: draw again, and look whether the touchscreen works."""
        if beat.is_due(now_s):
            self._window.canvas.ask_update()
        if now_s < self._look_at_s:
            return
        self._look_at_s = now_s + _LOOK_S
        works = touch_works()
        if self._showing.touch_works(works):
            self._changed()
        if self._touchscreen.seen(works, now_s):
            status = self._touchscreen.status
            log.log(*(_FOUND if status.up else _LOST))
            self._send(status)

    def _changed(self) -> None:
        """What is on the glass is no longer what is to be seen."""
        if self._stale_since_s is None:
            self._stale_since_s = self._clock.monotonic()

    def _look_at_time(self, now_s: Seconds) -> None:
        changes_at_s = self._scene.changes_at_s
        if changes_at_s is not None and now_s >= changes_at_s:
            self._changed()

    def _is_due(self, now_s: Seconds) -> bool:
        """Whether to paint: no touch, and not fifty of them a second, puts it off for longer."""
        since_s = self._stale_since_s
        return since_s is not None and now_s >= min(self._paint_at_s, since_s + _TOGETHER_S)

    def _paint(self, now_s: Seconds) -> None:
        self._stale_since_s = None
        self._painted = self._showing.show
        self._scene = self._showing.scene(now_s, self._clock.utc())
        lay_ground(self._window, self._scene)
        self._painter.paint(self._scene, self._showing.pressed)
        self._draw(now_s)

    def _draw(self, now_s: Seconds) -> None:
        self._window.canvas.ask_update()
        if self._beat is not None:
            self._beat.changed(now_s)

    def _tell(self, remote_drawn: bool) -> None:
        now_s = self._clock.monotonic()
        show = self._painted
        if self._flipped and show is not None and show is not self._said:
            left = self._said is not None and not _is_nobodys(self._said) and _is_nobodys(show)
            self._said = show
            kind = type(show.screen).__name__
            self._send(Drawn(show.number, kind, now_s, self._showing.targets()))
            if left:  # nothing of who was here stays behind
                give_back()
        call = next((p.call for p in self._scene.pictures() if p.source == "remote"), None)
        if remote_drawn and call is not None:
            self._send(*self._pictures.drawn(call, now_s))
        self._send(*self._pictures.tick(call, now_s))

    def _send(self, *messages: Message) -> None:
        for message in messages:
            self._wire.send(message)

    def _on_flip(self, *_args: object) -> None:
        self._flipped = True

    def _down(self, _window: Any, touch: Any) -> bool:
        if _is_finger(touch):
            y = self._window.height - touch.y
            self._showing.press(touch.uid, touch.x, y, self._clock.monotonic())
            self._changed()
        return True

    def _move(self, _window: Any, touch: Any) -> bool:
        if _is_finger(touch):
            y = self._window.height - touch.y
            if self._showing.drag(touch.uid, touch.x, y):
                self._changed()
        return True

    def _up(self, _window: Any, touch: Any) -> bool:
        if _is_finger(touch):
            y = self._window.height - touch.y
            asked = self._showing.lift(touch.uid, touch.x, y, self._clock.monotonic())
            self._send(*filter(None, (asked,)))
            if isinstance(asked, Touched) and asked.touch is not Touch.STAY:
                self._wait_for_answer(asked.at_s)
            else:
                self._changed()
        return True

    def _wait_for_answer(self, now_s: Seconds) -> None:
        """What was touched looks the same until then, and what draws has time for what comes."""
        self._look_at_time(now_s)  # the next scene knows only what changes after it
        self._scene = self._showing.scene(now_s, self._clock.utc())
        self._paint_at_s = now_s + _TOGETHER_S
        self._painter.rest(now_s, ANSWER_S)


def _is_idle(show: Show | None) -> bool:
    return show is not None and isinstance(show.screen, IdleScreen)


def _is_nobodys(show: Show | None) -> bool:
    """Whether nothing of anybody is on it."""
    return show is not None and isinstance(show.screen, IdleScreen | OutOfServiceScreen)


def _is_visit(item: object) -> bool:
    return isinstance(item, Show) and isinstance(item.screen, VisitScreen)


def _is_finger(touch: Any) -> bool:
    """A touch, or the left button of a desk's mouse."""
    return "button" not in touch.profile or touch.button == "left"
