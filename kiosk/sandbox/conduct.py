"""How a visit is conducted: each change of it is kept and told to everybody whom it concerns."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import assert_never

from kiosk.clock import Clock, Seconds
from kiosk.sandbox.bookings import Bookings
from kiosk.sandbox.crediting import given_back
from kiosk.sandbox.desk import Desk
from kiosk.sandbox.events import Events
from kiosk.sandbox.granting import latest_end_ms
from kiosk.sandbox.instants import Milliseconds, now_ms, rfc3339
from kiosk.sandbox.lobby import Lobby, Page
from kiosk.sandbox.people import People
from kiosk.sandbox.records import Admission, Booking, EndReason, HeldReason, Monitoring, Visit
from kiosk.sandbox.relay import Relay
from kiosk.sandbox.settings import Settings
from kiosk.sandbox.signalling import Signalling
from kiosk.sandbox.terminals import Terminals
from kiosk.sandbox.visits import Visits
from kiosk.wire.link import ALONE_S


@dataclass(frozen=True, slots=True)
class House:
    """Everything that the service keeps and everybody it can speak to."""

    settings: Settings
    clock: Clock
    people: People
    bookings: Bookings
    visits: Visits
    terminals: Terminals
    events: Events
    lobby: Lobby
    signalling: Signalling
    desk: Desk
    relay: Relay | None = None
    """The media of visits go through it; without it, from peer to peer."""

    def now_ms(self) -> Milliseconds:
        return now_ms(self.clock)


class Conduct:
    """Changes visits on behalf of officers, visitors, terminals and time."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._watchers: Counter[str] = Counter()
        self._unheard: set[str] = set()
        if house.relay is not None:
            house.relay.serve(self)

    def begin(self) -> None:
        """The service was started: nobody watches any more, whatever a terminal shows."""
        for visit in self._house.visits.going_on():
            self.tell_monitoring(self._house.bookings.get(visit.reference))

    def settle(self, booking: Booking) -> None:
        """Tell page, terminal and desk how it stands; what a terminal knows is not repeated."""
        house = self._house
        visit = house.visits.of(booking)
        page = house.lobby.page(booking.reference)
        if page is not None:
            page.tell(self.view(booking, visit))
            self._announce(visit, page)
            self._tell_of_lobby(visit, page, waits=page.connected and not visit.admitted)
        house.desk.changed()

    def view(self, booking: Booking, visit: Visit) -> dict[str, object]:
        """How the visit stands, as the family's page is told."""
        if visit.ended is not None:
            return {"type": "ended", "reason": visit.ended}
        return {
            "type": "state",
            "phase": _phase(visit),
            "held": visit.held is not None,
            "unheard": self._is_unheard(visit),
            "now": self._house.now_ms(),
            "ends_at": visit.ends_at_ms(booking),
        }

    def page_opened(self, booking: Booking) -> None:
        """The link was opened: from now on nobody says that the visitor did not come."""
        if not self._house.visits.of(booking).came:
            visit = self._house.visits.change(booking, came=True)
            self._tell_terminal(visit, "visitor_came")

    def page_ready(self, page: Page, camera: bool, microphone: bool) -> None:
        """The visitor sits in the waiting room."""
        page.ready, page.camera, page.microphone = True, camera, microphone
        page.announced_to = None
        self.settle(self._house.bookings.get(page.reference))

    def page_slow(self, page: Page, slow: bool) -> None:
        """What the page finds of its own way to us; the terminal is told when it changes."""
        if slow != page.slow:
            page.slow = slow
            visit = self._house.visits.of(self._house.bookings.get(page.reference))
            self._tell_terminal(visit, "visitor_line", slow=slow)

    def page_gone(self, page: Page) -> None:
        """The visitor's page was closed, or did not come back."""
        house = self._house
        house.signalling.page_gone(page.reference)
        visit = house.visits.of(house.bookings.get(page.reference))
        self._retract(visit, page)
        self._tell_of_lobby(visit, page, waits=False)
        house.desk.changed()

    def terminal_returned(self, terminal: str) -> None:
        """A terminal listens anew and remembers nothing: tell it how its visit stands."""
        house = self._house
        for visit in house.visits.held_by(terminal):
            booking = house.bookings.get(visit.reference)
            if visit.extended_to_ms is not None:
                self._tell_terminal(visit, "extend", ends_at=rfc3339(visit.extended_to_ms))
            self.tell_if_stopped(visit)
            if visit.came:
                self._tell_terminal(visit, "visitor_came")
            self.joined(booking)

    def tell_if_stopped(self, visit: Visit) -> None:
        """Nothing may flow at the terminal that has the visit, whatever call it is in."""
        if visit.stopped is not None:
            self._tell_terminal(visit, "hold", reason=visit.stopped)

    def joined(self, booking: Booking) -> None:
        """A terminal took the visit, again or for the first time."""
        page = self._house.lobby.page(booking.reference)
        if page is not None:
            page.announced_to = page.waits_told_to = None
        self.settle(booking)

    def admit(self, booking: Booking, visitor: int, admission: Admission) -> None:
        """An officer compared one visitor with the booking, or takes back that they were let in.

        A call that is up goes on whoever leaves: it is stopped before the visitor is said to be gone,
        and let go on only after they are announced again.
        """
        before = self._house.visits.of(booking)
        admissions = list(before.admissions)
        admissions[visitor] = admission
        visit = self._house.visits.change(booking, admissions=tuple(admissions))
        if visit.stopped != before.stopped:
            self.tell_if_stopped(visit)
        if self._house.relay is not None and not visit.admitted:
            self._house.relay.cut(booking.reference)
        self.settle(booking)
        if before.stopped is not None:
            self._tell_if_released(visit)

    def hold(self, booking: Booking, reason: HeldReason) -> None:
        """Stop sound and picture both ways."""
        visit = self._house.visits.change(booking, held=reason)
        self.tell_if_stopped(visit)
        self.settle(booking)

    def release(self, booking: Booking) -> None:
        """Let a held visit go on, if everybody is admitted."""
        visit = self._house.visits.change(booking, held=None)
        self.tell_if_stopped(visit)
        self._tell_if_released(visit)
        self.settle(booking)

    def say(self, booking: Booking, text: str) -> None:
        """Show a message of the officer to both sides."""
        self._tell_terminal(self._house.visits.of(booking), "message", text=text)
        page = self._house.lobby.page(booking.reference)
        if page is not None:
            page.tell({"type": "message", "text": text})

    def pass_phrase(self, booking: Booking, phrase: str, *, to_terminal: bool) -> bool:
        """Let the other side read a prepared phrase; False where nothing may pass, or nobody is there."""
        visit = self._house.visits.of(booking)
        page = self._house.lobby.page(booking.reference)
        if _phase(visit) != "joined" or visit.stopped is not None or visit.ended is not None:
            return False
        if to_terminal:
            said = {"visit": booking.reference, "phrase": phrase}
            return self._house.events.pass_on(str(visit.terminal), "visitor_phrase", said)
        if page is None or not page.connected:
            return False
        page.tell({"type": "phrase", "phrase": phrase})
        return True

    def latest_end_ms(self, booking: Booking) -> Milliseconds:
        """No extension goes past this."""
        following = self._house.bookings.next_in_hall(booking)
        return latest_end_ms(booking, following, self._house.settings.extension_limit_s)

    def give_back(self, booking: Booking) -> Visit:
        """Move the end for the time that was lost, as far as the site's rule goes."""
        house, before = self._house, self._house.visits.of(booking)
        settings, latest_ms = house.settings, self.latest_end_ms(booking)
        visit = given_back(booking, before, settings.credited, settings.credit_limit_s, latest_ms)
        if visit is not before:
            house.visits.keep(visit)
            self._tell_terminal(visit, "extend", ends_at=rfc3339(visit.ends_at_ms(booking)))
            self.settle(booking)
        return visit

    def extend(self, booking: Booking, by_s: Seconds) -> bool:
        """Move the end as far as allowed; False when it can not be moved at all."""
        visit = self._house.visits.of(booking)
        ends_at_ms = visit.ends_at_ms(booking)
        moved_ms = min(ends_at_ms + int(by_s * 1000), self.latest_end_ms(booking))
        if visit.ended is not None or moved_ms <= ends_at_ms:
            return False
        visit = self._house.visits.change(booking, extended_to_ms=moved_ms)
        self._tell_terminal(visit, "extend", ends_at=rfc3339(moved_ms))
        self.settle(booking)
        return True

    def end(self, booking: Booking, reason: EndReason, told_by: str | None = None) -> None:
        """End the visit for everybody; `told_by` is the terminal that knows already."""
        house = self._house
        visit = house.visits.of(booking)
        if visit.ended is not None:
            return
        if visit.terminal != told_by:
            self._tell_terminal(visit, "end", reason=_for_terminal(reason))
        house.visits.change(booking, ended=reason, ended_at_ms=house.now_ms(), held=None)
        house.signalling.visit_over(booking.reference)
        if house.relay is not None:
            house.relay.visit_over(booking.reference)
        self.settle(booking)

    def end_in_private(self, booking: Booking) -> None:
        """The visitor ends and tells the prison; the terminal hears only that it is over."""
        self.end(booking, "ended")
        self._house.desk.note("told_prison", booking.reference)

    def look_at_time(self) -> None:
        """End what ran past its end, or was cancelled, and nobody ended; notice who fell silent."""
        overrun_ms = int(self._house.settings.overrun_s * 1000)
        going_on = self._house.visits.going_on()
        self._look_for_unheard(going_on)
        for visit in going_on:
            booking = self._house.bookings.get(visit.reference)
            if self._house.relay and self._house.now_ms() >= visit.ends_at_ms(booking):
                self._house.relay.visit_over(booking.reference)
            if self._records_unasked(booking):
                self._go_on_unrecorded(booking)
            if booking.cancelled:
                self.end(booking, "booking_cancelled")
            elif self._house.now_ms() >= visit.ends_at_ms(booking) + overrun_ms:
                self.end(booking, "time_up")

    def _look_for_unheard(self, going_on: list[Visit]) -> None:
        """A page is told when its terminal is not heard any more, and when it is heard again."""
        before = self._unheard
        self._unheard = {visit.reference for visit in going_on if self._is_unheard(visit)}
        for visit in going_on:
            if (visit.reference in before) != (visit.reference in self._unheard):
                self.settle(self._house.bookings.get(visit.reference))

    def _is_unheard(self, visit: Visit) -> bool:
        """Whether the terminal, if nothing of it works but the call, has stopped the sound by now."""
        terminals = self._house.terminals
        return visit.terminal is not None and terminals.silent_for_s(visit.terminal) >= ALONE_S

    def _records_unasked(self, booking: Booking) -> bool:
        relay = self._house.relay
        recorded = relay is not None and relay.rooms.records(booking.reference)
        return recorded and booking.monitored != "recorded"

    def _go_on_unrecorded(self, booking: Booking) -> None:
        """What became private meanwhile goes on in another room, which nobody records."""
        assert self._house.relay is not None
        self._house.relay.visit_over(booking.reference)
        self.tell_monitoring(booking)
        self.media_back(booking.reference)

    # who watches

    def monitoring(self, booking: Booking) -> Monitoring:
        """How the visit is overseen at this moment: who watches hides nothing of the recording."""
        if not self._watchers[booking.reference]:
            return booking.monitored
        return "recorded_and_watching" if booking.monitored == "recorded" else "watching"

    def may_watch(self, booking: Booking) -> bool:
        """Whether an officer may look on: only at what goes on, through a room, and is not private."""
        visit = self._house.visits.of(booking)
        goes_on = visit.ended is None and visit.terminal is not None
        in_time = self._house.now_ms() < visit.ends_at_ms(booking)
        return self._house.relay is not None and goes_on and in_time and booking.monitored != "none"

    @contextmanager
    def watched(self, booking: Booking) -> Iterator[None]:
        """Somebody watches, and both sides know it before there is anything to see."""
        self._watch(booking, 1)
        try:
            yield
        finally:
            self._watch(booking, -1)

    def tell_monitoring(self, booking: Booking) -> None:
        """Both sides read how their visit is overseen."""
        monitoring = self.monitoring(booking)
        visit = self._house.visits.of(booking)
        self._tell_terminal(visit, "monitoring", monitoring=monitoring)
        page = self._house.lobby.page(booking.reference)
        if page is not None:
            page.tell({"type": "monitoring", "monitoring": monitoring})

    def _watch(self, booking: Booking, more: int) -> None:
        before = self.monitoring(booking)
        self._watchers.update({booking.reference: more})
        if self.monitoring(booking) != before:
            self.tell_monitoring(booking)
            self._house.desk.changed()

    # the media server

    def media_trouble(self, reference: str) -> None:
        """It does not do what a visit needs; the terminal and the page try again by themselves."""
        self._house.desk.note("media_away", reference)

    def media_back(self, reference: str) -> None:
        """It is there again: the page comes as a new load would, and the terminal calls it at once."""
        visit = self._house.visits.of(self._house.bookings.get(reference))
        page = self._house.lobby.page(reference)
        if page is not None and visit.terminal is not None and visit.ended is None:
            page.tell({"type": "again"})

    def may_be_silent(self, reference: str) -> bool:
        """Whether it is right that nothing comes from the visitor."""
        visit = self._house.visits.of(self._house.bookings.get(reference))
        page = self._house.lobby.page(reference)
        has_any = page is not None and (page.camera or page.microphone)
        return visit.stopped is not None or not has_any

    def _announce(self, visit: Visit, page: Page) -> None:
        """Tell the terminal that the visitor can be called, or can not any more."""
        if not (visit.admitted and page.ready and page.connected):
            self._retract(visit, page)
            return
        if visit.terminal is None or page.announced_to == visit.terminal:
            return
        page.announced_to = visit.terminal
        self._tell_terminal(
            visit,
            "visitor_ready",
            join_id=page.join_id,
            camera=page.camera,
            microphone=page.microphone,
        )

    def _retract(self, visit: Visit, page: Page) -> None:
        if page.announced_to is not None and page.announced_to == visit.terminal:
            self._tell_terminal(visit, "visitor_left", join_id=page.join_id)
        page.announced_to = None

    def _tell_of_lobby(self, visit: Visit, page: Page, waits: bool) -> None:
        """Tell the terminal that somebody waits to be let in, or not any more."""
        told = page.waits_told_to is not None and page.waits_told_to == visit.terminal
        if waits != told:
            page.waits_told_to = visit.terminal if waits else None
            self._tell_terminal(visit, "visitor_in_lobby", present=waits)

    def _tell_if_released(self, visit: Visit) -> None:
        if visit.stopped is None:
            self._tell_terminal(visit, "release")

    def _tell_terminal(self, visit: Visit, name: str, **data: object) -> None:
        if visit.terminal is not None and visit.ended is None:
            self._house.events.send(visit.terminal, name, {"visit": visit.reference, **data})


def _phase(visit: Visit) -> str:
    if not visit.admitted:
        return "lobby"
    return "waiting" if visit.terminal is None else "joined"


def _for_terminal(reason: EndReason) -> str:
    match reason:
        case "time_up" | "ended":
            return "ended"
        case "officer" | "visitor_ended" | "booking_cancelled":
            return reason
        case _:
            assert_never(reason)
