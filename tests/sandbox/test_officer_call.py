"""Somebody at a terminal asks for an officer; who is at the desk sees it and says that they come."""

from collections.abc import Callable

import pytest
from playwright.async_api import Browser, expect

from kiosk.sandbox.app import Sandbox
from tests.sandbox.browser import faults_of
from tests.sandbox.family_pages import log_in
from tests.sandbox.officer import Officer
from tests.sandbox.terminal import Terminal

HALL = {"hall": "Hall A"}


async def call(terminal: Terminal) -> str:
    reply = await terminal.call("POST", "/officer-calls", HALL)
    assert (reply.status, reply.json["seen"]) == (200, False)
    return str(reply.json["request"])


async def test_an_officer_sees_which_terminal_asks_and_it_hears_that_one_comes(
    terminal: Terminal, officer: Officer
) -> None:
    await terminal.call(
        "POST", "/heartbeat", {"release": "1", "hall": "Hall A", "stage": "Idle", "faults": []}
    )
    async with terminal.events() as stream, officer.watching() as overview:
        request = await call(terminal)
        notice = await overview.notice("officer_call")
        assert (notice["subject"], notice["hall"]) == ("t1", "Hall A")
        assert "first_name" not in notice, "nobody knows who asks"
        await officer.act("seen", notice=notice["id"])
        assert (await stream.until("officer_comes")).data == {"request": request}
        await overview.until(lambda shown: not shown["notices"])


async def test_however_often_a_terminal_asks_it_is_one_call_until_it_is_seen(
    terminal: Terminal, officer: Officer
) -> None:
    first = await call(terminal)
    assert {await call(terminal) for _ in range(20)} == {first}
    async with officer.watching() as overview:
        (notice,) = (await overview.until(lambda shown: shown))["notices"]
        await officer.act("seen", notice=notice["id"])
    assert await call(terminal) != first


async def test_two_terminals_that_ask_are_two_calls(
    terminal: Terminal, terminal_at: Callable[..., Terminal], officer: Officer
) -> None:
    other = terminal_at("t2")
    assert await call(terminal) != await call(other)
    async with officer.watching() as overview:
        shown = await overview.until(lambda shown: shown)
        assert {notice["subject"] for notice in shown["notices"]} == {"t1", "t2"}


async def test_a_call_that_two_officers_see_is_answered_once(
    terminal: Terminal, officer: Officer
) -> None:
    async with terminal.events() as stream, officer.watching() as overview:
        await call(terminal)
        notice = await overview.notice("officer_call")
        await officer.act("seen", notice=notice["id"])
        await officer.act("seen", notice=notice["id"])
        again = await call(terminal)
        await officer.act("seen", notice=int(again))
        await stream.until("officer_comes")
        assert (await stream.until("officer_comes")).data == {"request": again}


@pytest.mark.journey
async def test_the_page_on_the_desk_shows_the_call_and_answers_it_with_one_click(
    browser: Browser, sandbox: Sandbox, terminal: Terminal
) -> None:
    desk = await log_in(browser, sandbox)
    async with terminal.events() as stream:
        request = await call(terminal)
        await expect(desk.locator("#notices")).to_contain_text(
            "Somebody at terminal t1 asks for an officer."
        )
        await desk.get_by_role("button", name="I am coming").click()
        assert (await stream.until("officer_comes")).data == {"request": request}
        await expect(desk.locator("#notices")).to_be_empty()
    assert faults_of(desk) == []
