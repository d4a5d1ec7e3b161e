"""The officers' desk: who may sit there, what they see, and what other sites can not make them do."""

import pytest
from aiohttp import ClientSession, CookieJar, WSServerHandshakeError
from yarl import URL

from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.sessions import SESSION_S, Sessions
from tests.sandbox.conftest import DESK_PASSWORD, ShiftedClock
from tests.sandbox.meeting import SAM
from tests.sandbox.officer import Officer
from tests.sandbox.terminal import Terminal

HOLD = {"act": "hold", "reference": "v1-sam-mum", "reason": "officer"}
BEAT = {"release": "0.1.0", "hall": "Hall A", "stage": "Idle", "faults": ["reader_down"]}


async def test_a_visit_from_peer_to_peer_can_not_be_watched(
    officer: Officer, terminal: Terminal
) -> None:
    await terminal.join(*SAM)
    async with officer.watching() as overview:
        assert (await overview.visit(SAM[0]))["watchable"] is False
    async with officer.looking(SAM[0]) as look:
        assert await look.next() == {"type": "over"}


async def test_a_stranger_can_neither_act_nor_watch(sandbox: Sandbox) -> None:
    url = URL(sandbox.officer_url)
    async with ClientSession() as session:
        stranger = Officer(session, url)
        assert (await stranger.post("/officer/act", HOLD))[0] == 401
        assert (await stranger.post("/officer/login", {"password": "guess"}))[0] == 403
        with pytest.raises(WSServerHandshakeError):
            await session.ws_connect(
                url.origin() / "officer/socket", headers={"Origin": str(url.origin())}
            )


async def test_the_session_is_a_strict_cookie_out_of_scripts_reach(sandbox: Sandbox) -> None:
    url = URL(sandbox.officer_url)
    async with (
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as session,
        session.post(
            url.origin() / "officer/login",
            json={"password": DESK_PASSWORD},
            headers={"Origin": str(url.origin())},
        ) as reply,
    ):
        cookie = reply.cookies["desk"]
    assert (cookie["samesite"], cookie["httponly"], cookie["path"]) == ("Strict", True, "/officer")
    assert len(cookie.value) >= 32


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
async def test_another_site_can_not_make_an_officer_act(officer: Officer, origin: str) -> None:
    status, _ = await officer.post("/officer/act", HOLD, Origin=origin)
    assert status == 403


async def test_a_form_can_not_make_an_officer_act(officer: Officer) -> None:
    async with officer._session.post(
        officer.url.origin() / "officer/act",
        data='{"act": "hold", "reference": "v1-sam-mum", "reason": "officer"}',
        headers={"Origin": str(officer.url.origin()), "Content-Type": "text/plain"},
    ) as reply:
        assert reply.status == 415


@pytest.mark.parametrize(
    "act",
    [
        {"act": "dance"},
        {**HOLD, "reason": "mood"},
        {**HOLD, "more": 1},
        {"act": "message", "reference": "v1-sam-mum", "text": ""},
        {"act": "message", "reference": "v1-sam-mum", "text": "x" * 301},
        {"act": "extend", "reference": "v1-sam-mum", "by_s": -60},
    ],
)
async def test_an_act_that_does_not_exist_is_refused(
    officer: Officer, act: dict[str, object]
) -> None:
    assert (await officer.post("/officer/act", act))[0] == 400


async def test_an_unknown_visit_or_terminal_is_refused(officer: Officer) -> None:
    assert await officer.refused("release", reference="v99") == "unknown_visit"
    assert (
        await officer.refused("out_of_service", terminal="t9", ordered=True) == "unknown_terminal"
    )


async def test_logging_out_ends_the_session(officer: Officer) -> None:
    token = officer._session.cookie_jar.filter_cookies(officer.url)["desk"].value
    assert (await officer.post("/officer/logout", {}))[0] == 204
    status, _ = await officer.post("/officer/act", HOLD, Cookie=f"desk={token}")
    assert status == 401


def test_five_wrong_passwords_lock_the_desk_for_half_a_minute(clock: ShiftedClock) -> None:
    sessions = Sessions("right", clock)
    assert [sessions.log_in("wrong") for _ in range(5)] == [None] * 5
    assert sessions.log_in("right") is None
    clock.shift_s = 31
    assert sessions.log_in("right") is not None


def test_a_session_ends_with_the_shift(clock: ShiftedClock) -> None:
    sessions = Sessions("right", clock)
    token = sessions.log_in("right")
    assert sessions.holds(token)
    assert not sessions.holds(None)
    assert not sessions.holds("guess")
    clock.shift_s = SESSION_S + 1
    assert not sessions.holds(token)


async def test_the_overview_shows_each_visit_with_the_name_to_compare(officer: Officer) -> None:
    async with officer.watching() as overview:
        visit = await overview.visit("v2-dan-mum")
        assert visit["standing"] == "booked"
        assert [each["full_name"] for each in visit["visitors"]] == ["Maria Carter", "Aisha Carter"]
        assert visit["by_officer"] is True


async def test_the_overview_follows_the_visit(officer: Officer, terminal: Terminal) -> None:
    async with officer.watching() as overview:
        await overview.visit("v7-late", standing="missed")
    async with officer.watching() as overview:
        await overview.visit("v13-cancelled", standing="cancelled")
    async with officer.watching() as overview:
        await terminal.join("v1-sam-mum", "A1234BC")
        await overview.visit("v1-sam-mum", standing="prisoner_waits", terminal="t1")
        await officer.act("hold", reference="v1-sam-mum", reason="officer")
        await overview.visit("v1-sam-mum", standing="held")
        await officer.act("end", reference="v1-sam-mum", terminal="t1", first_name="Sam")
        await overview.visit("v1-sam-mum", standing="ended", ended="officer")
    assert await officer.refused("release", reference="v1-sam-mum") == "visit_over"


async def test_the_overview_tells_what_was_lost_to_what_and_what_was_given_back(
    officer: Officer, terminal: Terminal
) -> None:
    await terminal.join("v1-sam-mum", "A1234BC")
    given_s = (await terminal.report_lost("v1-sam-mum", link=12.5, hold=3.0)).json["given_s"]
    async with officer.watching() as overview:
        visit = await overview.visit("v1-sam-mum")
        before_s = visit["lost"].pop("prison")  # from the booking's begin until it was joined
        assert visit["lost"] == {"visitor": 0.0, "link": 12.5, "hold": 3.0, "terminal": 0.0}
        assert before_s >= 0.0
        assert visit["given_s"] == given_s > 0.0


async def test_an_officer_takes_a_terminal_out_of_service_and_puts_it_back(
    officer: Officer, terminal: Terminal
) -> None:
    assert (await terminal.call("POST", "/heartbeat", BEAT)).json["out_of_service"] is False
    async with terminal.events() as stream, officer.watching() as overview:
        await officer.act("out_of_service", terminal="t1", ordered=True)
        assert (await stream.next()).data == {"ordered": True}
        assert (await terminal.call("POST", "/heartbeat", BEAT)).json["out_of_service"] is True
        shown = await overview.until(
            lambda seen: [each for each in seen["terminals"] if each["out_of_service"]]
        )
        assert (shown[0]["id"], shown[0]["faults"]) == ("t1", ["reader_down"])
        await officer.act("out_of_service", terminal="t1", ordered=False)
        assert (await stream.next()).data == {"ordered": False}
