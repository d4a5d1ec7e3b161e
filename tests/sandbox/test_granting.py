"""The rules by which a visit is granted, one by one and in their order."""

from dataclasses import replace

import msgspec
import pytest

from kiosk.sandbox.granting import Asked, latest_end_ms, refusal
from kiosk.sandbox.records import Booking, Person, Visit, Visitor

PERSON = Person(number="A1234BC", first_name="Sam", prison="MDI")
BOOKING = Booking(
    reference="v1",
    number="A1234BC",
    prison="MDI",
    hall="Hall A",
    opens_at_ms=1_000,
    starts_at_ms=2_000,
    ends_at_ms=10_000,
    visitors=(Visitor("Maria Carter", "Mum"),),
)
VISIT = Visit(reference="v1", admissions=("waiting",))
ASKED = Asked(
    terminal="t1",
    prison="MDI",
    hall="Hall A",
    number="A1234BC",
    at_ms=3_000,
    proved=False,
    holder_is_silent=False,
)


def changed(record: msgspec.Struct, **fields: object) -> msgspec.Struct:
    return msgspec.structs.replace(record, **fields)


def test_a_booking_that_stands_is_granted() -> None:
    assert refusal(PERSON, BOOKING, VISIT, ASKED) is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"whereabouts": "released"}, "released"),
        ({"prison": "LEI"}, "moved"),
        ({"allowed": False}, "not_allowed"),
        ({"pin": "hash"}, "not_allowed"),
    ],
)
def test_what_is_true_of_the_person_now_decides(fields: dict[str, object], code: str) -> None:
    found = refusal(changed(PERSON, **fields), BOOKING, VISIT, ASKED)  # type: ignore[arg-type]
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"cancelled": True}, "booking_cancelled"),
        ({"prison": "LEI"}, "wrong_prison"),
        ({"hall": "Hall B"}, "wrong_hall"),
        ({"privacy": None}, "no_privacy_class"),
        (
            {"visitors": (Visitor("A", "A"), Visitor("B", "B", approved=False))},
            "visitor_not_approved",
        ),
        ({"opens_at_ms": 3_001}, "too_early"),
        ({"ends_at_ms": 3_000}, "too_late"),
        ({"number": "B2345CD"}, "not_allowed"),
    ],
)
def test_what_is_true_of_the_booking_now_decides(fields: dict[str, object], code: str) -> None:
    found = refusal(PERSON, changed(BOOKING, **fields), VISIT, ASKED)  # type: ignore[arg-type]
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"ended": "officer"}, "not_allowed"),
        ({"ended": "ended"}, "not_allowed"),
        ({"ended": "time_up"}, "too_late"),
        ({"terminal": "t2"}, "taken"),
    ],
)
def test_what_became_of_the_visit_decides(fields: dict[str, object], code: str) -> None:
    found = refusal(PERSON, BOOKING, changed(VISIT, **fields), ASKED)  # type: ignore[arg-type]
    assert found is not None
    assert found.code == code


def test_a_terminal_that_is_silent_does_not_keep_its_visit() -> None:
    held = msgspec.structs.replace(VISIT, terminal="t2")
    assert refusal(PERSON, BOOKING, held, replace(ASKED, holder_is_silent=True)) is None


def test_the_holder_needs_no_pin_again_but_another_terminal_does() -> None:
    person = msgspec.structs.replace(PERSON, pin="hash")
    held = msgspec.structs.replace(VISIT, terminal="t1")
    assert refusal(person, BOOKING, held, ASKED) is None
    assert refusal(person, BOOKING, VISIT, replace(ASKED, proved=True)) is None


def test_an_extended_visit_may_be_joined_past_its_booked_end() -> None:
    extended = msgspec.structs.replace(VISIT, extended_to_ms=12_000)
    assert refusal(PERSON, BOOKING, extended, replace(ASKED, at_ms=11_000)) is None


def test_a_refusal_says_where_to_go_and_when_to_come_back() -> None:
    elsewhere = refusal(PERSON, msgspec.structs.replace(BOOKING, hall="Hall B"), VISIT, ASKED)
    assert elsewhere is not None
    assert (elsewhere.place, elsewhere.at_ms) == ("Hall B", 2_000)
    early = refusal(PERSON, BOOKING, VISIT, replace(ASKED, at_ms=0))
    assert early is not None
    assert early.at_ms == 1_000


def test_no_extension_goes_past_the_sites_limit_or_into_the_next_booking() -> None:
    following = msgspec.structs.replace(BOOKING, starts_at_ms=10_500)
    assert latest_end_ms(BOOKING, None, 600) == 610_000
    assert latest_end_ms(BOOKING, following, 600) == 10_500
