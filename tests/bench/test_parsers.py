"""What the bench of parsers does to them, and how it tells of one that raises."""

import pytest

from firmware_bridge.readers.reading import Reading
from tests.bench.bench_parsers import FULL_BYTES, NOISES, SEED, fed, measured, parsers

LEAST_BYTES = 3000


class Raising:
    """A decoder that does not stand a certain byte."""

    def feed(self, data: bytes) -> list[Reading]:
        if 0x7F in data:
            raise IndexError(data.index(0x7F))
        return []

    def quiet(self) -> list[Reading]:
        return []


def test_each_parser_stands_all_noise_and_is_fed_enough_of_it_each_night() -> None:
    found = measured(LEAST_BYTES, SEED)
    assert [*found] == ["seed", *(name for name, *_ in parsers())]
    assert FULL_BYTES >= 2_000_000


@pytest.mark.parametrize("noise", NOISES)
def test_each_noise_is_as_long_as_was_said(noise: str) -> None:
    _, begin, frames = next(parsers())
    assert fed(begin(), NOISES[noise], frames, LEAST_BYTES, SEED).fed_bytes >= LEAST_BYTES


def test_a_parser_that_raises_ends_it_and_its_piece_is_told() -> None:
    with pytest.raises(IndexError) as raised:
        fed(Raising(), NOISES["random"], [], 100 * LEAST_BYTES, SEED)
    (note,) = raised.value.__notes__
    assert "7f" in note.removeprefix("the piece at fault: ")
