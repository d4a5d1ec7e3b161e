"""OSDP packets (IEC 60839-11-5) as they lie on the wire, for who listens without the key.

    [FF] 53 address length(2) control [security block] code data [MAC(4)] CRC(2) or checksum(1)

A reply has bit 7 of the address set. The length counts from 53 to the end, low byte first.
"""

from binascii import crc_hqx
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

from firmware_bridge.readers.osdp_card import WIEGAND_FORMAT, bits_of, card_of
from firmware_bridge.readers.reading import (
    BadFrame,
    CaseSeen,
    FrameError,
    OtherFrame,
    PowerSeen,
    Reading,
)

SOM = 0x53
_MARK = 0xFF
_REPLY = 0x80
_HAS_CRC = 0x04
_HAS_SECURITY = 0x08
_RESERVED = 0xF0
_HEADER_BYTES = 5
_SHORTEST_BYTES = 7
_LONGEST_BYTES = 1440
_CRC_START = 0x1D0F
_MAC_BYTES = 4
_WITH_MAC = range(0x15, 0x19)
_ENCRYPTED = (0x17, 0x18)

_RAW_HEADER_BYTES = 4

COMMANDS: Mapping[int, str] = {
    0x60: "POLL", 0x61: "ID", 0x62: "CAP", 0x64: "LSTAT", 0x65: "ISTAT", 0x66: "OSTAT",
    0x67: "RSTAT", 0x68: "OUT", 0x69: "LED", 0x6A: "BUZ", 0x6B: "TEXT", 0x6E: "COMSET",
    0x73: "BIOREAD", 0x74: "BIOMATCH", 0x75: "KEYSET", 0x76: "CHLNG", 0x77: "SCRYPT",
    0x7B: "ACURXSIZE", 0x7C: "FILETRANSFER", 0x80: "MFG", 0xA1: "XWR", 0xA2: "ABORT",
    0xA3: "PIVDATA", 0xA4: "GENAUTH", 0xA5: "CRAUTH", 0xA7: "KEEPACTIVE",
}  # fmt: skip

