"""Frames out of packets: whole, in order, and each as soon as its last packet is there."""

from dataclasses import dataclass
from typing import Final

from kiosk.call.missing import MAX_MISSING, Missing
from kiosk.call.parts import Part
from kiosk.clock import Seconds

MAX_PACKETS: Final = 1024
MAX_BYTES: Final = 2_000_000
"""Three seconds of the best picture that a browser sends."""

LEAST_PATIENCE_S: Final[Seconds] = 0.4
MOST_PATIENCE_S: Final[Seconds] = 1.0
_ROUND_TRIPS: Final = 4.0
"""So many answers are waited for before a keyframe is asked for, which costs as much again."""

_LEAST_AGAIN_S: Final[Seconds] = 0.2
_AGAIN_ROUND_TRIPS: Final = 1.2


@dataclass(frozen=True, slots=True)
class Piece:
    """A packet. Its number and its time, in ticks of the codec's clock, are counted on for ever."""

    number: int
    time: int
    last: bool
    part: Part
    data: bytes


@dataclass(frozen=True, slots=True)
class Whole:
    """A frame that can be decoded after the one before it, or alone when it is a keyframe."""

    time: int
    data: bytes


class Assembly:
    """The packets of one stream from the first that is not yet part of a frame."""

    def __init__(self) -> None:
        self.missing = Missing()
        self._pieces: dict[int, Piece] = {}
        self._bytes = 0
        self._next = 0
        self._beyond: int | None = None
        self._torn = True  # what comes next needs what never came
        self._opening: tuple[int, Seconds] | None = None
        self._asked_s: Seconds = float("-inf")

    def add(self, piece: Piece, now: Seconds) -> list[Whole]:
        """The frames that this packet makes whole."""
        if self._beyond is None or not self._is_near(piece.number):
            self._begin_at(piece.number)
        assert self._beyond is not None
        if piece.number < self._next or piece.number in self._pieces:
            return []
        self.missing.came(piece.number, now)
        self.missing.notice(self._beyond, piece.number, now)
        self._beyond = max(self._beyond, piece.number + 1)
        self._pieces[piece.number] = piece
        self._bytes += len(piece.data)
        if piece.part.key and (self._opening is None or piece.number > self._opening[0]):
            self._opening = (piece.number, now)
        self._keep_small()
        return self._take_whole()

    def ask_for_key(self, now: Seconds) -> bool:
        """Whether to ask for a keyframe now (RFC 4585, section 6.3.1)."""
        due_s = self.key_s()
        if due_s is None or due_s > now:
            return False
        self._asked_s = now
        return True

    def key_s(self) -> Seconds | None:
        """When `ask_for_key` is to be called next."""
        wanted_s = self._wanted_s()
        if wanted_s is None:
            return None
        again_s = max(_LEAST_AGAIN_S, _AGAIN_ROUND_TRIPS * self.missing.round_trip_s)
        return max(wanted_s, self._asked_s + again_s)

    def _wanted_s(self) -> Seconds | None:
        """From when on only a keyframe helps."""
        opened_s = None if self._opening is None else self._opening[1]
        if self._torn and opened_s is None:
            return float("-inf")
        oldest_s = self.missing.oldest_s
        if oldest_s is None:
            return None
        patience_s = min(
            max(LEAST_PATIENCE_S, _ROUND_TRIPS * self.missing.round_trip_s), MOST_PATIENCE_S
        )
        return (oldest_s if opened_s is None else max(oldest_s, opened_s)) + patience_s

    def _is_near(self, number: int) -> bool:
        """Far away is the start of something new, though the sender has kept its name."""
        assert self._beyond is not None
        return self._next - MAX_PACKETS <= number < self._beyond + MAX_PACKETS

    def _begin_at(self, number: int) -> None:
        self._pieces.clear()
        self._bytes = 0
        self._next = self._beyond = number
        self.missing.forget_all()
        self._torn, self._opening = True, None

    def _keep_small(self) -> None:
        """Give up the oldest, and with it what needs it, when there is too much."""
        assert self._beyond is not None
        oldest = max(self._next, self._beyond - MAX_PACKETS)
        bytes_left = self._bytes
        while bytes_left > MAX_BYTES:
            bytes_left -= len(self._pieces[oldest].data) if oldest in self._pieces else 0
            oldest += 1
        if len(self.missing) > MAX_MISSING:
            oldest = self._beyond - 1
        if oldest > self._next:
            self._drop_before(oldest)
            self._torn = True

    def _drop_before(self, number: int) -> None:
        for gone in range(self._next, number):
            piece = self._pieces.pop(gone, None)
            self._bytes -= len(piece.data) if piece else 0
        self._next = number
        self.missing.forget_before(number)
        if self._opening is not None and self._opening[0] < number:
            self._opening = None

    def _take_whole(self) -> list[Whole]:
        frames: list[Whole] = []
        while (pieces := self._frame_at(self._next)) or self._skip_to_key():
            if pieces and (frame := self._taken(pieces)) is not None:
                frames.append(frame)
        return frames

    def _skip_to_key(self) -> bool:
        """Whether a whole keyframe waits behind what is missing: then the newest is next."""
        if self._opening is None:
            return False
        found = start = before = None
        for number in sorted(self._pieces):
            piece = self._pieces[number]
            follows = before is not None and before.number + 1 == number
            if before is None or not follows or before.last or before.time != piece.time:
                found = start if follows and start is not None else found
                start = None
            if start is None and self._opens(piece, before if follows else None):
                start = number
            if piece.last and start is not None:
                found = start
            before = piece
        if found is None or found == self._next:
            return False
        self._drop_before(found)
        return True

    def _opens(self, piece: Piece, before: Piece | None) -> bool:
        """Whether a keyframe surely begins here, though not all before it has come."""
        if piece.part.opens:
            return True
        return piece.part.key and before is not None and before.time != piece.time

    def _frame_at(self, number: int) -> list[Piece]:
        """All packets of the frame that begins there; none unless its end is there.

        A packet of another time ends a frame, too, whose last packet was not marked
        (RFC 3550, section 5.1). A packet of padding alone is a frame without data.
        """
        pieces: list[Piece] = []
        while (piece := self._pieces.get(number + len(pieces))) is not None:
            if pieces and piece.time != pieces[0].time:
                return pieces
            pieces.append(piece)
            if piece.last or not pieces[0].data:
                return pieces
        return []

    def _taken(self, pieces: list[Piece]) -> Whole | None:
        """The frame, if a decoder can use it."""
        self._drop_before(pieces[-1].number + 1)
        data = b"".join(piece.data for piece in pieces)
        if not data:
            return None
        if not pieces[0].part.begins:
            self._torn = True
        elif any(piece.part.key for piece in pieces):
            self._torn = False
        return None if self._torn else Whole(pieces[0].time, data)
