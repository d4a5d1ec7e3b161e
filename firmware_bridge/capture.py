"""What was said on a serial line, as text: a moment, a direction, the bytes.

    # firmware-bridge capture 1
    0.000000 > 02 00 05
    0.012345 < 00 01

A moment is in seconds since the first; `<` came from the device, `>` went to it; `#` is a remark.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Literal, TypeAlias

from kiosk.clock import Seconds
from kiosk.errors import BridgeError

HEADER = "# firmware-bridge capture 1"
Direction: TypeAlias = Literal["<", ">"]


@dataclass(frozen=True, slots=True)
class Captured:
    """Bytes that were read or written together."""

    at_s: Seconds
    direction: Direction
    data: bytes


class CaptureError(BridgeError):
    """A file that is no capture; the text names the line."""


def line_of(captured: Captured) -> str:
    """The line of a capture, without its end."""
    return f"{captured.at_s:.6f} {captured.direction} {captured.data.hex(' ')}"


def read_capture(lines: Iterable[str]) -> Iterator[Captured]:
    """What a capture holds, in its order. Raises CaptureError at the first line that is wrong."""
    before_s = 0.0
    for number, line in enumerate(lines, start=1):
        if not (words := line.partition("#")[0].split()):
            continue
        captured = _parsed(words, number)
        if captured.at_s < before_s:
            raise CaptureError(f"line {number}: it goes back in time")
        before_s = captured.at_s
        yield captured


def _parsed(words: list[str], number: int) -> Captured:
    direction = words[1] if len(words) > 2 else ""
    try:
        at_s, data = float(words[0]), bytes.fromhex("".join(words[2:]))
    except ValueError:
        direction, at_s, data = "", 0.0, b""
    if direction == "<" and isfinite(at_s):
        return Captured(at_s, "<", data)
    if direction == ">" and isfinite(at_s):
        return Captured(at_s, ">", data)
    raise CaptureError(f"line {number}: expected SECONDS < or > and bytes in hexadecimal")
