"""The sandbox from the command line: settings from a file or from options, until SIGTERM."""

import argparse
import asyncio
import contextlib
import json
import logging
import secrets
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from kiosk import config
from kiosk.errors import ConfigError
from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.instants import now_ms
from kiosk.sandbox.samples import add_samples
from kiosk.sandbox.settings import Listener, Settings


def main(arguments: Sequence[str]) -> int:
    """Run until SIGTERM or SIGINT; 1 when a port or the database is not to be had, 2 for wrong use."""
    options = _options(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        with contextlib.ExitStack() as stack:
            asyncio.run(_run(_settings(options, stack), options.visit_s))
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    except (OSError, sqlite3.OperationalError) as error:
        print(f"The sandbox can not run: {error}", file=sys.stderr)
        return 1
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m kiosk.sandbox", description=__doc__)
    parser.add_argument(
        "--config", type=Path, help="TOML file; without it a desk trial on loopback"
    )
    parser.add_argument("--database", type=Path, help="SQLite file to keep; else a temporary one")
    parser.add_argument("--port", type=_port, default=0, help="for terminals; 0 takes a free one")
    parser.add_argument(
        "--web-port", type=_port, default=0, help="for browsers; 0 takes a free one"
    )
    parser.add_argument(
        "--visit-s", type=float, help="add sample people with visits of that length"
    )
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if not (text.isdecimal() and int(text) <= 65_535):
        raise argparse.ArgumentTypeError(f"{text} is no port: from 0 to 65535")
    return int(text)


def _settings(options: argparse.Namespace, stack: contextlib.ExitStack) -> Settings:
    if options.config is not None:
        return config.load(options.config, Settings)
    if (database := options.database) is None:
        scratch = tempfile.TemporaryDirectory(prefix="visit-sandbox-")
        database = Path(stack.enter_context(scratch)) / "sandbox.db"
    return Settings(
        database=database,
        api=Listener(port=options.port),
        web=Listener(port=options.web_port),
        desk_password=secrets.token_urlsafe(6),
    )


async def _run(settings: Settings, visit_s: float | None) -> None:
    sandbox = Sandbox(settings)
    await sandbox.start()
    try:
        links = {}
        if visit_s is not None:
            added = add_samples(sandbox.people, sandbox.bookings, now_ms(sandbox.clock), visit_s)
            booked = [sample.booking for sample in added if sample.booking is not None]
            links = {each.reference: sandbox.family_url(each.reference) for each in booked}
        _say_ready(sandbox, links)
        await _until_stopped(sandbox)
    finally:
        await sandbox.close()


def _say_ready(sandbox: Sandbox, links: dict[str, str]) -> None:
    """One line of JSON on standard output, for whoever started this process."""
    ready = {
        "api": sandbox.api_url,
        "officer": sandbox.officer_url,
        "desk_password": sandbox.settings.desk_password,
        "links": links,
    }
    print(json.dumps(ready), flush=True)


async def _until_stopped(sandbox: Sandbox) -> None:
    running = asyncio.ensure_future(sandbox.run())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running
