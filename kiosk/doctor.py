"""Looks a terminal over and says what it lacks, and what to do about it."""

import ctypes.util
import os
import socket
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from firmware_bridge.settings import BridgeSettings
from kiosk.call.settings import Settings as CallSettings
from kiosk.catalogues import TRANSLATIONS
from kiosk.config import load
from kiosk.core.languages import withheld
from kiosk.core.settings import CoreSettings, TerminalSettings
from kiosk.errors import ConfigError
from kiosk.ui.settings import Settings as UiSettings

CONNECT_S = 3.0
PLUG_IN = "It is not there: plug it in, or correct the path."
NOT_IN_MEMORY = (
    "It is not on tmpfs, so that a card, names or pictures may outlive a reboot:"
    " name a directory below /run, as docs/operations.md does."
)
FOR_DEMOS = (
    "It offers languages that nobody has reviewed, and is for demos and for reviewers:"
    " take it out where prisoners use the terminal."
)
MOUNTS = Path("/proc/self/mountinfo")
WHERE_EXAMPLES_ARE = "docs/operations.md has a whole example of each"

T = TypeVar("T", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `advice` says what to do where it is not well."""

    subject: str
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class _All:
    """The settings that name something to look at, None where they can not be used."""

    bridge: BridgeSettings | None
    core: CoreSettings | None
    call: CallSettings | None
    ui: UiSettings | None


def report(findings: Iterable[Finding]) -> int:
    """Print findings; 0 when all is well, 1 when something is to be done."""
    findings = list(findings)
    for finding in findings:
        print(f"{'ok' if finding.advice is None else 'TO DO':6}{finding.subject}")
        if finding.advice is not None:
            print(f"      {finding.advice}")
    return 1 if any(finding.advice for finding in findings) else 0


def look(config: Path) -> Iterator[Finding]:
    """Everything that can be seen from here without opening a device or showing a card."""
    yield from _libraries()
    settings = yield from _all_settings(config)
    if settings.bridge is not None:
        yield _directory(settings.bridge.wire.socket.parent)
        for reader in settings.bridge.readers:
            yield _device(f"reader {reader.name}", Path(reader.port), os.R_OK | os.W_OK)
    if settings.core is not None:
        yield from _service(settings.core)
        state = settings.core.state
        for directory in (settings.core.wire.socket.parent, state.fleeting, state.lasting):
            yield _directory(directory)
        yield from _in_memory(state.fleeting)
        yield from _languages(settings.core.terminal)
    if settings.call is not None:
        frames = Path(settings.call.frames.directory)
        yield _directory(frames)
        yield from _in_memory(frames)
        if settings.call.camera.source.startswith("v4l2:"):
            camera = Path(settings.call.camera.source.removeprefix("v4l2:"))
            yield _device("camera", camera, os.R_OK | os.W_OK)
    if settings.ui is not None and settings.ui.screen.touch_device is not None:
        yield _device("touchscreen", Path(settings.ui.screen.touch_device), os.R_OK)


def look_at_settings(config: Path) -> Iterator[Finding]:
    """The programs' settings alone: without them none can start."""
    yield from _all_settings(config)


def _all_settings(config: Path) -> Generator[Finding, None, _All]:
    bridge = yield from _settings(config / "bridge.toml", BridgeSettings)
    core = yield from _settings(config / "core.toml", CoreSettings)
    call = yield from _settings(config / "call.toml", CallSettings)
    ui = yield from _settings(config / "ui.toml", UiSettings)
    return _All(bridge, core, call, ui)


def _libraries() -> Iterator[Finding]:
    for library, package in (
        ("portaudio", "libportaudio2"),
        ("mtdev", "libmtdev1"),
        ("GL", "libgl1"),
    ):
        found = ctypes.util.find_library(library)
        advice = None if found else f"Install the Debian package {package}: run `make setup`."
        yield Finding(f"library {library}", advice)


def _settings(path: Path, kind: type[T]) -> Generator[Finding, None, T | None]:
    try:
        settings = load(path, kind)
    except ConfigError as error:
        missing = isinstance(error.__cause__, FileNotFoundError)
        for fault in error.faults:
            advice = f"Write it: {WHERE_EXAMPLES_ARE}." if missing else f"Correct it: {fault}"
            yield Finding(f"settings {path}", advice)
        return None
    yield Finding(f"settings {path}")
    return settings


def _device(name: str, path: Path, access: int, missing: str = PLUG_IN) -> Finding:
    if os.access(path, access):
        return Finding(f"{name} at {path}")
    try:
        path.stat()
    except PermissionError:
        pass
    except OSError:
        return Finding(f"{name} at {path}", missing)
    return Finding(
        f"{name} at {path}",
        "We may not use it: add the program's user to its group, or look as that user.",
    )


def _directory(path: Path) -> Finding:
    usable = os.path.isdir(path) and os.access(path, os.W_OK)  # noqa: PTH112 - it never raises
    advice = (
        None
        if usable
        else "Make it, writable by its program: systemd/visit-kiosk.tmpfiles.conf does."
    )
    return Finding(f"directory {path}", advice)


def _in_memory(path: Path) -> Iterator[Finding]:
    """Whether what nobody may find after a reboot lies on tmpfs; nothing for what is not there."""
    try:
        device = path.stat().st_dev
    except OSError:
        return
    on_tmpfs = f"{os.major(device)}:{os.minor(device)}" in _devices_of("tmpfs")
    yield Finding(f"tmpfs at {path}", None if on_tmpfs else NOT_IN_MEMORY)


def _devices_of(kind: str) -> set[str]:
    """The mounted file systems of a kind by `major:minor`; proc(5) says how a line is made."""
    mounts = [line.split() for line in MOUNTS.read_text().splitlines()]
    return {mount[2] for mount in mounts if mount[mount.index("-") + 1] == kind}


def _languages(terminal: TerminalSettings) -> Iterator[Finding]:
    """Whether the screens may offer each language of the site's."""
    told = withheld(terminal.languages, TRANSLATIONS, unreviewed_too=False)
    yield from (Finding(f"language {tag}", told.get(tag)) for tag in terminal.languages)
    if terminal.unreviewed_languages:
        yield Finding("setting terminal.unreviewed_languages", FOR_DEMOS)


def _service(core: CoreSettings) -> Iterator[Finding]:
    for what, file in (
        ("authority", core.service.ca),
        ("certificate", core.service.certificate),
        ("key", core.service.key),
    ):
        if file is not None:
            yield _device(what, file, os.R_OK, "It is not there: put it there.")
    address = urlsplit(core.service.url)
    port = address.port or (443 if address.scheme == "https" else 80)
    try:
        socket.create_connection((address.hostname or "", port), CONNECT_S).close()
    except OSError as error:
        advice = f"It does not answer ({error}): check the network, the address and the service."
        yield Finding(f"visit service at {address.netloc}", advice)
    else:
        yield Finding(f"visit service at {address.netloc}")
