"""Who holds a card, whose PIN it is, and what is booked for them today."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.samples import SAMPLE_PIN
from tests.sandbox.conftest import ShiftedClock
from tests.sandbox.officer import Officer
from tests.sandbox.terminal import Terminal

SAM, LENA, OMAR = "62E3086CED", "67003B51C6", "0C000621A5"


async def test_a_card_names_its_holder_and_their_booking(terminal: Terminal) -> None:
    reply = await terminal.identify(SAM)
    assert reply.status == 200
    assert reply.json["person"] == {"prisoner_number": "A1234BC", "first_name": "Sam"}
    assert [booking["reference"] for booking in reply.json["bookings"]] == ["v1-sam-mum"]
    assert reply.json["pin_required"] is False


async def test_an_extended_visit_is_told_with_the_end_that_it_has_now(
    terminal: Terminal, officer: Officer
) -> None:
    before = datetime.fromisoformat((await terminal.identify(SAM)).json["bookings"][0]["ends_at"])
    await officer.act("extend", reference="v1-sam-mum", by_s=60)
    identified = (await terminal.identify(SAM)).json["bookings"][0]
    assert datetime.fromisoformat(identified["ends_at"]) == before + timedelta(seconds=60)
    listed = (await terminal.call("GET", "/bookings?hall=Hall%20A")).json["people"]
    of_sam = next(each for each in listed if each["person"]["first_name"] == "Sam")
    assert of_sam["bookings"] == [identified]


async def test_a_visitors_full_name_never_leaves_the_service(terminal: Terminal) -> None:
    assert b"Carter" not in (await terminal.identify(SAM)).body


async def test_a_card_that_nobody_holds_is_unknown(terminal: Terminal) -> None:
    reply = await terminal.identify("00000000FF")
    assert (reply.status, reply.code) == (404, "unknown_card")


async def test_the_same_value_of_another_technology_is_another_card(terminal: Terminal) -> None:
    assert (await terminal.identify(SAM, technology="mifare")).code == "unknown_card"


async def test_a_person_without_a_booking_today_has_none(terminal: Terminal) -> None:
    assert (await terminal.identify(OMAR)).json["bookings"] == []


async def test_bookings_in_other_halls_and_prisons_are_told_too(terminal: Terminal) -> None:
    assert (await terminal.identify("1000000008")).json["bookings"][0]["hall"] == "Hall B"
    assert (await terminal.identify("1000000009")).json["bookings"][0]["prison"] == "LEI"


async def test_a_booking_without_a_privacy_class_has_none(terminal: Terminal) -> None:
    assert "privacy" not in (await terminal.identify("100000000E")).json["bookings"][0]


async def test_a_booking_that_another_process_changes_is_seen_at_once(
    terminal: Terminal, sandbox: Sandbox
) -> None:
    sandbox.bookings.change("v1-sam-mum", hall="Hall C")
    assert (await terminal.identify(SAM)).json["bookings"][0]["hall"] == "Hall C"


async def test_a_pin_stands_before_the_bookings(terminal: Terminal) -> None:
    shown = (await terminal.identify(LENA)).json
    assert (shown["pin_required"], shown["bookings"], shown["tries_left"]) == (True, [], 3)
    verified = await terminal.verify_pin(shown["identification"], SAMPLE_PIN)
    assert verified.status == 200
    assert [each["reference"] for each in verified.json["bookings"]] == ["v3-lena-aisha"]


async def test_each_wrong_pin_costs_a_try_and_then_even_the_right_one_is_wrong(
    terminal: Terminal, officer: Officer
) -> None:
    shown = (await terminal.identify(LENA)).json
    tries = [(await terminal.verify_pin(shown["identification"], "0000")) for _ in range(3)]
    assert [(reply.status, reply.code) for reply in tries] == [(403, "pin_wrong")] * 3
    assert [reply.json["tries_left"] for reply in tries] == [2, 1, 0]
    locked = await terminal.verify_pin(shown["identification"], SAMPLE_PIN)
    assert (locked.status, locked.json["tries_left"]) == (403, 0)
    async with officer.watching() as overview:
        notice = await overview.notice("pin_locked")
    assert notice["number"] == "C3456DE"
    await officer.act("unlock_pin", number="C3456DE")
    assert (await terminal.verify_pin(shown["identification"], SAMPLE_PIN)).status == 200


async def test_a_right_pin_gives_all_tries_back(terminal: Terminal) -> None:
    shown = (await terminal.identify(LENA)).json
    await terminal.verify_pin(shown["identification"], "0000")
    await terminal.verify_pin(shown["identification"], SAMPLE_PIN)
    assert (await terminal.identify(LENA)).json["tries_left"] == 3


async def test_an_identification_counts_at_its_own_terminal_and_not_for_long(
    terminal: Terminal, terminal_at: Callable[..., Terminal], clock: ShiftedClock
) -> None:
    shown = (await terminal.identify(LENA)).json["identification"]
    elsewhere = await terminal_at("t2").verify_pin(shown, SAMPLE_PIN)
    assert (elsewhere.status, elsewhere.code) == (404, "unknown_identification")
    clock.shift_s = 31 * 60
    assert (await terminal.verify_pin(shown, SAMPLE_PIN)).code == "unknown_identification"


async def test_todays_bookings_are_keyed_by_digest_and_leave_out_who_has_a_pin(
    terminal: Terminal,
) -> None:
    reply = (await terminal.call("GET", "/bookings?hall=Hall%20A")).json
    key = bytes.fromhex(reply["digest_key"])
    by_digest = {each["digest"]: each["person"]["first_name"] for each in reply["people"]}

    def digest(card: str) -> str:
        return hmac.new(key, f"em4100:{card}".encode(), hashlib.sha256).hexdigest()

    assert by_digest[digest(SAM)] == "Sam"
    assert digest(LENA) not in by_digest
    assert digest("1000000008") not in by_digest, "Hugo is booked in another hall"
    assert digest("1000000009") not in by_digest, "Ines is booked in another prison"


async def test_the_digest_key_outlives_a_restart(sandbox: Sandbox, terminal: Terminal) -> None:
    first = (await terminal.call("GET", "/bookings?hall=Hall%20A")).json["digest_key"]
    again = Sandbox(sandbox.settings)
    await again.start()
    terminal.url = again.api_url
    try:
        assert (await terminal.call("GET", "/bookings?hall=Hall%20A")).json["digest_key"] == first
    finally:
        await again.close()


@pytest.mark.parametrize("hour", [0, 1, 12, 23])
async def test_an_evenings_visit_is_not_lost_at_midnight(
    sandbox: Sandbox, terminal: Terminal, clock: ShiftedClock, hour: int
) -> None:
    now = clock.utc()
    into_the_day_s = now.hour * 3600 + now.minute * 60 + now.second
    clock.shift_s = 24 * 3600 - into_the_day_s + hour * 3600 + 5 * 60
    at_ms = int(clock.utc().timestamp() * 1000)
    sandbox.bookings.change("v1-sam-mum", starts_at_ms=at_ms - 600_000, ends_at_ms=at_ms + 600_000)
    assert len((await terminal.identify(SAM)).json["bookings"]) == 1
