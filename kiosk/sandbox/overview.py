"""What the officer's page shows: today's visits, who is waiting, terminals and notices."""

from typing import Any, Literal, TypeAlias

import msgspec

from kiosk.sandbox.conduct import Conduct, House
from kiosk.sandbox.desk import Notice
from kiosk.sandbox.instants import Milliseconds
from kiosk.sandbox.lobby import Page
from kiosk.sandbox.recognising import today
from kiosk.sandbox.records import Booking, Visit

Standing: TypeAlias = Literal[
    "cancelled",
    "ended",
    "missed",
    "held",
    "meeting",
    "admit",
    "prisoner_waits",
    "visitor_waits",
    "booked",
]
"""`admit` is what an officer must act on: somebody waits to be let in."""


class Overview:
    """Puts together what stands in several places."""

    def __init__(self, house: House, conduct: Conduct) -> None:
        self._house = house
        self._conduct = conduct

    def now(self) -> dict[str, Any]:
        """Everything on the officer's page, as JSON can carry it."""
        house, at_ms = self._house, self._house.now_ms()
        return {
            "now": at_ms,
            "prison": house.settings.prison,
            "visits": [self._visit(booking) for booking in house.bookings.between(*today(at_ms))],
            "notices": [self._notice(notice) for notice in house.desk.notices()],
            "terminals": [
                {**terminal, "listens": house.events.listens(terminal["id"])}
                for terminal in house.terminals.all()
            ],
        }

    def _visit(self, booking: Booking) -> dict[str, Any]:
        house = self._house
        visit, page = house.visits.of(booking), house.lobby.page(booking.reference)
        return {
            "reference": booking.reference,
            "first_name": house.people.get(booking.number).first_name,
            "number": booking.number,
            "prison": booking.prison,
            "hall": booking.hall,
            "starts_at": booking.starts_at_ms,
            "ends_at": visit.ends_at_ms(booking),
            "latest_end_at": self._conduct.latest_end_ms(booking),
            "privacy": booking.privacy,
            "monitoring": self._conduct.monitoring(booking),
            "watchable": self._conduct.may_watch(booking),
            "standing": _standing(booking, visit, page, house.now_ms()),
            "terminal": visit.terminal,
            "ended": visit.ended,
            "held": visit.held,
            "lost": msgspec.to_builtins(visit.lost_before + visit.lost),
            "given_s": visit.given_s,
            "by_officer": not booking.admitted_at_once,
            "page": _page(page),
            "visitors": [
                {
                    "full_name": visitor.full_name,
                    "display_name": visitor.display_name,
                    "approved": visitor.approved,
                    "admission": admission,
                }
                for visitor, admission in zip(booking.visitors, visit.admissions, strict=True)
            ],
        }

    def _notice(self, notice: Notice) -> dict[str, Any]:
        subject = notice.subject
        if notice.kind == "officer_call":
            told = {"id": notice.id, "at": notice.at_ms, "kind": notice.kind, "subject": subject}
            return {**told, "hall": self._house.terminals.hall(subject)}
        booking = self._house.bookings.find(subject)
        number = booking.number if booking else subject
        person = self._house.people.get(number)
        return {
            "id": notice.id,
            "at": notice.at_ms,
            "kind": notice.kind,
            "subject": subject,
            "first_name": person.first_name,
            "number": number,
        }


def _page(page: Page | None) -> dict[str, Any] | None:
    if page is None:
        return None
    return {
        "ready": page.ready,
        "connected": page.connected,
        "camera": page.camera,
        "microphone": page.microphone,
        "wrote": page.wrote,
    }


def _standing(booking: Booking, visit: Visit, page: Page | None, at_ms: Milliseconds) -> Standing:
    if visit.ended is not None:
        return "ended"
    if booking.cancelled:
        return "cancelled"
    if visit.terminal is None and at_ms >= visit.ends_at_ms(booking):
        return "missed"
    if visit.held is not None:
        return "held"
    here = page is not None and page.ready
    if here and not visit.admitted:
        return "admit"
    if visit.terminal is not None:
        return "meeting" if here else "prisoner_waits"
    return "visitor_waits" if here else "booked"
