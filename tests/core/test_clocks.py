"""A terminal's clock that is not the service's is known for it, once for each change."""

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.core.clocks import APART_S, Clocks

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_clocks_that_agree_are_no_news() -> None:
    clocks = Clocks()
    for apart_s in (0.0, 2.0, -APART_S, APART_S):
        assert not clocks.compare(NOON + timedelta(seconds=apart_s), NOON)
    assert clocks.ahead_s == 0


@pytest.mark.parametrize("apart_s", [-3600, 3600])
def test_clocks_that_are_apart_are_news_once_and_so_is_their_agreeing_again(apart_s: int) -> None:
    clocks, service = Clocks(), NOON + timedelta(seconds=apart_s)
    assert clocks.compare(service + timedelta(milliseconds=300), NOON)
    assert clocks.ahead_s == apart_s
    assert not clocks.compare(service + timedelta(seconds=2), NOON)
    assert clocks.ahead_s == apart_s
    assert clocks.compare(NOON + timedelta(seconds=1), NOON)
    assert clocks.ahead_s == 0
