"""A terminal takes a visit, keeps it, and gives it back."""

from collections.abc import Callable
from datetime import datetime

import pytest

from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.samples import SAMPLE_PIN, samples
from kiosk.sandbox.settings import Settings
from tests.sandbox.conftest import VISIT_S, ShiftedClock
from tests.sandbox.meeting import Family
from tests.sandbox.officer import Officer
from tests.sandbox.terminal import Terminal

SAM = ("v1-sam-mum", "A1234BC")
LENA = ("v3-lena-aisha", "C3456DE")


def seconds(reply: dict[str, str], later: str, earlier: str) -> float:
    moments = (datetime.fromisoformat(reply[name]) for name in (later, earlier))
    return (next(moments) - next(moments)).total_seconds()


async def test_a_join_says_all_that_the_visit_needs(terminal: Terminal) -> None:
    reply = await terminal.join(*SAM)
    assert reply.status == 200
    granted = reply.json
    assert seconds(granted, "ends_at", "starts_at") == VISIT_S
    assert seconds(granted, "latest_end_at", "ends_at") == 600
    assert granted["media"] == [
        {
            "url": "/terminal/v1/visits/v1-sam-mum/media/0",
            "direction": "sendrecv",
            "offerer": "terminal",
        }
    ]
    assert (granted["privacy"], granted["monitoring"]) == ("social", "possible")
    assert "wait_until" not in granted


async def test_a_legal_visit_is_not_monitored_whatever_the_booking_says(
    terminal: Terminal, sandbox: Sandbox
) -> None:
    sandbox.bookings.change("v4-ade-legal", monitoring="recorded")
    granted = (await terminal.join("v4-ade-legal", "D4567EF")).json
    assert (granted["privacy"], granted["monitoring"]) == ("legal", "none")


STORIES = [
    ("F6789GH", "too_early"),
    ("G7890HJ", "too_late"),
    ("H8901JK", "wrong_hall"),
    ("J9012KL", "wrong_prison"),
    ("K0123LM", "moved"),
    ("L1234MN", "released"),
    ("M2345NP", "visitor_not_approved"),
    ("N3456PQ", "booking_cancelled"),
    ("P4567QR", "no_privacy_class"),
]


@pytest.mark.parametrize(("number", "code"), STORIES)
async def test_each_sample_that_may_not_join_hears_why(
    terminal: Terminal, number: str, code: str
) -> None:
    booking = next(each.booking for each in samples(0, 1) if each.person.number == number)
    assert booking is not None
    reply = await terminal.join(booking.reference, number)
    assert (reply.status, reply.code) == (409, code)


async def test_a_person_who_was_moved_since_the_greeting_can_not_join(
    terminal: Terminal, sandbox: Sandbox
) -> None:
    await terminal.identify("62E3086CED")
    sandbox.people.change("A1234BC", prison="LEI")
    reply = await terminal.join(*SAM)
    assert (reply.code, reply.json["place"]) == ("moved", "LEI")


async def test_a_booking_that_is_gone_was_changed(terminal: Terminal) -> None:
    assert (await terminal.join("v99-nothing", "A1234BC")).code == "booking_changed"


async def test_another_persons_booking_is_not_allowed(terminal: Terminal) -> None:
    assert (await terminal.join("v1-sam-mum", "B2345CD")).code == "not_allowed"


async def test_one_visit_is_at_one_terminal(
    terminal: Terminal, terminal_at: Callable[..., Terminal]
) -> None:
    assert (await terminal.join(*SAM)).status == 200
    assert (await terminal_at("t2").join(*SAM)).code == "taken"
    await terminal.leave("v1-sam-mum")
    assert (await terminal_at("t2").join(*SAM)).status == 200


async def test_a_visit_can_be_taken_from_a_terminal_that_is_dead(
    terminal: Terminal, terminal_at: Callable[..., Terminal], clock: ShiftedClock
) -> None:
    await terminal.join(*SAM)
    clock.shift_s = 21
    other = terminal_at("t2")
    assert (await other.join(*SAM)).status == 200
    async with terminal.events(after=0) as stream:
        over = await stream.until("end")
    assert over.data == {"visit": "v1-sam-mum", "reason": "ended"}


async def test_a_terminal_that_listens_keeps_its_visit_however_quiet(
    terminal: Terminal, terminal_at: Callable[..., Terminal], clock: ShiftedClock
) -> None:
    await terminal.join(*SAM)
    async with terminal.events():
        clock.shift_s = 21
        assert (await terminal_at("t2").join(*SAM)).code == "taken"


