"""The jitter buffer for sound: what is to be played next, and whether to hurry.

It holds packets, puts them in order and says what to do for the next piece of sound. It decodes
nothing and knows no clock. A place in the stream is an RTP time stamp without its wrap.
"""

from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from kiosk.call.lateness import Lateness
from kiosk.call.opus import STEP
from kiosk.call.sound import RATE_HZ
from kiosk.clock import Seconds

MAX_PACKETS: Final = 128
"""More than two seconds of usual packets; 200 kB at the very most."""

MAX_DELAY_S: Final[Seconds] = 0.5
"""Who has fallen behind by more leaves out what waits, rather than to catch up quickly."""

_CONCEALED: Final = RATE_HZ // 50
_STRANGE_S: Final[Seconds] = 2.0
_RECOVERING_S: Final[Seconds] = 20.0  # after a loss the next is expected for so long
_LONG_S: Final[Seconds] = 0.015  # sound is shortened when the delay is more than this too long
_SHORT_S: Final[Seconds] = 0.005  # and lengthened when it is more than this too short
_OBSERVED: Final = 25  # pieces, which are half a second
_STAMPS: Final = 1 << 32


@dataclass(frozen=True, slots=True)
class Packet:
    """Sound as it came. `holds_previous`: what is before it can be recovered from it."""

    timestamp: int
    samples: int
    data: bytes
    holds_previous: bool = False


@dataclass(frozen=True, slots=True)
class Play:
    """Decode this packet."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Recover:
    """Take `samples` that were lost from the packet after them."""

    data: bytes
    samples: int


@dataclass(frozen=True, slots=True)
class Conceal:
    """Go on for `samples` as it sounded before."""

    samples: int


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing is to be heard yet."""


Step: TypeAlias = Play | Recover | Conceal | Silence


class Pace(Enum):
    """What is to be done to the length of what is played."""

    SHORTEN = "shorten"
    KEEP = "keep"
    LENGTHEN = "lengthen"


class JitterBuffer:
    """One stream. `now_s` never goes back; every amount of sound is in samples."""

    def __init__(self) -> None:
        self._packets: dict[int, Packet] = {}
        self._newest: int | None = None
        self._next: int | None = None
        self._owed = 0  # concealed, in case that what is to be played next comes yet
        self._lateness = Lateness()
        self._delays: deque[Seconds] = deque(maxlen=_OBSERVED)
        self._recovery_s: Seconds = 0.0
        self._lost_at_s: Seconds = 0.0
        self.least_wait_s: Seconds = 0.0
        """What the delay ought to be at least, for a reason that is not the network's."""

    def expects(self, timestamp: int, now_s: Seconds) -> bool:
        """Whether a packet with this time stamp can belong to this stream."""
        if self._newest is None:
            return True
        transit_s = now_s - self._place_of(timestamp) / RATE_HZ
        return abs(transit_s - self._lateness.least_s) <= _STRANGE_S

    def put(self, packet: Packet, now_s: Seconds) -> None:
        """A packet has come: in any order, and however often."""
        place = self._place_of(packet.timestamp)
        self._newest = place if self._newest is None else max(place, self._newest)
        self._lateness.add(now_s - place / RATE_HZ, now_s)
        if self._next is None or place >= self._next:
            self._packets.setdefault(place, packet)
            if len(self._packets) > MAX_PACKETS:
                del self._packets[min(self._packets)]

    def next(self, now_s: Seconds, waiting: int = 0) -> Step:
        """What to play when `waiting` samples of what was said before are still to be played."""
        if self._next is None and not self._begins(now_s):
            return Silence()
        if not self._packets:
            # It may come yet, and is played then.
            self._owed += _CONCEALED
            return Conceal(_CONCEALED)
        assert self._next is not None
        self._next, self._owed = min(self._next + self._owed, *self._packets), 0
        if self.delay_s(now_s, waiting) > MAX_DELAY_S:
            self._catch_up(now_s, waiting)
        self._delays.append(self.delay_s(now_s, waiting))
        if now_s - self._lost_at_s > _RECOVERING_S:
            self._recovery_s = 0.0
        first = min(self._packets)
        if first > self._next:
            return self._replace(first - self._next, self._packets[first], now_s)
        return self._play(first)

    def delay_s(self, now_s: Seconds, waiting: int = 0) -> Seconds:
        """How long after the earliest moment the next piece is played; 0 before the first."""
        if self._next is None:
            return 0.0
        return now_s - self._lateness.least_s - (self._next - waiting) / RATE_HZ

    @property
    def wait_s(self) -> Seconds:
        """What the delay ought to be."""
        return max(self._lateness.wait_s(self._recovery_s), self.least_wait_s)

    def course(self) -> tuple[int, Seconds, Seconds] | None:
        """The newest time stamp, when it could be played at the earliest, and how much later the
        network has it played; None before the first."""
        if self._newest is None:
            return None
        soonest_s = self._lateness.least_s + self._newest / RATE_HZ
        return self._newest % _STAMPS, soonest_s, self._lateness.wait_s(self._recovery_s)

    def pace(self) -> Pace:
        """Whether what is played is to be longer or shorter than it was."""
        if len(self._delays) < _OBSERVED:
            return Pace.KEEP
        off_s = min(self._delays) - self.wait_s
        if off_s < -_SHORT_S:
            return Pace.LENGTHEN
        # While nothing waits, all of the delay is the network's.
        return Pace.SHORTEN if off_s > _LONG_S and self._packets else Pace.KEEP

    def paced(self, samples: int) -> None:
        """What was played has become longer by `samples`; shorter, where they are less than none."""
        self._delays = deque((s + samples / RATE_HZ for s in self._delays), _OBSERVED)

    def _place_of(self, timestamp: int) -> int:
        """Without the wrap: the place nearest to the newest (RFC 3550, section 5.1)."""
        newest = timestamp if self._newest is None else self._newest
        return newest + (timestamp - newest + _STAMPS // 2) % _STAMPS - _STAMPS // 2

    def _begins(self, now_s: Seconds) -> bool:
        """Whether the first packet has waited; what waited for longer is left out."""
        if not self._packets:
            return False
        self._next = min(self._packets)
        if self.delay_s(now_s) < self.wait_s:
            self._next = None
            return False
        self._catch_up(now_s, 0)
        return True

    def _catch_up(self, now_s: Seconds, waiting: int) -> None:
        """Leave out packets as long as the delay is more than it ought to be."""
        while len(self._packets) > 1 and self.delay_s(now_s, waiting) > self.wait_s + _LONG_S:
            del self._packets[min(self._packets)]
            self._next = min(self._packets)
        self._delays.clear()

    def _play(self, place: int) -> Step:
        packet = self._packets.pop(place)
        self._next = place + packet.samples
        self._packets = {at: late for at, late in self._packets.items() if at >= self._next}
        return Play(packet.data)

    def _replace(self, missing: int, following: Packet, now_s: Seconds) -> Step:
        """Something is lost, and what follows it is there."""
        assert self._next is not None
        missing = -(-missing // STEP) * STEP
        if following.holds_previous:
            self._lost_at_s, self._recovery_s = now_s, following.samples / RATE_HZ
            if missing <= following.samples:
                self._next += missing
                return Recover(following.data, missing)
            missing -= following.samples
        missing = min(missing, _CONCEALED)
        self._next += missing
        return Conceal(missing)
