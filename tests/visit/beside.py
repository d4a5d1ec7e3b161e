"""A terminal in a hall: a stage and what stands beside it, with a clock that a test leads."""

from typing import Any

from kiosk.visit.actions import Action
from kiosk.visit.beside import Standing, advance_both, manner_of, next_moment
from kiosk.visit.events import Event, Tick
from kiosk.visit.manner import Manner, Site
from kiosk.visit.stages import Seconds, Stage

SITE = Site(("en", "cy", "ur"))


class Hall:
    """Lets events happen one by one, and wakes the rules whenever they asked for it."""

    def __init__(self, stage: Stage, site: Site) -> None:
        self.standing = Standing(stage)
        self.site = site
        self.now: Seconds = 0.0
        self.done: list[Action] = []

    @property
    def stage(self) -> Any:
        return self.standing.stage

    @property
    def manner(self) -> Manner:
        return manner_of(self.standing, self.site)

    def happens(self, event: Event) -> "Hall":
        self.standing, actions = advance_both(self.standing, event, self.now, self.site)
        self.done += actions
        return self

    def after(self, seconds: Seconds, event: Event) -> "Hall":
        """Let time pass; every moment on the way that the rules wait for comes to pass."""
        until = self.now + seconds
        while (due := next_moment(self.standing)) is not None and due < until:
            assert due >= self.now, "the rules wait for a moment that is over"
            self.now = due
            before = self.standing
            self.happens(Tick())
            assert self.standing != before, "the rules woke for nothing"
        self.now = until
        return self.happens(event)


def standing(stage: Stage, site: Site = SITE) -> Hall:
    """A hall whose terminal has come to this stage."""
    return Hall(stage, site)