async def test_the_same_request_gets_the_same_answer_with_the_time_of_now(
    terminal: Terminal, clock: ShiftedClock
) -> None:
    first = (await terminal.join(*SAM, request_id="r1")).json
    clock.shift_s = 5
    again = (await terminal.join(*SAM, request_id="r1")).json
    assert seconds({"a": again["now"], "b": first["now"]}, "a", "b") >= 5
    assert {**first, "now": ""} == {**again, "now": ""}


async def test_a_refused_request_stays_refused_and_a_new_one_is_looked_at_anew(
    terminal: Terminal, sandbox: Sandbox
) -> None:
    sandbox.bookings.change("v1-sam-mum", hall="Hall B")
    assert (await terminal.join(*SAM, request_id="r1")).code == "wrong_hall"
    sandbox.bookings.change("v1-sam-mum", hall="Hall A")
    assert (await terminal.join(*SAM, request_id="r1")).code == "wrong_hall"
    assert (await terminal.join(*SAM, request_id="r2")).status == 200


async def test_a_late_copy_of_a_granted_request_does_not_take_the_visit_from_another(
    terminal: Terminal, terminal_at: Callable[..., Terminal]
) -> None:
    await terminal.join(*SAM, request_id="r1")
    await terminal.leave("v1-sam-mum")
    await terminal_at("t2").join(*SAM)
    assert (await terminal.join(*SAM, request_id="r1")).code == "taken"


async def test_a_request_id_is_for_one_visit(terminal: Terminal) -> None:
    await terminal.join(*SAM, request_id="r1")
    reply = await terminal.join("v4-ade-legal", "D4567EF", request_id="r1")
    assert (reply.status, reply.code) == (400, "bad_request")


async def test_who_has_a_pin_joins_only_where_they_proved_it(
    terminal: Terminal, terminal_at: Callable[..., Terminal]
) -> None:
    assert (await terminal.join(*LENA)).code == "not_allowed"
    shown = (await terminal.identify("67003B51C6")).json["identification"]
    assert (await terminal.join(*LENA)).code == "not_allowed"
    await terminal.verify_pin(shown, SAMPLE_PIN)
    assert (await terminal_at("t2").join(*LENA)).code == "not_allowed"
    assert (await terminal.join(*LENA)).status == 200


async def test_a_terminal_that_joins_another_visit_leaves_the_first(
    terminal: Terminal, terminal_at: Callable[..., Terminal]
) -> None:
    await terminal.join(*SAM)
    await terminal.join("v4-ade-legal", "D4567EF")
    assert (await terminal_at("t2").join(*SAM)).status == 200


@pytest.mark.parametrize("reason", ["time_up", "officer", "visitor_ended", "ended"])
async def test_some_reasons_to_leave_end_the_visit(
    terminal: Terminal, officer: Officer, reason: str
) -> None:
    await terminal.join(*SAM)
    assert (await terminal.leave("v1-sam-mum", reason)).status == 204
    async with officer.watching() as overview:
        await overview.visit("v1-sam-mum", ended=reason, terminal=None)
    assert (await terminal.join(*SAM)).code in ("too_late", "not_allowed")


@pytest.mark.parametrize(
    "reason", ["left", "visitor_did_not_come", "connection_lost", "not_wanted"]
)
async def test_other_reasons_to_leave_let_the_visit_be_taken_again(
    terminal: Terminal, reason: str
) -> None:
    await terminal.join(*SAM)
    await terminal.leave("v1-sam-mum", reason)
    assert (await terminal.join(*SAM)).status == 200


async def test_leaving_twice_or_what_one_does_not_hold_does_nothing(
    terminal: Terminal, terminal_at: Callable[..., Terminal], sandbox: Sandbox
) -> None:
    await terminal.join(*SAM)
    assert (await terminal_at("t2").leave("v1-sam-mum", "time_up")).status == 204
    assert (await terminal.leave("v99-nothing")).status == 204
    booking = sandbox.bookings.get("v1-sam-mum")
    assert sandbox.house.visits.of(booking).terminal == "t1"
    for _ in range(2):
        assert (await terminal.leave("v1-sam-mum", talked_s=12.5)).status == 204
    assert sandbox.house.visits.of(booking).talked_s == 12.5


