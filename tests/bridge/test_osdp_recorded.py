"""A recorded line on which a panel of other authors talks to a reader: what we understand of it.

The panel is the package `osdp` 1.6 of PyPI, which shares no code with libosdp; the reader is that
of libosdp 3.2.9. Both packages own `osdp/__init__.py` and so are not to be installed together,
which is why this is a recording. It has commands in clear with a CRC, then with a checksum; then
the panel gives a reader in install mode its key, and goes on in the channel under that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from firmware_bridge.osdpcap import read_osdpcap
from firmware_bridge.readers.osdp_packet import OsdpDecoder, Packet
from firmware_bridge.readers.reading import (
    BadFrame,
    CardRead,
    CaseSeen,
    OtherFrame,
    PowerSeen,
    Reading,
)
from firmware_bridge.simulators.osdp import SimulatedOsdp
from kiosk.clock import Seconds, SystemClock
from kiosk.wire.secret import Secret
from tests.bridge.frames import fed, one_by_one
from tests.bridge.test_osdp_secure_channel import KNOWN_KEY, Channel, encrypted

CAPTURE = Path(__file__).with_name("osdp_1_6.osdpcap")
ADDRESS = 9
MASTER_KEY = bytes(range(1, 17))
"""The panel makes a reader's key of it and of the 8 bytes by which the reader calls itself."""

CARD = CardRead("wiegand_26", "identifier", Secret("118-1603"))
CARD_DATA = bytes.fromhex("00 01 1a00 bb032180")
MARK = b"\xff"
PATIENCE_S: Seconds = 5.0
CLOCK = SystemClock()

_ASKED = ("ID", "CAP", "LSTAT", "ISTAT", "OSTAT", "RSTAT", "LED", "BUZ", "TEXT", "MFG")
_ANSWERED = ("PDID", "PDCAP", "LSTATR", "NAK", "NAK", "RSTATR", "ACK", "ACK", "NAK", "ACK")
_PAIRS = [name for pair in zip(_ASKED, _ANSWERED, strict=True) for name in pair]
IN_CLEAR = ("POLL", "ACK", *_PAIRS, "FILETRANSFER", "POLL", "RAW")
"""The reader does not answer a FILETRANSFER."""

HANDSHAKE = ("CHLNG", "CCRYPT", "SCRYPT", "RMAC_I")
_REPORTS = ("POLL", "LSTATR", "POLL", "RAW", "POLL", "LSTATR")
IN_THE_CHANNEL = (*_REPORTS, "LED", "ACK", "BUZ", "ACK")
NAMES = (*IN_CLEAR, *IN_CLEAR, *HANDSHAKE, "KEYSET", "ACK", *HANDSHAKE, *IN_THE_CHANNEL)
FIRST_CHANNEL = 2 * len(IN_CLEAR)
SECOND_CHANNEL = FIRST_CHANNEL + len(HANDSHAKE) + 2


def line() -> list[bytes]:
    """What was on the line, one packet each."""
    return [piece.data for piece in read_osdpcap(CAPTURE.read_text().splitlines())]


def packets() -> list[Packet]:
    found: list[Packet] = []
    OsdpDecoder(found.append).feed(b"".join(line()))
    return found


def readings(raw: bytes) -> list[Reading]:
    return fed(OsdpDecoder(), one_by_one(raw))


@dataclass
class Listener:
    """Who has the key: checks each MAC of a channel, and reads what is encrypted (annex D)."""

    channel: Channel
    last_mac: bytes

    def hear(self, packet: Packet) -> bytes:
        """The data of a packet in clear."""
        check_bytes = 6 if packet.has_crc else 5
        before, self.last_mac = self.last_mac, self._mac(packet.to_bytes()[:-check_bytes])
        assert packet.mac == self.last_mac[:4], packet.name
        return self._decrypted(packet.data, before) if packet.is_encrypted else packet.data

    def _mac(self, message: bytes) -> bytes:
        padded = message if len(message) % 16 == 0 else message + b"\x80"
        padded += bytes(-len(padded) % 16)
        mac = self.last_mac
        for start in range(0, len(padded), 16):
            is_last = start + 16 == len(padded)
            key = self.channel.session_key("0102" if is_last else "0101")
            mac = encrypted(
                key, bytes(a ^ b for a, b in zip(mac, padded[start:][:16], strict=True))
            )
        return mac

    def _decrypted(self, data: bytes, before: bytes) -> bytes:
        start = bytes(byte ^ 0xFF for byte in before)
        cipher = Cipher(AES(self.channel.session_key("0182")), CBC(start)).decryptor()
        return (cipher.update(data) + cipher.finalize()).rstrip(b"\x00").removesuffix(b"\x80")


