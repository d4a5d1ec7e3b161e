"""What is given back of lost time: by cause, up to the site's limit and the next booking."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.sandbox.crediting import given_back, left, taken
from kiosk.sandbox.records import Booking, Cause, LostTime, Visit, Visitor

STARTS_MS = 1_000_000
ENDS_MS = STARTS_MS + 1_800_000
LATEST_MS = ENDS_MS + 600_000
BOOKING = Booking(
    reference="v1",
    number="A1234BC",
    prison="MDI",
    hall="Hall A",
    opens_at_ms=STARTS_MS - 600_000,
    starts_at_ms=STARTS_MS,
    ends_at_ms=ENDS_MS,
    visitors=(Visitor("Maria Carter", "Mum"),),
)
CREDITED: tuple[Cause, ...] = ("link", "terminal")
FRESH = Visit(reference="v1", admissions=("admitted",))


def credit(visit: Visit, limit_s: float = 300.0, latest_ms: int = LATEST_MS) -> Visit:
    return given_back(BOOKING, visit, CREDITED, limit_s, latest_ms)


def with_lost(**lost: float) -> Visit:
    return Visit(reference="v1", admissions=("admitted",), lost=LostTime(**lost))


def test_the_end_moves_by_what_was_lost_to_the_causes_that_count() -> None:
    visit = credit(with_lost(link=12.0, terminal=3.0, visitor=500.0, hold=9.0))
    assert (visit.ends_at_ms(BOOKING), visit.given_s) == (ENDS_MS + 15_000, 15.0)
    assert credit(visit) == visit


def test_no_more_is_given_than_the_site_allows_or_than_there_is_room_for() -> None:
    assert credit(with_lost(link=1000.0)).given_s == 300.0
    assert credit(with_lost(link=1000.0), latest_ms=ENDS_MS + 50_000).given_s == 50.0
    assert credit(with_lost(link=1000.0), latest_ms=ENDS_MS).given_s == 0.0


def test_what_was_not_given_for_want_of_room_is_given_once_there_is_some() -> None:
    tight = credit(with_lost(link=100.0), latest_ms=ENDS_MS + 40_000)
    assert credit(tight).ends_at_ms(BOOKING) == ENDS_MS + 100_000


def test_a_visit_that_ended_gets_nothing() -> None:
    over = Visit(reference="v1", admissions=(), lost=LostTime(link=50.0), ended="officer")
    assert credit(over) == over


def test_a_late_start_is_lost_to_the_prison() -> None:
    visit = taken(BOOKING, FRESH, STARTS_MS + 95_000, None)
    assert visit.lost_before == LostTime(prison=95.0)


def test_who_joins_early_has_lost_nothing() -> None:
    assert taken(BOOKING, FRESH, STARTS_MS - 60_000, None).lost_before == LostTime()


def test_what_passes_while_no_terminal_works_is_lost_to_the_terminal() -> None:
    first = taken(BOOKING, FRESH, STARTS_MS, None)
    broken = left(first, by_choice=False, now_ms=STARTS_MS + 60_000)
    again = taken(BOOKING, broken, STARTS_MS + 100_000, None)
    assert again.lost_before == LostTime(terminal=40.0)


def test_what_passes_after_somebody_left_is_nobodys_loss() -> None:
    first = taken(BOOKING, FRESH, STARTS_MS, None)
    away = left(first, by_choice=True, now_ms=STARTS_MS + 60_000)
    assert taken(BOOKING, away, STARTS_MS + 300_000, None).lost_before == LostTime()


def test_from_a_terminal_that_fell_silent_only_its_silence_is_lost() -> None:
    first = taken(BOOKING, FRESH, STARTS_MS, None)
    held = Visit(
        reference="v1",
        admissions=("admitted",),
        terminal="t1",
        lost=LostTime(link=7.0),
        gap=first.gap,
        counted_to_ms=first.counted_to_ms,
    )
    other = taken(BOOKING, held, STARTS_MS + 660_000, silent_since_ms=STARTS_MS + 600_000)
    assert other.lost_before == LostTime(link=7.0, terminal=60.0)
    assert other.lost == LostTime()


def test_a_terminal_that_takes_its_visit_again_has_lost_nothing_but_a_silence_since() -> None:
    held = msgspec.structs.replace(taken(BOOKING, FRESH, STARTS_MS, None), terminal="t1")
    at_ms = STARTS_MS + 600_000
    assert taken(BOOKING, held, at_ms, None).lost_before == LostTime()
    assert taken(BOOKING, held, at_ms, STARTS_MS - 5000).lost_before == LostTime()
    assert taken(BOOKING, held, at_ms, at_ms - 45_000).lost_before == LostTime(terminal=45.0)


SECONDS = st.floats(0, 86_400)


@given(
    st.lists(st.builds(LostTime, link=SECONDS, terminal=SECONDS, hold=SECONDS), max_size=8),
    st.integers(0, 900_000),
)
def test_whatever_is_reported_the_end_never_passes_the_latest(
    reports: list[LostTime], room_ms: int
) -> None:
    visit, ends_ms = FRESH, ENDS_MS
    for lost in reports:
        visit = credit(
            Visit(
                reference="v1",
                admissions=visit.admissions,
                lost=lost,
                extended_to_ms=visit.extended_to_ms,
                given_s=visit.given_s,
            ),
            latest_ms=ENDS_MS + room_ms,
        )
        assert ends_ms <= visit.ends_at_ms(BOOKING) <= ENDS_MS + room_ms
        assert visit.given_s <= 300.0
        assert visit.given_s == pytest.approx((visit.ends_at_ms(BOOKING) - ENDS_MS) / 1000)
        ends_ms = visit.ends_at_ms(BOOKING)
