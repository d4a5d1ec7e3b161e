"""Patterns of a site: those that are taken, those that are not, and that none is slow."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from firmware_bridge.readers.patterns import LONGEST_PATTERN, faults_of
from kiosk.clock import SystemClock

CLOCK = SystemClock()
LONGEST = 128
SOON_S = 0.2
"""Far more than it takes on a machine that has nothing else to do."""


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?P<credential>[0-9]+)",
        r"ID: ?(?P<credential>\w{4,12})(?:;.*)?",
        r"(?P<facility>\d{1,3})[,-](?P<number>\d{1,5})",
        r"W(?:26|34)=(?P<hex>[0-9A-Fa-f]{7,10})",
        r"(?P<bits>[01]+)\.",
        r"\[(?P<credential>[^\]]{1,40})\]",
    ],
)
def test_a_pattern_of_a_card_is_taken(pattern: str) -> None:
    assert faults_of(pattern, LONGEST) == []


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        (r"(?P<credential>(a+)+)", "only one character"),
        (r"(?P<credential>(?:a|b)*)", "only one character"),
        (r"(?P<credential>a++)", "only one character"),
        (r"+(?P<credential>a)", "only one character"),
        (r"(?P<credential>.*),.*,.*", "too many ways"),
        (r"(?P<credential>" + "a?" * 15 + ")", "too many ways"),
        (r"(?P<credential>" + "(?:a|a)" * 18 + ")", "too many ways"),
        (r"(?P<credential>a)\1", "character 18"),
        (r"(?P<credential>a)(?=b)", "only one character"),
        (r"^(?P<credential>a)$", r"character 1 \(\^\)"),
        (r"(?P<credential>[[a])", r"character 16 \(\[\)"),
        (r"(?P<credential>[a--b])", r"character 16 \(\[\)"),
        (r"(?P<credential>\bx)", "character 16"),
        (r"(?P<credential>a", "no regular expression"),
        (r"(?P<credential>a{5,2})", "no regular expression"),
        (r"[0-9]+", "named groups"),
        (r"(?P<card>[0-9]+)", "named groups"),
        (r"(?P<facility>[0-9]+)", "named groups"),
        (r"(?P<hex>a)(?P<bits>1)", "named groups"),
        ("a" * (LONGEST_PATTERN + 1), "longer than 200"),
    ],
)
def test_any_other_pattern_is_refused_with_its_fault(pattern: str, fault: str) -> None:
    assert re.search(fault, "; ".join(faults_of(pattern, LONGEST)))


def test_every_fault_of_the_parts_is_told() -> None:
    assert len(faults_of(r"(?P<credential>(a+)+(b+)+)", LONGEST)) == 3


def test_a_shorter_line_leaves_room_for_more_repeats() -> None:
    pattern = r"(?P<credential>.*),.*,.?"
    assert faults_of(pattern, LONGEST) != []
    assert faults_of(pattern, LONGEST // 2) == []


parts = st.sampled_from(
    ["a", ".", "[ab]", r"\w", "a?", "a*", ".+", "a{1,9}", "a{0,}", "(", "(?:", ")", ")?", "|", "b"]
)


@given(
    st.lists(parts, max_size=25).map("".join),
    st.sampled_from(["a" * LONGEST, "a" * (LONGEST - 1) + "b", "ab" * (LONGEST // 2)]),
)
def test_no_pattern_that_is_taken_is_slow(middle: str, line: str) -> None:
    pattern = f"(?P<credential>{middle})c"
    assume(not faults_of(pattern, LONGEST))
    began_s = CLOCK.monotonic()
    re.compile(pattern).fullmatch(line)
    assert CLOCK.monotonic() - began_s < SOON_S


@given(st.text(max_size=60))
def test_any_text_is_taken_or_has_its_faults(text: str) -> None:
    if not faults_of(text, LONGEST):
        re.compile(text)


def test_the_deepest_groups_do_no_harm() -> None:
    half = LONGEST_PATTERN // 2
    assert faults_of("(" * half + ")" * half, LONGEST)
