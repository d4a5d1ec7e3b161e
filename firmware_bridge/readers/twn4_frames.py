"""Elatec's Simple Protocol (TWN4 Simple Protocol, document revision 17, 1.1 to 1.3), either side.

A request or a response is bytes written as hexadecimal characters with a carriage return behind
them; where it is so configured, two bytes of CRC stand at the end.
"""

from binascii import Error as NotHexadecimal
from binascii import unhexlify
from dataclasses import dataclass, field
from typing import Self

from firmware_bridge.readers.reading import BadFrame, FrameError

END = b"\r"
_LINE_FEED = b"\n"
"""Some programs send one with the end; it means nothing."""

_CRC_BYTES = 2
_LONGEST_BYTES = 2 * (3 + 255 + _CRC_BYTES)
"""A byte of error, one of result, and a counted array of bytes."""


@dataclass(frozen=True, slots=True)
class Twn4Line:
    """One request or response, without what stands around it."""

    data: bytes = field(repr=False)

    @classmethod
    def from_bytes(cls, raw: bytes, *, crc: bool) -> Self:
        """Read one line with its end. Raises FrameError."""
        if not raw.endswith(END):
            raise FrameError("a line without its end")
        try:
            data = unhexlify(raw.removesuffix(END))
        except NotHexadecimal:
            # Without its cause, which would be the place to look for what was sent.
            raise FrameError("a line that is not hexadecimal") from None
        if crc:
            data, sent = data[:-_CRC_BYTES], data[-_CRC_BYTES:]
            if crc_of(data) != sent:
                raise FrameError("a wrong CRC")
        if not data:
            raise FrameError("an empty line")
        return cls(data)

    def to_bytes(self, *, crc: bool) -> bytes:
        data = self.data + crc_of(self.data) if crc else self.data
        return data.hex().upper().encode("ascii") + END


class Twn4Scanner:
    """Lines up to their carriage return; one that is too long is dropped to its end."""

    def __init__(self, *, crc: bool) -> None:
        self._crc = crc
        self._begun = bytearray()
        self._too_long = False

    def feed(self, data: bytes) -> list[Twn4Line | BadFrame]:
        *ended, rest = data.replace(_LINE_FEED, b"").split(END)
        found = []
        for part in ended:
            self._append(part)
            found.append(self._line())
            self._forget()
        self._append(rest)
        return found

    def quiet(self) -> list[Twn4Line | BadFrame]:
        unfinished = bool(self._begun)
        self._forget()
        return [BadFrame("half a line")] if unfinished else []

    def _append(self, part: bytes) -> None:
        self._too_long = self._too_long or len(self._begun) + len(part) > _LONGEST_BYTES
        self._begun += part[: _LONGEST_BYTES - len(self._begun)]

    def _line(self) -> Twn4Line | BadFrame:
        if self._too_long:
            return BadFrame("a line that is too long")
        try:
            return Twn4Line.from_bytes(bytes(self._begun) + END, crc=self._crc)
        except FrameError as error:
            return BadFrame(str(error))

    def _forget(self) -> None:
        self._begun.clear()
        self._too_long = False


def crc_of(data: bytes) -> bytes:
    """CRC-16 of the polynomial 1021, reflected (8408), begun with FFFF; low byte first (1.3.3)."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x8408 if crc & 1 else 0)
    return crc.to_bytes(_CRC_BYTES, "little")
