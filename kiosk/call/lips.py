"""Lips and words together: of the two streams the one that is early waits for the other.

What each counts its time from is its own affair. A sender's reports say where both are on one clock
of its own (RFC 3550, section 6.4.1), so that their delays can be compared though nobody's clock is
known here. From a picture and a sound that are ready at the same time, the screen and the sound
device take about as long each.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from kiosk.call.playout import MOST_DELAY_S
from kiosk.clock import Seconds

TOLERATED_S: Final[Seconds] = 0.04
"""Nobody sees it: sound may be 45 ms early and 125 ms late (Recommendation ITU-R BT.1359)."""

_ONE_CLOCK_S: Final[Seconds] = 2.0
"""Streams that are further apart than that were not put on one clock."""

_STOPPED_S: Final[Seconds] = 1.0
"""Nobody waits for a stream of which nothing came for so long."""

_MOST_SOURCES: Final = 4
_RATES_HZ: Final = {"audio": 48_000, "video": 90_000}
_STAMPS: Final = 1 << 32

Kind: TypeAlias = Literal["audio", "video"]


@dataclass(frozen=True, slots=True)
class Course:
    """How a stream goes on: what its `source` marked with `stamp` could be played at `soonest_s`,
    and is by `delay_s` later, for reasons of its own."""

    source: int
    stamp: int
    soonest_s: Seconds
    delay_s: Seconds


@dataclass(frozen=True, slots=True)
class _Report:
    at_s: Seconds
    stamp: int


class LipSync:
    """One sound and one picture of the same sender; `now` never goes back."""

    def __init__(self) -> None:
        self._reports: dict[Kind, dict[int, _Report]] = {"audio": {}, "video": {}}
        self._played: dict[Kind, tuple[Seconds, Seconds]] = {}

    def reported(self, kind: Kind, source: int, at_s: Seconds, stamp: int) -> None:
        """The sender's clock was at `at_s` when the stamps of one of its sources were at `stamp`."""
        reports = self._reports[kind]
        reports.pop(source, None)
        reports[source] = _Report(at_s, stamp)
        if len(reports) > _MOST_SOURCES:
            del reports[next(iter(reports))]

    def wait_s(self, kind: Kind, course: Course, now: Seconds) -> Seconds:
        """By how much a stream that goes so is to be delayed at the least."""
        report = self._reports[kind].get(course.source)
        if report is None:
            self._played.pop(kind, None)
            return 0.0
        since = (course.stamp - report.stamp + _STAMPS // 2) % _STAMPS - _STAMPS // 2
        soonest_s = course.soonest_s - report.at_s - since / _RATES_HZ[kind]
        self._played[kind] = (soonest_s + course.delay_s, now)
        other_s, told_at = self._played.get("video" if kind == "audio" else "audio", (0.0, -1e9))
        if now - told_at > _STOPPED_S or abs(other_s - soonest_s) > _ONE_CLOCK_S:
            return 0.0
        return min(max(0.0, other_s - TOLERATED_S - soonest_s), MOST_DELAY_S)
