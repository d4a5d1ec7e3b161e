"""The frames between a PN532 and its host (NXP UM0701-02, 6.2.1), for either side of the line."""

from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Self, TypeAlias

from firmware_bridge.readers.reading import BadFrame, FrameError

TO_CHIP = 0xD4
FROM_CHIP = 0xD5

START = b"\x00\xff"
_PREAMBLE = _POSTAMBLE = b"\x00"
_EXTENDED = b"\xff\xff"
_LONGEST_DATA = 254

NOISE = BadFrame("noise")


class Code(IntEnum):
    """The commands that are used here (7); a response has the code that follows its command's."""

    GET_FIRMWARE_VERSION = 0x02
    SAM_CONFIGURATION = 0x14
    RF_CONFIGURATION = 0x32
    IN_LIST_PASSIVE_TARGET = 0x4A


class Signal(Enum):
    """Frames without data; the value is what stands after the start code."""

    ACK = b"\x00\xff"
    """6.2.1.3: the frame before was received; from the host: stop what you are doing."""
    NAK = b"\xff\x00"
    """6.2.1.4, from the host only: send the last response again."""
    ERROR = b"\x01\xff\x7f\x81"
    """6.2.1.5, from the chip only: the command is not one that it knows."""

    def to_bytes(self) -> bytes:
        return _PREAMBLE + START + self.value + _POSTAMBLE


@dataclass(frozen=True, slots=True)
class Information:
    """A command to the chip or a response from it (6.2.1.1): its code, then its parameters."""

    identifier: int
    data: bytes = field(repr=False)

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Read from the start code to the checksum. Raises FrameError for anything else."""
        if not raw.startswith(START) or len(raw) < 7 or len(raw) != 5 + raw[2]:
            raise FrameError("a frame of the wrong length")
        if (raw[2] + raw[3]) % 256:
            raise FrameError("a wrong checksum of the length")
        if sum(raw[4:]) % 256:
            raise FrameError("a wrong checksum")
        identifier, *data = raw[4:-1]
        if identifier not in (TO_CHIP, FROM_CHIP) or not data:
            raise FrameError("a frame that is neither a command nor a response")
        return cls(identifier, bytes(data))

    def to_bytes(self) -> bytes:
        assert 1 <= len(self.data) <= _LONGEST_DATA
        body = bytes([self.identifier]) + self.data
        length = bytes([len(body), -len(body) % 256])
        return _PREAMBLE + START + length + body + bytes([-sum(body) % 256]) + _POSTAMBLE


Frame: TypeAlias = Information | Signal


class Pn532Scanner:
    """Finds frames among preambles and noise; after a wrong one it looks again inside it."""

    def __init__(self) -> None:
        self._begun = b""
        self._in_noise = False

    def feed(self, data: bytes) -> list[Frame | BadFrame]:
        self._begun += data
        found: list[Frame | BadFrame] = []
        while self._skip_to_start(found) and self._take(found):
            pass
        return found

    def quiet(self) -> list[Frame | BadFrame]:
        """Half a frame is given up, and what stands behind its beginning is looked at again."""
        found: list[Frame | BadFrame] = []
        while self._begun.startswith(START):
            self._wrong("half a frame", found)
            found += self.feed(b"")
        self._begun = b""
        self._in_noise = False
        return found

    def _skip_to_start(self, found: list[Frame | BadFrame]) -> bool:
        """Whether a frame begins; what is before it is dropped, and told unless it is preamble."""
        at = self._begun.find(START)
        # The last byte may be the first one of a start code.
        end = at if at >= 0 else len(self._begun) - self._begun.endswith(START[:1])
        if self._begun[:end].strip(b"\x00") and not self._in_noise:
            self._in_noise = True
            found.append(NOISE)
        self._begun = self._begun[end:]
        return at >= 0

    def _take(self, found: list[Frame | BadFrame]) -> bool:
        """Take the frame that begins here; False when it is not there in full."""
        length = self._begun[2:4]
        if len(length) < 2:
            return False
        for signal in Signal:
            if self._begun[2:].startswith(signal.value):
                return self._right(signal, len(START + signal.value), found)
        if length == _EXTENDED:
            # 6.2.1.2: none of the responses that are asked for is longer than a normal frame.
            return self._wrong("a frame of the extended kind", found)
        if sum(length) % 256:
            return self._wrong("a wrong checksum of the length", found)
        end = 5 + length[0]
        if len(self._begun) < end:
            return False
        try:
            return self._right(Information.from_bytes(self._begun[:end]), end, found)
        except FrameError as error:
            return self._wrong(str(error), found)

    def _right(self, frame: Frame, end: int, found: list[Frame | BadFrame]) -> bool:
        found.append(frame)
        self._begun = self._begun[end:]
        self._in_noise = False
        return True

    def _wrong(self, reason: str, found: list[Frame | BadFrame]) -> bool:
        found.append(BadFrame(reason))
        self._begun = self._begun[1:]
        # The rest of it is no news.
        self._in_noise = True
        return True
