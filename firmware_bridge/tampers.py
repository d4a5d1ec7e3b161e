"""Tampers that stand until staff have seen to them, also when the bridge or the terminal restarts."""

import contextlib
import logging
import os
from pathlib import Path
from typing import TypeAlias

import msgspec

from kiosk.wire.devices import Tamper, TamperOver
from kiosk.wire.messages import Message

log = logging.getLogger(__name__)

OURSELVES = "terminal"
"""The device of a tamper that is no reader's and no board's."""

_Key: TypeAlias = tuple[str, str]


class Tampers:
    """Latches what is heard of tampering; `file` keeps it, where there is one."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._standing: dict[_Key, Tamper] = {
            (tamper.device, tamper.cause): tamper for tamper in _load(file)
        }
        self._kept = set(self._standing)

    @property
    def standing(self) -> list[Tamper]:
        """Every tamper that staff have not seen to, or that is still active."""
        return list(self._standing.values())

    def hear(self, tamper: Tamper) -> list[Message]:
        """What is news: the end of what nobody heard of is none."""
        key = (tamper.device, tamper.cause)
        if self._standing.get(key) == tamper or (key not in self._standing and not tamper.active):
            return []
        self._standing[key] = tamper
        self._keep()
        return [tamper]

    def acknowledge(self, device: str) -> list[Message]:
        """Staff have seen to `device`; what is still active goes on standing."""
        over = [t for t in self.standing if t.device == device and not t.active]
        for tamper in over:
            del self._standing[tamper.device, tamper.cause]
        if over:
            self._keep()
        return [TamperOver(tamper.device, tamper.cause) for tamper in over]

    def _keep(self) -> None:
        """Only what is new or over: whether a tamper is active is known anew after a start."""
        if self._file is None or self._kept == set(self._standing):
            return
        try:
            _save(self._file, msgspec.json.encode(self.standing))
            self._kept = set(self._standing)
        except OSError as error:  # it is still told, and stands while the bridge runs
            log.error("tampers are not kept in %s: %s", self._file, error.strerror)


def _load(file: Path | None) -> list[Tamper]:
    """What was kept. A file that can not be understood was itself tampered with."""
    if file is None:
        return []
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=list[Tamper])
    except FileNotFoundError:
        return []
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        log.error("%s can not be read: %s", file, type(error).__name__)
        return [Tamper(OURSELVES, "case_open", active=False)]
    # What was active may have ended meanwhile; the device says so again if it has not.
    return [msgspec.structs.replace(tamper, active=False) for tamper in kept]


def _save(file: Path, data: bytes) -> None:
    """The whole or nothing, also when the power fails: a temporary file, synced, moved in place."""
    beside = file.with_name(f".{file.name}.new")
    with beside.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(file)
    with contextlib.closing(_Directory(file.parent)) as directory:
        directory.sync()


class _Directory:
    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)

    def sync(self) -> None:
        os.fsync(self._descriptor)

    def close(self) -> None:
        os.close(self._descriptor)
