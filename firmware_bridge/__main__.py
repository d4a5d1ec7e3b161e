"""`firmware-bridge COMMAND`: the daemon, and what helps to install and to examine readers."""

import argparse
import logging
import os
import signal
import sys
from pathlib import Path

from firmware_bridge import app
from firmware_bridge.commands import (
    acknowledge,
    commission,
    decode,
    monitor,
    probe,
    record,
    replay,
    simulate,
)
from firmware_bridge.commands.command import (
    FAILED,
    INTERRUPTED,
    NOBODY_READS,
    OK,
    WRONG_USE,
    Command,
)
from kiosk import RELEASE
from kiosk.errors import ConfigError, KioskError

log = logging.getLogger("firmware_bridge")


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0, 1 when it failed, 2 for arguments or settings it can not use."""
    parser = argparse.ArgumentParser(
        prog="firmware-bridge", description="A terminal's card readers and its board."
    )
    parser.add_argument("--version", action="version", version=f"firmware-bridge {RELEASE}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        sub = commands.add_parser(command.name, help=command.help, description=command.help)
        command.add_arguments(sub)
        sub.set_defaults(run=command.run)
    options = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )
    # Ctrl+C is taken also where a shell had its background jobs ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        status = int(options.run(options))
        sys.stdout.flush()
        return status
    except ConfigError as error:
        log.error("%s", error)
        return WRONG_USE
    except KioskError as error:
        log.error("%s", error)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # What is still to be printed at the end would be said to fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS


def _run(options: argparse.Namespace) -> int:
    app.run(options.config)
    return OK


def _needs_config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--config", type=Path, required=True, metavar="FILE", help="settings in TOML"
    )


COMMANDS = (
    Command("run", "listen to the readers and tell kiosk-core", _needs_config, _run),
    probe.COMMAND,
    monitor.COMMAND,
    commission.COMMAND,
    decode.COMMAND,
    record.COMMAND,
    replay.COMMAND,
    simulate.COMMAND,
    acknowledge.COMMAND,
)

if __name__ == "__main__":
    sys.exit(main())
