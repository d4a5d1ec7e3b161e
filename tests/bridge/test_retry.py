"""A port is tried again later and later, and not in step with other terminals."""

from firmware_bridge.retry import SHORTEST_S, SLOWEST_S, SLOWEST_WHEN_THERE_S, Retry


def test_the_first_wait_is_short_and_no_other_daemons_own() -> None:
    waits_s = [Retry().next_wait_s() for _ in range(20)]
    assert min(waits_s) >= SHORTEST_S
    assert max(waits_s) <= 2 * SHORTEST_S
    assert len(set(waits_s)) == len(waits_s)


def test_waits_grow_up_to_the_slowest() -> None:
    retry = Retry()
    waits = [retry.next_wait_s() for _ in range(20)]
    for number, wait_s in enumerate(waits):
        longest_s = min(SHORTEST_S * 2 ** (number + 1), SLOWEST_S)
        assert longest_s / 2 <= wait_s <= longest_s


def test_a_port_that_is_there_is_waited_for_neither_long_nor_less_each_time() -> None:
    retry = Retry()
    for _ in range(20):
        retry.next_wait_s()
    for _ in range(20):
        retry.is_there()
        assert SLOWEST_WHEN_THERE_S / 2 <= retry.next_wait_s() <= SLOWEST_WHEN_THERE_S


def test_two_terminals_do_not_wait_alike() -> None:
    def waits() -> list[float]:
        retry = Retry()
        return [retry.next_wait_s() for _ in range(10)]

    assert waits() != waits()
