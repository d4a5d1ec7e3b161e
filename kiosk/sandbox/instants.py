"""Moments as the sandbox keeps them, whole milliseconds of UTC, and as the contract writes them."""

from datetime import UTC, datetime
from typing import TypeAlias

from kiosk.clock import Clock

Milliseconds: TypeAlias = int
"""Since 1970-01-01 in UTC."""


def now_ms(clock: Clock) -> Milliseconds:
    return to_ms(clock.utc())


def to_ms(moment: datetime) -> Milliseconds:
    return int(moment.timestamp() * 1000)


def rfc3339(moment_ms: Milliseconds) -> str:
    """Such as 2026-03-01T14:00:00.000Z."""
    whole_s, ms = divmod(moment_ms, 1000)
    return f"{datetime.fromtimestamp(whole_s, UTC):%Y-%m-%dT%H:%M:%S}.{ms:03d}Z"
