"""The key that a terminal shares with one OSDP reader: a file that its owner alone may read."""

import os
import stat
from pathlib import Path

from kiosk.errors import BridgeError

NOT_THERE = "{} is not there: commission the reader (firmware-bridge commission)"
NOT_READ = "{} can not be read ({})"
NOT_WRITTEN = "{} can not be written ({})"
OF_OTHERS = "{} may be used by others than its owner: chmod 600 it"
NO_KEY = "{} holds no key of 32 hexadecimal characters: commission again"
EVERYBODYS = "{} holds a key that everybody knows: commission again"

KEY_BYTES = 16
_KNOWN = (bytes(KEY_BYTES), bytes(range(0x30, 0x40)))
"""To everybody: what a reader has before its first key, and what libosdp takes for that, too."""

_OWNER_ONLY = 0o600
_OTHERS = 0o077
_TEXT_BYTES = 2 * KEY_BYTES


class KeyMissing(BridgeError):
    """There is no key yet."""


class KeyBroken(BridgeError):
    """What is there is no key."""


def load_key(path: Path) -> bytes:
    """The 16 bytes, written as 32 hexadecimal characters. Raises BridgeError saying what to do."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read(_TEXT_BYTES + 2)
    except FileNotFoundError:
        raise KeyMissing(NOT_THERE.format(path)) from None
    except OSError as error:
        raise BridgeError(NOT_READ.format(path, error.strerror)) from error
    if mode & _OTHERS:
        raise BridgeError(OF_OTHERS.format(path))
    return _parsed(text, path)


def save_key(path: Path, key: bytes) -> None:
    """The whole or nothing, never readable by others. Raises BridgeError."""
    prepare_key(path, key)
    adopt_key(path)


def prepare_key(path: Path, key: bytes) -> None:
    """Keep a key beside the one at `path`, for a reader that has not proved it. Raises BridgeError."""
    beside = _beside(path)
    try:
        beside.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(beside, flags, _OWNER_ONLY), "wb") as file:
            file.write(key.hex().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        _sync(path.parent)
    except OSError as error:
        raise BridgeError(NOT_WRITTEN.format(path, error.strerror)) from error


def prepared_key(path: Path) -> bytes | None:
    """What `prepare_key` kept and nobody adopted; a half of one was given to no reader.

    Raises BridgeError where it can not be read.
    """
    try:
        return load_key(_beside(path))
    except (KeyMissing, KeyBroken):
        return None


def adopt_key(path: Path) -> None:
    """The key that was prepared is the key from now on. Raises BridgeError."""
    try:
        _beside(path).replace(path)
        _sync(path.parent)
    except OSError as error:
        raise BridgeError(NOT_WRITTEN.format(path, error.strerror)) from error


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


def _parsed(text: bytes, path: Path) -> bytes:
    digits = text.removesuffix(b"\n")
    try:
        key = bytes.fromhex(digits.decode("ascii")) if len(digits) == _TEXT_BYTES else b""
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        # Without what it is, nor as a cause: it may be a key with one character too few.
        raise KeyBroken(NO_KEY.format(path))
    if key in _KNOWN:
        raise KeyBroken(EVERYBODYS.format(path))
    return key


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
