"""How long to wait before a port is tried again: longer each time, and never in step with others."""

import random

from kiosk.clock import Seconds

SHORTEST_S: Seconds = 0.5
SLOWEST_S: Seconds = 30.0

SLOWEST_WHEN_THERE_S: Seconds = 1.0
"""Nothing announces that the fault of a port that is there is over: it is found by trying."""


class Retry:
    """One row of failures; a device that is there again begins a new one."""

    def __init__(self) -> None:
        self._wait_s = 2 * SHORTEST_S

    def is_there(self) -> None:
        """The port opened, or its device file is there and costs nothing to try: it is tried soon."""
        self._wait_s = min(self._wait_s, SLOWEST_WHEN_THERE_S)

    def next_wait_s(self) -> Seconds:
        """Between half of the wait and all of it, the first one too: many daemons spread out."""
        wait_s = self._wait_s
        self._wait_s = min(wait_s * 2, SLOWEST_S)
        return wait_s * random.uniform(0.5, 1.0)  # noqa: S311
