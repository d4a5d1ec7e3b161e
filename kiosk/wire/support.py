"""What the screens of help need to know to be drawn; nothing of who asks for it."""

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from kiosk.clock import Seconds
from kiosk.wire.base import ScreenBase

Missing: TypeAlias = Literal["card", "handset"]
"""What has to be there before a line can be called."""


class ShownLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line as the site names it, and what it needs."""

    id: str
    name: str
    about: str
    confidential: bool
    needs: tuple[Missing, ...] = ()


class SupportScreen(ScreenBase, frozen=True):
    """The lines to choose from; for the one that is `chosen`, what is `missing`, and why a card was no use.

    `visit_at`: when a visit begins that a call could get in the way of, where that is known.
    """

    lines: tuple[ShownLine, ...]
    chosen: str | None = None
    missing: Missing | None = None
    checking: bool = False
    refused: str | None = None
    visit_at: datetime | None = None


class SupportCallScreen(ScreenBase, frozen=True):
    """A call to a line: being made, or answered `live_since_s`; granted up to `ends_at_s`.

    `private`: the site attests that it is not recorded, and so does the service for this call.
    """

    line: ShownLine
    live_since_s: Seconds | None = None
    ends_at_s: Seconds | None = None
    private: bool = False
    by_handset: bool = False
    volume: int = 3
    loudest: int = 5
    visit_at: datetime | None = None
    notice: str | None = None


class SupportOverScreen(ScreenBase, frozen=True):
    """A call to a line is over, or none came about, and why."""

    line: ShownLine
    reason: str
    talked_s: Seconds
    visit_at: datetime | None = None
