"""No line of a log says that help was called, also where the service answers nonsense."""

import logging
from collections.abc import Callable

import pytest

from kiosk.core.service.client import VisitServiceClient
from kiosk.core.service.clock_offset import ServiceTime
from kiosk.core.service.outcomes import Fault
from kiosk.core.support_errands import SupportErrands
from kiosk.visit.actions import CallSupport
from kiosk.visit.events import Event
from kiosk.visit.support_events import SupportDeclined
from kiosk.wire.secret import Secret
from tests.core.service.hostile import always, hostile

ClientAt = Callable[[str], VisitServiceClient]


BABBLE = b"what do you mean\r\n\r\n"


async def test_a_failure_is_logged_but_of_a_call_for_help(
    client_at: ClientAt, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "kiosk")
    posted: list[Event] = []
    card = Secret("62E3086CED")
    with hostile(always(BABBLE)) as server:
        client = client_at(server.url)
        assert isinstance(await client.identify("em4100", "identifier", card, "Hall A"), Fault)
        assert "identify" in caplog.text
        caplog.clear()
        assert isinstance(await client.knows_card("em4100", "identifier", card, "Hall A"), Fault)
        assert isinstance(await client.end_support("s1"), Fault)
        assert isinstance(await client.offer(f"{server.url}/line", None, "v=0"), Fault)
        errands = SupportErrands(client, ServiceTime(), "Hall A", posted.append)
        await errands.run(CallSupport("samaritans", 1.0))
    assert posted == [SupportDeclined(1.0)]
    about_calls = [each for each in caplog.records if each.name != "kiosk.core.service.events"]
    assert about_calls == []
