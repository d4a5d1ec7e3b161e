"""Moments and spans as a person reads them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from kiosk.ui.phrasebook import Phrasebooks

BOOKS = Phrasebooks(ZoneInfo("Europe/London"))
ENGLISH = BOOKS.of("en")


def test_the_clock_is_in_the_time_of_the_site() -> None:
    assert ENGLISH.clock(datetime(2026, 1, 5, 14, 5, tzinfo=UTC)) == "14:05"
    assert ENGLISH.clock(datetime(2026, 7, 5, 14, 5, tzinfo=UTC)) == "15:05"


def test_the_day_is_in_the_time_of_the_site() -> None:
    assert ENGLISH.day(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "Wednesday 1 July"


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("cy", "Dydd Mawrth, 24 Tachwedd"),
        ("fr", "mardi 24 novembre"),
        ("ga", "Dé Máirt 24 Samhain"),
        ("lt", "lapkričio 24 d., antradienis"),
        ("pt", "terça-feira, 24 de novembro"),
    ],
)
def test_a_day_is_written_as_its_language_writes_it(language: str, shown: str) -> None:
    assert BOOKS.of(language).day(datetime(2026, 11, 24, 12, tzinfo=UTC)) == shown


@pytest.mark.parametrize(
    ("left_s", "shown"),
    [
        (-5, "0:00"),
        (0, "0:00"),
        (0.01, "0:01"),
        (59.2, "1:00"),
        (249, "4:09"),
        (3599, "59:59"),
        (3600, "1:00:00"),
        (3849.5, "1:04:10"),
    ],
)
def test_a_countdown_shows_every_begun_second(left_s: float, shown: str) -> None:
    assert ENGLISH.countdown(left_s) == shown


@pytest.mark.parametrize(
    ("length_s", "shown"),
    [
        (0, "less than a minute"),
        (59.9, "less than a minute"),
        (60, "1 minute"),
        (89, "1 minute"),
        (91, "2 minutes"),
        (1512, "25 minutes"),
    ],
)
def test_a_span_is_in_whole_minutes(length_s: float, shown: str) -> None:
    assert ENGLISH.span(length_s) == shown
