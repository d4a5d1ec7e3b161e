"""A service that hangs up on every request, and how long whoever asks waited before asking again."""

import statistics
from itertools import pairwise

from tests.core.service.conftest import CLOCK
from tests.core.service.hostile import Asked, Peer

STEP_S = 0.1
"""Every pause is to lie between half of it and the whole."""

ASKED = 24


class Pauses:
    """Notes when it is asked."""

    def __init__(self) -> None:
        self._asked_at_s: list[float] = []

    def behave(self, peer: Peer, _: Asked) -> None:
        self._asked_at_s.append(CLOCK.monotonic())
        peer.close()

    def are_spread(self) -> None:
        """The middle ones alone are held to more than the least: a busy machine makes some longer."""
        pauses_s = [b - a for a, b in pairwise(self._asked_at_s)]
        assert len(pauses_s) >= ASKED / 2
        first_s, median_s, third_s = statistics.quantiles(pauses_s, n=4)
        assert min(pauses_s) >= STEP_S / 2
        assert median_s <= STEP_S
        assert third_s - first_s > STEP_S / 10
