"""A card reader on a pseudo-terminal that behaves as an RDM6300: hold a card to it, unplug it."""

import asyncio
import os
import select
import tty
from functools import reduce
from operator import xor
from pathlib import Path

from kiosk.clock import Clock, Seconds, SystemClock
from kiosk.errors import KioskError

REPEAT_S: Seconds = 0.06
"""How often it repeats the frame of a held card; a real one takes 50 to 65 ms."""

_NUMBER_BYTES = 5


class SandboxReader:
    """The reader behind `path`, a link to its serial port, as udev makes one; plug it in first."""

    def __init__(
        self, path: Path, clock: Clock | None = None, owner_uid: int | None = None
    ) -> None:
        """`owner_uid` is the user that may open the port; ours when not given."""
        self._path = path
        self._clock = clock or SystemClock()
        self._owner_uid = os.getuid() if owner_uid is None else owner_uid
        self._master: int | None = None

    async def plug_in(self) -> None:
        """Be there, as a new device behind the same path."""
        assert self._master is None, "it is plugged in"
        master, slave = os.openpty()
        tty.setraw(slave)
        os.fchown(slave, self._owner_uid, -1)
        device = os.ttyname(slave)
        # Held by nobody else, so that it is seen whether somebody listens.
        os.close(slave)
        os.set_blocking(master, False)
        self._master = master
        beside = self._path.with_name(f".{self._path.name}.new")
        beside.unlink(missing_ok=True)
        beside.symlink_to(device)
        beside.replace(self._path)

    async def unplug(self) -> None:
        """Be gone: whoever has the port open sees it hang up. A held card stays held."""
        if self._master is None:
            return
        os.close(self._master)
        self._master = None
        self._path.unlink()

    async def hold(self, credential_hex: str, for_s: Seconds) -> Seconds:
        """Hold a card to the reader for so long; cancelling takes it away.

        Returns the moment on CLOCK_MONOTONIC at which the last byte of the first frame that
        somebody could hear was written; raises KioskError when there was none.
        """
        frame = _frame(credential_hex)
        first_s: Seconds | None = None
        next_s = self._clock.monotonic()
        until_s = next_s + for_s
        while next_s < until_s:
            if self._write(frame) and first_s is None:
                first_s = self._clock.monotonic()
            next_s += REPEAT_S
            await asyncio.sleep(min(next_s, until_s) - self._clock.monotonic())
        if first_s is None:
            raise KioskError(f"nobody listened at {self._path} while the card was held")
        return first_s

    async def send_raw(self, data: bytes) -> None:
        """Send any bytes, as a broken reader or a noisy line would."""
        if not self._write(data):
            raise KioskError(f"nobody listened at {self._path}")

    def _write(self, data: bytes) -> bool:
        """Write what the line takes; whether somebody could hear all of it."""
        if self._master is None or not _is_open(self._master):
            return False
        try:
            return os.write(self._master, data) == len(data)
        except BlockingIOError:  # whoever listens is stuck: on a real line, too, it is lost
            return False


def _is_open(master: int) -> bool:
    """Whether some program has the port open."""
    poll = select.poll()
    poll.register(master, 0)
    return not any(event & select.POLLHUP for _, event in poll.poll(0))


def _frame(credential_hex: str) -> bytes:
    """02, the number in hexadecimal, the XOR of its bytes, 03 (RDM6300 data sheet)."""
    number = bytes.fromhex(credential_hex)
    if len(number) != _NUMBER_BYTES:
        raise ValueError(f"a card has {_NUMBER_BYTES} bytes, not {len(number)}")
    return b"\x02%b%02X\x03" % (number.hex().upper().encode(), reduce(xor, number))
