"""Every reason has words, and the words are few and plain."""

from dataclasses import fields
from enum import StrEnum

import pytest

from kiosk.ui import words
from kiosk.ui.words import PHRASES, Words
from kiosk.visit import reasons
from tests.ui.samples import SAY

TABLES = {
    "refusals": words.REFUSALS,
    "endings": words.ENDINGS,
    "out of service": words.OUT_OF_SERVICE,
    "holds": words.HOLDS,
}
ALL = [
    pytest.param(entry, id=f"{name}: {key}")
    for name, table in TABLES.items()
    for key, entry in table.items()
]


@pytest.mark.parametrize(
    ("reason", "table"),
    [
        (reasons.Refusal, words.REFUSALS),
        (reasons.Ending, words.ENDINGS),
        (reasons.OutOfOrder, words.OUT_OF_SERVICE),
        (reasons.HeldReason, words.HOLDS),
        (reasons.Notice, words.NOTICES),
    ],
)
def test_every_reason_of_the_rules_has_words(
    reason: type[StrEnum], table: dict[str, object]
) -> None:
    assert [value for value in reason if value.value not in table] == []


@pytest.mark.parametrize("entry", ALL)
def test_words_say_what_happened_and_what_to_do_next(entry: Words) -> None:
    assert entry.what.endswith(".")
    assert entry.then.endswith(".")
    assert 8 <= len(entry.what) <= 50
    assert 8 <= len(entry.then) <= 62


@pytest.mark.parametrize("entry", ALL)
def test_words_need_nothing_that_may_be_missing(entry: Words) -> None:
    assert "{" not in entry.what + entry.then
    assert not entry.place or entry.place.count("{place}") == 1
    assert not entry.at or entry.at.count("{at}") == 1


@pytest.mark.parametrize("key", [*words.NOTICES, "unheard of"])
def test_a_notice_is_one_short_line(key: str) -> None:
    assert 8 <= len(SAY.notice(key)) <= 50


@pytest.mark.parametrize(
    "devices", [*((name,) for name in words.DOWN), tuple(words.DOWN), ("unheard of",)]
)
def test_what_does_not_work_is_one_short_line_that_sends_to_an_officer(
    devices: tuple[str, ...],
) -> None:
    assert 8 <= len(SAY.down(devices)) <= 50
    assert "officer" in SAY.down(devices)


@pytest.mark.parametrize("key", [*words.MONITORING, "unheard of"])
def test_how_a_visit_is_overseen_is_one_short_line(key: str) -> None:
    assert 8 <= len(SAY.monitoring(key)) <= 45


def test_an_unknown_reason_sends_to_an_officer() -> None:
    for say in (SAY.refusal, SAY.ending, SAY.out_of_service, SAY.hold):
        assert "officer" in say("unheard of").then
    assert "officer" in SAY.notice("unheard of")


def test_a_hold_without_a_reason_has_words() -> None:
    assert SAY.hold(None).what


def test_no_phrase_is_blank_or_long() -> None:
    for field in fields(PHRASES):
        assert 2 <= len(getattr(PHRASES, field.name)) <= 50, field.name
