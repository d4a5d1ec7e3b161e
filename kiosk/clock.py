"""The only place that asks the operating system what time it is."""

import time
from datetime import UTC, datetime
from typing import Protocol, TypeAlias

Seconds: TypeAlias = float
"""A span, or a moment on CLOCK_MONOTONIC, which every program of the terminal shares."""


class Clock(Protocol):
    """What a program needs to know of time."""

    def monotonic(self) -> Seconds:
        """Now on CLOCK_MONOTONIC; jumps of the wall clock do not move it."""

    def utc(self) -> datetime:
        """Now on the wall clock, aware, in UTC: for display and records, never for deadlines."""


class SystemClock:
    """The operating system's clocks."""

    def monotonic(self) -> Seconds:
        return time.monotonic()

    def utc(self) -> datetime:
        return datetime.now(UTC)
