"""Reports of arrivals as bytes: as others have recorded them, and read back by the draft."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.call.transport_cc import MOST_APART, MOST_ARRIVALS, Arrival, Report
from tests.call.told import Told, told_by

HEADER_BYTES = 20
LARGE = 256
MOST_BYTES = 1200


def report(*arrivals: tuple[int, int], base: int | None = None, count: int = 0) -> Report:
    first = arrivals[0][0] if base is None else base
    return Report(count, first, [Arrival(number, ticks) for number, ticks in arrivals])


def chunk(*arrivals: tuple[int, int], base: int) -> str:
    """The first one, in hexadecimal digits."""
    return report(*arrivals, base=base).to_bytes(1, 2)[20:22].hex()


def test_bytes_are_those_that_chromium_sent() -> None:
    """Recorded, and explained by Wireshark."""
    ticks = 6197520 * 256
    arrivals = []
    for number, delta_ms in enumerate((7, 3, 11, 14, 0, 1, 0, 2, 6), start=1):
        ticks += 4 * delta_ms
        arrivals.append((number, ticks))
    assert report(*arrivals).to_bytes(1, 0xDD586EB6).hex(" ", 4) == (
        "afcd0007 00000001 dd586eb6 00010009 5e911000 20091c0c 2c380004 00081801"
    )


def test_bytes_of_one_packet_are_those_that_were_recorded() -> None:
    (arrival,) = [(153, 4057090 * 256 + 148)]
    assert report(arrival, count=23).to_bytes(0xFA17FA17, 0x43032FA0).hex(" ", 4) == (
        "afcd0005 fa17fa17 43032fa0 00990001 3de80217 20019401"
    )


def test_a_run_of_lost_packets_is_the_one_of_the_draft() -> None:
    """Section 3.1.3: 221 packets that were not received."""
    assert chunk((221, 0), base=0) == "00dd"


def test_a_vector_of_single_bits_is_the_one_of_the_draft() -> None:
    """Section 3.1.4: one lost, five that came, three lost, three that came, two lost."""
    came = [1, 2, 3, 4, 5, 9, 10, 11, 14, 16]
    assert chunk(*((number, 0) for number in came), base=0) == "9f1c"


def test_a_vector_of_two_bits_says_which_came_late() -> None:
    """Lost, three that came, one that came late, two lost."""
    came = [(1, 0), (2, 0), (3, 1), (4, 2 * LARGE), (8, 2 * LARGE)]
    assert chunk(*came, base=0) == f"{0b11_00_01_01_01_10_00_00:04x}"


@pytest.mark.parametrize(
    ("came", "size_bytes"),
    [
        pytest.param([(n, 4 * n) for n in (1, 2, 7, 8, 9, 10, 13)], 2 + 7, id="vector"),
        pytest.param([(n, 4 * n) for n in (1, 2, 7, 8, 9, 10, 13, 14)], 2 + 8, id="full vector"),
        pytest.param([(n, LARGE * n) for n in (1, 2, 6, 7)], 2 + 8 - 1, id="large ones"),
        pytest.param([(n, LARGE * n) for n in (1, 2, 6, 7, 8)], 4 + 10 - 1, id="two vectors"),
        pytest.param(
            [(1, 8), (2, 4), (6, 16), (7, 12), (8, 12 + LARGE)], 2 + 3 * 2 + 2, id="negative ones"
        ),
        pytest.param([(0, 4), (8191 + 14, 8)], 3 * 2 + 2, id="the longest run"),
        pytest.param([(0, 4), (29, 8)], 3 * 2 + 2, id="the shortest run"),
        pytest.param([(0, 0), (6, LARGE)], 2 + 3, id="small and large"),
        pytest.param([(0, 0), (1, LARGE - 1)], 2 + 2, id="the largest small one"),
        pytest.param([(0, 4), (8191 + 8191 + 14, 8)], 4 * 2 + 2, id="two of the longest runs"),
        pytest.param([(0, 0), (7, LARGE)], 2 * 2 + 3, id="small and large apart"),
        pytest.param(
            [(n, 4 * n + (LARGE if n >= 8 else 0)) for n in range(22)], 3 * 2 + 23, id="split"
        ),
    ],
)
def test_a_report_is_as_small_as_chromiums(came: list[tuple[int, int]], size_bytes: int) -> None:
    """The cases and the sizes of libwebrtc's own tests; the first of ours is never large."""
    whole = report(*came).to_bytes(1, 2)
    assert len(whole) == HEADER_BYTES + size_bytes + -size_bytes % 4
    assert told_by(whole).came == dict(came)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Any that can be made."""
    steps = draw(
        st.lists(
            st.tuples(
                st.one_of(st.just(1), st.integers(1, 30), st.integers(1, 3000)),
                st.one_of(st.integers(0, 300), st.integers(-MOST_APART, MOST_APART - 1)),
            ),
            min_size=1,
            max_size=MOST_ARRIVALS,
        )
    )
    base = draw(st.integers(-10, 1 << 20))
    number, ticks = base - 1, draw(st.integers(0, 1 << 40))
    arrivals = []
    for ahead, later in steps:
        if (number := number + ahead) - base >= MOST_APART:
            break
        ticks = max(0, ticks + later)
        arrivals.append(Arrival(number, ticks))
    return Report(draw(st.integers(0, 1000)), base, arrivals)


@given(reports(), st.integers(0, (1 << 32) - 1), st.integers(0, (1 << 32) - 1))
def test_what_is_told_is_what_came(report: Report, sender: int, source: int) -> None:
    whole = report.to_bytes(sender, source)
    assert len(whole) <= MOST_BYTES
    first_ticks = report.arrivals[0].ticks
    assert told_by(whole) == Told(
        sender,
        source,
        report.count % 256,
        report.base % 65536,
        report.arrivals[-1].number - report.base + 1,
        {
            each.number - report.base + report.base % 65536: each.ticks - first_ticks
            + first_ticks % (256 << 24)
            for each in report.arrivals
        },
    )  # fmt: skip