async def test_the_next_booking_of_the_hall_limits_every_extension(
    terminal: Terminal, sandbox: Sandbox
) -> None:
    ends_at_ms = sandbox.bookings.get("v1-sam-mum").ends_at_ms
    sandbox.bookings.change(
        "v6-early", starts_at_ms=ends_at_ms + 120_000, ends_at_ms=ends_at_ms + 240_000
    )
    assert seconds((await terminal.join(*SAM)).json, "latest_end_at", "ends_at") == 120


async def test_lost_time_is_given_back_once_and_the_terminal_is_told(
    terminal: Terminal, sandbox: Sandbox
) -> None:
    async with terminal.events() as events:
        ends_at = (await terminal.join(*SAM)).json["ends_at"]
        for _ in range(2):
            given = (await terminal.report_lost("v1-sam-mum", link=12.5, visitor=40.0)).json
            moved_s = seconds({"ends_at": given["ends_at"], "was": ends_at}, "ends_at", "was")
            assert moved_s == pytest.approx(12.5, abs=0.01)
        assert (await events.until("extend")).data["ends_at"] == given["ends_at"]
    visit = sandbox.house.visits.of(sandbox.bookings.get("v1-sam-mum"))
    assert (visit.lost.link, visit.lost.visitor) == (12.5, 40.0)


async def test_lost_time_is_only_taken_from_the_terminal_that_has_the_visit(
    terminal: Terminal, terminal_at: Callable[[str], Terminal]
) -> None:
    assert (await terminal.report_lost("v1-sam-mum", link=5.0)).code == "not_joined"
    await terminal.join(*SAM)
    assert (await terminal_at("t2").report_lost("v1-sam-mum", link=5.0)).code == "not_joined"
    await terminal.leave("v1-sam-mum", "time_up")
    assert (await terminal.report_lost("v1-sam-mum", link=5.0)).code == "not_joined"


async def test_the_time_until_another_terminal_takes_the_visit_is_lost_to_the_terminal(
    terminal: Terminal,
    terminal_at: Callable[[str], Terminal],
    sandbox: Sandbox,
    clock: ShiftedClock,
) -> None:
    await terminal.join(*SAM)
    await terminal.report_lost("v1-sam-mum", link=5.0)
    clock.shift_s = 100
    await terminal.leave("v1-sam-mum", "connection_lost")
    clock.shift_s = 130
    await terminal_at("t2").join(*SAM)
    visit = sandbox.house.visits.of(sandbox.bookings.get("v1-sam-mum"))
    assert visit.lost_before.terminal == pytest.approx(30, abs=1)
    assert visit.lost_before.link == 5.0


async def test_that_somebody_opened_the_link_is_said_to_who_joins_whichever_device_has_it_now(
    terminal: Terminal, family: Family, officer: Officer
) -> None:
    assert "visitor_came" not in (await terminal.join(*SAM)).json
    async with family("v1-sam-mum") as page:
        await page.until("welcome")
    assert (await terminal.join(*SAM)).json["visitor_came"] is True
    await officer.act("forget_page", reference="v1-sam-mum")
    assert (await terminal.join(*SAM)).json["visitor_came"] is True


class TestSiteSettings:
    """What a site sets reaches the terminal."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        import msgspec

        from kiosk.sandbox.settings import IceServer
        from kiosk.sandbox.settings import Terminal as Registered

        return msgspec.structs.replace(
            settings,
            visitor_wait_s=30.0,
            relay_only=True,
            ice_servers=(IceServer(("turn:192.0.2.1:3478",), "user", "secret"),),
            terminals=(Registered("t1", "Hall A"),),
        )

    async def test_join_carries_the_sites_settings(self, terminal: Terminal) -> None:
        granted = (await terminal.join(*SAM)).json
        assert granted["relay_only"] is True
        assert granted["ice_servers"] == [
            {"urls": ["turn:192.0.2.1:3478"], "username": "user", "credential": "secret"}
        ]
        assert seconds(granted, "wait_until", "now") == 30

    async def test_only_registered_terminals_may_speak_and_only_of_their_hall(
        self, terminal: Terminal, terminal_at: Callable[..., Terminal]
    ) -> None:
        stranger = await terminal_at("t2").identify("62E3086CED")
        assert (stranger.status, stranger.code) == (403, "unknown_terminal")
        liar = await terminal_at("t1", "Hall B").join(*SAM)
        assert (liar.status, liar.code) == (403, "unknown_terminal")
        listed = await terminal.call("GET", "/bookings?hall=Hall%20B")
        assert listed.code == "unknown_terminal"
