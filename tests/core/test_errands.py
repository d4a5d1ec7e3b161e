"""Errands to the visit service, run by the real client against servers on loopback."""

import asyncio
import json
import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from kiosk.clock import Seconds, SystemClock
from kiosk.core import errands as errands_module
from kiosk.core.errands import Errands
from kiosk.core.pocket import Pocket
from kiosk.core.service.client import VisitServiceClient
from kiosk.core.service.clock_offset import ServiceTime
from kiosk.core.service.events import Listener
from kiosk.core.settings import ServiceSettings, TerminalSettings
from kiosk.core.today import Today
from kiosk.visit import events
from kiosk.visit.actions import (
    AskOffer,
    Join,
    LeaveVisit,
    ReportLost,
    SayPhrase,
    SendAnswer,
    SendOffer,
)
from kiosk.visit.booking import Card
from kiosk.visit.lost import Lost
from kiosk.visit.phrases import PhraseUnsaid
from kiosk.visit.reasons import Ending, NoAnswer, Prepared
from tests.core.service.hostile import (
    PROBLEM,
    Asked,
    Behaviour,
    Peer,
    always,
    hostile,
    in_turn,
    whole,
)

Reported = asyncio.Queue[events.Event]
ErrandsAt = Callable[[str], Errands]

CLOCK = SystemClock()
NOTED = b"HTTP/1.1 204 Noted\r\n\r\n"
LEFT = LeaveVisit("V1", Ending.LEFT, 60.0)
SOON_S = 5.0
LONG_ENOUGH_S = 0.7
"""Many pauses between tries, as these tests set them."""


@pytest.fixture
def reported() -> Reported:
    return asyncio.Queue()


@pytest.fixture
async def errands_at(tmp_path: Path, reported: Reported) -> AsyncIterator[ErrandsAt]:
    """Makes the errands of a terminal, each with a client; all of them are closed in the end."""
    async with AsyncExitStack() as stack:

        def make(url: str) -> Errands:
            time = ServiceTime()
            client = VisitServiceClient(ServiceSettings(url), "t1", CLOCK, time)
            client.start(None, Listener(lambda: None, lambda _: None, lambda *_: None))
            stack.push_async_callback(client.close)
            settings = TerminalSettings(id="t1", name="Terminal 1", prison="MDI", hall="Hall A")
            today = Today(Pocket(tmp_path / "today"), CLOCK)
            say, note = reported.put_nowait, lambda _what, _detail: None
            errands = Errands(settings, client, time, today, CLOCK, report=say, note=note)
            stack.push_async_callback(errands.close)
            return errands

        yield make


class Told:
    """A behaviour that can be waited for: `after` is set when the request of that number came."""

    def __init__(self, number: int) -> None:
        self.after = threading.Event()
        self._left = number

    def then(self, behave: Behaviour) -> Behaviour:
        def heard(peer: Peer, asked: Asked) -> None:
            behave(peer, asked)
            self._left -= 1
            if self._left == 0:
                self.after.set()

        return heard

    async def within(self, seconds: Seconds) -> bool:
        return await asyncio.to_thread(self.after.wait, seconds)


@pytest.mark.parametrize("fault", [whole(b"", 500), whole(b"<html>busy</html>", 200, "text/html")])
async def test_that_a_visit_was_left_is_told_again_until_the_service_hears_it(
    errands_at: ErrandsAt, monkeypatch: pytest.MonkeyPatch, fault: bytes
) -> None:
    monkeypatch.setattr(errands_module, "TELL_AGAIN_S", (0.01, 0.01, 60.0))
    told = Told(3)
    with hostile(told.then(in_turn(always(fault), always(fault), always(NOTED)))) as server:
        errands_at(server.url).begin(LEFT)
        assert await told.within(SOON_S)
        bodies = {asked.body for asked in server.asked if "/leave " in asked.line}
    assert len(bodies) == 1


async def test_a_service_that_says_no_to_a_visit_that_was_left_is_not_asked_again(
    errands_at: ErrandsAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errands_module, "TELL_AGAIN_S", (0.0, 0.0))
    no = whole(b'{"code": "not_joined", "title": "No", "status": 403}', 403, PROBLEM)
    first, second = Told(1), Told(2)
    with hostile(first.then(second.then(always(no)))) as server:
        errands_at(server.url).begin(LEFT)
        assert await first.within(SOON_S)
        assert not await second.within(LONG_ENOUGH_S)


