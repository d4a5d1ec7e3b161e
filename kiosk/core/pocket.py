"""A small file of which there is always one whole version, for its owner alone."""

import logging
import os
from pathlib import Path

log = logging.getLogger(__name__)

_MODE = 0o600


class Pocket:
    """Keeps bytes on tmpfs over a restart of the program, not over one of the terminal.

    A program that is killed while it saves leaves the version before. It lies in memory, so that
    saving takes microseconds and never waits for a disk.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._new = path.with_name(f".{path.name}.new")

    def save(self, data: bytes) -> bool:
        """Replace what was kept; False, and a line in the log, when it can not be kept."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._new.unlink(missing_ok=True)
            with open(self._new, "xb", opener=_private) as file:
                file.write(data)
            self._new.replace(self._path)
        except OSError as error:
            log.error("%s can not be saved: %s", self._path, error.strerror)
            return False
        return True

    def load(self) -> bytes | None:
        """What was saved last; None when nothing was, or it can not be read."""
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            log.error("%s can not be read: %s", self._path, error.strerror)
            return None

    def empty(self) -> None:
        """Keep nothing."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            log.error("%s can not be removed: %s", self._path, error.strerror)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW, _MODE)
