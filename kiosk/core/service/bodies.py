"""The bodies of the terminal's requests."""

from collections.abc import Sequence

import msgspec

from kiosk.clock import Seconds


class _Body(msgspec.Struct, frozen=True):
    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class Credential(_Body, frozen=True):
    """What the reader saw of a card."""

    technology: str
    assurance: str
    value: str


class IdentifyRequest(_Body, frozen=True):
    """Whose card is this?"""

    credential: Credential
    hall: str


class PinRequest(_Body, frozen=True):
    """Is this their PIN?"""

    pin: str


class JoinRequest(_Body, frozen=True):
    """May they have their visit here, now?"""

    request_id: str
    prisoner_number: str
    hall: str


class OfficerCallRequest(_Body, frozen=True):
    """Somebody asks for an officer."""

    hall: str


class LeaveRequest(_Body, frozen=True):
    """The terminal has left a visit."""

    reason: str
    talked_s: Seconds


class LostTime(_Body, frozen=True):
    """What was lost to each cause since the visit was granted."""

    prison: Seconds
    visitor: Seconds
    link: Seconds
    hold: Seconds
    terminal: Seconds


class LostRequest(_Body, frozen=True):
    """Time was lost to a visit."""

    lost: LostTime


class WishRequest(_Body, frozen=True):
    """What a person asks for after a visit."""

    wish: str


class PhraseRequest(_Body, frozen=True):
    """The person at the terminal chose a prepared phrase."""

    phrase: str


class SupportCallRequest(_Body, frozen=True):
    """May this line be called from here, now?"""

    request_id: str
    line: str


class AuditBatch(_Body, frozen=True):
    """Records as the outbox kept them."""

    records: Sequence[msgspec.Raw]


class Heartbeat(_Body, frozen=True):
    """The terminal is alive."""

    release: str
    hall: str
    stage: str
    faults: Sequence[str]
