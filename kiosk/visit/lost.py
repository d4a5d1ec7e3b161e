"""Time that is lost to a visit: every second has one cause, and somebody answers for it."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias

Seconds: TypeAlias = float


class Cause(StrEnum):
    """What a second was lost to.

    Once the two have met, a visitor's page that is gone counts as the link: a locked phone, a
    reload and a dead network look the same from here, and nobody is blamed for what is not known.
    """

    PRISON = "prison"
    """Nobody let the visitor in, or nobody could oversee the visit."""

    VISITOR = "visitor"
    """The visitor has not come yet, or is not ready."""

    LINK = "link"
    HOLD = "hold"
    """An officer stopped it."""

    TERMINAL = "terminal"


@dataclass(frozen=True, slots=True)
class Lost:
    """How much was lost to each cause."""

    prison: Seconds = 0.0
    visitor: Seconds = 0.0
    link: Seconds = 0.0
    hold: Seconds = 0.0
    terminal: Seconds = 0.0

    @property
    def total_s(self) -> Seconds:
        return self.prison + self.visitor + self.link + self.hold + self.terminal

    def plus(self, cause: Cause, seconds: Seconds) -> "Lost":
        return replace(self, **{cause.value: getattr(self, cause.value) + seconds})


@dataclass(frozen=True, slots=True)
class FairClock:
    """Runs while time is `losing`, `since` when; what was lost before is in `lost`.

    `told_s`: what the service knows. `told_for`: the end of the visit before which it was told.
    `given_s`: by how much it moved the end for that.
    """

    since: Seconds = 0.0
    losing: Cause | None = None
    lost: Lost = field(default_factory=Lost)
    told_s: Seconds = 0.0
    told_for: Seconds = 0.0
    given_s: Seconds = 0.0

    def at(self, now: Seconds) -> Lost:
        """What is lost until `now`."""
        if self.losing is None:
            return self.lost
        return self.lost.plus(self.losing, max(0.0, now - self.since))

    def turned(self, losing: Cause | None, now: Seconds) -> "FairClock":
        """Lost to something else from `now` on, or to nothing."""
        return replace(self, lost=self.at(now), losing=losing, since=max(now, self.since))
