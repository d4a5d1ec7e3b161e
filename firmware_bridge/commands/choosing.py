"""Which reader a command is about: KIND and PORT on the command line, or a name in the settings."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

import msgspec

from firmware_bridge.readers import READERS
from firmware_bridge.readers.settings import ReaderSettings
from firmware_bridge.settings import BridgeSettings
from kiosk.config import load
from kiosk.errors import ConfigError


def add_reader_arguments(parser: ArgumentParser) -> None:
    """KIND PORT [--baud N] [--set NAME=VALUE], or --config FILE [--reader NAME]."""
    parser.add_argument("kind", nargs="?", choices=READERS, metavar="KIND", help=", ".join(READERS))
    parser.add_argument("port", nargs="?", metavar="PORT", help="such as /dev/serial/by-id/…")
    parser.add_argument("--baud", type=int, metavar="N", help="where it is not the kind's own")
    add_set_argument(parser)
    parser.add_argument("--config", type=Path, metavar="FILE", help="take the reader from here")
    parser.add_argument(
        "--reader", metavar="NAME", help="which one of the file, if there are several"
    )


def add_set_argument(parser: ArgumentParser) -> None:
    """[--set NAME=VALUE], as often as there is something to set."""
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the kind"
    )


def chosen_reader(options: Namespace) -> ReaderSettings:
    """The reader that the arguments mean. Raises ConfigError saying what is missing or wrong."""
    if options.config is not None:
        return _configured(load(options.config, BridgeSettings).readers, options.reader)
    if options.kind is None or options.port is None:
        raise ConfigError("arguments", ["name a KIND and a PORT, or a file with --config"])
    said: dict[str, Any] = {"port": str(Path(options.port).absolute())}
    if options.baud is not None:
        said["baud"] = options.baud
    return settings_of(options.kind, said, options.set)


def settings_of(kind: str, said: dict[str, Any], pairs: list[str]) -> ReaderSettings:
    """A reader's settings, of which some were `said` and others come from --set.

    Raises ConfigError.
    """
    known = {"name": "reader", **_extra(pairs), **said, "kind": kind}
    try:
        return msgspec.convert(known, READERS[kind].settings, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError("arguments", [str(error)]) from error


def _configured(readers: tuple[ReaderSettings, ...], name: str | None) -> ReaderSettings:
    names = [reader.name for reader in readers]
    fitting = [reader for reader in readers if name in (None, reader.name)]
    if len(fitting) != 1:
        raise ConfigError("--reader", [f"name one of {', '.join(names)}"])
    return fitting[0]


def _extra(pairs: list[str]) -> dict[str, Any]:
    wrong = [pair for pair in pairs if "=" not in pair]
    if wrong:
        raise ConfigError("--set", [f"{pair}: expected NAME=VALUE" for pair in wrong])
    return dict(pair.split("=", 1) for pair in pairs)
