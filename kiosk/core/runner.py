"""Runs the rules: takes events one by one, keeps where it stands, then acts, then shows."""

import asyncio
from collections import deque
from typing import Protocol

from kiosk.clock import Clock
from kiosk.visit.actions import Action
from kiosk.visit.beside import Standing, advance_both, next_moment
from kiosk.visit.events import Event, Tick
from kiosk.visit.manner import Site


class Surroundings(Protocol):
    """What the rules act upon. None of it may block or raise."""

    def keep(self, standing: Standing) -> None:
        """Write it down, so that a restarted core goes on from it."""

    def perform(self, action: Action) -> None:
        """Begin an action; its outcome comes back as an event."""

    def changed(self, before: Standing, event: Event, after: Standing) -> None:
        """Show and record what happened."""


class Runner:
    """Owns the standing. Everything happens on one asyncio loop, one event at a time."""

    def __init__(
        self, standing: Standing, site: Site, clock: Clock, surroundings: Surroundings
    ) -> None:
        self.standing = standing
        self._site = site
        self._clock = clock
        self._surroundings = surroundings
        self._waiting: deque[Event] = deque()
        self._stepping = False
        self._alarm: asyncio.TimerHandle | None = None

    def post(self, event: Event) -> None:
        """Let `event` happen after those that wait; an action may post, too."""
        self._waiting.append(event)
        if self._stepping:
            return
        self._stepping = True
        try:
            while self._waiting:
                self._step(self._waiting.popleft())
        finally:
            self._stepping = False
        self._set_alarm()

    def stop(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _step(self, event: Event) -> None:
        before = self.standing
        after, actions = advance_both(before, event, self._clock.monotonic(), self._site)
        self.standing = after
        if after != before:
            self._surroundings.keep(after)
        for action in actions:
            self._surroundings.perform(action)
        if after != before:
            self._surroundings.changed(before, event, after)

    def _set_alarm(self) -> None:
        self.stop()
        deadline = next_moment(self.standing)
        if deadline is not None:
            delay_s = max(0.0, deadline - self._clock.monotonic())
            self._alarm = asyncio.get_running_loop().call_later(delay_s, self.post, Tick())
