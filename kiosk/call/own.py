"""How loud and how bright it is before a visit, and what a person could mend by themselves."""

import math
from typing import Any, Final

import numpy
from av import VideoFrame

from kiosk.clock import Seconds
from kiosk.wire.own import OwnHint, OwnLevels

EVERY_S: Final[Seconds] = 0.05
"""So late may a bar move, and a frame of the screen later: together well below a tenth of a second."""

AT_LEAST_EVERY_S: Final[Seconds] = 0.5
_STEPS: Final = 40
"""A bar shows no finer steps, and what looks the same is not said again."""

_SILENCE_DB: Final = -80.0
_LOUD_DB: Final = -10.0
"""No microphone that works is quieter than the first; nobody has to shout louder than the second."""

VOICE: Final = 0.5
"""As loud is a voice at arm's length (-45 dB)."""

_DARK: Final = 0.16
_PATIENCE_S: Final[Seconds] = 6.0
"""For so long a person may say nothing before a screen asks them to."""

_BLACK, _WHITE = 16, 235  # of luma in limited range (ITU-R BT.601)
_EACH: Final = 61  # of so many pixels one is looked at


def loudness(mean_square: float) -> float:
    """From 0, where nothing at all is heard, to 1."""
    if mean_square <= 0:
        return 0.0
    decibel = 10 * math.log10(mean_square / 32768**2)
    return min(1.0, max(0.0, (decibel - _SILENCE_DB) / (_LOUD_DB - _SILENCE_DB)))


def mean_square(block: Any) -> float:
    """Of samples of 16 bits."""
    samples = block.astype(numpy.float32)
    return float(numpy.dot(samples, samples)) / max(1, len(samples))


def brightness(picture: VideoFrame) -> float:
    """From 0, which is black, to 1."""
    luma = numpy.frombuffer(bytes(picture.planes[0]), numpy.uint8)[::_EACH]
    return min(1.0, max(0.0, (float(luma.mean()) - _BLACK) / (_WHITE - _BLACK)))


class OwnSide:
    """What was found so far; one for each call, in its event loop."""

    def __init__(self, now_s: Seconds) -> None:
        self._silent_since_s = now_s
        self._began_s = now_s
        self._bright_at_s = now_s
        self._heard = False
        self._said: OwnLevels | None = None
        self._said_at_s = -math.inf

    def news(
        self, call: int, level: float, light: float | None, now_s: Seconds
    ) -> OwnLevels | None:
        """What there is to say now; None where it would look the same."""
        self._note(level, light, now_s)
        shown = round(level * _STEPS) / _STEPS
        bright = None if light is None else round(light * _STEPS) / _STEPS
        found = OwnLevels(call, shown, bright, self._hint(now_s), self._heard)
        if found == self._said and now_s < self._said_at_s + AT_LEAST_EVERY_S:
            return None
        self._said, self._said_at_s = found, now_s
        return found

    def _note(self, level: float, light: float | None, now_s: Seconds) -> None:
        if level > 0:
            self._silent_since_s = now_s
        if level >= VOICE:
            self._heard = True
        if light is None or light >= _DARK:
            self._bright_at_s = now_s

    def _hint(self, now_s: Seconds) -> OwnHint:
        if now_s >= self._silent_since_s + _PATIENCE_S:
            return "silent"
        if now_s >= self._bright_at_s + _PATIENCE_S / 2:
            return "dark"
        if not self._heard and now_s >= self._began_s + _PATIENCE_S:
            return "quiet"
        return ""
