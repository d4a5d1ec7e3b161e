"""Cards that do not lead to a visit: each gets a plain screen, a record, and loses nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from kiosk.wire.messages import Drawn
from tests.journeys.hall import Hall, card_of, open_hall


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def hall(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hall]:
    logs: Path = tmp_path_factory.mktemp("refused")
    async with open_hall(logs) as opened:
        yield opened


async def go_away(hall: Hall) -> Drawn:
    await hall.touches("done")
    return await hall.sees("Idle")


@pytest.mark.parametrize(
    "sent", [b"\x00\xff\x02ZZZZ\x03", b"\x0262E308"], ids=["noise", "half a frame"]
)
async def test_what_is_no_card_is_told_and_the_next_card_is_read(hall: Hall, sent: bytes) -> None:
    await hall.card_is_gone()
    observer, mark, records = hall.trial.observer, hall.trial.observer.mark(), len(hall.records())
    await hall.trial.reader.send_raw(sent)
    told = await observer.drawn("Idle", since=mark)
    await hall.has_record(records, event="CardUnreadable", stage="Idle", next_stage="Idle")
    await observer.wait_for(Drawn, lambda d: d.show > told.show and d.screen == "IdleScreen")
    await hall.shows_card(card_of("Nils"))
    await hall.sees("Refused")
    await go_away(hall)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Omar", "no_booking"),
        ("Finn", "too_early"),
        ("Gwen", "too_late"),
        ("Hugo", "wrong_hall"),
        ("Ines", "wrong_prison"),
        ("Mina", "booking_cancelled"),
        ("Nils", "no_privacy_class"),
    ],
)
async def test_a_card_without_a_visit_here_and_now_is_refused(
    hall: Hall, name: str, reason: str
) -> None:
    await hall.shows_card(card_of(name))
    await hall.sees("Refused")
    await hall.has_record(next_stage="Refused", detail=reason)
    await go_away(hall)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("Joel", "moved"), ("Kate", "released"), ("Luca", "visitor_not_approved")],
)
async def test_what_changed_since_the_booking_is_found_when_they_join(
    hall: Hall, name: str, reason: str
) -> None:
    await hall.shows_card(card_of(name))
    await hall.sees("Welcome")
    await hall.touches("join")
    await hall.sees("Refused")
    await hall.has_record(event="Declined", next_stage="Refused", detail=reason)
    await go_away(hall)


async def test_a_card_that_nobody_holds_is_refused(hall: Hall) -> None:
    await hall.shows_card("0102030405")
    await hall.sees("Refused")
    await hall.has_record(next_stage="Refused", detail="unknown_card")
    await go_away(hall)


async def test_a_booking_that_is_cancelled_while_they_read_it_is_found_when_they_join(
    hall: Hall,
) -> None:
    await hall.shows_card(card_of("Ade"))
    await hall.sees("Welcome")
    hall.trial.bookings.change("v4-ade-legal", cancelled=True)
    await hall.touches("join")
    await hall.sees("Refused")
    await hall.has_record(event="Declined", detail="booking_cancelled")
    hall.trial.bookings.change("v4-ade-legal", cancelled=False)
    await go_away(hall)


@pytest.mark.parametrize(
    "name", ["[b]Sam[/b]", "Sam" * 3_333 + "!"], ids=["markup", "ten thousand letters"]
)
async def test_a_strange_name_is_only_a_name(hall: Hall, name: str) -> None:
    records = len(hall.records())
    hall.trial.people.change("A1234BC", first_name=name)
    await hall.shows_card(card_of("Sam"))
    welcome = await hall.sees("Welcome")
    left, top, width, height = welcome.targets["join"]
    assert 0 <= left < left + width <= 1280
    assert 0 <= top < top + height <= 800
    greeted = await hall.has_record(records, event="CardIdentified", next_stage="Welcome")
    assert greeted["visit"] == "v1-sam-mum"
    assert not any("Sam" in value for value in greeted.values())
    hall.trial.people.change("A1234BC", first_name="Sam")
    await go_away(hall)


async def test_a_pin_is_asked_for_and_a_wrong_one_is_told(hall: Hall) -> None:
    hall.book("Lena", visit_s=60)
    await hall.shows_card(card_of("Lena"))
    pad = await hall.sees("Pin")
    await type_pin(hall, pad, "1111")
    await hall.has_record(event="PinWrong", stage="EnterPin")
    await type_pin(hall, pad, "2468")
    await hall.sees("Welcome")
    assert "2468" not in "".join(path.read_text() for path in hall.trial.logs.glob("*.log"))
    await hall.shows_card(card_of("Omar"))
    await hall.sees("Refused")
    await go_away(hall)


async def type_pin(hall: Hall, pad: Drawn, pin: str) -> None:
    """OK lies right of 0 and below 9; it can be touched only after the first digit."""
    for digit in pin:
        await hall.trial.tap(pad, f"pin_{digit}")
    left, _, width, _ = pad.targets["pin_9"]
    _, top, _, height = pad.targets["pin_0"]
    ok = Drawn(pad.show, pad.screen, pad.at_s, {"ok": (left, top, width, height)})
    await hall.trial.tap(ok, "ok")
