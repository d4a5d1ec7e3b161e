"""The keys and proofs of OSDP's secure channel, computed here: libosdp says the same on the wire.

IEC 60839-11-5 has the formulas; the vectors are libosdp's, test-sc-sia-vectors.c.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from firmware_bridge.readers.osdp_key import save_key
from firmware_bridge.readers.osdp_packet import OsdpDecoder, Packet
from firmware_bridge.readers.osdp_panel import Panel
from firmware_bridge.simulators.osdp import SimulatedOsdp
from kiosk.clock import Seconds, SystemClock
from tests.bridge.osdp_rig import KEY

KNOWN_KEY = bytes(range(0x30, 0x40))
"""SCBK-D: of a reader in install mode."""

PATIENCE_S: Seconds = 5.0
CLOCK = SystemClock()


@dataclass(frozen=True)
class Channel:
    """What both sides derive from their key and from each other's 8 random bytes."""

    key: bytes
    panels: bytes
    readers: bytes

    def session_key(self, kind: str) -> bytes:
        return encrypted(self.key, bytes.fromhex(kind) + self.panels[:6] + bytes(8))

    @property
    def readers_proof(self) -> bytes:
        return encrypted(self.session_key("0182"), self.panels + self.readers)

    @property
    def panels_proof(self) -> bytes:
        return encrypted(self.session_key("0182"), self.readers + self.panels)

    @property
    def first_mac(self) -> bytes:
        once = encrypted(self.session_key("0101"), self.panels_proof)
        return encrypted(self.session_key("0102"), once)


def encrypted(key: bytes, block: bytes) -> bytes:
    cipher = Cipher(AES(key), ECB()).encryptor()
    return cipher.update(block) + cipher.finalize()


def test_the_formulas_give_the_published_vectors() -> None:
    channel = Channel(KNOWN_KEY, bytes(range(0xB0, 0xB8)), bytes(range(0xA0, 0xA8)))
    assert channel.session_key("0182").hex() == "bf8dc2a8329acb8c67c6d0cd9a451682"
    assert channel.session_key("0101").hex() == "5e86c676603bdee2d8beafe178637332"
    assert channel.session_key("0102").hex() == "6fda86e857777e81132035758239172e"
    assert channel.readers_proof.hex() == "fde5d2f428ec16312471ea3c02bd7796"
    assert channel.panels_proof.hex() == "26d3356e07762d262801fc8e6665a891"
    assert channel.first_mac.hex() == "b2a30057eb98ba2229ec1f875662b524"


def shaken(panel: Panel, reader: SimulatedOsdp) -> dict[str, bytes]:
    """What each side said last of itself when the first channel stands, by the packet's name."""
    said: dict[str, bytes] = {}

    def hear(packet: Packet) -> None:
        said[packet.name] = packet.data

    ours, theirs = OsdpDecoder(hear), OsdpDecoder(hear)
    ends_s = CLOCK.monotonic() + PATIENCE_S
    while "RMAC_I" not in said:
        assert CLOCK.monotonic() < ends_s, said.keys()
        panel.refresh()
        asked = panel.to_send()
        ours.feed(asked)
        reader.feed(asked, CLOCK.monotonic())
        answer = reader.to_send()
        theirs.feed(answer)
        panel.hear(answer)
    return said


@pytest.mark.parametrize("is_installed", [True, False])
def test_libosdp_proves_itself_on_the_wire_by_the_same_formulas(
    tmp_path: Path, is_installed: bool
) -> None:
    file = tmp_path / "reader.key"
    if is_installed:
        save_key(file, KEY)
    said = shaken(Panel(0, KEY, enforce=is_installed), SimulatedOsdp(0, file))
    readers, proof = said["CCRYPT"][8:16], said["CCRYPT"][16:]
    channel = Channel(KEY if is_installed else KNOWN_KEY, said["CHLNG"], readers)
    assert proof == channel.readers_proof
    assert said["SCRYPT"] == channel.panels_proof
    assert said["RMAC_I"] == channel.first_mac
