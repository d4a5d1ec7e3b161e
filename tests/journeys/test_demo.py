"""The demo: with a display, nothing of it stays behind; without one, a whole visit is measured."""

import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image

from kiosk.programs import PROGRAMS
from kiosk.sandbox.display import VirtualDisplay
from kiosk.sandbox.observer import Observer
from tests.project import ROOT

READY_S = 40.0
STOP_S = 15.0
VISIT_S = 15
SHORT_S = 10
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


@dataclass
class Desk:
    """A demo in a window that is ready for a card, what it has said so far, and its programs."""

    demo: asyncio.subprocess.Process
    said: str
    programs: list[psutil.Process]

    @property
    def run(self) -> set[Path]:
        """The directories with the settings and the sockets of its programs."""
        return {run for program in self.programs if (run := run_directory(program))}

    def types(self, line: str) -> None:
        assert self.demo.stdin is not None
        self.demo.stdin.write(f"{line}\n".encode())

    async def ends(self) -> int:
        async with asyncio.timeout(STOP_S):
            return await self.demo.wait()

    def has_left_nothing(self) -> None:
        assert len(self.programs) >= 5
        assert not psutil.wait_procs(self.programs, timeout=0)[1]


@asynccontextmanager
async def demo_on_a_desk(directory: Path) -> AsyncIterator[Desk]:
    display = VirtualDisplay()
    demo, programs = None, list[psutil.Process]()
    await display.start()
    try:
        demo = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "kiosk", "demo", "--directory", str(directory)),
            env={**os.environ, **display.environment, "PYTHONUNBUFFERED": "1"},
            stdin=PIPE,  # stays open: nobody types anything but the test
            stdout=PIPE,
            stderr=DEVNULL,
            start_new_session=True,
        )
        assert demo.stdout is not None
        said = b""
        async with asyncio.timeout(READY_S):
            while b"then Enter" not in said:
                said += (line := await demo.stdout.readline())
                assert line
        programs += psutil.Process(demo.pid).children(recursive=True)
        yield Desk(demo, said.decode(), programs)
    finally:
        if demo is not None and demo.returncode is None:
            demo.kill()  # it would start its programs anew
            await demo.wait()
        for process in programs:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        await display.stop()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_demo_that_is_stopped_leaves_no_program_and_no_file(
    tmp_path: Path, number: signal.Signals
) -> None:
    async with demo_on_a_desk(tmp_path) as desk:
        [run] = desk.run
        os.killpg(desk.demo.pid, number)  # as a terminal does
        await desk.ends()
        desk.has_left_nothing()
        assert not run.exists()


async def test_who_types_c_holds_a_card_and_q_ends_the_demo(tmp_path: Path) -> None:
    async with demo_on_a_desk(tmp_path) as desk:
        assert re.search(r"family's page .*\n  https?://\S+\n", desk.said)
        [run] = desk.run
        observer = Observer(run / "core/core.sock")
        await observer.start()
        try:
            desk.types("c")
            await observer.stage("Welcome")
            await observer.drawn("Welcome")
        finally:
            await observer.stop()
        desk.types("q")
        assert await desk.ends() == 0
        desk.has_left_nothing()


def run_directory(process: psutil.Process) -> Path | None:
    """Where a program of the demo has its settings and its sockets."""
    parts = [Path(word) for word in process.cmdline() if "visit-trial-" in word]
    if not parts:
        return None
    path = parts[0]
    while not path.name.startswith("visit-trial-"):
        path = path.parent
    return path


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
    await walk(*("--sfu", "janus", "--visit-s", SHORT_S, "--directory", tmp_path, "--report", file))
    looks_like_a_visit(json.loads(file.read_text()), SHORT_S)
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
