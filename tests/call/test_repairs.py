"""What is sent again of what was lost: bursts, but never more than a share of the rate."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.call.repairs import PACKET_BITS, SAVED_S, SHARE, Repairs


def test_a_burst_is_sent_again_at_once() -> None:
    repairs = Repairs()
    assert all(repairs.may(1_000_000, 5.0) for _ in range(20))


def test_nothing_is_sent_again_while_no_picture_is() -> None:
    repairs = Repairs()
    repairs.may(1_000_000, 5.0)
    assert not repairs.may(0, 6.0)


@given(
    st.integers(50_000, 3_000_000),
    st.lists(st.floats(0, 0.5), min_size=1, max_size=200),
)
def test_no_more_than_a_share_of_the_rate_is_ever_sent_again(
    bps: int, pauses_s: list[float]
) -> None:
    repairs, now, sent_bits = Repairs(), 5.0, 0
    for pause_s in pauses_s:
        now += pause_s
        sent_bits += sum(PACKET_BITS for _ in range(30) if repairs.may(bps, now))
    assert sent_bits <= (now - 5.0 + SAVED_S) * bps * SHARE + 1
