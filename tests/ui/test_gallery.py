"""No screen has a fault: in each palette in English, in each mode in every language."""

import json
import subprocess
import sys

import pytest

from tests.project import ROOT
from tests.ui.gallery.__main__ import FOLDER

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_no_screen_has_a_fault() -> None:
    """The pictures and `lint.json` stay in `build/gallery`, to be looked at."""
    drawn = subprocess.run(
        [sys.executable, "-m", "tests.ui.gallery", "--quick"], cwd=ROOT, check=False
    )
    report = json.loads((ROOT / FOLDER / "lint.json").read_text())
    assert report["list"] == []
    assert report["screens"] > 15_000
    assert drawn.returncode == 0
