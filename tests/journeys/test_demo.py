"""The demo where there is no display: a whole visit is walked and measured."""

import asyncio
import json
import os
import re
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kiosk.programs import PROGRAMS
from tests.project import ROOT

VISIT_S = 10
WALK_S = 120.0

REPORTED = {
    "card_to_screen_ms",
    "join_ms",
    "remote_frames_shown",
    "remote_fps",
    "audio_rms_in",
    "audio_rms_out",
    "ended_late_ms",
    "stages",
    "screenshots",
    "processes",
}
STRANGER = ("CheckingCard", "Refused")
IN_VAIN = ("CheckingCard", "Welcome", "WaitingRoom", "Connecting", "Goodbye")
VISIT = ("CheckingCard", "Welcome", "WaitingRoom", "Connecting", "InVisit", "Goodbye")
WALKED = ["Idle", *STRANGER, "Idle", *IN_VAIN, "Idle", *VISIT]
SCREENS = {"idle", "checking", "refused", "welcome", "waiting", "connecting", "visit", "goodbye"}


async def test_a_demo_without_a_display_measures_a_whole_visit(tmp_path: Path) -> None:
    pictures, file = tmp_path / "demo", tmp_path / "report.json"
    said = await walk("--visit-s", VISIT_S, "--directory", pictures, "--report", file)
    report = json.loads(file.read_text())
    assert report.keys() == REPORTED
    for figure in ("card_to_screen_ms", "join_ms", "ended_late_ms"):
        assert re.search(rf"^{figure} +{re.escape(str(report[figure]))}$", said, re.MULTILINE)
    looks_like_a_visit(report, VISIT_S)
    stages = [entered["stage"] for entered in report["stages"]]
    assert stages[stages.index("Idle") :] == WALKED  # out of service until the service answered
    moments = [entered["at_s"] for entered in report["stages"]]
    assert moments == sorted(moments)
    assert report["screenshots"] == [str(path) for path in sorted(pictures.glob("[0-9]*.png"))]
    shown = {name_of(Path(picture)) for picture in report["screenshots"]}
    assert shown - {"outofservice"} == SCREENS
    assert [used["name"] for used in report["processes"]] == [name for name, _, _ in PROGRAMS]
    for used in report["processes"]:
        assert 0 < used["cpu_s"] < 2 * WALK_S
        assert 1e6 < used["pss_bytes"] < 1e9


async def test_a_demo_through_janus_measures_a_visit_too(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    await walk(*("--sfu", "janus", "--visit-s", VISIT_S, "--directory", tmp_path, "--report", file))
    looks_like_a_visit(json.loads(file.read_text()), VISIT_S)
    assert (tmp_path / "janus.log").stat().st_size > 0, "it went through a media server"


@pytest.mark.parametrize(("asked", "begun"), [([], "demo"), (["SFU=janus"], "demo --sfu janus")])
def test_make_begins_the_demo_that_is_asked_for(asked: list[str], begun: str) -> None:
    command = ("make", "--dry-run", "demo", *asked)
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    said = subprocess.run(
        command, cwd=ROOT, env=alone, capture_output=True, text=True, check=True
    ).stdout
    assert " ".join(said.splitlines()[-1].split()).endswith(f"/visit-kiosk {begun}")


async def walk(*options: object) -> str:
    """Run the demo where there is no display to its end; what it said."""
    displays = {"DISPLAY", "WAYLAND_DISPLAY"}
    demo = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "kiosk", "demo", *map(str, options)),
        env={name: value for name, value in os.environ.items() if name not in displays},
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
    )
    try:
        async with asyncio.timeout(WALK_S):
            said, _ = await demo.communicate()
    finally:
        if demo.returncode is None:
            demo.terminate()
            await demo.wait()
    assert demo.returncode == 0, said.decode()
    return said.decode()


def looks_like_a_visit(report: dict[str, Any], visit_s: int) -> None:
    """On however busy a machine; only the end is held to what was promised."""
    assert 0 < report["card_to_screen_ms"] < 3_000
    assert 0 < report["join_ms"] < 10_000
    assert 3 * visit_s < report["remote_frames_shown"] < 31 * visit_s
    assert 3 < report["remote_fps"] < 31
    assert 0.01 < report["audio_rms_in"] < 1
    assert 0.01 < report["audio_rms_out"] < 1
    assert 0 <= report["ended_late_ms"] <= 100


def name_of(picture: Path) -> str:
    """The screen that a picture shows; it is a sound PNG, and not of one colour."""
    with Image.open(picture) as image:
        assert image.format == "PNG"
        assert len(image.convert("RGB").getcolors(image.width * image.height) or ()) > 1
    return picture.stem.partition("-")[2]
