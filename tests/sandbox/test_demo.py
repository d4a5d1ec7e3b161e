"""A mistake on the demo's command line is told before anything starts, with what to do about it."""

import fcntl
import os
from pathlib import Path

import pytest

from kiosk.sandbox.demo import main


@pytest.mark.parametrize("visit_s", ["0", "9", "nan", "inf", "-5", "soon"])
def test_a_visit_of_no_sensible_length_is_wrong_use(
    visit_s: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--headless", "--visit-s", visit_s])
    assert ended.value.code == 2
    assert "--visit-s" in capsys.readouterr().err


def test_a_second_demo_does_not_write_into_the_first_ones_directory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(first, fcntl.LOCK_EX)
    try:
        assert main(["--headless", "--directory", str(tmp_path)]) == 1
    finally:
        os.close(first)
    assert "--directory" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("display", "flags"), [(":99", ["--headless"]), ("", [])])
def test_a_report_that_can_not_be_written_is_told_before_a_visit_without_a_window(
    display: str,
    flags: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    report = tmp_path / "a directory"
    report.mkdir()
    demo = tmp_path / "demo"
    assert main([*flags, "--directory", str(demo), "--report", str(report)]) == 1
    assert f"{report}: Is a directory" in capsys.readouterr().err
    assert list(demo.iterdir()) == []


def test_a_directory_that_can_not_be_made_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--headless", "--directory", "/proc/demo"]) == 1
    assert "The demo stopped: /proc/demo" in capsys.readouterr().err
