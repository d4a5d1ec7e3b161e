"""The doctor names what a terminal lacks, and what to do about it."""

import errno
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.doctor import look, report
from kiosk.sandbox.files import Table, write_settings
from kiosk.sandbox.ports import free_ports
from tests.project import ROOT
from tests.translations import write_catalogue


def settings(
    directory: Path,
    fleeting: Path | None = None,
    frames: Path | None = None,
    terminal: Table | None = None,
) -> Path:
    """A terminal's settings with everything there but its reader, its camera and its service."""
    core: dict[str, Table] = {
        "terminal": {
            "id": "T1",
            "name": "Terminal 1",
            "prison": "MDI",
            "hall": "Hall A",
            **(terminal or {}),
        },
        "service": {"url": f"http://127.0.0.1:{free_ports(1)[0]}"},
        "wire": {"socket": "/run/core.sock", "bridge_socket": "/run/bridge.sock"},
        "state": {"fleeting": fleeting or directory, "lasting": directory},
    }
    wire: Table = {"socket": "/run/core.sock"}
    reader = {"name": "desk", "kind": "em4100_ascii", "port": "/dev/no-such-reader"}
    write_settings(directory / "core.toml", core)
    write_settings(directory / "bridge.toml", {"wire": wire, "reader": [reader]})
    write_settings(
        directory / "call.toml",
        {
            "wire": wire,
            "frames": {"directory": frames or directory},
            "camera": {"source": "v4l2:/dev/no-cam"},
        },
    )
    write_settings(directory / "ui.toml", {"wire": wire, "frames": {"directory": directory}})
    return directory


def test_what_is_missing_is_named_with_what_to_do(tmp_path: Path) -> None:
    advised = {f.subject: f.advice for f in look(settings(tmp_path)) if f.advice}
    assert "plug it in" in advised["reader desk at /dev/no-such-reader"]
    assert "plug it in" in advised["camera at /dev/no-cam"]
    assert any(subject.startswith("visit service at 127.0.0.1") for subject in advised)
    assert not any(subject.startswith(("settings", "directory")) for subject in advised)


def test_what_nobody_may_find_after_a_reboot_must_lie_in_memory(tmp_path: Path) -> None:
    not_in_memory, in_memory = Path("/proc"), Path("/dev/shm")
    told = {f.subject: f.advice for f in look(settings(tmp_path, not_in_memory, in_memory))}
    assert "outlive a reboot" in (told["tmpfs at /proc"] or "")
    assert told["tmpfs at /dev/shm"] is None
    told = {f.subject: f.advice for f in look(settings(tmp_path, in_memory, not_in_memory))}
    assert told["tmpfs at /dev/shm"] is None
    assert told["tmpfs at /proc"] is not None


def test_a_touchscreen_that_is_not_there_is_named(tmp_path: Path) -> None:
    config = settings(tmp_path)
    with (config / "ui.toml").open("a") as file:
        file.write('[screen]\ninput = "terminal"\ntouch_device = "/dev/no-panel"\n')
    advised = {f.subject: f.advice for f in look(config) if f.advice}
    assert "plug it in" in advised["touchscreen at /dev/no-panel"]


def test_a_language_that_the_screens_do_not_offer_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.doctor.TRANSLATIONS", tmp_path / "translations")
    write_catalogue(tmp_path / "translations", "cy", "interpreter, 2026-11-20")
    write_catalogue(tmp_path / "translations", "pl", "no")
    config = settings(tmp_path, terminal={"languages": ("en", "cy", "pl", "tlh")})
    told = {f.subject: f.advice for f in look(config) if f.subject.startswith("language")}
    assert told.keys() == {"language en", "language cy", "language pl", "language tlh"}
    assert (told["language en"], told["language cy"]) == (None, None)
    assert "X-Reviewed: no" in (told["language pl"] or "")
    assert "No catalogue" in (told["language tlh"] or "")


def test_a_site_that_offers_unreviewed_languages_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.doctor.TRANSLATIONS", tmp_path / "translations")
    write_catalogue(tmp_path / "translations", "pl", "no")
    terminal: Table = {"languages": ("en", "pl"), "unreviewed_languages": True}
    told = {f.subject: f.advice for f in look(settings(tmp_path, terminal=terminal))}
    assert "for demos" in (told["setting terminal.unreviewed_languages"] or "")
    assert "X-Reviewed: no" in (told["language pl"] or "")
    told = {f.subject: f.advice for f in look(settings(tmp_path))}
    assert "setting terminal.unreviewed_languages" not in told


def test_a_directory_that_is_not_there_is_told_once(tmp_path: Path) -> None:
    none = tmp_path / "none"
    told = [f.subject for f in look(settings(tmp_path, none)) if str(none) in f.subject]
    assert told == [f"directory {none}"]


def test_every_fault_of_every_file_is_told_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings(tmp_path)
    (tmp_path / "core.toml").write_text("[terminal]\nname = 7\ncolour = 'red'\n")
    (tmp_path / "ui.toml").unlink()
    assert report(look(tmp_path)) == 1
    told = capsys.readouterr().out
    for fault in ("terminal.name", "terminal.colour", "terminal.id", "service", "ui.toml"):
        assert fault in told
    assert "Traceback" not in told


def test_a_terminal_that_has_its_files_is_told_what_is_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report(look(settings(tmp_path)))
    assert f"ok    settings {tmp_path / 'core.toml'}" in capsys.readouterr().out


def test_run_does_not_start_programs_that_could_only_end_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--config", str(tmp_path / "none")]) == 2
    told = capsys.readouterr().out
    assert "core.toml" in told
    assert "docs/operations.md" in told
    assert (ROOT / "docs/operations.md").exists()


def test_what_may_not_be_looked_at_is_told_like_everything_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As somebody who may not enter the directory: root may enter all, so that stat is refused."""

    def refused(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    config = settings(tmp_path)
    monkeypatch.setattr(Path, "stat", refused)
    advised = {f.subject: f.advice for f in look(config) if f.advice}
    assert "group" in advised["reader desk at /dev/no-such-reader"]
