"""Who sends is told often enough of what came, of nothing else, and however it numbers its packets."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kiosk.call.arrivals import (
    BYTES_PER_REPORT,
    LEAST_APART_S,
    MAX_REMEMBERED,
    MOST_APART_S,
    REMEMBERED_S,
    Arrivals,
)
from kiosk.call.transport_cc import MOST_ARRIVALS, TICKS_PER_S, Report
from tests.call.told import told_by

MANY = BYTES_PER_REPORT
FEW = 100


def told(reports: list[Report]) -> list[list[int]]:
    """The numbers of what came, report by report."""
    return [[arrival.number for arrival in report.arrivals] for report in reports]


def numbers_in(reports: list[Report]) -> list[int]:
    return [number for report in told(reports) for number in report]


def after(*numbers: int, at_s: float = 1.0) -> Arrivals:
    """What is known of packets that came at once."""
    arrivals = Arrivals()
    for number in numbers:
        arrivals.came(number, MANY, at_s)
    return arrivals


def test_nothing_is_told_when_nothing_came() -> None:
    arrivals = Arrivals()
    assert arrivals.next_s() is None
    assert arrivals.reports(1.0) == []


def test_the_first_packet_is_told_at_once() -> None:
    (report,) = after(7).reports(1.0)
    assert (report.count, report.base) == (0, 7)
    assert told([report]) == [[7]]


def test_what_was_told_is_not_told_again() -> None:
    arrivals = after(7)
    arrivals.reports(1.0)
    assert arrivals.next_s() is None
    assert arrivals.reports(9.0) == []


def test_much_is_told_after_little_time_and_little_after_more() -> None:
    arrivals = after(7)
    arrivals.reports(1.0)
    arrivals.came(8, FEW, 1.0)
    assert arrivals.next_s() == 1.0 + MOST_APART_S
    arrivals.came(9, MANY, 1.0)
    assert arrivals.next_s() == 1.0 + LEAST_APART_S
    assert arrivals.reports(1.0 + LEAST_APART_S - 0.001) == []
    (report,) = arrivals.reports(1.0 + LEAST_APART_S)
    assert (report.count, told([report])) == (1, [[8, 9]])


def test_reports_are_a_twentieth_of_what_comes() -> None:
    """68 bytes each with the headers of IP, UDP and SRTP, at 100 kb/s."""
    arrivals, sent, now_s = Arrivals(), 0, 1.0
    for number in range(1000):
        arrivals.came(number, 125, now_s)
        sent += len(arrivals.reports(now_s))
        now_s += 0.01
    assert 0.04 < sent * 68 / (1000 * 125) < 0.06


def test_what_is_lost_between_two_reports_is_told() -> None:
    arrivals = after(7)
    arrivals.reports(1.0)
    arrivals.came(12, MANY, 1.1)
    (report,) = arrivals.reports(1.1)
    assert (report.base, told([report])) == (8, [[12]])


def test_numbers_that_begin_again_are_counted_on() -> None:
    (report,) = after(65534, 65535, 1).reports(1.0)
    assert report.base == 65534
    assert told([report]) == [[65534, 65535, 65537]]


def test_a_packet_that_comes_after_those_behind_it_is_told_with_them() -> None:
    arrivals = after(7, 9)
    arrivals.reports(1.0)
    arrivals.came(8, MANY, 1.1)
    (report,) = arrivals.reports(1.1)
    assert (report.base, told([report])) == (8, [[8, 9]])
    assert [arrival.ticks for arrival in report.arrivals] == [4400, 4000]


def test_a_packet_that_comes_twice_came_when_it_came_first() -> None:
    arrivals = after(7)
    arrivals.came(7, MANY, 1.1)
    (report,) = arrivals.reports(1.1)
    assert [arrival.ticks for arrival in report.arrivals] == [4000]
    arrivals.came(7, MANY, 1.2)
    assert arrivals.next_s() is None


def test_a_packet_from_before_what_is_remembered_is_too_late() -> None:
    arrivals = after(7)
    arrivals.reports(1.0)
    arrivals.came(10, MANY, 1.1 + REMEMBERED_S)
    arrivals.reports(1.1 + REMEMBERED_S)
    arrivals.came(6, MANY, 1.2 + REMEMBERED_S)
    assert arrivals.next_s() is None
    arrivals.came(8, MANY, 1.2 + REMEMBERED_S)
    assert told(arrivals.reports(1.2 + REMEMBERED_S)) == [[8, 10]]


def test_many_packets_are_told_in_more_than_one_report_and_what_is_lost_between_them() -> None:
    numbers = [*range(MOST_ARRIVALS), MOST_ARRIVALS + 5]
    reports = after(*numbers).reports(1.0)
    assert [(report.count, report.base) for report in reports] == [(0, 0), (1, MOST_ARRIVALS)]
    assert numbers_in(reports) == numbers


def test_a_time_without_packets_that_no_delta_can_say_begins_another_report() -> None:
    arrivals = after(7)
    arrivals.came(8, MANY, 10.0)
    reports = arrivals.reports(10.0)
    assert told(reports) == [[7], [8]]


def test_leaps_over_thousands_of_numbers_cost_no_more_than_other_packets() -> None:
    numbers = [leap * 20_000 % 65536 for leap in range(50)]
    reports = after(*numbers).reports(1.0)
    assert all(len(report.to_bytes(1, 2)) <= 32 for report in reports)
    assert sum(map(len, told(reports))) == 50


def test_nothing_is_told_of_packets_before_a_leap_that_no_report_can_span() -> None:
    arrivals = after(0, 30_000, *range(60_000, 60_000 + MAX_REMEMBERED))
    assert arrivals.reports(1.0)[0].base == 60_000


def test_no_more_is_remembered_than_a_browser_sends() -> None:
    arrivals = Arrivals()
    for number in range(3 * MAX_REMEMBERED):
        arrivals.came(number, 0, 1.0)
    assert numbers_in(arrivals.reports(1.0)) == list(range(2 * MAX_REMEMBERED, 3 * MAX_REMEMBERED))


PACKETS = st.lists(
    st.tuples(
        st.one_of(st.integers(-3, 5), st.integers(0, 0xFFFF)),
        st.one_of(st.just(0.0), st.floats(0, 0.3), st.floats(0, 1e6)),
        st.integers(0, 1500),
    ),
    max_size=200,
)


@given(PACKETS, st.integers(0, 0xFFFF))
def test_whatever_comes_is_told_as_it_came(
    packets: list[tuple[int, float, int]], number: int
) -> None:
    """Each packet within the time, and at the time when it came."""
    arrivals, now_s, reports = Arrivals(), 1.0, list[Report]()
    came: dict[int, set[int]] = {}
    for ahead, later_s, size_bytes in packets:
        number, now_s = (number + ahead) % 65536, now_s + later_s
        while (due_s := arrivals.next_s()) is not None and due_s <= now_s:
            new = arrivals.reports(due_s)
            assert new
            reports += new
        arrivals.came(number, size_bytes, now_s)
        came.setdefault(number, set()).add(round(now_s * TICKS_PER_S))
    reports += arrivals.reports(now_s + MOST_APART_S)
    assert arrivals.next_s() is None
    assert [report.count for report in reports] == list(range(len(reports)))
    for report in reports:
        assert len(report.to_bytes(1, 2)) <= 1200
        assert all(one.number < other.number for one, other in pairwise(report.arrivals))
        assert all(each.ticks in came[each.number % 65536] for each in report.arrivals)
        assert len(told_by(report.to_bytes(1, 2)).came) == len(report.arrivals)


@given(
    st.lists(
        st.tuples(st.integers(1, 40), st.floats(0, 0.2), st.integers(0, 1500)),
        min_size=1,
        max_size=200,
    ),
    st.integers(0, 0xFFFF),
)
def test_what_comes_in_its_order_is_told_once_and_all_between_as_lost(
    packets: list[tuple[int, float, int]], first: int
) -> None:
    arrivals, now_s, reports = Arrivals(), 1.0, list[Report]()
    number, came = first, list[int]()
    for ahead, later_s, size_bytes in packets:
        number, now_s = number + ahead, now_s + later_s
        reports += arrivals.reports(now_s)
        arrivals.came(number % 65536, size_bytes, now_s)
        came.append(number)
    reports += arrivals.reports(now_s + MOST_APART_S)
    every = numbers_in(reports)
    assert [each - every[0] for each in every] == [each - came[0] for each in came]
    ends = [report.arrivals[-1].number for report in reports]
    assert [report.base for report in reports[1:]] == [end + 1 for end in ends[:-1]]
