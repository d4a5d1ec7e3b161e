"""Staff at the command line, when it is not as simple as that."""

from pathlib import Path

import pytest

from firmware_bridge.tampers import Tampers
from kiosk.wire.devices import Tamper
from tests.bridge.process import BridgeProcess, running
from tests.bridge.tool import told

pytestmark = pytest.mark.journey


async def acknowledged(directory: Path, device: str) -> tuple[int, str, str]:
    return await told("acknowledge", device, "--config", directory / "bridge.toml")


async def test_a_device_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    async with running(tmp_path, tmp_path / "none") as bridge:
        await bridge.listens()
        code, out, error = await acknowledged(tmp_path, "frnot")
        assert (code, out) == (2, "")
        assert "DEVICE: none is called frnot; there are front, terminal" in error
        code, out, _ = await acknowledged(tmp_path, "terminal")
        assert (code, out) == (0, "terminal: nothing to acknowledge\n")


async def test_a_tamper_of_a_device_that_is_no_longer_in_the_settings_can_be_ended(
    tmp_path: Path,
) -> None:
    Tampers(tmp_path / "tampers").hear(Tamper("side", "case_open", active=True))
    async with running(tmp_path, tmp_path / "none") as bridge:
        await bridge.listens()
        code, out, _ = await acknowledged(tmp_path, "side")
    assert (code, out) == (0, "side: case_open is over\n")


async def test_a_daemon_that_does_not_run_is_said_not_to_run(tmp_path: Path) -> None:
    BridgeProcess(tmp_path, tmp_path / "none")
    code, _, error = await acknowledged(tmp_path, "front")
    assert (code, "can not be spoken to: it does not run" in error) == (1, True)


async def test_who_is_not_staff_is_told_that_the_daemon_refuses(tmp_path: Path) -> None:
    async with running(tmp_path, tmp_path / "none", without="staff_user") as bridge:
        await bridge.listens()
        code, _, error = await acknowledged(tmp_path, "front")
    assert code == 1
    assert "it refuses this user (closed by the peer)" in error
    assert "`staff_user`" in error
