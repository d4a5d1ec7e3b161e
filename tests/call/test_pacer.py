"""When the packets of a picture go: small ones at once, large ones spread, none for long."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from kiosk.call.pacer import CREDIT_S, FASTER, SPREAD_S, Pacer

PACKET_BYTES = 1200


def leave(pacer: Pacer, size_bytes: int, bps: int, now: float) -> list[float]:
    """When the packets of a picture leave; the last is when the next picture may."""
    pacer.begin(size_bytes, bps)
    moments = [now]
    while size_bytes > 0:
        now += pacer.sent(min(PACKET_BYTES, size_bytes), now)
        moments.append(now)
        size_bytes -= PACKET_BYTES
    return moments


def test_an_ordinary_picture_goes_at_once() -> None:
    pacer, now = Pacer(), 5.0
    for _ in range(30):
        assert leave(pacer, 1_000_000 // 8 // 30, 1_000_000, now)[-2] - now < 0.002
        now += 1 / 30


def test_a_large_picture_leaves_as_fast_as_the_line_carries_two() -> None:
    moments = leave(Pacer(), 9 * PACKET_BYTES, 450_000, 5.0)
    apart = [after - before for before, after in itertools.pairwise(moments)]
    assert all(abs(each - PACKET_BYTES * 8 / 900_000) < 1e-9 for each in apart[2:])


def test_a_huge_picture_is_not_spread_without_end() -> None:
    assert leave(Pacer(), 100 * PACKET_BYTES, 60_000, 5.0)[-1] - 5.0 <= SPREAD_S


def test_what_is_sent_again_is_in_the_way_of_the_next_picture() -> None:
    pacer = Pacer()
    leave(pacer, PACKET_BYTES, 100_000, 5.0)
    free = leave(pacer, PACKET_BYTES, 100_000, 10.0)[-1]
    pacer.sent(PACKET_BYTES, 15.0)
    assert leave(pacer, PACKET_BYTES, 100_000, 15.0)[-1] - 15.0 > free - 10.0


@given(
    st.integers(60_000, 3_000_000),
    st.lists(st.tuples(st.integers(1, 60_000), st.floats(0, 0.2)), max_size=60),
)
def test_no_burst_is_larger_than_the_credit_and_a_packet(
    bps: int, pictures: list[tuple[int, float]]
) -> None:
    pacer, now = Pacer(), 5.0
    for size_bytes, pause_s in pictures:
        rate_bps = max(FASTER * bps, size_bytes * 8 / SPREAD_S)
        moments = leave(pacer, size_bytes, bps, now + pause_s)
        sizes = [PACKET_BYTES] * (size_bytes // PACKET_BYTES)
        for number in range(1, len(sizes)):
            passed_s = moments[number] - moments[0]
            room_bytes = (passed_s + CREDIT_S) * rate_bps / 8 + PACKET_BYTES
            assert sum(sizes[:number]) <= room_bytes + 1
        now = moments[-1]
        assert now - moments[0] <= 2 * SPREAD_S + 0.1
