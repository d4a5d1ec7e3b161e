"""A lane of events that is told to find out whether the service is there."""

import pytest

from kiosk.core.service import events as events_module
from tests.core.service.conftest import CLOCK
from tests.core.service.hostile import Asked, Peer, hostile
from tests.core.service.listening import Listen, event, streaming


async def test_a_lane_that_is_renewed_is_up_again_at_once_and_was_never_down(
    listen: Listen,
) -> None:
    with hostile(streaming(event(7)), events=True) as server:
        heard = listen(server)
        assert await heard.next() == "up"
        await heard.next_command()
        heard.lane.renew()
        assert await heard.next() == "up"
    assert [asked.headers.get("last-event-id") for asked in server.asked] == [None, "7"]


async def test_a_lane_that_is_renewed_while_the_service_is_away_asks_often(
    listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events_module, "LONGEST_PAUSE_S", 60.0)
    monkeypatch.setattr(events_module, "FIRST_PAUSE_S", 30.0)

    def behave(peer: Peer, _: Asked) -> None:
        peer.close()

    with hostile(behave, events=True) as server:
        heard = listen(server)
        await heard.next_down()
        heard.lane.renew()
        begun_s = CLOCK.monotonic()
        for _ in range(3):
            await heard.next_down()
        assert CLOCK.monotonic() - begun_s < 3 * events_module.HURRIED_PAUSE_S + 0.5
