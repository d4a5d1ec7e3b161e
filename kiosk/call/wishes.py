"""How much of our picture the other side wishes for at the most, by the `b=` lines of its answer.

What is no number of a sensible length says nothing; of several lines the least counts. Who asks for
less than the smallest picture needs gets sound alone: it is its own visit, and it can ask again.
"""

import re
from typing import Final

from kiosk.call.sections import PICTURES

_LINE: Final = re.compile(r"^b=(AS|TIAS):(\d{1,10})\r?$", re.ASCII | re.MULTILINE)


def most_picture_bps(answer: str) -> int | None:
    """The bound in the first section of pictures; None when there is none."""
    pictures = PICTURES.search(answer)
    lines = _LINE.findall(pictures[0]) if pictures is not None else []
    return min((_bps(kind, int(number)) for kind, number in lines), default=None)


def _bps(kind: str, number: int) -> int:
    """Of RTP alone (RFC 3890); AS is in kb/s with all headers and RTCP (RFC 9429, section 5.10)."""
    return number if kind == "TIAS" else max(0, number * 950 - 50 * 40 * 8)
