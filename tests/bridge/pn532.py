"""Responses of a PN532, for its tests."""

from firmware_bridge.readers.pn532_frames import FROM_CHIP, Code, Information

CARD, UID7, UID10 = "9EB36E66", "047BCB51962280", "04112233445566778899"


def response(code: Code, data: str) -> bytes:
    return Information(FROM_CHIP, bytes([code + 1]) + bytes.fromhex(data)).to_bytes()


def listed(uid: str, more: str = "") -> bytes:
    """A response to InListPassiveTarget (7.3.5) with one card."""
    return response(Code.IN_LIST_PASSIVE_TARGET, f"0101000408{len(uid) // 2:02X}{uid}{more}")
