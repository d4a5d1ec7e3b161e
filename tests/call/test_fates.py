"""What the other side tells of our packets: read as our own reports are written, and by the draft."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.call.fates import MOST_PACKETS, REFERENCE_TICKS, Fates, parted
from kiosk.call.transport_cc import Arrival, Report

NACK = struct.pack("!BBHLLHH", 0x81, 205, 3, 1, 2, 77, 0)
RECEIVED = struct.pack("!BBHL", 0x80, 201, 1, 1)


def feedback(body: bytes, begin: int = 0x8F) -> bytes:
    return struct.pack("!BBH", begin, 205, len(body) // 4) + body


def only(rtcp: bytes) -> Fates:
    (fates,), rest = parted(rtcp)
    assert rest == b""
    return fates


deltas = st.one_of(st.integers(0, 255), st.integers(-32768, 32767))


@given(
    st.integers(0, 65535),
    st.lists(st.tuples(st.integers(0, 40), deltas), min_size=1, max_size=100),
)
def test_what_is_told_by_the_draft_is_read(base: int, gaps: list[tuple[int, int]]) -> None:
    ticks, number, arrivals, expected = 1_000_000, base - 1, [], list[int | None]()
    for lost, delta in gaps:
        number += lost + 1
        ticks += delta
        arrivals.append(Arrival(number, ticks))
        expected += [None] * lost + [ticks]
    fates = only(Report(3, base, arrivals).to_bytes(1, 2))
    assert fates.base == base
    reference = fates.reference * REFERENCE_TICKS
    assert [at if at is None else at + reference for at in fates.came] == expected


def test_an_echo_is_taken_out_of_a_compound_packet_and_all_else_stays() -> None:
    report = Report(0, 7, [Arrival(7, 5000)]).to_bytes(1, 2)
    reports, rest = parted(RECEIVED + report + NACK + report)
    assert len(reports) == 2
    assert rest == RECEIVED + NACK
    assert parted(RECEIVED + NACK) == ([], RECEIVED + NACK)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        bytes(8),
        struct.pack("!LLHHL", 1, 2, 0, 9, 0),
        struct.pack("!LLHHLHH", 1, 2, 0, MOST_PACKETS + 1, 0, MOST_PACKETS + 1, 0),
        struct.pack("!LLHHLHH", 1, 2, 0, 1, 0, 0x6001, 0),
        struct.pack("!LLHHLHH", 1, 2, 0, 9, 0, 0x2009, 0),
        struct.pack("!LLHHLHH", 1, 2, 0, 9, 0, 0x2000, 0x2000),
    ],
    ids=["empty", "short", "no-chunks", "huge", "reserved", "no-times", "no-runs"],
)
def test_what_is_not_to_the_letter_says_nothing(body: bytes) -> None:
    assert parted(feedback(body)) == ([], b"")


def test_an_echo_that_is_longer_than_its_packet_says_nothing() -> None:
    report = Report(0, 7, [Arrival(7, 5000)]).to_bytes(1, 2)
    longer = report[:3] + bytes([report[3] + 1]) + report[4:]
    assert len(parted(report)[0]) == 1
    assert parted(longer)[0] == []


@given(st.binary(max_size=200), st.binary(max_size=60))
def test_noise_is_never_more_than_it_may_be(noise: bytes, body: bytes) -> None:
    for rtcp in (noise, feedback(body + bytes(-len(body) % 4)) + noise):
        reports, rest = parted(rtcp)
        assert len(rest) <= len(rtcp)
        assert all(len(fates.came) <= MOST_PACKETS for fates in reports)
