"""Operations of a terminal that takes a visit: join, leave, offer, hang up."""

from typing import Any

import msgspec

from kiosk.sandbox.conduct import Conduct, House
from kiosk.sandbox.crediting import left, taken
from kiosk.sandbox.granting import Asked, Refused, refusal
from kiosk.sandbox.instants import rfc3339
from kiosk.sandbox.lobby import Page
from kiosk.sandbox.problems import Problem, bad_request, refused
from kiosk.sandbox.recognising import visitors
from kiosk.sandbox.records import Booking, EndReason, LostTime, Visit, Wish
from kiosk.sandbox.relay import MediaAway, NoConnection
from kiosk.sandbox.signalling import Answer, NoAnswer

_ENDS: dict[str, EndReason] = {
    "time_up": "time_up",
    "officer": "officer",
    "visitor_ended": "visitor_ended",
    "ended": "ended",
}
"""What a terminal's reason to leave ends for good; any other leaves the visit to be taken again."""


class Taking:
    """Gives visits to terminals and takes them back."""

    def __init__(self, house: House, conduct: Conduct) -> None:
        self._house = house
        self._conduct = conduct

    def join(self, terminal: str, reference: str, body: dict[str, Any]) -> dict[str, Any]:
        """Grant the visit, or refuse with the reason; the same request gets the same answer."""
        visits, request = self._house.visits, body["request_id"]
        earlier = visits.remembered_join(terminal, request)
        if earlier is None:
            why = self._why_not(terminal, reference, body)
            kept = msgspec.json.encode(why) if why else b""
            visits.remember_join(terminal, request, reference, kept, self._house.now_ms())
        elif earlier[0] != reference:
            raise bad_request(["join.body.request_id: was used for another visit"])
        elif earlier[1]:
            why = msgspec.json.decode(earlier[1], type=Refused)
        else:
            why = self._why_not(terminal, reference, body)
        if why is not None:
            raise refused(why)
        return self._grant(terminal, self._house.bookings.get(reference))

    def _why_not(self, terminal: str, reference: str, body: dict[str, Any]) -> Refused | None:
        house, at_ms = self._house, self._house.now_ms()
        booking = house.bookings.find(reference)
        if booking is None:
            return Refused("booking_changed")
        visit, person = house.visits.of(booking), house.people.get(booking.number)
        asked = Asked(
            terminal=terminal,
            prison=house.settings.prison,
            hall=body["hall"],
            number=body["prisoner_number"],
            at_ms=at_ms,
            proved=house.people.proved(person.number, terminal, at_ms),
            holder_is_silent=self._is_silent(visit),
        )
        return refusal(person, booking, visit, asked)

    def _is_silent(self, visit: Visit) -> bool:
        terminal = visit.terminal
        if terminal is None or self._house.events.listens(terminal):
            return False
        return self._house.terminals.is_silent(terminal)

    def _grant(self, terminal: str, booking: Booking) -> dict[str, Any]:
        for other in self._house.visits.held_by(terminal):
            if other.reference != booking.reference:
                self.leave(terminal, other.reference, {"reason": "connection_lost", "talked_s": 0})
        before = self._house.visits.of(booking).terminal
        if before not in (None, terminal):  # it is silent; should it wake, the visit is not its own
            over = {"visit": booking.reference, "reason": "ended"}
            self._house.events.send(str(before), "end", over)
        visit = self._taken(terminal, booking)
        reply = self._granted(booking, visit)
        self._conduct.joined(booking)
        self._conduct.tell_if_stopped(visit)
        if self._house.relay is not None:
            self._house.relay.prepare(booking)
        return reply

    def _taken(self, terminal: str, booking: Booking) -> Visit:
        house, visit = self._house, self._house.visits.of(booking)
        silent_ms = house.terminals.silent_since_ms(visit.terminal) if visit.terminal else None
        visit = taken(booking, visit, house.now_ms(), silent_ms)
        house.visits.keep(msgspec.structs.replace(visit, terminal=terminal))
        return self._conduct.give_back(booking)

    def report_lost(self, terminal: str, reference: str, lost: dict[str, Any]) -> dict[str, Any]:
        """Time was lost to the visit that this terminal has."""
        booking = self._house.bookings.find(reference)
        if booking is None or self._house.visits.of(booking).terminal != terminal:
            raise Problem(403, "not_joined")
        if self._house.visits.of(booking).ended is not None:
            raise Problem(409, "visit_over")
        reported = LostTime(**lost)
        self._house.visits.change(booking, lost=reported, counted_to_ms=self._house.now_ms())
        visit = self._conduct.give_back(booking)
        return {
            "now": rfc3339(self._house.now_ms()),
            "ends_at": rfc3339(visit.ends_at_ms(booking)),
            "given_s": visit.given_s,
        }

    def _granted(self, booking: Booking, visit: Visit) -> dict[str, Any]:
        settings, now_ms = self._house.settings, self._house.now_ms()
        ends_at_ms = visit.ends_at_ms(booking)
        latest_ms = max(ends_at_ms, self._conduct.latest_end_ms(booking))
        reply: dict[str, Any] = {
            "now": rfc3339(now_ms),
            "visit": booking.reference,
            "starts_at": rfc3339(booking.starts_at_ms),
            "ends_at": rfc3339(ends_at_ms),
            "latest_end_at": rfc3339(latest_ms),
            "privacy": booking.privacy,
            "monitoring": self._conduct.monitoring(booking),
            "visitors": visitors(booking),
            "media": self._media(booking.reference),
            "ice_servers": msgspec.to_builtins(settings.ice_servers),
            "relay_only": settings.relay_only,
            "unsupervised_limit_s": settings.unsupervised_limit_s,
        }
        if visit.came:
            reply["visitor_came"] = True
        following = self._house.bookings.next_of_person(booking)
        if following is not None:
            reply["next_visit_at"] = rfc3339(following.starts_at_ms)
        if settings.visitor_wait_s is not None:
            wait_until_ms = now_ms + int(settings.visitor_wait_s * 1000)
            reply["wait_until"] = rfc3339(min(wait_until_ms, ends_at_ms))
        return reply

    def _media(self, reference: str) -> list[dict[str, str]]:
        """One connection to the family's page, or one each way to the visit's room."""
        if self._house.relay is None:
            ways = [("sendrecv", "terminal")]
        else:
            ways = [("sendonly", "terminal"), ("recvonly", "service")]
        return [
            {
                "url": f"/terminal/v1/visits/{reference}/media/{number}",
                "direction": direction,
                "offerer": offerer,
            }
            for number, (direction, offerer) in enumerate(ways)
        ]

    def leave(self, terminal: str, reference: str, body: dict[str, Any]) -> None:
        """Take the visit back; nothing happens to one that this terminal does not hold."""
        booking = self._house.bookings.find(reference)
        if booking is None:
            return
        visit = self._house.visits.of(booking)
        if visit.terminal != terminal:
            return
        reason = _ENDS.get(body["reason"])
        if reason is not None:
            self._conduct.end(booking, reason, told_by=terminal)
        talked_s = visit.talked_s + body["talked_s"]
        self._house.visits.change(booking, terminal=None, last_terminal=terminal, talked_s=talked_s)
        by_choice = body["reason"] != "connection_lost"
        self._house.visits.keep(
            left(self._house.visits.of(booking), by_choice, self._house.now_ms())
        )
        self._house.signalling.page_gone(reference)
        if self._house.relay is not None:
            self._house.relay.visit_over(reference)
        self._conduct.joined(booking)

    def wish(self, terminal: str, reference: str, wish: Wish) -> None:
        """Show officers what a person asks for after a visit; once, until somebody has seen it."""
        booking = self._house.bookings.find(reference)
        visit = self._house.visits.of(booking) if booking else None
        if visit is None or terminal not in (visit.terminal, visit.last_terminal):
            raise Problem(403, "not_joined")
        self._house.desk.note(wish, reference)

    async def offer(
        self, terminal: str, reference: str, medium: str, join_id: str, sdp: str
    ) -> Answer:
        """The answer of the page load that the terminal was told of, or the room's own offer.

        `sdp` is empty where the service is to offer.
        """
        offerer = self._offerer(medium)
        if bool(sdp) != (offerer == "terminal"):
            raise bad_request([f"offer.body: the {offerer} makes the offer for this medium"])
        booking, page = self._partners(terminal, reference, join_id)
        relay = self._house.relay
        try:
            if relay is None:
                return await self._house.signalling.offer(page, sdp)
            if sdp:
                return await relay.offered(booking, page, sdp)
            return await relay.asked(booking, page)
        except NoAnswer as error:
            raise Problem(502 if error.code == "no_answer" else 409, error.code) from error
        except MediaAway as error:
            raise Problem(503, "media_away") from error

    def _offerer(self, medium: str) -> str:
        media = self._media("")
        if int(medium) >= len(media):
            raise Problem(404, "unknown_medium")
        return media[int(medium)]["offerer"]

    def _partners(self, terminal: str, reference: str, join_id: str) -> tuple[Booking, Page]:
        """The visit that the terminal has, and the page load that it was told of."""
        booking = self._held(terminal, reference)
        page = self._house.lobby.page(reference)
        if page is None or page.join_id != join_id or page.announced_to != terminal:
            raise Problem(409, "visitor_gone")
        return booking, page

    def _held(self, terminal: str, reference: str) -> Booking:
        booking = self._house.bookings.find(reference)
        if booking is None:
            raise Problem(404, "not_joined")
        visit = self._house.visits.of(booking)
        if visit.ended is not None or self._house.now_ms() >= visit.ends_at_ms(booking):
            raise Problem(409, "visit_over")
        if visit.terminal != terminal:
            raise Problem(403, "not_joined")
        return booking

    async def answer(self, terminal: str, reference: str, connection: str, sdp: str) -> None:
        """The terminal's answer to the offer of the visit's room."""
        self._held(terminal, reference)
        if self._house.relay is None:
            raise Problem(409, "no_connection")
        try:
            await self._house.relay.answered(reference, connection, sdp)
        except NoConnection as error:
            raise Problem(409, "no_connection") from error
        except MediaAway as error:
            raise Problem(503, "media_away") from error

    def say_phrase(self, terminal: str, reference: str, phrase: str) -> None:
        """The visitor reads a prepared phrase, at once or not at all."""
        booking = self._held(terminal, reference)
        if self._house.visits.of(booking).stopped is not None:
            raise Problem(409, "held")
        if not self._conduct.pass_phrase(booking, phrase, to_terminal=False):
            raise Problem(409, "visitor_gone")

    def hang_up(self, terminal: str, reference: str, connection: str) -> None:
        """One connection is over; nothing happens to one of a visit that the terminal does not have."""
        house, booking = self._house, self._house.bookings.find(reference)
        if booking is None or house.visits.of(booking).terminal != terminal:
            return
        page = house.lobby.page(reference)
        if house.relay is not None:
            house.relay.hang_up(reference, connection)
        elif page is not None:
            page.tell({"type": "hangup", "connection": connection})
