"""There is always one whole version in the pocket."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.core.pocket import Pocket


def test_what_was_saved_last_is_loaded(tmp_path: Path) -> None:
    pocket = Pocket(tmp_path / "new" / "stage")
    assert pocket.load() is None
    assert pocket.save(b"one")
    assert pocket.save(b"two")
    assert Pocket(tmp_path / "new" / "stage").load() == b"two"
    pocket.empty()
    assert pocket.load() is None
    pocket.empty()


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Pocket(tmp_path / "new" / "stage").save(b"one")
    finally:
        os.umask(before)
    assert (tmp_path / "new" / "stage").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_what_a_killed_program_left_half_written_is_no_hindrance(tmp_path: Path) -> None:
    pocket = Pocket(tmp_path / "stage")
    pocket.save(b"whole")
    (tmp_path / ".stage.new").write_bytes(b"ha")
    assert pocket.load() == b"whole"
    assert pocket.save(b"next")
    assert pocket.load() == b"next"


def test_a_planted_link_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / ".stage.new").symlink_to(elsewhere)
    assert Pocket(tmp_path / "stage").save(b"one")
    assert not elsewhere.exists()


def test_a_program_killed_while_it_saves_leaves_a_whole_version(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from kiosk.core.pocket import Pocket
pocket = Pocket(Path(sys.argv[1]))
pocket.save(b"0" * 200_000)
print(flush=True)
while True:
    for digit in b"0123456789":
        pocket.save(bytes([digit]) * 200_000)
"""
    for _ in range(5):
        path = tmp_path / "stage"
        running = subprocess.Popen([sys.executable, "-c", program, path], stdout=subprocess.PIPE)
        assert running.stdout is not None
        running.stdout.readline()
        running.kill()
        running.wait()
        running.stdout.close()
        found = Pocket(path).load()
        assert found is not None
        assert len(found) == 200_000
        assert len(set(found)) == 1


@pytest.mark.parametrize("full", ["/proc/stage", "/dev/null/stage"])
def test_a_place_that_can_not_be_written_is_told_and_survived(
    full: str, caplog: pytest.LogCaptureFixture
) -> None:
    pocket = Pocket(Path(full))
    assert not pocket.save(b"one")
    assert pocket.load() is None
    pocket.empty()
    assert "can not be saved" in caplog.text
