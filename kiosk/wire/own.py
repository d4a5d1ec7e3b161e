"""What kiosk-call finds of the person's own sound and picture before a visit; never what they hold."""

from typing import Literal, TypeAlias

from kiosk.wire.messages import Message

OwnHint: TypeAlias = Literal["", "silent", "quiet", "dark"]
"""What would help: nothing was heard at all, a voice is too quiet, there is little light."""


class OwnLevels(Message, frozen=True):
    """How loud it is here and how bright the picture is, each from 0 to 1; the newest is all that matters.

    Said from the moment a call is prepared until it connects, and shown in the waiting room alone.
    """

    call: int
    level: float
    light: float | None
    """None while there is no picture."""
    hint: OwnHint = ""
    heard: bool = False
    """A voice was heard well enough."""
