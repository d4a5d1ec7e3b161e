"""What a person asks for after a visit that went badly, as officers come to see it."""

from collections.abc import Callable

import msgspec

from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.instants import rfc3339
from tests.sandbox.officer import Officer
from tests.sandbox.terminal import Reply, Terminal

SAM = ("v1-sam-mum", "A1234BC")


async def wish(terminal: Terminal, wish: str = "rebooking", reference: str = SAM[0]) -> Reply:
    return await terminal.call("POST", f"/visits/{reference}/wishes", {"wish": wish})


async def taken_and_left(terminal: Terminal) -> None:
    await terminal.join(*SAM)
    await terminal.leave(SAM[0], "officer")


async def test_officers_read_that_a_person_asks_for_another_visit(
    terminal: Terminal, officer: Officer
) -> None:
    await taken_and_left(terminal)
    async with officer.watching() as overview:
        assert (await wish(terminal)).status == 204
        notice = await overview.notice("rebooking")
    assert (notice["subject"], notice["first_name"]) == (SAM[0], "Sam")


async def test_the_same_wish_again_is_one_notice_until_it_was_seen(
    terminal: Terminal, sandbox: Sandbox
) -> None:
    await taken_and_left(terminal)
    for _ in range(3):
        assert (await wish(terminal)).status == 204
    await wish(terminal, "fault")
    kinds = sorted(notice.kind for notice in sandbox.house.desk.notices())
    assert kinds == ["fault", "rebooking"]


async def test_only_a_terminal_that_had_the_visit_speaks_of_it(
    terminal: Terminal, terminal_at: Callable[[str], Terminal]
) -> None:
    assert (await wish(terminal)).code == "not_joined"
    await taken_and_left(terminal)
    assert (await wish(terminal_at("t2"))).code == "not_joined"
    assert (await wish(terminal, reference="no-such")).code == "not_joined"


async def test_a_wish_that_nobody_knows_is_refused(terminal: Terminal) -> None:
    await taken_and_left(terminal)
    assert (await wish(terminal, "compensation")).code == "bad_request"


async def test_a_join_says_when_the_next_visit_is(terminal: Terminal, sandbox: Sandbox) -> None:
    assert "next_visit_at" not in (await terminal.join(*SAM)).json
    booking = sandbox.bookings.get(SAM[0])
    day_ms = 24 * 3_600_000
    for days, cancelled in ((1, True), (2, False), (3, False)):
        later = msgspec.structs.replace(
            booking,
            reference=f"later-{days}",
            starts_at_ms=booking.starts_at_ms + days * day_ms,
            ends_at_ms=booking.ends_at_ms + days * day_ms,
            cancelled=cancelled,
        )
        sandbox.bookings.add(later)
    told = (await terminal.join(*SAM)).json["next_visit_at"]
    assert told == rfc3339(booking.starts_at_ms + 2 * day_ms)
