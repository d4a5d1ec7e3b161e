"""Sample people with published example cards, and bookings around now, one for each story.

The cards are EM4100 codes that data sheets and wikis print as examples.
"""

from dataclasses import dataclass
from typing import Any

import msgspec

from kiosk.clock import Seconds
from kiosk.sandbox.bookings import Bookings
from kiosk.sandbox.instants import Milliseconds
from kiosk.sandbox.people import People
from kiosk.sandbox.records import Booking, Card, Person, Visitor

PRISON = "MDI"
HALL = "Hall A"
_OTHER_PRISON = "LEI"
_OTHER_HALL = "Hall B"
_TECHNOLOGY = "em4100"
_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS

MUM = Visitor("Maria Carter", "Mum")
AISHA = Visitor("Aisha Carter", "Aisha")
SOLICITOR = Visitor("Dr Ruth Bernstein", "Ms Bernstein")
SAMPLE_PIN = "2468"


@dataclass(frozen=True, slots=True)
class Sample:
    """A person, their card and what is booked for them; `story` says what the terminal shall do."""

    story: str
    person: Person
    card: Card
    pin: str | None
    booking: Booking | None
    later: Booking | None = None


def samples(now_ms: Milliseconds, visit_s: Seconds) -> list[Sample]:
    """All sample people, with visits of `visit_s` that have just opened."""
    return [*_admitted(now_ms, visit_s), *_refused(now_ms, visit_s)]


def add_samples(
    people: People, bookings: Bookings, now_ms: Milliseconds, visit_s: Seconds
) -> list[Sample]:
    """Put all sample people and their bookings into the service."""
    added = samples(now_ms, visit_s)
    for sample in added:
        people.add(sample.person, sample.card, pin=sample.pin)
        if sample.booking is not None:
            bookings.add(sample.booking)
        if sample.later is not None:
            bookings.add(sample.later)
    return added


def booking_now(
    reference: str, number: str, now_ms: Milliseconds, visit_s: Seconds, *visitors: Visitor
) -> Booking:
    """A visit in the sample hall that began this moment."""
    return Booking(
        reference=reference,
        number=number,
        prison=PRISON,
        hall=HALL,
        opens_at_ms=now_ms - 10 * _MINUTE_MS,
        starts_at_ms=now_ms,
        ends_at_ms=now_ms + int(visit_s * 1000),
        visitors=visitors or (MUM,),
    )


def _admitted(now_ms: Milliseconds, visit_s: Seconds) -> list[Sample]:
    return [
        _sample(
            "is let in at once",
            _person("A1234BC", "Sam"),
            "62E3086CED",
            booking_now("v1-sam-mum", "A1234BC", now_ms, visit_s),
        ),
        _sample(
            "is let in by an officer, who compares two visitors",
            _person("B2345CD", "Dan"),
            "01000734E0",
            _changed(
                booking_now("v2-dan-mum", "B2345CD", now_ms, visit_s, MUM, AISHA),
                admitted_at_once=False,
            ),
        ),
        _sample(
            "has a PIN",
            _person("C3456DE", "Lena"),
            "67003B51C6",
            booking_now("v3-lena-aisha", "C3456DE", now_ms, visit_s, AISHA),
            pin=SAMPLE_PIN,
        ),
        _sample(
            "speaks Polish, wants large letters and needs time",
            _person("Q5678RS", "Ania", access=("large_text", "slow")),
            "100000000F",
            _changed(booking_now("v15-ania-mum", "Q5678RS", now_ms, visit_s, MUM), language="pl"),
        ),
        _sample(
            "has a legal visit, which has no tap",
            _person("D4567EF", "Ade"),
            "4500C5D1E9",
            _changed(
                booking_now("v4-ade-legal", "D4567EF", now_ms, visit_s, SOLICITOR), privacy="legal"
            ),
        ),
        _with_a_choice(now_ms, visit_s),
    ]


def _with_a_choice(now_ms: Milliseconds, visit_s: Seconds) -> Sample:
    """One visit now and one in two hours."""
    rae = _person("R6789ST", "Rae")
    booking = booking_now("v16-rae-mum", rae.number, now_ms, visit_s)
    later = _changed(
        booking, reference="v17-rae-aisha", visitors=(AISHA,), **_hours(now_ms + 2 * _HOUR_MS)
    )
    card = Card(_TECHNOLOGY, "1000000010")
    return Sample("chooses between two visits", rae, card, None, booking, later)


def _refused(now_ms: Milliseconds, visit_s: Seconds) -> list[Sample]:
    def booked(story: str, person: Person, card: str, reference: str, **fields: Any) -> Sample:
        booking = booking_now(reference, person.number, now_ms, visit_s)
        return _sample(story, person, card, _changed(booking, **fields))

    no_longer = Visitor("Noel Frost", "Noel", approved=False)
    in_2_hours = _hours(now_ms + 2 * _HOUR_MS)
    before_2_hours = _hours(now_ms - 2 * _HOUR_MS)
    finn, gwen = _person("F6789GH", "Finn"), _person("G7890HJ", "Gwen")
    hugo, ines = _person("H8901JK", "Hugo"), _person("J9012KL", "Ines")
    joel = _person("K0123LM", "Joel", prison=_OTHER_PRISON)
    kate = _person("L1234MN", "Kate", whereabouts="released")
    luca, mina = _person("M2345NP", "Luca"), _person("N3456PQ", "Mina")
    nils = _person("P4567QR", "Nils")
    return [
        _sample("has no booking today", _person("E5678FG", "Omar"), "0C000621A5", None),
        booked("is too early", finn, "1000000006", "v6-early", **in_2_hours),
        booked("is too late", gwen, "1000000007", "v7-late", **before_2_hours),
        booked("is booked in another hall", hugo, "1000000008", "v8-hall", hall=_OTHER_HALL),
        booked(
            "is booked in another prison", ines, "1000000009", "v9-prison", prison=_OTHER_PRISON
        ),
        booked("was moved this morning", joel, "100000000A", "v10-moved"),
        booked("was released", kate, "100000000B", "v11-released"),
        booked(
            "has a visitor who is no longer approved",
            luca,
            "100000000C",
            "v12-visitor",
            visitors=(no_longer,),
        ),
        booked("has a cancelled booking", mina, "100000000D", "v13-cancelled", cancelled=True),
        booked(
            "has a booking without a privacy class", nils, "100000000E", "v14-class", privacy=None
        ),
    ]


def _hours(starts_at_ms: Milliseconds) -> dict[str, Milliseconds]:
    """A visit of an hour, which opens ten minutes before."""
    return {
        "opens_at_ms": starts_at_ms - 10 * _MINUTE_MS,
        "starts_at_ms": starts_at_ms,
        "ends_at_ms": starts_at_ms + _HOUR_MS,
    }


def _sample(
    story: str, person: Person, card: str, booking: Booking | None, pin: str | None = None
) -> Sample:
    return Sample(story, person, Card(_TECHNOLOGY, card), pin, booking)


def _person(number: str, first_name: str, **fields: Any) -> Person:
    return Person(number=number, first_name=first_name, **{"prison": PRISON, **fields})


def _changed(booking: Booking, **fields: object) -> Booking:
    return msgspec.structs.replace(booking, **fields)
