"""The end of a call, kept twice: by the event loop, and by a timer of the kernel that kills.

The kernel's timer needs nobody's help: SIGALRM is at its default action, so it ends the process
even when the interpreter is stuck in C code or the process was stopped meanwhile.
"""

import asyncio
import signal
from collections.abc import Callable

from kiosk.clock import Clock, Seconds
from kiosk.errors import CallError

KILL_AFTER_S: Seconds = 0.080
"""How long after the deadline a process that has not stopped its media is killed."""

LONGEST_S: Seconds = 24 * 3600.0
"""No visit is longer: such a deadline is a mistake, and no timer is trusted with it."""

_AT_ONCE_S: Seconds = 1e-6  # zero would disarm


class Deadline:
    """At most one, armed before any device is opened, disarmed when all media have stopped."""

    def __init__(self, clock: Clock, on_due: Callable[[], None]) -> None:
        self._clock = clock
        self._on_due = on_due
        self._timer: asyncio.TimerHandle | None = None
        self._kills_at_s: Seconds = 0.0
        self.ends_at_s: Seconds = 0.0
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})

    def arm(self, ends_at_s: Seconds) -> None:
        """Call `on_due` at `ends_at_s`, or soon when that has passed; the kernel kills after it.

        Raises CallError for a deadline too far away, and leaves the one that was armed.
        """
        now_s = self._clock.monotonic()
        if not ends_at_s < now_s + LONGEST_S:
            raise CallError(f"a call can not end {ends_at_s - now_s:.0f} s from now")
        due_s = max(ends_at_s, now_s)
        self._kill_at(due_s + KILL_AFTER_S)
        self.ends_at_s = ends_at_s
        self._cancel()
        self._timer = asyncio.get_running_loop().call_later(due_s - now_s, self._on_due)

    def hurry(self, patience_s: Seconds) -> None:
        """Ending has begun: the kernel kills in `patience_s`, or when it would have anyway."""
        self._cancel()
        self._kill_at(min(self._kills_at_s, self._clock.monotonic() + patience_s))

    def disarm(self) -> None:
        """All media have stopped."""
        self._cancel()
        signal.setitimer(signal.ITIMER_REAL, 0.0)

    def _kill_at(self, at_s: Seconds) -> None:
        left_s = at_s - self._clock.monotonic()
        signal.setitimer(signal.ITIMER_REAL, max(left_s, _AT_ONCE_S))
        self._kills_at_s = at_s

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
