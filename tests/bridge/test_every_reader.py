"""What every kind of reader's decoder has to stand, on frames that others published of it."""

import tracemalloc
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.readers import READERS
from firmware_bridge.readers.reading import BadFrame, CardRead, Decoder
from tests.bridge.frames import (
    PUBLISHED,
    REFUSED,
    Published,
    decoder_of,
    heard,
    in_pieces,
    one_by_one,
)

GARBAGE = b"\x00\xff12\x03\r\n"
NOISE_BYTES = 60_000
HELD_BYTES = 20_000
"""No decoder has a use for more; the longest frame of any has 1,440 bytes."""


@dataclass(frozen=True)
class Case:
    kind: str
    published: Published

    def decoder(self) -> Decoder:
        return decoder_of(self.kind, self.published.settings)

    def __str__(self) -> str:
        return f"{self.kind}: {self.published.source}"


CASES = [Case(kind, found) for kind in READERS for found in PUBLISHED.get(kind, ())]
WRONG_CASES = [Case(kind, found) for kind, frames in REFUSED.items() for found in frames]
each_wrong_frame = pytest.mark.parametrize("case", WRONG_CASES, ids=str)
each_frame = pytest.mark.parametrize("case", CASES, ids=str)
each_decoder = pytest.mark.parametrize(
    "case", {(c.kind, *c.published.settings.items()): c for c in CASES}.values(), ids=str
)


def noise_like(raw: bytes) -> st.SearchStrategy[bytes]:
    """Bytes of any kind among parts of a good frame, some of which lead a decoder far astray."""
    parts = st.builds(
        lambda start, length: raw[start : start + length],
        st.integers(0, len(raw)),
        st.integers(0, len(raw)),
    )
    return st.lists(st.binary(max_size=20) | parts, max_size=12).map(b"".join)


@pytest.mark.parametrize("kind", READERS)
def test_every_kind_has_published_frames(kind: str) -> None:
    assert PUBLISHED.get(kind), f"tests/bridge/frames.py has none of {kind}"


@each_frame
class TestEachPublishedFrame:
    def test_is_read_whole(self, case: Case) -> None:
        assert heard(case.decoder(), case.published.raw) == [*case.published.says]

    def test_is_read_byte_by_byte(self, case: Case) -> None:
        found = heard(case.decoder(), *one_by_one(case.published.raw))
        assert found == [*case.published.says]

    def test_is_read_each_time_it_comes(self, case: Case) -> None:
        assert heard(case.decoder(), case.published.raw * 3) == [*case.published.says] * 3

    def test_is_read_after_garbage_and_a_silence(self, case: Case) -> None:
        decoder = case.decoder()
        heard(decoder, GARBAGE)
        assert heard(decoder, case.published.raw) == [*case.published.says]

    def test_is_read_after_any_part_of_itself_and_a_silence(self, case: Case) -> None:
        decoder, raw = case.decoder(), case.published.raw
        for kept in range(1, len(raw)):
            heard(decoder, raw[:kept])
            assert heard(decoder, raw) == [*case.published.says]

    def test_is_read_without_a_silence_where_it_is_marked(self, case: Case) -> None:
        raw, says = case.published.raw, [*case.published.says]
        before = [raw[:kept] for kept in range(1, len(raw))] if case.published.is_marked else []
        for other in (*before, GARBAGE if case.published.is_marked else b""):
            assert heard(case.decoder(), other + raw)[-len(says) :] == says


@each_wrong_frame
class TestEachFramePublishedAsWrong:
    def test_is_refused_whole(self, case: Case) -> None:
        assert heard(case.decoder(), case.published.raw) == [*case.published.says]

    @given(data=st.data())
    def test_is_refused_in_any_pieces(self, case: Case, data: st.DataObject) -> None:
        pieces = data.draw(in_pieces(case.published.raw))
        assert heard(case.decoder(), *pieces) == [*case.published.says]

    def test_is_refused_byte_by_byte(self, case: Case) -> None:
        found = heard(case.decoder(), *one_by_one(case.published.raw))
        assert found == [*case.published.says]

    def test_is_refused_each_time_it_comes(self, case: Case) -> None:
        decoder, raw = case.decoder(), case.published.raw
        assert [heard(decoder, raw) for _ in range(3)] == [[*case.published.says]] * 3
        assert set(heard(decoder, raw * 3)) == {*case.published.says}

    def test_is_refused_after_garbage(self, case: Case) -> None:
        decoder = case.decoder()
        heard(decoder, GARBAGE)
        assert heard(decoder, case.published.raw) == [*case.published.says]
        assert all(isinstance(r, BadFrame) for r in heard(decoder, GARBAGE + case.published.raw))

    def test_is_refused_after_any_part_of_itself_and_a_good_one_after_it_is_read(
        self, case: Case
    ) -> None:
        good = PUBLISHED[case.kind][0]
        decoder, raw = case.decoder(), case.published.raw
        for kept in range(1, len(raw)):
            assert all(isinstance(reading, BadFrame) for reading in heard(decoder, raw[:kept]))
            assert heard(decoder, raw) == [*case.published.says]
            assert heard(decoder, good.raw) == [*good.says]
            if good.is_marked:
                assert heard(decoder, raw[:kept] + raw + good.raw)[-1:] == [*good.says]


@each_decoder
@given(data=st.data())
def test_a_good_frame_is_found_after_any_noise_and_a_silence_in_any_pieces(
    case: Case, data: st.DataObject
) -> None:
    decoder = case.decoder()
    heard(decoder, *data.draw(in_pieces(data.draw(noise_like(case.published.raw)))))
    found = heard(decoder, *data.draw(in_pieces(case.published.raw)))
    assert found == [*case.published.says]


@each_decoder
@given(data=st.data())
def test_pieces_do_not_matter(case: Case, data: st.DataObject) -> None:
    noise = data.draw(noise_like(case.published.raw))
    assert heard(case.decoder(), *data.draw(in_pieces(noise))) == heard(case.decoder(), noise)


@each_decoder
@given(data=st.data())
def test_no_reading_and_no_reason_shows_what_is_on_a_card(case: Case, data: st.DataObject) -> None:
    raw = bytearray(case.published.raw)
    secrets = [s.credential.reveal() for s in case.published.says if isinstance(s, CardRead)]
    for place in data.draw(st.lists(st.integers(0, len(raw) - 1), max_size=3)):
        raw[place] = data.draw(st.integers(0, 255))
    for reading in heard(case.decoder(), bytes(raw)):
        assert not any(secret in repr(reading) for secret in secrets)
        assert not isinstance(reading, BadFrame) or reading.reason


@each_decoder
@pytest.mark.parametrize("begun_bytes", [1, 5, 100])
def test_a_frame_that_does_not_end_takes_no_memory(case: Case, begun_bytes: int) -> None:
    # The last two bytes are those that end a frame, where any do.
    decoder, middle = case.decoder(), case.published.raw[1:-2]
    middle *= 1 + 1000 // len(middle)
    decoder.feed(case.published.raw[:-2][:begun_bytes] + middle)
    tracemalloc.start()
    try:
        for _ in range(NOISE_BYTES // len(middle)):
            decoder.feed(middle)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < HELD_BYTES
