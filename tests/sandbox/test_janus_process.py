"""The Janus of a demo or a test: where it listens, and what is said when it can not."""

import re
from pathlib import Path

import pytest

from kiosk.errors import KioskError
from kiosk.sandbox import janus_process
from tests.sandbox import janus as inside


async def test_started_again_it_is_known_by_the_same_settings_and_has_no_rooms(
    tmp_path: Path,
) -> None:
    async with inside.running(tmp_path / "janus") as process:
        before = dict(process.settings)
        await process.kill()
        assert process.pid is None
        await process.start()
        assert dict(process.settings) == before
        assert await inside.rooms(inside.settings_of(process, tmp_path)) == {}


async def test_its_secrets_are_in_files_that_nobody_else_may_read(tmp_path: Path) -> None:
    async with inside.running(tmp_path / "janus") as process:
        etc = tmp_path / "janus/etc"
        assert str(process.settings["api_secret"]) in (etc / "janus.jcfg").read_text()
        assert etc.stat().st_mode & 0o077 == 0


async def test_it_has_as_many_ports_for_media_as_asked_for(tmp_path: Path) -> None:
    async with inside.running(tmp_path / "janus", ports=8):
        core = (tmp_path / "janus/etc/janus.jcfg").read_text()
    found = re.search(r'rtp_port_range = "(\d+)-(\d+)"', core)
    assert found is not None
    assert int(found[2]) - int(found[1]) + 1 == 8


@pytest.mark.parametrize(
    ("program", "words"),
    [("/nowhere/janus", "run `make setup`"), ("/bin/false", "Janus ended at once")],
)
async def test_that_it_can_not_run_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, words: str
) -> None:
    monkeypatch.setattr(janus_process, "PROGRAM", program)
    with pytest.raises(KioskError, match=words):
        async with inside.running(tmp_path / "janus"):
            pytest.fail("it runs")
