"""The tracks of a magnetic stripe as MagTek's RS-232 readers send them: `%T1?;T2?+T3?`.

Any track may be absent; an `E` stands for one that could not be read (MagTek, Swipe Readers with
RS-232 IntelliHead, technical reference). The stripe's own check character is not sent.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from firmware_bridge.readers.reading import CardRead, FrameError
from kiosk.wire.secret import Secret

Track: TypeAlias = Literal[1, 2, 3]

STARTS = "%;+"
"""The sentinels that begin the tracks, in the order in which they come."""

END = "?"
_TRACKS = re.compile(r"(?:%([^?]*)\?)?(?:;([^?]*)\?)?(?:\+([^?]*)\?)?")
_UNREAD = "E"

# ISO/IEC 7813: a bank's track 1 begins with B, and `^` ends its account; `=` does on the others.
_ACCOUNTS: Mapping[Track, re.Pattern[str]] = {
    1: re.compile(r"(?:B(?=[0-9]))?([0-9A-Z -]{1,64})(?:\^.*)?"),
    2: re.compile(r"([0-9]{1,64})(?:=.*)?"),
    3: re.compile(r"([0-9]{1,64})(?:=.*)?"),
}


def account(swipe: str, tracks: Sequence[Track]) -> CardRead:
    """The account on the first of `tracks` that was read. Raises FrameError when none was."""
    found = _TRACKS.fullmatch(swipe)
    if found is None:
        raise FrameError("a swipe that is not tracks")
    contents = [(track, found[track]) for track in tracks if found[track] is not None]
    for track, content in contents:
        if content != _UNREAD:
            return CardRead("magstripe", "identifier", Secret(_account_of(track, content)))
    raise FrameError("a track that could not be read" if contents else "no track with the account")


def is_known(swipe: str, tracks: Sequence[Track]) -> bool:
    """Whether the account is there already, whichever tracks are still to come."""
    found = _TRACKS.fullmatch(swipe)
    if found is None:
        return False
    last = found.lastindex or 0
    for track in tracks:
        if found[track] is None and track > last:
            return False
        if found[track] not in (None, _UNREAD):
            return True
    return False


def is_over(swipe: str, start: str) -> bool:
    """Whether these are whole tracks, and the one that `start` begins is of another swipe."""
    found = _TRACKS.fullmatch(swipe)
    return found is not None and STARTS.index(start) < (found.lastindex or 0)


def _account_of(track: Track, content: str) -> str:
    found = _ACCOUNTS[track].fullmatch(content)
    text = "" if found is None else found[1].strip()
    if not text:
        raise FrameError("a track without an account")
    # The digits of some banks are written in groups on track 1, and without them on track 2.
    digits = text.replace(" ", "")
    return digits if digits.isdigit() else text
