"""What is told of the time that is left: each mark once, and the last seconds one by one.

Nothing is told of a mark that was passed before the two met, nor twice of the same: only a visit that
is given so much more time that it comes to a mark anew is told anew.
"""

from dataclasses import replace
from typing import Final

from kiosk.visit.actions import Action, Play
from kiosk.visit.patience import CUE_S
from kiosk.visit.reasons import Tone
from kiosk.visit.stages import Cues, InVisit, Seconds

_COUNTED_S: Final = 10
_MARKS: Final[tuple[tuple[Seconds, Tone], ...]] = (
    (600.0, Tone.TEN),
    (300.0, Tone.FIVE),
    (120.0, Tone.TWO),
    (60.0, Tone.ONE),
    *((float(left_s), Tone.COUNT) for left_s in range(_COUNTED_S, 1, -1)),
    (1.0, Tone.END),  # the end itself is silent: no sound outlives a visit
)

ANEW_S: Final[Seconds] = 10.0
"""Less new time than this above a mark is not worth telling it again: lost seconds are given back often."""

LATE_S: Final[Seconds] = 2.0
"""A mark that was passed longer ago, while nobody looked at the time, is not told any more."""


def begun(stage: InVisit, now: Seconds) -> InVisit:
    """The two meet: what is already past is not told."""
    left = left_s(stage, now)
    past = min((mark for mark, _ in _MARKS if mark >= left), default=None)
    return replace(stage, cues=Cues(past))


def moved(stage: InVisit, now: Seconds) -> InVisit:
    """The end was moved: sooner, what is past by that is not told; later, what is ahead again is."""
    left, below = left_s(stage, now), stage.cues.below_s
    again = below is not None and below <= left < below + ANEW_S
    return stage if again else begun(stage, now)


def next_cue_at(stage: InVisit) -> Seconds | None:
    """When `told` has something to tell."""
    below = stage.cues.below_s
    mark = next((mark for mark, _ in _MARKS if below is None or mark < below), None)
    return None if mark is None else stage.visit.ends_at_s - mark


def told(stage: InVisit, now: Seconds) -> tuple[InVisit, list[Action]] | None:
    """The newest mark that is reached, unless it was a while ago; None while there is none."""
    due = next_cue_at(stage)
    if due is None or now < due:
        return None
    ends_at_s = stage.visit.ends_at_s
    mark, tone = [(mark, tone) for mark, tone in _MARKS if now >= ends_at_s - mark][-1]
    if now - (ends_at_s - mark) > LATE_S:
        return replace(stage, cues=Cues(mark)), []
    cues = Cues(mark, round(mark / 60), now + CUE_S) if mark > _COUNTED_S else Cues(mark)
    return replace(stage, cues=cues), [Play(tone)]


def left_s(stage: InVisit, now: Seconds) -> Seconds:
    """How much time is left."""
    return stage.visit.ends_at_s - now
