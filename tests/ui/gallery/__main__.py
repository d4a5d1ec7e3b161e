"""Every screen as a picture, and all that is wrong with any: `python -m tests.ui.gallery`.

Leaves `build/gallery/index.html`, the pictures beside it, and `lint.json`. With `--quick` every
screen is drawn in each palette in English, and in every other language and mode measured without a
picture.
Screens with hostile words are those of English and Arabic, as words from outside are in no language.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from kiosk.catalogues import ENGLISH
from kiosk.wire.manner import Manner
from tests.project import ROOT
from tests.ui.gallery.drawing import Shot, look_of, shots
from tests.ui.gallery.manners import all_manners, few_manners, layouts
from tests.ui.gallery.page import page
from tests.ui.kit import Stage, offscreen_window
from tests.ui.samples import LANGUAGES, Sample, nasty_samples, plain_samples
from tests.ui.shoot import write_people

FOLDER = Path("build/gallery")


def main() -> int:
    """Draw all; 1 when anything is wrong with any screen."""
    parser = argparse.ArgumentParser(prog="gallery", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--jobs", type=int, default=2, help="processes that draw at once")
    parser.add_argument("--only", default="", help="a part of the names of screens")
    parser.add_argument("--part", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.part is not None:
        sys.stdout.buffer.write(msgspec.json.encode(list(_part(asked))))
        return 0
    shutil.rmtree(FOLDER, ignore_errors=True)
    found = _all(sys.argv[1:], asked.jobs)
    (FOLDER / "index.html").write_text(page(found))
    report = lint_report(found, whole=not (asked.quick or asked.only))
    (FOLDER / "lint.json").write_bytes(msgspec.json.format(msgspec.json.encode(report)))
    print(f"{report['screens']} screens, {report['faults']} faults: {FOLDER}/index.html")
    return 1 if report["faults"] else 0


def lint_report(found: Sequence[Shot], *, whole: bool) -> dict[str, object]:
    """How many screens were looked at, whether these are all, and what is wrong with which."""
    faults = [
        {
            "screen": shot.sample,
            "language": shot.manner.language,
            "look": look_of(shot.manner),
            "fault": fault,
            "picture": shot.file,
        }
        for shot in found
        for fault in shot.faults
    ]
    return {"screens": len(found), "whole": whole, "faults": len(faults), "list": faults}


def _all(arguments: list[str], jobs: int) -> list[Shot]:
    """What every process drew, each its share of the screens."""
    parts = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.ui.gallery", *arguments, "--part", str(number)],
            cwd=ROOT,
            env={**os.environ, "LP_NUM_THREADS": "0"},  # else Mesa draws each on every core
            stdout=subprocess.PIPE,
        )
        for number in range(jobs)
    ]
    drawn = []
    for part in parts:
        said, _ = part.communicate()
        if part.returncode:
            sys.exit(f"a process that draws ended with {part.returncode}")
        drawn.append(msgspec.json.decode(said, type=list[Shot]))
    return sorted(
        (shot for part in drawn for shot in part),
        key=lambda shot: (_ORDER.index(shot.sample), LANGUAGES.index(shot.manner.language)),
    )


def _part(asked: argparse.Namespace) -> Iterator[Shot]:
    samples = [sample for sample in _samples() if asked.only in sample.name]
    with tempfile.TemporaryDirectory() as frames:
        write_people(Path(frames))
        stage = Stage(offscreen_window(), Path(frames))
        for sample in samples[asked.part :: asked.jobs]:
            yield from shots(
                stage, sample, _manners(sample, asked.quick), FOLDER, quick=asked.quick
            )


def _manners(sample: Sample, quick: bool) -> Iterator[Manner]:
    if sample.is_nasty:
        return layouts((ENGLISH, "ar"))
    return few_manners(LANGUAGES) if quick else all_manners(LANGUAGES)


def _samples() -> Iterator[Sample]:
    yield from plain_samples()
    yield from nasty_samples()


_ORDER = [sample.name for sample in _samples()]

if __name__ == "__main__":
    sys.exit(main())
