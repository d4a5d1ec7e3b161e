"""A booking is changed or cancelled by an officer, and every terminal that shows it hears so at once."""

from kiosk.sandbox.conduct import Conduct, House
from kiosk.sandbox.recognising import described
from kiosk.sandbox.records import Booking


class Rebooking:
    """Changes bookings on behalf of officers."""

    def __init__(self, house: House, conduct: Conduct) -> None:
        self._house = house
        self._conduct = conduct

    def change(self, reference: str, **fields: object) -> Booking:
        """The booking with other fields; KeyError for an unknown one. What is cancelled is over."""
        booking = self._house.bookings.change(reference, **fields)
        visit = self._house.visits.of(booking)
        if booking.cancelled and visit.terminal is not None:
            self._conduct.end(booking, "booking_cancelled")
        told = {"booking": described(booking, visit)}
        for terminal in self._shown_at(booking):
            self._house.events.send(terminal, "booking_changed", told)
        self._conduct.settle(booking)
        return booking

    def _shown_at(self, booking: Booking) -> list[str]:
        """Where the bookings of this person were told not long ago; to nobody who still owes a PIN."""
        house = self._house
        must_prove = house.people.get(booking.number).pin is not None
        return house.people.shown_at(booking.number, house.now_ms(), proven=must_prove)