async def test_lost_time_is_reported_until_the_service_hears_it_and_what_it_gives_is_told(
    errands_at: ErrandsAt, monkeypatch: pytest.MonkeyPatch, reported: Reported
) -> None:
    monkeypatch.setattr(errands_module, "TELL_AGAIN_S", (0.01, 0.01, 60.0))
    credit = {"now": "2030-01-07T14:00:00.000Z", "ends_at": "2030-01-07T14:30:12Z", "given_s": 12.5}
    given = whole(json.dumps(credit).encode(), 200, "application/json")
    with hostile(
        in_turn(always(whole(b"", 500)), always(whole(b"", 500)), always(given))
    ) as server:
        errands_at(server.url).begin(ReportLost("V1", Lost(link=12.5)))
        event = await reported.get()
        bodies = [json.loads(asked.body) for asked in server.asked if "/lost " in asked.line]
    assert isinstance(event, events.TimeGiven)
    assert (event.visit, event.given_s) == ("V1", 12.5)
    lost = {"prison": 0, "visitor": 0, "link": 12.5, "hold": 0, "terminal": 0}
    assert bodies == [{"lost": lost}] * 3


async def test_a_phrase_is_said_once_and_who_chose_it_hears_that_it_failed(
    errands_at: ErrandsAt, reported: Reported
) -> None:
    with hostile(always(whole(b"", 500))) as server:
        errands_at(server.url).begin(SayPhrase("V1", Prepared.YES, 12.5))
        assert await reported.get() == PhraseUnsaid("V1", 12.5)
        (asked,) = [asked for asked in server.asked if "/phrase " in asked.line]
    assert json.loads(asked.body) == {"phrase": "yes"}


@pytest.mark.parametrize("status", [409, 500])
async def test_no_log_says_that_a_phrase_was_said_also_where_it_did_not_get_through(
    errands_at: ErrandsAt, reported: Reported, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    with caplog.at_level(logging.DEBUG), hostile(always(whole(b"", status))) as server:
        errands_at(server.url).begin(SayPhrase("V1", Prepared.I_LOVE_YOU, 12.5))
        assert await reported.get() == PhraseUnsaid("V1", 12.5)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("kiosk")]
    assert [said for said in ours if "phrase" in said or "love" in said] == []


async def test_of_two_reports_of_lost_time_only_the_later_is_told_again(
    errands_at: ErrandsAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errands_module, "TELL_AGAIN_S", (0.1, 0.1, 0.1))
    first, more = Told(1), Told(4)
    with hostile(first.then(more.then(always(whole(b"", 500))))) as server:
        errands = errands_at(server.url)
        errands.begin(ReportLost("V1", Lost(link=1.0)))
        assert await first.within(SOON_S)
        errands.begin(ReportLost("V1", Lost(link=2.0)))
        assert await more.within(SOON_S)
        told = [json.loads(asked.body)["lost"]["link"] for asked in server.asked]
    assert told[-2:] == [2.0, 2.0]
    assert told.count(1.0) <= 2


async def test_what_an_earlier_grant_lost_is_not_told_of_the_next(
    errands_at: ErrandsAt, monkeypatch: pytest.MonkeyPatch, reported: Reported
) -> None:
    monkeypatch.setattr(errands_module, "TELL_AGAIN_S", (0.2, 0.2, 0.2))
    told, joined_and_more = Told(1), Told(3)
    with hostile(told.then(joined_and_more.then(always(whole(b"", 400))))) as server:
        errands = errands_at(server.url)
        errands.begin(ReportLost("V1", Lost(link=1.0)))
        assert await told.within(SOON_S)
        errands.begin(Join("V1", "A1234BC", Card("em4100", "identifier", "62E3086CED"), 1.0))
        assert isinstance(await reported.get(), events.Declined)
        assert not await joined_and_more.within(LONG_ENOUGH_S)


