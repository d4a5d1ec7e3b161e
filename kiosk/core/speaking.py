"""Which prompt is read out of a screen, and when: to who needs it by itself, to everybody at a touch."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from kiosk.clock import Clock, Seconds
from kiosk.wire.manner import HUSH
from kiosk.wire.messages import Play, Show
from kiosk.wire.screens import (
    COUNTDOWN_S,
    COUNTED_S,
    ConnectingScreen,
    GoodbyeScreen,
    OutOfServiceScreen,
    PinScreen,
    RefusedScreen,
    Screen,
    VisitScreen,
    WaitingScreen,
    WelcomeScreen,
)
from kiosk.wire.support import SupportCallScreen, SupportOverScreen, SupportScreen

AGAIN_S: Final[Seconds] = 2.0
"""A prompt is not begun anew at each of many touches."""


def prompt_of(show: Show, utc: datetime) -> str | None:
    """The key of what is read out at `utc`; None where people talk, or where something else comes at once.

    It names no person and no time: those are read on the screen alone, as others are in the hall.
    """
    prompt = _question_of(show.screen) or _prompt_of(show.screen, utc)
    lies_over = prompt is not None and not isinstance(show.screen, VisitScreen)
    return f"panel.{show.panel}" if lies_over and show.panel else prompt


def _question_of(screen: Screen) -> str | None:
    """What is to be answered or done before anything else that this screen says."""
    match screen:
        case WaitingScreen(leave_asked=True) | ConnectingScreen(leave_asked=True):
            return "leave"
        case VisitScreen(leave_asked=True, link=link) if link != "live":
            return "leave"
        case WaitingScreen(tone="no"):
            return "tone.no"
        case _:
            return None


def _prompt_of(screen: Screen, utc: datetime) -> str | None:
    match screen:
        case VisitScreen(link="live") | SupportCallScreen() | WelcomeScreen(joining=True):
            return None
        case VisitScreen(link="held", held_reason=None):
            return None
        case PinScreen(checking=True):
            return None
        case VisitScreen(link="held", held_reason=reason):
            return f"held.{reason}"
        case VisitScreen(link=link):
            return f"visit.{link}"
        case PinScreen(wrong=True):
            return "pin.wrong"
        case WelcomeScreen(opens_at=datetime() as opens_at):
            soon = opens_at - utc <= timedelta(seconds=COUNTED_S)
            return "welcome.early" if soon else "refused.too_early"
        case SupportScreen():
            return _prompt_of_help(screen)
        case WaitingScreen(in_lobby=True):
            return "waiting.lobby"
        case ConnectingScreen(in_vain=True):
            return "connecting.in_vain"
        case GoodbyeScreen() | RefusedScreen() | OutOfServiceScreen() | SupportOverScreen():
            return f"{_name(screen)}.{screen.reason}"
        case _:
            return _name(screen)


def _prompt_of_help(screen: SupportScreen) -> str:
    """What is missing for the line that was chosen; what a card is answered is said as it is elsewhere."""
    if screen.missing is None:
        return "support"
    if screen.missing == "handset":
        return "support.handset"
    if screen.checking:
        return "checking"
    return "support.card" if screen.refused is None else f"refused.{screen.refused}"


def closing_of(show: Show) -> str:
    """The key of what is read out when the countdown to the end of this screen begins."""
    return "closes.stay" if show.can_stay else "closes"


class Speaker:
    """Has kiosk-call play the prompts, each by `language/key`."""

    def __init__(self, play: Callable[[Play], None], clock: Clock) -> None:
        self._play = play
        self._clock = clock
        self._last: str | None = None
        self._last_at_s: Seconds = 0.0
        self._closing: asyncio.TimerHandle | None = None
        self._closes = False  # this screen was heard to close

    def shown(self, before: Show, show: Show) -> None:
        """Another screen stands: who has screens read out hears it, in another language, too, and hears
        what became of asking an officer, but never while people talk.
        """
        was_spoken = before.manner.spoken and before.manner.language == show.manner.language
        prompt = self._prompt(show)
        if self._last is not None and prompt is None:
            self._last = None
            self._play(Play(HUSH))  # from now on people talk
        same = was_spoken and self._prompt(before) == prompt
        stays = self._stays(before, show, same)
        if show.manner.spoken and (stays or not same):
            self._say(show, prompt)
        elif show.manner.spoken and prompt and show.officer not in (None, before.officer):
            self._say(show, f"officer.{show.officer}")
        self._await_closing(show)

    def asked(self, show: Show) -> None:
        """Somebody touched to hear the screen."""
        waited_s = self._clock.monotonic() - self._last_at_s
        prompt = self._prompt(show)
        if _sound(show, prompt) != self._last or waited_s >= AGAIN_S:
            self._say(show, prompt)

    def stop(self) -> None:
        """Wait for no countdown."""
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None

    def _await_closing(self, show: Show) -> None:
        """Who does not see the countdown hears that it begins; a screen that comes later says itself."""
        self.stop()
        if show.leaves_at_s is None or not show.manner.spoken or self._prompt(show) is None:
            return
        ahead_s = show.leaves_at_s - COUNTDOWN_S - self._clock.monotonic()
        if ahead_s > 0:
            loop = asyncio.get_running_loop()
            self._closing = loop.call_later(ahead_s, self._say_closing, show)

    def _say_closing(self, show: Show) -> None:
        self._closes = True
        self._say(show, closing_of(show))

    def _stays(self, before: Show, show: Show, same: bool) -> bool:
        """Whether a touch kept a screen that was heard to close: who does not see it hears it anew."""
        later = (show.leaves_at_s or 0.0) > (before.leaves_at_s or 0.0)
        stays = self._closes and same and later
        self._closes = self._closes and same and not later
        return stays

    def _say(self, show: Show, prompt: str | None) -> None:
        sound = _sound(show, prompt)
        self._last, self._last_at_s = sound, self._clock.monotonic()
        if sound is not None:
            self._play(Play(sound))

    def _prompt(self, show: Show) -> str | None:
        """By the clock that the screen goes by."""
        return prompt_of(show, self._clock.utc() + timedelta(seconds=show.ahead_s))


def _sound(show: Show, prompt: str | None) -> str | None:
    return None if prompt is None else f"{show.manner.language}/{prompt}"


def _name(screen: Screen) -> str:
    """`out_of_service` of OutOfServiceScreen."""
    words = type(screen).__name__.removesuffix("Screen")
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in words).lstrip("_")
