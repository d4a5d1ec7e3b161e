"""Streams of small frames in packets, as a test says them."""

from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.call.assembly import Piece
from kiosk.call.parts import Part

KEY = Part(begins=True, key=True, opens=True)
OTHER = Part(begins=True)
REST = Part()
TICKS = 3000


@dataclass(frozen=True)
class Sent:
    """One frame: its number, its packets and whether it needs no other."""

    number: int
    key: bool
    pieces: tuple[Piece, ...]

    @property
    def data(self) -> bytes:
        return b"".join(piece.data for piece in self.pieces)


def stream(kinds: Iterable[str], first: int = 100) -> list[Sent]:
    """A frame for each word: `K3` is a keyframe in three packets, `F1` another in one."""
    frames = []
    for number, kind in enumerate(kinds):
        key, count = kind[0] == "K", int(kind[1:])
        pieces = tuple(
            Piece(
                first + at,
                number * TICKS,
                at == count - 1,
                (KEY if key else OTHER) if at == 0 else REST,
                f"{kind} {number} {at};".encode(),
            )
            for at in range(count)
        )
        frames.append(Sent(number, key, pieces))
        first += count
    return frames
