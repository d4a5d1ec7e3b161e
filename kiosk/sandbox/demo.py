"""`visit-kiosk demo`: a whole visit on this machine, to watch or to measure."""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from kiosk.errors import KioskError
from kiosk.sandbox.desk_trial import talk_to_shell
from kiosk.sandbox.walk import Walk

SHORTEST_VISIT_S = 10.0


def main(arguments: Sequence[str]) -> int:
    """Run the demo; 0 when the visit went through, 1 when it did not, 2 for wrong use."""
    parser = argparse.ArgumentParser(prog="visit-kiosk demo", description=__doc__)
    parser.add_argument(
        "--headless", action="store_true", help="without a person; so too without a display"
    )
    parser.add_argument("--visit-s", type=float, help="length of the visit (headless 20, else 300)")
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="write what was measured as JSON"
    )
    parser.add_argument(
        "--directory", type=Path, default=Path("build/demo"), help="for pictures and logs"
    )
    options = parser.parse_args(arguments)
    headless = options.headless or not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    visit_s = options.visit_s or (20.0 if headless else 300.0)
    if visit_s < SHORTEST_VISIT_S:
        parser.error(f"--visit-s must be at least {SHORTEST_VISIT_S:g}")
    logging.getLogger("kiosk").setLevel(logging.INFO)
    try:
        if headless:
            return asyncio.run(_walk(options.directory, visit_s, options.report))
        asyncio.run(talk_to_shell(options.directory, visit_s))
    except KioskError as error:
        print(
            f"The demo stopped: {error}\nThe programs' logs are in {options.directory}.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


async def _walk(directory: Path, visit_s: float, report_file: Path | None) -> int:
    report = await Walk(directory, visit_s).go()
    figures = report.figures()
    for name, value in figures.items():
        if not isinstance(value, list):
            print(f"{name:22} {value}")
    print(f"{'screenshots':22} {directory}")
    if report_file is not None:
        report.write(report_file)
        print(f"{'report':22} {report_file}")
    return 0
