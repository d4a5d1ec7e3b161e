"""visit-kiosk: run a terminal, try one on a desk, look at what is wrong, check a visit service."""

import argparse
import asyncio
import logging
import signal
import sys
from pathlib import Path

from kiosk import RELEASE
from kiosk.clock import SystemClock
from kiosk.programs import programs
from kiosk.supervisor import Supervisor


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; the exit code is 0, 1 for a finding, 2 for wrong use."""
    parser = argparse.ArgumentParser(prog="visit-kiosk", description=__doc__)
    parser.add_argument("--version", action="version", version=f"visit-kiosk {RELEASE}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="start the terminal's programs and keep them running")
    run.add_argument("--config", type=Path, default=Path("/etc/visit-kiosk"), metavar="DIR")
    doctor = commands.add_parser("doctor", help="say what this terminal lacks, and what to do")
    doctor.add_argument("--config", type=Path, default=Path("/etc/visit-kiosk"), metavar="DIR")
    for name, purpose in (
        ("demo", "a whole visit on this machine, with a sandbox for the prison's side"),
        ("contract-check", "does a visit service keep the contract?"),
    ):
        commands.add_parser(name, help=purpose, add_help=False)
    options, rest = parser.parse_known_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    if options.command in ("run", "doctor") and rest:
        parser.error(f"unknown arguments: {' '.join(rest)}")
    match options.command:
        case "run":
            return _run(options.config)
        case "doctor":
            from kiosk.doctor import look, report

            return report(look(options.config))
        case "demo":
            from kiosk.sandbox.demo import main as demo

            return demo(rest)
        case _:
            from kiosk.core.contract_check import main as check

            return check(rest)


def _run(config: Path) -> int:
    """Not without usable settings: programs that end at once would be started for ever."""
    from kiosk.doctor import look_at_settings, report

    if report(finding for finding in look_at_settings(config) if finding.advice):
        return 2
    asyncio.run(_keep_running(config))
    return 0


async def _keep_running(config: Path) -> None:
    supervisor = Supervisor(programs(config), SystemClock())
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await supervisor.start()
    await stopped.wait()
    await supervisor.stop()


if __name__ == "__main__":
    sys.exit(main())
