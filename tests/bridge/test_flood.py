"""A stuck or spoofed reader is held to what people can do."""

from firmware_bridge.flood import A_SECOND, BURST, CALM_S, Flood


def test_a_burst_is_taken_and_no_more() -> None:
    flood = Flood()
    assert [flood.takes(5.0) for _ in range(BURST + 2)] == [True] * BURST + [False] * 2
    assert flood.is_on(5.0)


def test_the_limit_fills_with_time() -> None:
    flood = Flood()
    for _ in range(BURST):
        flood.takes(5.0)
    assert flood.takes(5.0 + 1 / A_SECOND)
    assert not flood.takes(5.0 + 1 / A_SECOND)


def test_who_is_calm_is_believed_again_and_nothing_is_due() -> None:
    flood = Flood()
    for _ in range(BURST + 1):
        flood.takes(5.0)
    assert flood.next_deadline() == 5.0 + CALM_S
    flood.tick(5.0 + CALM_S)
    assert not flood.is_on(5.0 + CALM_S)
    assert flood.next_deadline() is None
