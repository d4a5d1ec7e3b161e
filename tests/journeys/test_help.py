"""A person calls a line for help through the whole terminal, and nothing anywhere knows who it was."""

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from playwright.async_api import Browser, Page

from kiosk.sandbox.samples import samples
from kiosk.sandbox.trial import Equipment
from kiosk.wire.messages import CallConnected, CallEnded, CallStats, MediaDevice
from tests.journeys.hall import Hall, card_of, open_hall
from tests.journeys.traces import left_by

KEY = "the-key-of-the-samaritans"
LINE = {"id": "samaritans", "name": "Samaritans", "about": "Talk about anything"}
PRIVATE = {"confidential": True, "needs_card": False, "unrecorded": True}
SECONDS = 30.0


def equipment(**line: bool) -> Equipment:
    return Equipment(
        terminal_settings={"support_lines": [{**LINE, **PRIVATE, **line}]},
        service_settings={
            "support_lines": [{"id": "samaritans", "key": KEY, "unrecorded": True}],
            "answer_s": 1.0,
        },
    )


@asynccontextmanager
async def answering(hall: Hall, browser: Browser) -> AsyncIterator[Page]:
    """Somebody sits at the line's page."""
    context = await browser.new_context(ignore_https_errors=True, permissions=["microphone"])
    page = await context.new_page()
    await page.goto(f"{hall.trial.addresses.web}/helpline#{KEY}")
    await page.get_by_text("Nobody is calling").wait_for()
    try:
        yield page
    finally:
        await context.close()


async def calls(hall: Hall) -> None:
    """From whatever screen has the button."""
    await hall.touches("support")
    await hall.sees("Support")
    await hall.touches("support:samaritans")
    await hall.sees("SupportCall")


async def talks(hall: Hall, page: Page) -> None:
    """Somebody takes the call, and sound comes."""
    await page.get_by_role("button", name="Answer").click()
    await hall.trial.observer.wait_for(CallConnected, patience_s=SECONDS)
    await page.get_by_text("You are talking").wait_for()
    await hall.trial.observer.wait_for(
        CallStats, lambda stats: stats.audio_packets_received > 20, patience_s=SECONDS
    )


async def test_a_person_without_a_card_talks_to_a_line_and_hangs_up(
    tmp_path: Path, browser: Browser
) -> None:
    async with open_hall(tmp_path, equipment()) as hall, answering(hall, browser) as page:
        await calls(hall)
        await talks(hall, page)
        await hall.touches("leave")
        await hall.sees("SupportOver")
        await hall.trial.observer.wait_for(CallEnded)
        await page.get_by_text("Nobody is calling").wait_for()
        cameras = [
            message
            for message in hall.trial.observer.seen
            if isinstance(message, MediaDevice) and message.device == "camera"
        ]
        assert cameras == [], "no camera was opened"


async def test_who_called_for_help_after_being_greeted_is_nowhere_to_be_found(
    tmp_path: Path, browser: Browser
) -> None:
    """Outbox, journals, the service's database, tmpfs and the wire's recording, before and after."""
    async with open_hall(tmp_path, equipment()) as hall, answering(hall, browser) as page:
        await hall.shows_card(card_of("Sam"))
        await hall.sees("Welcome")
        await hall.has_record(next_stage="Welcome")
        before = Traces(hall)
        await calls(hall)
        await talks(hall, page)
        during = Traces(hall)
        await hall.touches("leave")
        await hall.sees("SupportOver")
        await hall.touches("done")
        await hall.sees("Idle")
        await hall.has_record(event="Touched", stage="Welcome", next_stage="Idle")
        after = Traces(hall)
    for found in (during, after):
        assert list(found.that_speak_of_help(before)) == []


