"""`firmware-bridge replay`: a pseudo-terminal on which a captured device speaks again."""

import asyncio
import signal
from argparse import ArgumentParser, Namespace
from pathlib import Path

from firmware_bridge.capture import Captured, CaptureError, read_capture
from firmware_bridge.commands.command import FAILED, OK, Command
from firmware_bridge.commands.numbers import factor, wait
from firmware_bridge.osdpcap import read_osdpcap
from firmware_bridge.simulators.pty import SimulatedPort
from firmware_bridge.simulators.replayed import Replayed
from kiosk.clock import Seconds, SystemClock

STAY_S: Seconds = 0.5
"""After the last byte: whoever listens takes it before the line hangs up."""


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a capture that `record` wrote")
    parser.add_argument("--port-link", type=Path, metavar="PATH", help="lead here to the port")
    parser.add_argument("--speed", type=factor, default=1.0, metavar="X", help="2 is twice as fast")
    parser.add_argument(
        "--after",
        type=wait,
        default=1.0,
        metavar="S",
        help="begin so long after the path is printed (1)",
    )


def _run(options: Namespace) -> int:
    return asyncio.run(_replay(_load(options.file), options))


def _load(path: Path) -> list[Captured]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        is_osdpcap = bool(lines) and lines[0].lstrip().startswith("{")
        return list(read_osdpcap(lines) if is_osdpcap else read_capture(lines))
    except CaptureError as error:
        raise CaptureError(f"{path}: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise CaptureError(f"{path} can not be read: {why}") from error


async def _replay(capture: list[Captured], options: Namespace) -> int:
    """Until everything was said, or somebody ends it before."""
    ended = asyncio.Event()
    if not capture:
        raise CaptureError(f"{options.file} holds nothing to replay")
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    device = Replayed(capture, options.speed, options.after, on_over=ended.set)
    port = SimulatedPort(lambda: device, SystemClock(), options.port_link)
    print(port.plug(), flush=True)
    try:
        await ended.wait()
        await asyncio.sleep(STAY_S)
    finally:
        port.unplug()
    return OK if device.is_over else FAILED


COMMAND = Command(
    "replay", "let a captured device speak again on a pseudo-terminal", _add_arguments, _run
)
