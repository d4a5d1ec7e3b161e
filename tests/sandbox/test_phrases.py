"""Prepared phrases pass between terminal and page by their keys alone, and leave nothing behind."""

import asyncio
import re
from importlib.resources import files
from pathlib import Path

import pytest

from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.family_api import PHRASE_EACH_S
from kiosk.sandbox.phrases import PHRASES
from kiosk.visit.reasons import Prepared
from tests.sandbox.conftest import ShiftedClock
from tests.sandbox.meeting import SAM, Family, meet, quiet
from tests.sandbox.officer import Officer
from tests.sandbox.terminal import CONTRACT, Terminal

VISIT = SAM[0]


def test_service_terminal_and_contract_know_the_same_phrases() -> None:
    assert set(Prepared) == PHRASES
    path = f"/visits/{VISIT}/phrase"
    operation = CONTRACT.operation("POST", path)
    assert operation is not None
    headers = {"Terminal": "t1", "Content-Type": "application/json"}
    for phrase in PHRASES:
        body = f'{{"phrase": "{phrase}"}}'.encode()
        assert CONTRACT.faults_of_request(operation, headers, {}, body) == []


def test_the_page_has_words_for_each() -> None:
    words = files("kiosk.sandbox").joinpath("web/words.js").read_text(encoding="utf-8")
    table = words.split("export const PREPARED = {")[1].split("};")[0]
    assert set(re.findall(r"^  (\w+): mark\(", table, re.MULTILINE)) == PHRASES


async def test_what_is_chosen_at_the_terminal_is_read_on_the_page(
    terminal: Terminal, family: Family
) -> None:
    async with terminal.events() as stream, family(VISIT) as page:
        await meet(terminal, stream, page)
        assert (await terminal.say_phrase(VISIT, "please_wait")).status == 204
        assert await page.until("phrase") == {"type": "phrase", "phrase": "please_wait"}


async def test_what_is_chosen_on_the_page_is_told_to_the_terminal(
    terminal: Terminal, family: Family
) -> None:
    async with terminal.events() as stream, family(VISIT) as page:
        await meet(terminal, stream, page)
        await page.say("phrase", phrase="i_love_you")
        heard = await stream.until("visitor_phrase")
        assert heard.data == {"visit": VISIT, "phrase": "i_love_you"}
        assert await page.until("said") == {
            "type": "said",
            "phrase": "i_love_you",
            "passed": True,
        }


async def test_no_free_text_passes_either_way(
    terminal: Terminal, family: Family, sandbox: Sandbox
) -> None:
    async with terminal.events() as stream, family(VISIT) as page:
        await meet(terminal, stream, page)
        assert (await terminal.say_phrase(VISIT, "meet me outside")).status == 400
        await page.say("phrase", phrase="bring_money")
        assert "visitor_phrase" not in await quiet(terminal, stream, sandbox)
        await page.say("phrase", phrase="Free text!")
        with pytest.raises(EOFError):
            while True:
                await page.next()


async def test_a_page_that_chooses_all_the_time_is_heard_once_a_second(
    terminal: Terminal, family: Family, sandbox: Sandbox, clock: ShiftedClock
) -> None:
    async with terminal.events() as stream, family(VISIT) as page:
        await meet(terminal, stream, page)
        for _ in range(5):
            await page.say("phrase", phrase="yes")
        assert [(await page.until("said"))["passed"] for _ in range(5)] == [True] + [False] * 4
        assert (await quiet(terminal, stream, sandbox)).count("visitor_phrase") == 1
        clock.shift_s += PHRASE_EACH_S
        await page.say("phrase", phrase="no")
        assert (await stream.until("visitor_phrase")).data["phrase"] == "no"


async def test_nothing_passes_while_an_officer_holds(
    terminal: Terminal, family: Family, officer: Officer, sandbox: Sandbox
) -> None:
    async with terminal.events() as stream, family(VISIT) as page:
        await meet(terminal, stream, page)
        await officer.act("hold", reference=VISIT, reason="officer")
        await page.until("state", held=True)
        assert (await terminal.say_phrase(VISIT, "yes")).code == "held"
        await page.say("phrase", phrase="yes")
        assert (await page.until("said"))["passed"] is False
        assert "visitor_phrase" not in await quiet(terminal, stream, sandbox)


async def test_who_is_told_that_nobody_reads_it(terminal: Terminal, family: Family) -> None:
    await terminal.join(*SAM)
    assert (await terminal.say_phrase(VISIT, "yes")).code == "visitor_gone"
    assert (await terminal.say_phrase("v9", "yes")).code == "not_joined"


async def test_a_page_is_told_when_no_terminal_listens(
    terminal: Terminal, family: Family, sandbox: Sandbox
) -> None:
    async with family(VISIT) as page:
        async with terminal.events() as stream:
            await meet(terminal, stream, page)
        while sandbox.house.events.listens(terminal.id):
            await asyncio.sleep(0.05)  # the service notices when it pings: there is no event
        await page.say("phrase", phrase="yes")
        assert (await page.until("said"))["passed"] is False


async def test_no_phrase_is_kept_or_told_again(
    terminal: Terminal, family: Family, sandbox: Sandbox, tmp_path: Path
) -> None:
    async with terminal.events() as stream, family(VISIT) as page:
        await meet(terminal, stream, page)
        await page.say("phrase", phrase="i_love_you")
        await stream.until("visitor_phrase")
        await terminal.say_phrase(VISIT, "i_am_well")
        await page.until("phrase")
        last = stream.events[-1].id
    async with terminal.events(after=0) as again:
        assert "visitor_phrase" not in await quiet(terminal, again, sandbox)
        assert again.events[-1].id > last, "and no number comes twice"
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert kept
    assert b"i_love_you" not in kept
    assert b"i_am_well" not in kept
