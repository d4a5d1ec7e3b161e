"""How large, how often and how finely our picture is sent: down fast, up after a calm spell.

What is known of the way comes late and is coarse. The other side estimates what it can receive
(REMB, draft-alvestrand-rmcat-remb-03) and reports what was lost and when (RFC 3550, section 6.4).
Its estimate says two things. When it falls, the way is full, and what it says is true. Otherwise it
only follows what we send: it begins with that, however little it is, and grows by 8 % a second at
most, which would take half a minute after a bad spell. So while it goes on growing, and nothing
else speaks against it, we run ahead of it; once it stands we are back under it.
"""

import math
from typing import Final

from kiosk.call.line_rate import Capacity
from kiosk.call.rungs import Rung, Sending
from kiosk.clock import Seconds

START_BPS: Final = 300_000
"""As Chromium: a phone's line may be no wider, and the sound of the first second waits behind us."""

QUIET_BPS: Final = 600_000
"""Who sends little of what may be sent is allowed no more than this."""

SOUND_BPS: Final = 60_000
"""Kept free for sound, which goes first: Opus at 32 kb/s, its headers and its repair."""

SOUND_MOST: Final = 0.25
"""No more of an estimate than this: a browser's is mostly of the picture alone already."""

CALM_S: Final[Seconds] = 3.0
MOST_CALM_S: Final[Seconds] = 24.0
"""What a calm spell grows to when running ahead fails again and again."""

KNOWN_CALM_S: Final[Seconds] = 6.0
"""The same where what fails is known at once."""

NEAR: Final = 0.9
"""Of what was too much, while it is not calm."""

MOST_SPEED: Final = 3.0
"""Times as fast as `GROWTH`, after so many calm spells."""

FILLING_S: Final[Seconds] = 0.02
"""With a queue of this length a line is full, or about to be: it is not filled further."""

FROM_FULL: Final = 0.75
TO_FULL: Final = 1.75
NEAR_SPEED: Final = 0.75
"""Times as fast as `GROWTH` between these shares of what filled the line: so the queue that says that
it does again is a short one."""

AGAIN_S: Final[Seconds] = 1.0
"""What is lost so soon was lost in a queue that is known already."""

DRAIN_S: Final[Seconds] = 2.0
"""How long the smallest picture is kept up before trouble may stop it, too."""

STEP_S: Final[Seconds] = 1.0
"""Between two steps up: each costs a picture that needs no other."""

GROWTH: Final = 1.3
"""In a second."""

IDLE: Final = 0.5
"""Who sends less than this share of what may be sent learns nothing of how much more would pass."""

FRESH_S: Final[Seconds] = 2.5
"""A growing estimate, and any report, is news for so long: both come each second, if none is lost."""

UNHEARD_CUT: Final = 0.5
"""Who hears nothing may be what keeps the other side from being heard."""

STALE_S: Final[Seconds] = 6.0
"""Nobody estimates what does not come: while nothing is sent an estimate is forgotten, even if the
other side repeats it."""

MARGIN: Final = 0.95
FALL: Final = 0.97
SHORT: Final = 0.9
"""A first estimate of less than this share of what was sent says that not all of it came."""

CUT: Final = 0.85
"""For trouble that does not say how much would pass."""

_AVERAGED_S: Final[Seconds] = 1.0

LOSS_HOLDS: Final = 0.06
LOSS_CUTS: Final = 0.15
LOSS_TELLS: Final = 0.5
"""Radio loses a few packets whatever is sent; a full queue loses many, and where it loses most of
them what is left is all that passes."""

QUEUE_HOLDS_S: Final[Seconds] = 0.15
QUEUE_CUTS_S: Final[Seconds] = 0.4
"""By how much the round trip is longer than the shortest one seen: what waits on the way."""

SPARE: Final = 1.1
"""How much more than the least of a rung there must be before it is climbed to."""

BUSY: Final = 0.7
"""The share of the time between two pictures that the encoder may take at most."""

ROOM: Final = 0.45
"""What it may be expected to take on the rung above."""

STRAINED_S: Final[Seconds] = 1.0


def _beside_sound(bps: float) -> float:
    """What is left for the picture of what the line carries."""
    return bps * MARGIN - min(SOUND_BPS, bps * SOUND_MOST)


