"""Measures every decoder of a reader, and the board's: `python -m tests.bench.bench_parsers`.

Each is fed random bytes, and published frames with wrong, lost and doubled bytes, in pieces as a
line delivers them. Prints one JSON object. A decoder that raises ends it with the piece at fault
and a status of 1, so that every run which is printed had no exceptions.
"""

import argparse
import random
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from firmware_bridge.board.modbus import Answer, Exchange, Read, Request, Silence
from firmware_bridge.board.places import Place
from firmware_bridge.readers import READERS
from firmware_bridge.readers.reading import BadFrame, CardRead, Decoder, OtherFrame, Reading
from kiosk.clock import Seconds
from tests.bench.figures import CLOCK, publish
from tests.bridge.frames import PUBLISHED, Published, decoder_of

SEED = 1
PIECE_BYTES = 256
QUIET_IN = 5
"""One silence in so many pieces."""

FULL_BYTES = 2_000_000
QUICK_BYTES = 100_000
MEMORY_BYTES = 50_000
"""Enough to see what is held; watching it makes a decoder several times as slow."""


@dataclass
class Run:
    """What one decoder made of one kind of noise."""

    fed_bytes: int = 0
    took_s: float = 0.0
    cards: int = 0
    invalid: int = 0

    def figures(self) -> dict[str, object]:
        return {
            "bytes": self.fed_bytes,
            "mb_per_s": round(self.fed_bytes / self.took_s / 1e6, 2),
            "cards": self.cards,
            "invalid": self.invalid,
            "exceptions": 0,
        }


def random_piece(chance: random.Random, _: list[bytes]) -> bytes:
    return chance.randbytes(PIECE_BYTES)


def mutated_piece(chance: random.Random, frames: list[bytes]) -> bytes:
    """Good frames one after the other, most of them damaged in a byte or two."""
    piece = bytearray()
    while len(piece) < PIECE_BYTES:
        frame = bytearray(chance.choice(frames))
        for _ in range(chance.randrange(3)):
            place = chance.randrange(len(frame))
            match chance.randrange(3):
                case 0:
                    frame[place] = chance.randrange(256)
                case 1:
                    frame[place:] = frame[place + 1 :] or b"\x00"
                case _:
                    frame[place:place] = frame[place : place + chance.randrange(1, 9)]
        piece += frame
    return bytes(piece)


Piece = Callable[[random.Random, list[bytes]], bytes]
NOISES: dict[str, Piece] = {"random": random_piece, "mutated": mutated_piece}


def fed(decoder: Decoder, piece_of: Piece, frames: list[bytes], least_bytes: int, seed: int) -> Run:
    chance, run = random.Random(seed), Run()
    while run.fed_bytes < least_bytes:
        piece = piece_of(chance, frames)
        is_quiet = chance.randrange(QUIET_IN) == 0
        began_s = CLOCK.monotonic()
        try:
            readings = decoder.feed(piece) + (decoder.quiet() if is_quiet else [])
        except Exception as error:
            error.add_note(f"the piece at fault: {piece.hex()}")
            raise
        run.took_s += CLOCK.monotonic() - began_s
        run.fed_bytes += len(piece)
        run.cards += sum(isinstance(reading, CardRead) for reading in readings)
        run.invalid += sum(isinstance(reading, BadFrame) for reading in readings)
    return run


def peak_kib(decoder: Decoder, frames: list[bytes]) -> float:
    """The most that is held at any time, with what one piece of noise says."""
    tracemalloc.start()
    try:
        for piece_of in NOISES.values():
            fed(decoder, piece_of, frames, MEMORY_BYTES, SEED)
        return round(tracemalloc.get_traced_memory()[1] / 1024, 1)
    finally:
        tracemalloc.stop()


SITES_OWN = {
    "custom": {
        "pattern": r"Card (?P<facility>\d{1,3}),(?P<number>\d{1,5})",
        "technology": "wiegand_26",
    }
}
SITES_LINE = b"Card 118,1603\r\n"


class AskedBoard:
    """The board's side of the bridge, which is no decoder: it asks whenever it may."""

    ANSWER = bytes.fromhex("0103020007f986")

    def __init__(self) -> None:
        self._exchange = Exchange(unit=1, baud=19200)
        self._now: Seconds = 0.0

    def feed(self, data: bytes) -> list[Reading]:
        self._now = self._exchange.next_deadline()
        if self._exchange.is_free(self._now):
            self._exchange.ask(Read(Place("holding_register", 0)), self._now)
            self._exchange.to_send()
        return self._said(self._exchange.feed(data, self._now))

    def quiet(self) -> list[Reading]:
        self._now = self._exchange.next_deadline()
        return self._said(self._exchange.tick(self._now))

    @staticmethod
    def _said(found: tuple[Request, Answer] | None) -> list[Reading]:
        match found:
            case None:
                return []
            case _, Silence():
                return [BadFrame("no answer")]
            case _:
                return [OtherFrame("an answer")]


def parsers() -> Iterator[tuple[str, Callable[[], Decoder], list[bytes]]]:
    """Each kind of reader in each of the set-ups that frames were published of, and those."""
    for kind in READERS:
        by_settings: dict[str, list[Published]] = {}
        for published in PUBLISHED[kind]:
            words = [kind, *map(str, published.settings.values())]
            by_settings.setdefault(" ".join(words), []).append(published)
        for name, found in by_settings.items():
            begin = partial(decoder_of, kind, found[0].settings)
            yield name, begin, [published.raw for published in found]
    yield "line of a site's own", partial(decoder_of, "line", SITES_OWN), [SITES_LINE]
    yield "board", AskedBoard, [AskedBoard.ANSWER]


def measured(least_bytes: int, seed: int) -> dict[str, object]:
    """The figures of every decoder; raises what one of them raised."""
    found: dict[str, object] = {"seed": seed}
    for name, begin, frames in parsers():
        figures: dict[str, object] = {
            noise: fed(begin(), piece_of, frames, least_bytes, seed).figures()
            for noise, piece_of in NOISES.items()
        }
        found[name] = {**figures, "peak_kib": peak_kib(begin(), frames)}
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_parsers")
    parser.add_argument("--quick", action="store_true", help="in seconds, to see that it works")
    parser.add_argument("--seed", type=int, default=SEED, help="of all that is random here")
    options = parser.parse_args()
    least_bytes = QUICK_BYTES if options.quick else FULL_BYTES
    publish("parsers", measured(least_bytes, options.seed))