async def test_a_visit_that_is_joined_again_is_not_left_by_an_old_word(
    errands_at: ErrandsAt, monkeypatch: pytest.MonkeyPatch, reported: Reported
) -> None:
    monkeypatch.setattr(errands_module, "TELL_AGAIN_S", (0.2, 0.2, 0.2))
    left, joined_and_more = Told(1), Told(3)
    with hostile(left.then(joined_and_more.then(always(whole(b"", 400))))) as server:
        errands = errands_at(server.url)
        errands.begin(LEFT)
        assert await left.within(SOON_S)
        errands.begin(Join("V1", "A1234BC", Card("em4100", "identifier", "62E3086CED"), 1.0))
        assert isinstance(await reported.get(), events.Declined)
        assert not await joined_and_more.within(LONG_ENOUGH_S)


OFFERED = whole(b"v=0 offer", 201, "application/sdp", "Location: 1/c1")
ASK = AskOffer("visits/V1/media/1", 7, "page1", 1)


async def test_the_services_offer_is_answered_once_and_hung_up_with_the_call(
    errands_at: ErrandsAt, reported: Reported
) -> None:
    answered, hung_up = Told(2), Told(3)
    behave = in_turn(always(OFFERED), always(NOTED))
    with hostile(answered.then(hung_up.then(behave))) as server:
        errands = errands_at(server.url)
        errands.begin(ASK)
        came = await asyncio.wait_for(reported.get(), SOON_S)
        assert came == events.OfferCame(7, "page1", 1, "v=0 offer")
        for _ in range(2):
            errands.begin(SendAnswer(7, "page1", 1, "v=0 answer"))
        errands.begin(SendAnswer(6, "page1", 1, "v=0 of an older call"))
        assert await answered.within(SOON_S)
        errands.hang_up_all()
        assert await hung_up.within(SOON_S)
        lines = [asked.line.split()[0] for asked in server.asked]
    assert lines == ["POST", "PATCH", "DELETE"]
    assert reported.empty()


async def test_an_answer_that_is_not_taken_makes_way_for_another_attempt(
    errands_at: ErrandsAt, reported: Reported
) -> None:
    no = whole(b'{"code": "no_connection", "title": "", "status": 409}', 409, PROBLEM)
    with hostile(in_turn(always(OFFERED), always(no))) as server:
        errands = errands_at(server.url)
        errands.begin(ASK)
        await asyncio.wait_for(reported.get(), SOON_S)
        errands.begin(SendAnswer(7, "page1", 1, "v=0 answer"))
        failed = events.OfferFailed(7, "page1", NoAnswer.SILENCE)
        assert await asyncio.wait_for(reported.get(), SOON_S) == failed


async def test_an_answer_after_the_call_is_over_goes_nowhere(
    errands_at: ErrandsAt, reported: Reported
) -> None:
    left = Told(3)
    with hostile(left.then(in_turn(always(OFFERED), always(NOTED)))) as server:
        errands = errands_at(server.url)
        errands.begin(ASK)
        await asyncio.wait_for(reported.get(), SOON_S)
        errands.hang_up_all()
        errands.begin(SendAnswer(7, "page1", 1, "v=0 answer"))
        errands.begin(LEFT)  # goes the same way, behind whatever was begun before it
        assert await left.within(SOON_S)
        lines = [asked.line.split()[0] for asked in server.asked]
    assert lines == ["POST", "DELETE", "POST"]


@pytest.mark.parametrize("errand", [SendOffer("visits/V1/media/0", 7, "page1", 0, "v=0"), ASK])
@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (whole(b'{"code": "visitor_gone", "title": "", "status": 409}', 409, PROBLEM), "gone"),
        (whole(b'{"code": "visit_over", "title": "", "status": 409}', 409, PROBLEM), "over"),
        (whole(b'{"code": "silence", "title": "", "status": 409}', 409, PROBLEM), "silence"),
        (whole(b"", 500), "silence"),
    ],
)
async def test_an_offer_without_an_answer_says_why(
    errands_at: ErrandsAt,
    reported: Reported,
    reply: bytes,
    reason: str,
    errand: SendOffer | AskOffer,
) -> None:
    reasons = {"gone": NoAnswer.VISITOR_GONE, "over": NoAnswer.VISIT_OVER}
    with hostile(always(reply)) as server:
        errands_at(server.url).begin(errand)
        failed = events.OfferFailed(7, "page1", reasons.get(reason, NoAnswer.SILENCE))
        assert await asyncio.wait_for(reported.get(), SOON_S) == failed