REPLIES: Mapping[int, str] = {
    0x40: "ACK", 0x41: "NAK", 0x45: "PDID", 0x46: "PDCAP", 0x48: "LSTATR", 0x49: "ISTATR",
    0x4A: "OSTATR", 0x4B: "RSTATR", 0x50: "RAW", 0x51: "FMT", 0x53: "KEYPAD", 0x54: "COM",
    0x57: "BIOREADR", 0x58: "BIOMATCHR", 0x76: "CCRYPT", 0x78: "RMAC_I", 0x79: "BUSY",
    0x7A: "FTSTAT", 0x80: "PIVDATAR", 0x81: "GENAUTHR", 0x82: "CRAUTHR", 0x83: "MFGSTATR",
    0x84: "MFGERRR", 0x90: "MFGREP", 0xB1: "XRD",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet; `security` is its security block without the length, `data` without the MAC."""

    address: int
    is_reply: bool
    sequence: int
    code: int
    data: bytes = field(default=b"", repr=False)
    security: bytes = b""
    mac: bytes = field(default=b"", repr=False)
    has_crc: bool = True

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Read a packet from its 53 to its end. Raises FrameError for anything but a whole one."""
        if len(raw) < _SHORTEST_BYTES or raw[0] != SOM or _length_of(raw) != len(raw):
            raise FrameError("a packet of the wrong length")
        control = raw[4]
        body = raw[_HEADER_BYTES : -_check_bytes(control)]
        if raw != raw[:_HEADER_BYTES] + body + _check(raw[:_HEADER_BYTES] + body, control):
            raise FrameError("a wrong checksum")
        security, rest = _split_security(body, control)
        if security[:1] and security[0] in _WITH_MAC:
            rest, mac = rest[:-_MAC_BYTES], rest[-_MAC_BYTES:]
        else:
            mac = b""
        if not rest:
            raise FrameError("a packet that says nothing")
        is_reply, address = bool(raw[1] & _REPLY), raw[1] & ~_REPLY
        has_crc = bool(control & _HAS_CRC)
        return cls(address, is_reply, control & 3, rest[0], rest[1:], security, mac, has_crc)

    def to_bytes(self) -> bytes:
        """The packet as it is sent, from its 53."""
        block = bytes([1 + len(self.security), *self.security]) if self.security else b""
        body = block + bytes([self.code]) + self.data + self.mac
        control = self.sequence | _HAS_CRC * self.has_crc | _HAS_SECURITY * bool(block)
        length = _HEADER_BYTES + len(body) + _check_bytes(control)
        address = self.address | _REPLY * self.is_reply
        head = bytes([SOM, address, *length.to_bytes(2, "little"), control])
        return head + body + _check(head + body, control)

    @property
    def name(self) -> str:
        """What the specification calls it, without its `osdp_`."""
        names = REPLIES if self.is_reply else COMMANDS
        return names.get(self.code, f"{'reply' if self.is_reply else 'command'} {self.code:02X}")

    @property
    def is_encrypted(self) -> bool:
        """Whether its data can be read with the key only."""
        return self.security[:1] != b"" and self.security[0] in _ENCRYPTED


class OsdpDecoder:
    """Finds packets in what is said on the line, by whom ever; a card in clear is an identifier."""

    def __init__(self, on_packet: Callable[[Packet], None] = lambda _: None) -> None:
        """`on_packet` is told of each sound packet, too."""
        self._on_packet = on_packet
        self._buffer = bytearray()
        self._in_noise = False

    def feed(self, data: bytes) -> list[Reading]:
        """What each sound packet says, and one fault for each stretch of what is none."""
        readings = []
        for start in range(0, len(data), _LONGEST_BYTES):
            self._buffer += data[start : start + _LONGEST_BYTES]
            readings += self._drain(at_end=False)
        return readings

    def quiet(self) -> list[Reading]:
        readings = self._drain(at_end=True)
        self._in_noise = False
        return readings

    def _drain(self, *, at_end: bool) -> list[Reading]:
        """Packets from the front; what is none loses its first byte, so that a good one is found."""
        readings: list[Reading] = []
        while self._buffer:
            if self._buffer[0] != SOM:
                readings += self._skip("noise")
                continue
            length = _plausible_length(self._buffer)
            if length is None:
                readings += self._skip("noise")
            elif length > len(self._buffer):
                if not at_end:
                    break
                readings += self._skip("half a packet")
            else:
                readings += self._take(length)
        return readings

    def _take(self, length: int) -> list[Reading]:
        try:
            packet = Packet.from_bytes(bytes(self._buffer[:length]))
        except FrameError as error:
            return self._skip(str(error))
        del self._buffer[:length]
        self._in_noise = False
        self._on_packet(packet)
        return readings_of(packet)

    def _skip(self, reason: str) -> list[Reading]:
        mark = self._buffer[0] == _MARK
        del self._buffer[0]
        if self._in_noise or mark:
            return []
        self._in_noise = True
        return [BadFrame(reason)]


def readings_of(packet: Packet) -> list[Reading]:
    """What a packet says to who has no key."""
    if packet.is_encrypted:
        return [OtherFrame(f"{packet.name}, encrypted")]
    if not packet.is_reply:
        return [OtherFrame(packet.name)]
    match packet.name, list(packet.data):
        case "RAW", _:
            return [_card(packet.data)]
        case "LSTATR", [tamper, power]:
            return [CaseSeen(tamper != 0), PowerSeen(power != 0)]
        case name, _:
            return [OtherFrame(name)]


def _card(data: bytes) -> Reading:
    """osdp_RAW: reader, format, number of bits (low byte first), the bits."""
    if len(data) < _RAW_HEADER_BYTES:
        return BadFrame("a card of the wrong length")
    bits = int.from_bytes(data[2:4], "little")
    try:
        value = bits_of(data[_RAW_HEADER_BYTES:], bits)
        return card_of(bits, value, "identifier", is_wiegand=data[1] == WIEGAND_FORMAT)
    except FrameError as error:
        return BadFrame(str(error))


def _plausible_length(buffer: bytearray) -> int | None:
    """How long the packet at the front says it is; None when it can not be one."""
    if len(buffer) < _HEADER_BYTES:
        return _SHORTEST_BYTES
    length = _length_of(buffer)
    ok = _SHORTEST_BYTES <= length <= _LONGEST_BYTES and not buffer[4] & _RESERVED
    return length if ok else None


def _length_of(raw: bytes | bytearray) -> int:
    return int.from_bytes(raw[2:4], "little")


def _check_bytes(control: int) -> int:
    return 2 if control & _HAS_CRC else 1


def _check(data: bytes, control: int) -> bytes:
    """CRC-16 (polynomial 1021, start 1D0F), or what makes the sum of all bytes 0."""
    if control & _HAS_CRC:
        return crc_hqx(data, _CRC_START).to_bytes(2, "little")
    return bytes([-sum(data) & 0xFF])


def _split_security(body: bytes, control: int) -> tuple[bytes, bytes]:
    """The security block without its length, and what follows it."""
    if not control & _HAS_SECURITY:
        return b"", body
    length = body[0] if body else 0
    if not 2 <= length <= len(body):
        raise FrameError("a security block of the wrong length")
    return body[1:length], body[length:]
