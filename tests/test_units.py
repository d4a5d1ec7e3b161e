"""The units of a terminal are understood by systemd, every line of them."""

import subprocess
from pathlib import Path

from tests.project import ROOT

INSTALLED = "ExecStart=/opt/visit-kiosk/bin/"
UNITS = sorted((ROOT / "systemd").glob("*.service"))


def verified(directory: Path, units: list[Path]) -> str:
    """All that systemd-analyze says of units; what it does not know it only warns of, and exits with 0."""
    copies = [directory / unit.name for unit in units]
    for unit, copy in zip(units, copies, strict=True):
        copy.write_text(unit.read_text().replace(INSTALLED, f"ExecStart={directory}/"))
        program = directory / unit.stem
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    done = subprocess.run(
        ["systemd-analyze", "verify", *copies],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.stdout if done.stdout or done.returncode == 0 else f"exits with {done.returncode}"


def test_systemd_has_nothing_to_say_of_the_units(tmp_path: Path) -> None:
    assert [unit.stem for unit in UNITS] == [
        "firmware-bridge",
        "kiosk-call",
        "kiosk-core",
        "kiosk-ui",
    ]
    assert verified(tmp_path, UNITS) == ""


def test_a_line_that_systemd_would_only_pass_over_is_found(tmp_path: Path) -> None:
    wrong = tmp_path / "kiosk-core.service"
    text = (ROOT / "systemd/kiosk-core.service").read_text()
    wrong.write_text(text.replace("ProtectSystem=strict", "ProtectSystem=stricter"))
    (tmp_path / "copies").mkdir()
    assert "stricter" in verified(tmp_path / "copies", [wrong])
