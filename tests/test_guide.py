"""The demo has the spoken guide: it is made before, and where it can not be made the demo goes on."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.project import ROOT


def made(*arguments: str) -> subprocess.CompletedProcess[str]:
    """What make does where setup has been done."""
    make = shutil.which("make")
    assert make is not None
    command = [make, "--no-print-directory", "--old-file=setup", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_guide_is_rendered_before_the_demo_begins() -> None:
    planned = made("--dry-run", "demo").stdout
    assert 0 <= planned.find("make_speech.py") < planned.find("visit-kiosk demo")


def test_a_guide_that_can_not_be_made_ends_nothing(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 7\n")
    python.chmod(0o755)
    done = made("guide", f"BIN={tmp_path}")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "The spoken guide could not be made. The rest works without it.\n"


def test_without_espeak_ng_one_sentence_says_what_to_install(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "make_speech.py"],
        env={"PATH": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("apt install espeak-ng\n")
    assert done.stdout.count("\n") == 1
