"""Which programs make up a terminal, and how each is started."""

import sys
from pathlib import Path

from kiosk.supervisor import Program

PROGRAMS = (
    ("firmware-bridge", ("-m", "firmware_bridge", "run"), "bridge.toml"),
    ("kiosk-core", ("-m", "kiosk.core"), "core.toml"),
    ("kiosk-call", ("-m", "kiosk.call"), "call.toml"),
    ("kiosk-ui", ("-m", "kiosk.ui"), "ui.toml"),
)
"""In the order of starting; each with its module and its file in the configuration directory."""


def programs(config: Path) -> list[Program]:
    """The terminal's programs, as they are started with the files in `config`."""
    return [
        Program(name, (sys.executable, *module, "--config", str(config / file)))
        for name, module, file in PROGRAMS
    ]
