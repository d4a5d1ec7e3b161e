"""Which prompt is read out of a screen, and when: to who needs it by itself, to everybody at a touch."""

from collections.abc import Callable
from typing import Final

from kiosk.clock import Clock, Seconds
from kiosk.wire.manner import HUSH
from kiosk.wire.messages import Play, Show
from kiosk.wire.screens import (
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
from kiosk.wire.support import SupportCallScreen, SupportOverScreen

AGAIN_S: Final[Seconds] = 2.0
"""A prompt is not begun anew at each of many touches."""


def prompt_of(screen: Screen) -> str | None:
    """The key of what is read out; None where people talk, or where something else comes at once.

    It names no person and no time: those are read on the screen alone, as others are in the hall.
    """
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
        case WaitingScreen(in_lobby=True):
            return "waiting.lobby"
        case ConnectingScreen(in_vain=True):
            return "connecting.in_vain"
        case GoodbyeScreen(reason) | RefusedScreen(reason) | OutOfServiceScreen(reason):
            return f"{_name(screen)}.{reason}"
        case SupportOverScreen(reason=reason):
            return f"{_name(screen)}.{reason}"
        case _:
            return _name(screen)


class Speaker:
    """Has kiosk-call play the prompts, each by `language/key`."""

    def __init__(self, play: Callable[[Play], None], clock: Clock) -> None:
        self._play = play
        self._clock = clock
        self._last: str | None = None
        self._last_at_s: Seconds = 0.0

    def shown(self, before: Show, show: Show) -> None:
        """Another screen stands: who has screens read out hears it, in another language, too."""
        was_spoken = before.manner.spoken and before.manner.language == show.manner.language
        if self._last is not None and prompt_of(show.screen) is None:
            self._last = None
            self._play(Play(HUSH))  # from now on people talk
        same = was_spoken and prompt_of(before.screen) == prompt_of(show.screen)
        if show.manner.spoken and not same:
            self._say(show)

    def asked(self, show: Show) -> None:
        """Somebody touched to hear the screen."""
        waited_s = self._clock.monotonic() - self._last_at_s
        if _sound(show) != self._last or waited_s >= AGAIN_S:
            self._say(show)

    def _say(self, show: Show) -> None:
        sound = _sound(show)
        self._last, self._last_at_s = sound, self._clock.monotonic()
        if sound is not None:
            self._play(Play(sound))


def _sound(show: Show) -> str | None:
    prompt = prompt_of(show.screen)
    return None if prompt is None else f"{show.manner.language}/{prompt}"


def _name(screen: Screen) -> str:
    """`out_of_service` of OutOfServiceScreen."""
    words = type(screen).__name__.removesuffix("Screen")
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in words).lstrip("_")
