"""The only module that touches serial ports: opening, reading without blocking, waiting for one."""

import asyncio
import errno
import fcntl
import os
import termios
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, TypeAlias

import serial

from kiosk.clock import Seconds
from kiosk.errors import BridgeError

NOT_THERE = "{} is not there: plug the reader in, or correct `port`"
FORBIDDEN = "{} may not be opened: add this program's user to the group {}"
IN_USE = "{} is in use by another program: stop that one"
NO_PORT = "{} is no serial port: correct `port`"
NOT_OPENED = "{} cannot be opened ({}): check the reader and its cable"
UNPLUGGED = "the device was unplugged: plug it in"
TAKES_NOTHING = "the device takes nothing that is sent to it: check its cable"

_READ_BYTES = 1024

_PSEUDO_TERMINALS = range(136, 144)
"""Their major numbers (Linux, devices.txt)."""

Parity: TypeAlias = Literal["none", "even", "odd"]
_PARITIES: dict[Parity, str] = {
    "none": serial.PARITY_NONE,
    "even": serial.PARITY_EVEN,
    "odd": serial.PARITY_ODD,
}

Identity: TypeAlias = tuple[int, int, int]
"""Of a device file: a reader that was unplugged and plugged in again has another one."""


class SerialPort:
    """An open serial port with 8 bits and 1 stop bit, kept from every program but root's own."""

    def __init__(self, path: str, baud: int, parity: Parity = "none") -> None:
        """Open `path`, forgetting what came before; raises BridgeError saying what to do."""
        try:
            # No timeout: reading takes what is there.
            self._port = serial.Serial(
                path, baud, parity=_PARITIES[parity], timeout=0, exclusive=True
            )
            _keep(self._port.fileno())
        except (OSError, termios.error, ValueError) as error:
            raise BridgeError(_why_not(path, error)) from error
        self._readable = asyncio.Event()
        # FTDI adapters keep bytes back for 16 ms otherwise; a pseudo-terminal has no such mode.
        with suppress(ValueError):
            self._port.set_low_latency_mode(True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Or it would stay kept while root still has it open. Of a device that is gone nothing stays.
        with suppress(OSError):
            fcntl.ioctl(self._port.fileno(), termios.TIOCNXCL)
        self._port.close()

    def wake(self) -> None:
        """Have whoever waits in `read` look up."""
        self._readable.set()

    def write(self, data: bytes) -> None:
        """Send `data` without waiting. Raises BridgeError when the device takes nothing or is gone."""
        if not data:
            return
        try:
            # Not by pyserial, which tries for ever when there is no room.
            taken = os.write(self._port.fileno(), data)
        except BlockingIOError:
            taken = 0
        except OSError as error:
            raise BridgeError(UNPLUGGED) from error
        if taken != len(data):
            raise BridgeError(TAKES_NOTHING)

    async def read(self, within_s: Seconds | None) -> bytes:
        """What has come as soon as something has; nothing when `within_s` passed, or sooner.

        Raises BridgeError when the device is gone.
        """
        loop = asyncio.get_running_loop()
        # Only meanwhile: who does not read for a moment is not woken for each byte.
        loop.add_reader(self._port.fileno(), self._readable.set)
        try:
            async with asyncio.timeout(within_s):
                await self._readable.wait()
        except TimeoutError:
            pass
        finally:
            loop.remove_reader(self._port.fileno())
        self._readable.clear()
        try:
            # Even when time is up: what came in the same moment was not late.
            return self._port.read(_READ_BYTES)
        except (OSError, termios.error) as error:
            raise BridgeError(UNPLUGGED) from error


def _keep(descriptor: int) -> None:
    """The lock is for programs that lock theirs, and this for those that do not. Raises OSError."""
    # A pseudo-terminal would stay kept after we were killed, because its other end stays open.
    if os.major(os.fstat(descriptor).st_rdev) not in _PSEUDO_TERMINALS:
        fcntl.ioctl(descriptor, termios.TIOCEXCL)


def identity(path: str) -> Identity | None:
    """Which device file `path` is at the moment; None when there is none."""
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_ino, found.st_rdev, found.st_ctime_ns


def _why_not(path: str, error: Exception) -> str:
    """Why a port did not open, and what to do about it."""
    match _number_of(error):
        case errno.ENOENT | errno.ENODEV | errno.ENXIO:
            return NOT_THERE.format(path)
        case errno.EACCES | errno.EPERM:
            return FORBIDDEN.format(path, _group(path))
        case errno.EAGAIN | errno.EBUSY:
            return IN_USE.format(path)
        case errno.ENOTTY | errno.EISDIR | errno.EINVAL:
            return NO_PORT.format(path)
        case number:
            what = os.strerror(number) if number else type(error).__name__
            return NOT_OPENED.format(path, what)


def _number_of(error: BaseException) -> int | None:
    """The system's error number; pyserial leaves some of them in the error that it replaced."""
    number = error.errno if isinstance(error, OSError) else None
    if number is None and isinstance(error, termios.error):
        number = error.args[0]
    if number is None and error.__context__ is not None:
        return _number_of(error.__context__)
    return number


def _group(path: str) -> str:
    try:
        return Path(path).group()
    except (OSError, KeyError):
        return "that owns it"