class Ladder:
    """Events in, what to send out; `now` never goes back. Rates are of the picture alone."""

    def __init__(
        self,
        rungs: tuple[Rung, ...],
        now: Seconds,
        most_bps: int | None = None,
        begin_bps: int = START_BPS,
    ) -> None:
        """`most_bps`: the other side wishes for no more, and for no picture if that is too little;
        `begin_bps`: what is sent until more is known of the line."""
        self._rungs = rungs
        self._now = now
        self._most_bps = min(rungs[-1].most_bps, math.inf if most_bps is None else most_bps)
        self._bps = float(min(begin_bps, self._most_bps))
        self._estimate: float | None = None
        self._known = False
        self._full_bps = 0.0
        self._is_filling = False
        self._estimated_at = self._moved_at = self._quiet_at = self._reported_at = now
        self._troubled_at = now - CALM_S
        self._calm_s = CALM_S
        self._sent_bits = 0.0
        self._sent_at = now
        self._troubled_bps = 0.0
        self._small_at = now
        self._loss = 0.0
        self._shortest_s: float | None = None
        self._queue_s = 0.0
        self._index = self._highest_for(self._bps, 1.0)
        self._stopped = False
        self._lowered_at = now - CALM_S
        self._raised_at = now - STEP_S
        self._took_s = 0.0
        self._strained_at: float | None = None

    # events

    def estimated(self, bps: float, now: Seconds) -> None:
        """The other side believes that it can receive so much, sound and all."""
        if self._known:
            return
        before, self._estimate = self._estimate, bps
        self._reported_at = now
        if not self._stopped or before is None or bps > before:
            self._estimated_at = now
        full = bps < (before * FALL if before is not None else self._sent_bps * SHORT)
        if full or before is None or bps > before:
            self._moved_at = now
        if full and self._allowed < self._bps:
            self._trouble(max(self._allowed, self._bps * CUT if self._idle else 0.0), now)

    def carries(self, capacity: Capacity, now: Seconds) -> None:
        """What became of each packet shows that the line carries so much, sound and all.

        After that no estimate counts, and no running ahead of it: this is known at once.
        """
        self._known, self._estimate = True, capacity.bps
        self._full_bps = _beside_sound(capacity.full_bps)
        self._is_filling = capacity.queue_s > FILLING_S
        self._reported_at = now
        if self._allowed < self._bps:
            self._trouble(self._allowed, now)

    def reported(self, lost: float | None, round_trip_s: Seconds | None, now: Seconds) -> None:
        """The other side lost this share of the latest packets, if there were enough of them."""
        self._reported_at = now
        if lost is not None:
            self._loss += 0.4 * (lost - self._loss)
        if round_trip_s is not None:
            self._queue_s = self._waits(round_trip_s)
        if self._known and now - self._troubled_at < AGAIN_S:
            return
        if lost is not None and lost > LOSS_CUTS and self._loss > LOSS_CUTS / 2:
            self._trouble(self._bps * (1 - (lost if lost > LOSS_TELLS else lost / 2)), now)
        elif self._queue_s > QUEUE_CUTS_S and self._estimate is None:
            self._trouble(self._bps * CUT, now)
        elif self._loss > LOSS_HOLDS or self._queue_s > QUEUE_HOLDS_S:
            self._troubled_at = max(self._troubled_at, now - self._calm_s + STEP_S)

    def encoded(self, took_s: Seconds, size_bytes: int, now: Seconds) -> None:
        """A picture took so long to be scaled and encoded, and is sent."""
        self._forget_sent(now)
        self._sent_bits += size_bytes * 8
        self._took_s = took_s if self._took_s == 0 else self._took_s + 0.1 * (took_s - self._took_s)
        if self._took_s * self._rung.fps <= BUSY:
            self._strained_at = None
        elif self._strained_at is None:
            self._strained_at = now

    # what follows

    def at(self, now: Seconds) -> Sending | None:
        """What to send; None while there is too little room for any picture."""
        passed_s, self._now = min(now - self._now, 1.0), now
        self._forget_sent(now)
        if self._is_unheard and now - self._troubled_at > AGAIN_S:
            self._trouble(self._bps * UNHEARD_CUT, now)
        if self._known:
            self._follow(passed_s)
        else:
            if self._calm:
                self._grow(passed_s)
            if self._estimate is not None:
                self._stay_under(self._estimate)
        self._step()
        self._bps = min(self._bps, self._rung.most_bps, self._most_bps)
        return None if self._stopped else Sending(self._rung, round(self._bps))

    @property
    def _rung(self) -> Rung:
        return self._rungs[self._index]

    @property
    def _allowed(self) -> float:
        """What the estimate leaves for the picture."""
        assert self._estimate is not None
        return _beside_sound(self._estimate)

    @property
    def _is_unheard(self) -> bool:
        return not self._stopped and self._now - self._reported_at > FRESH_S

    @property
    def _calm(self) -> bool:
        return self._now - self._troubled_at >= self._calm_s

    def _waits(self, round_trip_s: Seconds) -> Seconds:
        """By how much this is longer than the shortest, which follows slowly: ways change."""
        shortest_s = min(round_trip_s, self._shortest_s or round_trip_s)
        self._shortest_s = shortest_s + 0.1 * (round_trip_s - shortest_s)
        return round_trip_s - shortest_s

    @property
    def _sent_bps(self) -> float:
        return self._sent_bits / _AVERAGED_S

    @property
    def _idle(self) -> bool:
        return self._sent_bps < IDLE * self._bps

    def _forget_sent(self, now: Seconds) -> None:
        self._sent_bits *= math.exp((self._sent_at - now) / _AVERAGED_S)
        self._sent_at = now

    def _stay_under(self, estimate: float) -> None:
        """A quiet picture may be allowed more, as long as it does not take it; one that takes more
        has a while for the estimate to follow."""
        if self._idle and self._sent_bps <= estimate * MARGIN:
            self._quiet_at = self._now
        elif self._now - max(self._moved_at, self._quiet_at) > FRESH_S:
            self._bps = min(self._bps, max(self._allowed, 0.0))

    def _grow(self, passed_s: Seconds) -> None:
        if self._stopped:
            self._start_again()
        elif self._now - self._reported_at <= FRESH_S:
            bound = QUIET_BPS if self._idle else self._most_bps
            self._bps = max(self._bps, min(self._bps * GROWTH**passed_s, bound))
            if self._bps > 2 * self._troubled_bps or self._bps >= self._most_bps:
                self._calm_s = CALM_S

    def _follow(self, passed_s: Seconds) -> None:
        """Grow the faster the longer all goes well, and fast until it does not for the first time,
        up to what the line is known to carry; but a while no further than nearly to what was too
        much, and slowly where the line was full before."""
        since_s = self._now - self._troubled_at
        if self._stopped:
            if self._calm and self._allowed >= self._rungs[0].least_bps:
                self._bps = max(self._bps, float(self._rungs[0].least_bps))
        elif self._now - self._reported_at <= FRESH_S and not self._is_filling:
            bound = QUIET_BPS if self._idle else self._most_bps
            if not self._calm:
                bound = min(bound, NEAR * self._troubled_bps)
            begins = self._troubled_bps == 0
            speed = MOST_SPEED if begins else min(since_s / CALM_S, MOST_SPEED)
            if FROM_FULL <= self._bps / max(self._full_bps, 1.0) <= TO_FULL:
                speed = min(speed, NEAR_SPEED)
            self._bps = max(self._bps, min(self._bps * GROWTH ** (passed_s * speed), bound))
            if self._bps > 2 * self._troubled_bps or self._bps >= self._most_bps:
                self._calm_s = CALM_S
        self._bps = min(self._bps, max(self._allowed, 0.0))

    def _start_again(self) -> None:
        """Once the estimate leaves room; without one, by trying."""
        if self._estimate is not None and self._now - self._estimated_at > STALE_S:
            self._estimate = None
        least = float(self._rungs[0].least_bps)
        if self._estimate is None or self._allowed >= least:
            self._bps = max(self._bps, least)
            self._reported_at = self._now

    def _trouble(self, bps: float, now: Seconds) -> None:
        """Less from now on; who ran ahead waits longer before trying again."""
        if self._now - self._troubled_at >= self._calm_s and self._troubled_bps > 0:
            self._calm_s = min(2 * self._calm_s, KNOWN_CALM_S if self._known else MOST_CALM_S)
        self._troubled_at, self._troubled_bps = now, self._bps
        least = self._rungs[0].least_bps
        if self._bps >= SPARE * least:
            self._small_at = now
        # What is said of a queue is old news until it has drained: the smallest picture goes on.
        floor = least if now - self._small_at < DRAIN_S else 0.0
        self._bps = min(self._bps, max(bps, floor))

    # rungs

    def _step(self) -> None:
        fits = self._highest_for(self._bps, 1.0)
        if min(self._bps, self._most_bps) < self._rungs[0].least_bps:
            self._stopped, self._index, self._lowered_at = True, 0, self._now
        elif self._stopped:
            self._stopped, self._raised_at = False, self._now
        elif fits < self._index:
            self._lower(fits)
        elif self._strained_at is not None and self._now - self._strained_at >= STRAINED_S:
            self._lower(self._lighter())
        elif self._may_rise() and self._highest_for(self._bps, SPARE) > self._index:
            self._change_to(self._index + 1)
            self._raised_at = self._now

    def _may_rise(self) -> bool:
        if self._now - self._lowered_at < CALM_S or self._now - self._raised_at < STEP_S:
            return False
        above = self._rungs[min(self._index + 1, len(self._rungs) - 1)]
        expected_s = self._took_s * above.work / self._rung.work
        return above.work == self._rung.work or expected_s * above.fps <= ROOM

    def _lower(self, index: int) -> None:
        if index < self._index:
            self._lowered_at = self._now
        self._change_to(index)
        self._strained_at = None

    def _change_to(self, index: int) -> None:
        """The encoder's time is expected to follow the size of its pictures."""
        before = self._rung
        self._index = index
        self._took_s *= (self._rung.work / self._rung.fps) / (before.work / before.fps)

    def _lighter(self) -> int:
        """The highest rung below that is less work; the lowest when there is none."""
        lighter = [at for at in range(self._index) if self._rungs[at].work < self._rung.work]
        return lighter[-1] if lighter else 0

    def _highest_for(self, bps: float, spare: float) -> int:
        """The highest rung that this rate does well, with some to spare."""
        return max(
            (at for at, rung in enumerate(self._rungs) if rung.least_bps * spare <= bps), default=0
        )
