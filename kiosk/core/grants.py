"""What the service answered, in the terms of the rules: wall-clock moments become deadlines here."""

from kiosk.core.service import replies
from kiosk.core.service.clock_offset import ServiceTime
from kiosk.errors import ServiceError
from kiosk.visit.booking import Booking, Card, Person, Place, Privacy
from kiosk.visit.helplines import SupportGrant
from kiosk.visit.media import IceServer, MediaEntry
from kiosk.visit.stages import Visit


def person_of(person: replies.Person) -> Person:
    return Person(person.prisoner_number, person.first_name, person.access)


def booking_of(booking: replies.Booking) -> Booking:
    return Booking(
        reference=booking.reference,
        place=Place(booking.prison, booking.hall),
        opens_at=booking.opens_at,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        cancelled=booking.status == "cancelled",
        privacy=Privacy(booking.privacy) if booking.privacy else None,
        visitors=tuple(visitor.display_name for visitor in booking.visitors),
        monitoring=booking.monitoring,
        language=booking.language,
    )


def support_of(call: replies.SupportCall, time: ServiceTime) -> SupportGrant:
    """The granted call with its end on CLOCK_MONOTONIC.

    Raises ServiceError where it is not for the terminal to offer sound both ways.
    """
    medium = call.media[0]
    if (medium.direction, medium.offerer) != ("sendrecv", "terminal"):
        raise ServiceError("a call for help is offered by the terminal, and goes both ways")
    return SupportGrant(
        id=call.call,
        url=medium.url,
        ends_at_s=time.to_monotonic(call.ends_at),
        ice_servers=_servers(call.ice_servers),
        relay_only=call.relay_only,
        unrecorded=call.unrecorded,
    )


def _servers(servers: tuple[replies.IceServer, ...]) -> tuple[IceServer, ...]:
    return tuple(IceServer(s.urls, s.username, s.credential) for s in servers)


def visit_of(join: replies.Join, card: Card, time: ServiceTime) -> Visit:
    """The granted visit with its deadlines on CLOCK_MONOTONIC.

    Raises ServiceError for a grant that contradicts itself: a private visit that is overseen.
    """
    privacy = Privacy(join.privacy)
    if privacy is not Privacy.SOCIAL and join.monitoring != "none":
        raise ServiceError(f"a {privacy} visit can not be granted with monitoring")
    latest_end_s = time.to_monotonic(join.latest_end_at)
    ends_at_s = min(time.to_monotonic(join.ends_at), latest_end_s)
    wait_until = None if join.visitor_came else join.wait_until
    wait_until_s = time.to_monotonic(wait_until) if wait_until else ends_at_s
    return Visit(
        reference=join.visit,
        card=card,
        visitors=tuple(visitor.display_name for visitor in join.visitors),
        starts_at=join.starts_at,
        starts_at_s=time.to_monotonic(join.starts_at),
        ends_at_s=ends_at_s,
        latest_end_s=latest_end_s,
        wait_until_s=min(wait_until_s, ends_at_s),
        privacy=privacy,
        monitoring=join.monitoring,
        unsupervised_limit_s=join.unsupervised_limit_s,
        media=tuple(MediaEntry(m.url, m.direction, m.offerer) for m in join.media),
        ice_servers=_servers(join.ice_servers),
        relay_only=join.relay_only,
        next_at=join.next_visit_at,
    )
