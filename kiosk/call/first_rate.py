"""The rate at which a browser begins to send: it begins with 300 kb/s, and sends the eight or so
packets of its first picture with pauses that a visitor's line seldom needs.

Chromium and what is made of it read `x-google-start-bitrate` of the formats they send (libwebrtc,
media/base/media_constants.cc); others leave aside what they do not know (RFC 8866, section 6.15).
From there on its own estimate of the line decides, as ever.
"""

import re
from typing import Final

from kiosk.call.sections import PICTURES

BEGIN_KBPS: Final = 800
"""Half of what a picture has at the most: what such a line can not carry waits for less than a second."""

_FORMAT: Final = re.compile(r"^a=rtpmap:(\d+) (?:H264|VP8)/90000\r\n", re.ASCII | re.MULTILINE)
_ASKED: Final = f"x-google-start-bitrate={BEGIN_KBPS}"


def asking_for_a_quick_begin(offer: str) -> str:
    """The offer with the rate at which pictures may begin, at each format that carries one."""
    return PICTURES.sub(lambda section: _asking(section[0]), offer)


def _asking(section: str) -> str:
    for number in _FORMAT.findall(section):
        parameters = re.compile(rf"^a=fmtp:{number} [^\r\n]+", re.ASCII | re.MULTILINE)
        if parameters.search(section):
            section = parameters.sub(rf"\g<0>;{_ASKED}", section)
        else:
            known_by = re.compile(rf"^a=rtpmap:{number} [^\r\n]+\r\n", re.ASCII | re.MULTILINE)
            section = known_by.sub(rf"\g<0>a=fmtp:{number} {_ASKED}\r\n", section)
    return section