def listener(key: bytes, handshake: list[Packet]) -> Listener:
    """Someone who heard both challenges, and found each proof as the key makes it."""
    challenge, answer, proof, first_mac = (packet.data for packet in handshake)
    channel = Channel(key, challenge, answer[8:16])
    assert answer[16:] == channel.readers_proof
    assert proof == channel.panels_proof
    assert first_mac == channel.first_mac
    return Listener(channel, first_mac)


@pytest.fixture
def key() -> bytes:
    """The one that the reader got."""
    number = packets()[FIRST_CHANNEL + 1].data[:8]
    return encrypted(MASTER_KEY, number + bytes(byte ^ 0xFF for byte in number))


def test_each_packet_is_what_both_sides_take_it_for() -> None:
    assert tuple(packet.name for packet in packets()) == NAMES
    assert {packet.address for packet in packets()} == {ADDRESS}
    assert [packet.is_reply for packet in packets()] == [raw[:1] != MARK for raw in line()]


def test_each_packet_would_be_written_as_it_came() -> None:
    assert [packet.to_bytes() for packet in packets()] == [raw.lstrip(MARK) for raw in line()]


def test_the_second_half_of_what_was_asked_in_clear_has_a_checksum_and_each_answer_a_crc() -> None:
    found = packets()
    with_checksum = found[len(IN_CLEAR) : 2 * len(IN_CLEAR)]
    assert [packet.has_crc for packet in with_checksum] == [one.is_reply for one in with_checksum]
    assert all(packet.has_crc for packet in found if packet not in with_checksum)


def test_each_packet_is_understood_byte_by_byte_and_a_card_only_in_clear() -> None:
    status: list[Reading] = [CaseSeen(is_open=False), PowerSeen(fails=False)]
    for number, (raw, packet) in enumerate(zip(line(), packets(), strict=True)):
        expected: list[Reading] = [OtherFrame(packet.name)]
        if packet.is_encrypted:
            expected = [OtherFrame(f"{packet.name}, encrypted")]
        elif packet.name == "RAW":
            expected = [CARD]
        elif packet.name == "LSTATR":
            expected = status
        assert readings(raw) == expected, number


def test_a_packet_with_a_wrong_bit_is_none() -> None:
    for raw in map(bytearray, (one.lstrip(MARK) for one in line())):
        raw[-3] ^= 0x10
        decoder = OsdpDecoder()
        found = decoder.feed(bytes(raw)) + decoder.quiet()
        assert {type(reading) for reading in found} == {BadFrame}


def test_the_reader_gets_its_key_under_the_one_that_everybody_knows(key: bytes) -> None:
    *handshake, keyset, ack = packets()[FIRST_CHANNEL:SECOND_CHANNEL]
    assert [packet.security.hex() for packet in handshake] == ["1100", "1200", "1300", "1401"]
    heard = listener(KNOWN_KEY, handshake)
    assert heard.hear(keyset) == b"\x01\x10" + key
    assert heard.hear(ack) == b""


def test_with_that_key_each_mac_holds_and_the_card_can_be_read(key: bytes) -> None:
    def said() -> Iterator[tuple[str, bytes]]:
        for packet in packets()[SECOND_CHANNEL + len(HANDSHAKE) :]:
            yield packet.name, heard.hear(packet)

    heard = listener(key, packets()[SECOND_CHANNEL:][: len(HANDSHAKE)])
    replies = [(name, data) for name, data in said() if name in ("RAW", "LSTATR")]
    assert replies == [("LSTATR", b"\x00\x00"), ("RAW", CARD_DATA), ("LSTATR", b"\x01\x00")]


def test_the_simulated_reader_answers_that_panel_as_the_recorded_one_did() -> None:
    reader = SimulatedOsdp(ADDRESS)
    asked_and_answered = line()[: IN_CLEAR.index("FILETRANSFER")]
    for asked, answered in zip(asked_and_answered[::2], asked_and_answered[1::2], strict=True):
        reader.feed(asked, CLOCK.monotonic())
        ends_s = CLOCK.monotonic() + PATIENCE_S
        while not (answer := reader.to_send()):
            assert CLOCK.monotonic() < ends_s
            reader.tick(CLOCK.monotonic())
        assert answer.lstrip(MARK) == answered
