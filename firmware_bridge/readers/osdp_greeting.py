"""Finds an OSDP reader, and its address: by `osdp_ID`, which it answers in clear even with a key."""

from functools import partial

from firmware_bridge.readers.greeting import Greeting
from firmware_bridge.readers.osdp_packet import OsdpDecoder, Packet

_ID = 0x61
_ANY_ADDRESS = 0x7F
"""The configuration address (5.9): for a line with one reader on it."""


def _asked(address: int) -> bytes:
    return Packet(address, is_reply=False, sequence=0, code=_ID, data=b"\x00").to_bytes()


def _is_from(address: int, heard: bytes) -> bool:
    packets: list[Packet] = []
    OsdpDecoder(packets.append).feed(heard)
    return any(packet.is_reply and packet.address == address for packet in packets)


GREETING = Greeting(_asked(_ANY_ADDRESS))
"""A reader may answer by its own address or by this one."""

ADDRESSES = tuple(
    Greeting(_asked(address), {"address": address}, partial(_is_from, address))
    for address in range(_ANY_ADDRESS)
)
