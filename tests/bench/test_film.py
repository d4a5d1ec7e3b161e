"""The film moves, begins again without a jump, and says when it was painted."""

import itertools
from pathlib import Path

import av
import numpy

from tests.bench.figures import gap_s
from tests.bench.film import CYCLE_S, FPS, pictures, write_camera_film
from tests.bench.marker import BITS, WRAP_MS, ages_ms, made_ms

SIZE = (160, 120)


def brightness_apart(one: numpy.ndarray, other: numpy.ndarray) -> float:
    """How far two pictures are from each other."""
    return float(numpy.abs(one[: SIZE[1]].astype(int) - other[: SIZE[1]].astype(int)).mean())


def test_the_film_moves_and_has_no_jump_where_it_begins_again() -> None:
    film = list(pictures(SIZE, FPS * CYCLE_S))
    steps = [brightness_apart(*pair) for pair in itertools.pairwise(film)]
    assert brightness_apart(film[0], film[FPS]) > 5.0
    assert brightness_apart(film[-1], film[0]) < max(steps)


def test_a_camera_can_read_the_film(tmp_path: Path) -> None:
    write_camera_film(tmp_path / "film.y4m", SIZE, seconds=1)
    with av.open(str(tmp_path / "film.y4m")) as film:
        read = [picture.to_ndarray() for picture in film.decode(video=0)]
    assert len(read) == FPS
    assert (read[7] == list(pictures(SIZE, 8))[7]).all()


def test_a_picture_tells_the_moment_at_which_it_was_made() -> None:
    moment = 0b1011_0000_1111_0101_0011
    light = numpy.zeros(SIZE[::-1], numpy.uint8)
    for bit in range(BITS):
        light[: SIZE[0] // BITS, bit * 8 : bit * 8 + 8] = 255 * (moment >> bit & 1)
    assert made_ms(light, SIZE[0]) == moment


def test_age_is_counted_across_the_marker_s_wrap() -> None:
    assert ages_ms([(WRAP_MS * 7 + 12.0, WRAP_MS - 8), (WRAP_MS * 7 + 50.0, 20)]) == [20.0, 30.0]


def test_what_is_much_quieter_than_the_rest_is_a_gap() -> None:
    voice = [0.3, 0.15, 0.4] * 20
    assert gap_s(voice) == 0.0
    assert gap_s([*voice, 0.0, 0.01, *voice]) == 0.02
    assert gap_s([]) == 0.0
