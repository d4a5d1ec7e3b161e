"""What two people say in prepared phrases stays between them, in a legal visit as in any other."""

from pathlib import Path

from kiosk.sandbox.family import Family
from kiosk.wire.messages import Drawn, RemoteDrawn
from tests.journeys.hall import Hall, card_of, open_hall
from tests.journeys.traces import left_by, left_in

LEGAL = "v4-ade-legal"
SAID, ANSWERED = "i_love_you", "i_am_well"
VISIT_S = 120.0


async def says(hall: Hall, phrase: str) -> None:
    """Open the phrases and choose one; another touch has the terminal say where they are."""
    await hall.touches("phrases_open")
    await hall.touches("volume_up")
    await touches(hall, f"phrase:{phrase}", "Visit")


async def touches(hall: Hall, target: str, screen: str) -> None:
    """As soon as it is on the glass of that screen."""
    drawn = await hall.trial.observer.wait_for(
        Drawn, lambda drawn: drawn.screen == f"{screen}Screen" and target in drawn.targets
    )
    await hall.trial.tap(drawn, target)


async def test_after_a_legal_visit_no_record_no_log_and_no_database_knows_of_a_phrase(
    tmp_path: Path, family: Family
) -> None:
    async with open_hall(tmp_path, visit_s=VISIT_S) as hall:
        hall.trial.people.change("D4567EF", access=("phrases",))
        await family.open(hall.trial.family_url(LEGAL))
        await family.enter_lobby()
        hall.book("Ade", VISIT_S)
        await hall.shows_card(card_of("Ade"))
        await hall.sees("Welcome")
        await hall.touches("join")
        await hall.trial.observer.wait_for(RemoteDrawn)
        await hall.sees("Visit")
        await says(hall, SAID)
        await family.page.locator("#phrase-words", has_text="I love you").wait_for()
        since = hall.trial.observer.mark()
        await family.page.click("#phrases")
        await family.page.get_by_role("button", name="I am well").click()
        await hall.trial.observer.wait_for(Drawn, since=since)
        during = left_by(hall.trial)
        del during[str(hall.trial.run / "state/stage")]  # in memory, while it is on the glass
        for target in ("leave", "leave_yes"):
            await touches(hall, target, "Visit")
        await touches(hall, "done", "Goodbye")
        await hall.has_record(stage="Goodbye", next_stage="Idle")
        records = hall.records()
        after = {**left_by(hall.trial), **left_in(hall.trial.run)}
    assert any(record.get("visit") == LEGAL for record in records)
    assert [record for record in records if "hrase" in str(record)] == []
    for places in (during, after):
        assert any(place.endswith("service.db") for place in places)
        assert any(place.endswith("kiosk-core.log") for place in places)
        assert list(that_know_of_one(places)) == []


def that_know_of_one(places: dict[str, bytes]) -> list[str]:
    """Where what was said stands, by its key or its words, or a log that says that something was."""
    words = [SAID, ANSWERED, "I love you", "I am well"]
    return [
        place
        for place, data in places.items()
        if any(word.encode() in data for word in words)
        or (place.endswith(".log") and b"phrase" in data.lower())
    ]


def test_the_search_finds_a_phrase_where_it_was_left() -> None:
    for place, data in (
        ("service.db", b"i_love_you"),
        ("state/outbox", b"I am well"),
        ("kiosk-core.log", b"a phrase did not get through"),
    ):
        assert that_know_of_one({place: b"an hour ago\n" + data}) == [place]
        assert that_know_of_one({place: b"an hour ago\n"}) == []
