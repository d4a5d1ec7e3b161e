"""A tamper stands until staff have seen to it, whatever restarts meanwhile."""

from pathlib import Path

import pytest

from firmware_bridge.tampers import Tampers
from kiosk.wire.devices import Tamper, TamperOver

OPENED = Tamper("board", "case_open", active=True)
CLOSED = Tamper("board", "case_open", active=False)


def test_a_case_that_was_opened_and_closed_again_stands() -> None:
    tampers = Tampers()
    assert tampers.hear(OPENED) == [OPENED]
    assert tampers.hear(OPENED) == []
    assert tampers.hear(CLOSED) == [CLOSED]
    assert tampers.standing == [CLOSED]


def test_a_case_that_was_never_open_is_no_news() -> None:
    assert Tampers().hear(CLOSED) == []


def test_staff_end_what_is_over() -> None:
    tampers = Tampers()
    tampers.hear(OPENED)
    tampers.hear(CLOSED)
    assert tampers.acknowledge("front") == []
    assert tampers.acknowledge("board") == [TamperOver("board", "case_open")]
    assert tampers.standing == []


def test_staff_can_not_end_what_is_still_open() -> None:
    tampers = Tampers()
    tampers.hear(OPENED)
    assert tampers.acknowledge("board") == []
    assert tampers.standing == [OPENED]


def test_two_causes_at_one_device_stand_side_by_side() -> None:
    tampers = Tampers()
    cut_off = Tamper("board", "link_lost", active=False)
    tampers.hear(OPENED)
    tampers.hear(Tamper("board", "link_lost", active=True))
    tampers.hear(cut_off)
    assert tampers.standing == [OPENED, cut_off]
    assert tampers.acknowledge("board") == [TamperOver("board", "link_lost")]


def test_a_tamper_stands_over_a_restart(tmp_path: Path) -> None:
    Tampers(tmp_path / "tampers").hear(OPENED)
    assert Tampers(tmp_path / "tampers").standing == [CLOSED]


def test_what_staff_ended_does_not_come_back(tmp_path: Path) -> None:
    tampers = Tampers(tmp_path / "tampers")
    tampers.hear(OPENED)
    tampers.hear(CLOSED)
    tampers.acknowledge("board")
    assert Tampers(tmp_path / "tampers").standing == []


def test_a_case_that_bounces_is_written_once(tmp_path: Path) -> None:
    tampers = Tampers(tmp_path / "tampers")
    tampers.hear(OPENED)
    written = (tmp_path / "tampers").stat().st_ino  # each writing makes another file
    for tamper in (CLOSED, OPENED, CLOSED):
        assert tampers.hear(tamper) == [tamper]
    assert (tmp_path / "tampers").stat().st_ino == written
    tampers.hear(Tamper("front", "link_lost", active=True))
    assert len(Tampers(tmp_path / "tampers").standing) == 2


def test_a_tamper_that_could_not_be_kept_is_kept_as_soon_as_it_can(tmp_path: Path) -> None:
    place = tmp_path / "later"
    tampers = Tampers(place / "tampers")
    tampers.hear(OPENED)
    place.mkdir()
    tampers.hear(CLOSED)
    assert Tampers(place / "tampers").standing == [CLOSED]


@pytest.mark.parametrize("damage", [b"", b"\xff", b"{}", b'[{"type":"Tamper"}]'])
def test_a_file_that_was_damaged_is_a_tamper(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "tampers").write_bytes(damage)
    assert Tampers(tmp_path / "tampers").standing == [Tamper("terminal", "case_open", active=False)]


def test_a_tamper_that_can_not_be_kept_is_told_all_the_same(tmp_path: Path) -> None:
    tampers = Tampers(tmp_path / "nowhere/tampers")
    assert tampers.hear(OPENED) == [OPENED]
    assert tampers.standing == [OPENED]
