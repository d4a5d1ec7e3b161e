"""The client and the sandbox, each written to the contract alone, understand each other."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from aiohttp import ClientSession, ClientTimeout

from kiosk.core.audit import AuditRecord
from kiosk.core.pocket import Pocket
from kiosk.core.service import replies
from kiosk.core.service.client import VisitServiceClient
from kiosk.core.service.clock_offset import ServiceTime
from kiosk.core.service.events import Listener
from kiosk.core.service.outcomes import Away, Ok, Problem
from kiosk.core.settings import ServiceSettings
from kiosk.core.today import Today
from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.authority import Authority
from kiosk.sandbox.instants import now_ms
from kiosk.sandbox.samples import SAMPLE_PIN, add_samples
from kiosk.sandbox.settings import Listener as SandboxListener
from kiosk.sandbox.settings import Settings
from kiosk.wire.secret import Secret
from tests.core.service.conftest import CLOCK
from tests.sandbox.family import opened
from tests.sandbox.officer import at_the_desk

HALL = "Hall A"
SAM, SAMS_CARD, SAMS_VISIT = "A1234BC", "62E3086CED", "v1-sam-mum"
PASSWORD = "for tests only"


class Client(VisitServiceClient):
    """The client as a terminal has it, and what it heard."""

    def __init__(self, settings: ServiceSettings, terminal: str = "t1") -> None:
        self.time = ServiceTime()
        self.told: asyncio.Queue[str | tuple[str, replies.Command]] = asyncio.Queue()
        super().__init__(settings, terminal, CLOCK, self.time)

    def listen(self, after: str | None = None) -> None:
        self.start(
            after,
            Listener(
                lambda: self.told.put_nowait("up"),
                lambda _: self.told.put_nowait("down"),
                lambda id_, command: self.told.put_nowait((id_, command)),
            ),
        )

    async def next(self) -> str | tuple[str, replies.Command]:
        return await asyncio.wait_for(self.told.get(), 10)

    async def command(self) -> replies.Command:
        """The next command, whatever happens to the link before it."""
        while isinstance(told := await self.next(), str):
            pass
        return told[1]


def settings(tmp_path: Path, api: SandboxListener | None = None) -> Settings:
    return Settings(
        database=tmp_path / "sandbox.db",
        desk_password=PASSWORD,
        api=api or SandboxListener(),
        ping_s=0.1,
        grace_s=0.3,
        answer_s=1.0,
        credit_limit_s=0.0,  # nothing is told unasked
    )


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
async def sandbox(tmp_path: Path, stack: AsyncExitStack) -> Sandbox:
    return await started(settings(tmp_path), stack)


async def started(settings: Settings, stack: AsyncExitStack) -> Sandbox:
    sandbox = Sandbox(settings, CLOCK)
    add_samples(sandbox.people, sandbox.bookings, now_ms(CLOCK), 300.0)
    await sandbox.start()
    stack.push_async_callback(sandbox.close)
    return sandbox


@pytest.fixture
def client_at(stack: AsyncExitStack) -> Callable[..., Client]:
    def make(settings: ServiceSettings, terminal: str = "t1", after: str | None = None) -> Client:
        client = Client(settings, terminal)
        client.listen(after)
        stack.push_async_callback(client.close)
        return client

    return make


@pytest.fixture
async def client(sandbox: Sandbox, client_at: Callable[..., Client]) -> Client:
    client = client_at(ServiceSettings(sandbox.api_url))
    assert await client.next() == "up"
    return client


async def test_a_known_card_is_greeted_and_an_unknown_one_is_not(client: Client) -> None:
    known = await client.identify("em4100", "identifier", Secret(SAMS_CARD), HALL)
    assert isinstance(known, Ok)
    assert (known.value.person.prisoner_number, known.value.person.first_name) == (SAM, "Sam")
    assert [booking.reference for booking in known.value.bookings] == [SAMS_VISIT]
    unknown = await client.identify("em4100", "identifier", Secret("0000000000"), HALL)
    assert isinstance(unknown, Problem)
    assert (unknown.status, unknown.code) == (404, "unknown_card")


async def test_a_pin_is_wrong_and_then_right(client: Client) -> None:
    asked = await client.identify("em4100", "identifier", Secret("67003B51C6"), HALL)
    assert isinstance(asked, Ok)
    assert asked.value.pin_required
    wrong = await client.verify_pin(asked.value.identification, Secret("0000"))
    assert isinstance(wrong, Problem)
    assert wrong.code == "pin_wrong"
    assert wrong.tries_left is not None
    right = await client.verify_pin(asked.value.identification, Secret(SAMPLE_PIN))
    assert isinstance(right, Ok)
    assert len(right.value.bookings) == 1


async def test_todays_list_greets_the_same_person_as_the_service(
    client: Client, tmp_path: Path
) -> None:
    listed = await client.todays_bookings(HALL)
    assert isinstance(listed, Ok)
    today = Today(Pocket(tmp_path / "today"), CLOCK)
    today.keep(listed.value)
    found = today.find("em4100", SAMS_CARD)
    asked = await client.identify("em4100", "identifier", Secret(SAMS_CARD), HALL)
    assert found is not None
    assert isinstance(asked, Ok)
    assert (found.person, found.bookings) == (asked.value.person, asked.value.bookings)
    assert today.find("em4100", "67003B51C6") is None, "people with a PIN are left out"


async def test_the_service_time_is_known_to_half_a_round_trip(client: Client) -> None:
    assert isinstance(await client.heartbeat("1.0", HALL, "Idle", ["camera"]), Ok)
    at_s = CLOCK.monotonic()
    service_now, uncertainty_s = client.time.utc(at_s), client.time.uncertainty_s(at_s)
    assert service_now is not None
    assert uncertainty_s is not None
    apart_s = abs((service_now - CLOCK.utc()).total_seconds())
    assert apart_s < uncertainty_s + 0.005


async def test_more_faults_than_the_contract_allows_are_cut(client: Client) -> None:
    assert isinstance(await client.heartbeat("1.0", HALL, "Idle", ["x" * 300] * 30), Ok)


async def test_a_visit_from_join_to_leave(client: Client, sandbox: Sandbox) -> None:
    granted = await client.join(SAMS_VISIT, SAM, HALL, uuid.uuid4().hex)
    assert isinstance(granted, Ok)
    media = granted.value.media[0]
    async with (
        ClientSession(timeout=ClientTimeout(total=20)) as session,
        opened(session, sandbox.family_url(SAMS_VISIT)) as page,
    ):
        assert await client.command() == replies.VisitorCame(SAMS_VISIT)
        await page.ready()
        ready = await client.command()
        assert ready == replies.VisitorReady(SAMS_VISIT, page.join_id, camera=True, microphone=True)

        offer = asyncio.create_task(client.offer(media.url, page.join_id, "v=0\r\noffer\r\n"))
        assert (await page.answer())["sdp"] == "v=0\r\noffer\r\n"
        answered = await offer
        assert isinstance(answered, Ok)
        assert answered.value.sdp == "v=0\r\nanswer\r\n"
        assert isinstance(await client.hang_up(answered.value.location), Ok)
        assert isinstance(await client.leave(SAMS_VISIT, "left", 12.5), Ok)


async def test_an_offer_to_a_page_that_is_gone_is_a_problem(client: Client) -> None:
    granted = await client.join(SAMS_VISIT, SAM, HALL, uuid.uuid4().hex)
    assert isinstance(granted, Ok)
    gone = await client.offer(granted.value.media[0].url, "nobody", "v=0")
    assert isinstance(gone, Problem)
    assert (gone.status, gone.code) == (409, "visitor_gone")


async def test_a_refused_join_says_where_to_go(client: Client) -> None:
    refused = await client.join("v8-hall", "H8901JK", HALL, uuid.uuid4().hex)
    assert isinstance(refused, Problem)
    assert (refused.code, refused.place) == ("wrong_hall", "Hall B")
    assert refused.at is not None


async def test_records_are_accepted_again_and_kept_once(client: Client) -> None:
    at = datetime(2026, 3, 1, 14, tzinfo=UTC)
    record = AuditRecord(str(uuid.uuid4()), at, "CardPresented", "Idle", "CheckingCard")
    batch = [msgspec.Raw(msgspec.json.encode(record))]
    for _ in range(2):
        kept = await client.audit(batch)
        assert isinstance(kept, Ok)
        assert kept.value.accepted == (record.id,)


async def test_an_officers_commands_arrive_and_those_missed_come_later(
    client: Client, sandbox: Sandbox, client_at: Callable[..., Client]
) -> None:
    assert isinstance(await client.join(SAMS_VISIT, SAM, HALL, uuid.uuid4().hex), Ok)
    async with at_the_desk(sandbox.officer_url, PASSWORD) as officer:
        await officer.act("message", reference=SAMS_VISIT, text="Five\nminutes")
        told = await client.next()
        assert isinstance(told, tuple)
        assert told[1] == replies.OfficerMessage(SAMS_VISIT, "Five minutes")
        await client.close()
        await officer.act("hold", reference=SAMS_VISIT, reason="officer")
        await officer.act("release", reference=SAMS_VISIT)
        again = client_at(ServiceSettings(sandbox.api_url), after=told[0])
        assert await again.command() == replies.HoldVisit(SAMS_VISIT, "officer")
        assert await again.command() == replies.ReleaseVisit(SAMS_VISIT)


async def test_who_asks_for_an_officer_is_one_call_and_hears_that_one_comes(
    client: Client, sandbox: Sandbox
) -> None:
    first, again = [await client.ask_officer(HALL) for _ in range(2)]
    assert isinstance(first, Ok)
    assert isinstance(again, Ok)
    assert first.value == again.value == replies.OfficerCall(first.value.request)
    async with at_the_desk(sandbox.officer_url, PASSWORD) as officer:
        await officer.act("seen", notice=int(first.value.request))
    assert await client.command() == replies.OfficerComes(first.value.request)


async def test_what_a_person_needs_and_speaks_comes_with_their_card(client: Client) -> None:
    known = await client.identify("em4100", "identifier", Secret("100000000F"), HALL)
    assert isinstance(known, Ok)
    assert known.value.person.access == ("large_text", "slow")
    assert [booking.language for booking in known.value.bookings] == ["pl"]


async def test_a_service_that_is_killed_and_comes_back_is_found_again(
    tmp_path: Path, stack: AsyncExitStack, client_at: Callable[..., Client]
) -> None:
    first = await started(settings(tmp_path), stack)
    url = first.api_url
    client = client_at(ServiceSettings(url))
    assert await client.next() == "up"
    await first.close()
    assert await client.next() == "down"
    assert isinstance(await client.identify("em4100", "identifier", Secret(SAMS_CARD), HALL), Away)
    port = int(url.rpartition(":")[2])
    again = Sandbox(settings(tmp_path, SandboxListener(port=port)), CLOCK)
    await again.start()
    stack.push_async_callback(again.close)
    while await client.next() != "up":
        pass
    assert isinstance(await client.identify("em4100", "identifier", Secret(SAMS_CARD), HALL), Ok)


async def test_mutual_tls_and_the_terminals_own_name(
    tmp_path: Path, stack: AsyncExitStack, client_at: Callable[..., Client]
) -> None:
    authority = Authority(CLOCK)
    ca = tmp_path / "ca.pem"
    ca.write_bytes(authority.certificate)
    certificate, key = authority.service("localhost").write(tmp_path, "service")
    sandbox = await started(
        settings(tmp_path, SandboxListener("localhost", 0, certificate, key, ca)), stack
    )
    files = (ca, *authority.terminal("t1").write(tmp_path, "t1"))
    service = ServiceSettings(sandbox.api_url, *files)
    known = client_at(service, "t1")
    assert await known.next() == "up"
    assert isinstance(await known.identify("em4100", "identifier", Secret(SAMS_CARD), HALL), Ok)
    other = client_at(service, "t2")
    assert await other.next() == "down"
    refused = await other.heartbeat("1.0", HALL, "Idle", [])
    assert isinstance(refused, Problem)
    assert (refused.status, refused.code) == (403, "unknown_terminal")
