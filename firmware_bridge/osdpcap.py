"""Captures of OSDP as libosdp-conformance, OSDP.Net and their like write and read them (osdpcap).

One JSON object a line (osdpcap-format.md of libosdp-conformance, version 1): the moment in whole
seconds since 1970 and nanoseconds, the bytes in hexadecimal, and `io`: `input` was heard, `output`
was said, and of a `trace` the packet itself tells whose it is.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

import msgspec

from firmware_bridge.capture import Captured, CaptureError, Direction
from firmware_bridge.readers.osdp_packet import SOM

_SOURCE = "firmware-bridge"
_VERSION = "1"
_NANO = 1_000_000_000
_REPLY = 0x80
_SEPARATORS = str.maketrans("", "", " -:\t")

_Digits = Annotated[str, msgspec.Meta(pattern="^[0-9]{1,19}$")]
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


class _Line(msgspec.Struct, frozen=True):
    """What others add to a line is passed over."""

    seconds: _Digits | _Count = msgspec.field(name="timeSec")
    nanoseconds: _Digits | _Count = msgspec.field(name="timeNano")
    io: Literal["input", "output", "trace"]
    data: str


def osdpcap_line(captured: Captured, began_at_ns: int) -> str:
    """The line of a capture that began so many nanoseconds after 1970, without its end."""
    at_ns = began_at_ns + round(captured.at_s * _NANO)
    return json.dumps(
        {
            "timeSec": str(at_ns // _NANO),
            "timeNano": f"{at_ns % _NANO:09}",
            "io": "input" if captured.direction == "<" else "output",
            "data": captured.data.hex(" "),
            "osdpTraceVersion": _VERSION,
            "osdpSource": _SOURCE,
        }
    )


def read_osdpcap(lines: Iterable[str]) -> Iterator[Captured]:
    """What a capture holds, in its order, from its first moment on.

    Raises CaptureError at the first line that is wrong, without quoting it.
    """
    began_ns: int | None = None
    before_ns = 0
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        at_ns, direction, data = _parsed(text, number)
        began_ns = at_ns if began_ns is None else began_ns
        if at_ns < before_ns:
            raise CaptureError(f"line {number}: it goes back in time")
        before_ns = at_ns
        yield Captured((at_ns - began_ns) / _NANO, direction, data)


def _parsed(text: str, number: int) -> tuple[int, Direction, bytes]:
    try:
        line = msgspec.json.decode(text, type=_Line)
        data = bytes.fromhex(line.data.translate(_SEPARATORS))
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise CaptureError(f"line {number}: expected one JSON object of an osdpcap") from None
    return int(line.seconds) * _NANO + int(line.nanoseconds), _direction(line.io, data), data


def _direction(io: str, data: bytes) -> Direction:
    if io == "trace":
        address = data[data.find(SOM) + 1 :][:1] if SOM in data else b""
        return "<" if address and address[0] & _REPLY else ">"
    return "<" if io == "input" else ">"
