"""A card is greeted from today's list, for a day, and no credential is ever written."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.core.pocket import Pocket
from kiosk.core.service.replies import TodaysBookings, decode
from kiosk.core.today import KEPT_S, Today
from tests.core.service.samples import BOOKING, NOW, PERSON

KEY = "0f" * 32
CARD = "62E3086CED"


class HandClock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def monotonic(self) -> float:
        return self.now_s

    def utc(self) -> datetime:
        return datetime(2026, 3, 1, tzinfo=UTC)


def digest(text: str, key: str = KEY) -> str:
    return hmac.new(bytes.fromhex(key), text.encode(), hashlib.sha256).hexdigest()


def bookings(*cards: str, key: str = KEY) -> TodaysBookings:
    people = [
        {"digest": digest(f"em4100:{card}", key), "person": PERSON, "bookings": [BOOKING]}
        for card in cards
    ]
    return decode(TodaysBookings, json.dumps({"now": NOW, "digest_key": key, "people": people}))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "today"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def today(path: Path, clock: HandClock) -> Today:
    return Today(Pocket(path), clock)


def test_a_card_on_the_list_is_known_and_no_other(today: Today) -> None:
    assert today.find("em4100", CARD) is None
    today.keep(bookings(CARD))
    found = today.find("em4100", CARD)
    assert found is not None
    assert found.person.first_name == "Sam"
    assert found.bookings[0].reference == "v9-d7"
    assert today.find("em4100", "0000000000") is None
    assert today.find("other", CARD) is None


def test_a_restarted_core_still_knows_the_list(today: Today, path: Path, clock: HandClock) -> None:
    today.keep(bookings(CARD))
    again = Today(Pocket(path), clock)
    assert again.find("em4100", CARD) == today.find("em4100", CARD) is not None


def test_a_newer_list_replaces_the_older_one(today: Today, path: Path, clock: HandClock) -> None:
    today.keep(bookings(CARD))
    today.keep(bookings("1111111111", key="a1" * 32))
    for kept in (today, Today(Pocket(path), clock)):
        assert kept.find("em4100", CARD) is None
        assert kept.find("em4100", "1111111111") is not None


def test_the_list_is_forgotten_after_a_day(today: Today, path: Path, clock: HandClock) -> None:
    today.keep(bookings(CARD))
    clock.now_s += KEPT_S - 1.0
    assert today.find("em4100", CARD) is not None
    assert Today(Pocket(path), clock).find("em4100", CARD) is not None
    clock.now_s += 1.0
    assert Today(Pocket(path), clock).find("em4100", CARD) is None
    assert today.find("em4100", CARD) is None
    assert not path.exists()


def test_a_list_from_before_a_restart_of_the_terminal_is_not_believed(
    today: Today, path: Path, clock: HandClock
) -> None:
    clock.now_s = 10_000_000.0
    today.keep(bookings(CARD))
    clock.now_s = 10.0
    assert Today(Pocket(path), clock).find("em4100", CARD) is None


@pytest.mark.parametrize("spoil", ["", "half", "garbage", "other", "deep"])
def test_a_corrupt_list_is_an_empty_one(
    today: Today, path: Path, clock: HandClock, spoil: str, caplog: pytest.LogCaptureFixture
) -> None:
    today.keep(bookings(CARD))
    whole = path.read_bytes()
    path.write_bytes(
        {
            "": b"",
            "half": whole[: len(whole) // 2],
            "garbage": b"\xff\0\x17" * 100,
            "other": b'{"until_s": "soon"}',
            "deep": b'{"x":' + b"[" * 100_000,
        }[spoil]
    )
    again = Today(Pocket(path), clock)
    assert again.find("em4100", CARD) is None
    assert "begun anew" in caplog.text
    assert "Sam" not in caplog.text
    again.keep(bookings(CARD))
    assert Today(Pocket(path), clock).find("em4100", CARD) is not None


def test_no_credential_is_written_and_only_the_owner_may_read(today: Today, path: Path) -> None:
    today.keep(bookings(CARD))
    assert CARD.encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_list_that_can_not_be_written_is_still_known(clock: HandClock) -> None:
    today = Today(Pocket(Path("/proc/today")), clock)
    today.keep(bookings(CARD))
    assert today.find("em4100", CARD) is not None
