"""`visit-kiosk demo`: a whole visit on this machine, to watch or to measure."""

import argparse
import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import sys
from collections.abc import Coroutine, Iterator, Sequence
from pathlib import Path
from typing import get_args

from kiosk.clock import Seconds
from kiosk.errors import KioskError
from kiosk.sandbox.desk_trial import talk_to_shell
from kiosk.sandbox.trial import Sfu
from kiosk.sandbox.walk import Walk

SHORTEST_VISIT_S: Seconds = 10.0
LONGEST_VISIT_S: Seconds = 4 * 3600.0
WALK_S: Seconds = 20.0
DESK_S: Seconds = 300.0
STOPPED = 130
"""What a shell says of a command that Ctrl+C ended."""


def main(arguments: Sequence[str]) -> int:
    """Run the demo; 0 when it went through, 1 when it did not, 2 for wrong use, 130 when stopped."""
    options = _options(arguments)
    headless = options.headless or not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    visit_s = options.visit_s or (WALK_S if headless else DESK_S)
    logging.getLogger("kiosk").setLevel(logging.INFO)
    try:
        with _alone_in(options.directory):
            if headless:
                _see_whether_writable(options.report)
                walk = Walk(options.directory, visit_s, options.sfu)
                return asyncio.run(_until_told(_walk(walk, options.directory, options.report)))
            talk = talk_to_shell(options.directory, visit_s, options.sfu)
            return asyncio.run(_until_told(talk))
    except KioskError as error:
        why = str(error)
    except OSError as error:
        why = f"{error.filename}: {error.strerror}" if error.filename else repr(error)
    print(
        f"The demo stopped: {why}\nThe programs' logs, if any, are in {options.directory}.",
        file=sys.stderr,
    )
    return 1


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="visit-kiosk demo",
        description="A whole visit on this machine, to watch (in a window) or to measure (without one).",
    )
    parser.add_argument(
        "--headless", action="store_true", help="without a person; so too without a display"
    )
    parser.add_argument(
        "--visit-s",
        type=float,
        metavar="S",
        help=f"length of the visit in seconds (headless {WALK_S:g}, else {DESK_S:g})",
    )
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="write what was measured as JSON (headless)"
    )
    parser.add_argument(
        "--directory", type=Path, default=Path("build/demo"), help="for pictures and logs"
    )
    parser.add_argument(
        "--sfu",
        choices=get_args(Sfu),
        default="none",
        help="what the media go through: nothing, from peer to peer, or a media server (%(default)s)",
    )
    options = parser.parse_args(arguments)
    if options.visit_s is not None and not SHORTEST_VISIT_S <= options.visit_s <= LONGEST_VISIT_S:
        parser.error(f"--visit-s must be from {SHORTEST_VISIT_S:g} to {LONGEST_VISIT_S:g}")
    return options


@contextlib.contextmanager
def _alone_in(directory: Path) -> Iterator[None]:
    """Two demos in one directory would write over each other's pictures and records."""
    directory.mkdir(parents=True, exist_ok=True)
    place = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise KioskError(
            f"another demo is using {directory}: stop it, or name another place with --directory"
        ) from error
    finally:
        os.close(place)


def _see_whether_writable(report: Path | None) -> None:
    """Before the visit rather than after it."""
    if report is not None:
        report.parent.mkdir(parents=True, exist_ok=True)
        report.open("a").close()


async def _until_told(work: Coroutine[None, None, None]) -> int:
    """Do the work; a signal stops it in good order, so that nothing is left running."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if not task.cancelling():
            # Ctrl+C told the browser's driver as well: that it is gone is no news.
            loop.set_exception_handler(lambda *_: None)
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        print("Stopped.")
        return STOPPED
    return 0


async def _walk(walk: Walk, directory: Path, report_file: Path | None) -> None:
    report = await walk.go()
    for name, value in report.figures().items():
        if not isinstance(value, list):
            print(f"{name:22} {round(value, 4) if isinstance(value, float) else value}")
    print(f"{'screenshots':22} {directory}")
    if report_file is not None:
        report.write(report_file)
        print(f"{'report':22} {report_file}")