async def test_whose_card_opened_a_private_line_is_nowhere_to_be_found(
    tmp_path: Path, browser: Browser
) -> None:
    """What is written meanwhile says neither who it was nor, row by row, that anybody was there."""
    async with open_hall(tmp_path, equipment(needs_card=True)) as hall:
        async with answering(hall, browser) as page:
            await hall.has_record(next_stage="Idle")
            before, rows, records = Traces(hall), _rows(hall), len(hall.records())
            await hall.touches("support")
            await hall.sees("Support")
            await hall.touches("support:samaritans")
            await hall.sees("Support")
            await hall.shows_card(card_of("Sam"))
            await hall.sees("SupportCall")
            await talks(hall, page)
            during = Traces(hall)
            await hall.touches("leave")
            await hall.sees("SupportOver")
            await hall.touches("done")
            await hall.sees("Idle")
        await hall.shows_card(card_of("Sam"))
        await hall.sees("Welcome")
        await hall.has_record(next_stage="Welcome")
        told = [record["stage"] for record in hall.records()[records:]]
        told = told[: told.index("CheckingCard") + 1]
        after, rows_after = Traces(hall), _rows(hall)
    assert list(during.that_name_anybody(before)) == []
    assert list(after.that_speak_of_help(before)) == []
    assert rows_after["identifications"] == rows["identifications"] + 1, "the visit's, and no other"
    assert told == ["Idle", "CheckingCard"], "the visit's, and no other"


def _rows(hall: Hall) -> dict[str, int]:
    """How many rows each table of the service's database has."""
    with contextlib.closing(sqlite3.connect(hall.trial.database_file)) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for (name,) in tables
        }


async def test_the_records_of_who_asks_for_help_are_those_of_who_walks_away(tmp_path: Path) -> None:
    async with open_hall(tmp_path, equipment()) as hall:
        told = []
        for help_first in (False, False, True):  # the first is recorded with how the terminal began
            known = len(hall.records())
            await hall.shows_card(card_of("Sam"))
            await hall.sees("Welcome")
            if help_first:
                await calls(hall)
                await hall.touches("leave")
                await hall.sees("SupportOver")
            await hall.touches("done")
            await hall.sees("Idle")
            await hall.has_record(known, stage="Welcome", next_stage="Idle")
            await hall.card_is_gone()
            told.append([_untimed(record) for record in hall.records()[known:]])
    _, walked_away, asked_for_help = told
    assert asked_for_help == walked_away


def _untimed(record: Mapping[str, str]) -> dict[str, str]:
    return {field: said for field, said in record.items() if field not in ("id", "at")}


class Traces:
    """All that the programs and the service left anywhere, place by place."""

    def __init__(self, hall: Hall) -> None:
        trial = hall.trial
        self.places = left_by(trial)
        seen = [msgspec.json.encode(message) for message in trial.observer.seen]
        self.places["the wire"] = b"\n".join(seen)

    def that_name_anybody(self, before: "Traces") -> Iterator[str]:
        """Where something new says who Sam is; what the reader itself said of the card crossed the wire."""
        for place, data in self.places.items():
            fresh = data.removeprefix(before.places.get(place, b""))
            for secret in SECRETS:
                if secret.encode() in fresh:
                    yield f"{place} names {secret}"

    def that_speak_of_help(self, before: "Traces") -> Iterator[str]:
        """Where something new names a person and help together, or where a record knows of help."""
        for place, data in self.places.items():
            fresh = data.removeprefix(before.places.get(place, b""))
            if place.endswith((".db", ".db-wal")) and b"samaritans" in data.lower():
                yield f"{place} knows the line"
            if place.endswith(".log") and any(word in fresh.lower() for word in ASKED):
                yield f"{place} knows that help was asked for"
            named = [secret for secret in SECRETS if secret.encode() in fresh]
            if named and (b"samaritans" in fresh.lower() or b"Support" in fresh):
                yield f"{place} names {named} beside a call for help"


ASKED = (b"call_support", b"end_support", b"knows_card", b"line for help", b"samaritans")
"""By these a log could say so."""


def _secrets() -> list[str]:
    """All that says who Sam is."""
    sam = next(each for each in samples(0, 60) if each.person.first_name == "Sam")
    assert sam.booking is not None
    visitors = [visitor.full_name for visitor in sam.booking.visitors]
    return [sam.person.number, sam.card.value, sam.booking.reference, '"Sam"', *visitors]


SECRETS = _secrets()


@pytest.mark.parametrize("place", ["kiosk-core.log", "service.db", "the wire"])
def test_the_search_finds_who_called_where_it_was_left(place: str) -> None:
    clean, spoiled = Traces.__new__(Traces), Traces.__new__(Traces)
    clean.places = {place: b"an hour ago\n"}
    spoiled.places = {place: b"an hour ago\nA1234BC called the Samaritans\n"}
    assert list(spoiled.that_speak_of_help(clean))
    assert not list(clean.that_speak_of_help(clean))
