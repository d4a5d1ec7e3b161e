"""What firmware-bridge and kiosk-core tell each other of readers, cards and the terminal board."""

from enum import StrEnum
from typing import Literal

from kiosk.clock import Seconds
from kiosk.wire.messages import Message
from kiosk.wire.secret import Secret

# firmware-bridge to kiosk-core


class ReaderStatus(Message, frozen=True):
    """Whether a card reader can be used; the newest for each reader is all that matters."""

    reader: str
    up: bool
    reason: str = ""


class CardPresented(Message, frozen=True):
    """A card came into the reader's field; sent once however long it is held there."""

    reader: str
    technology: str
    assurance: Literal["identifier", "secure_channel"]
    credential: Secret
    last_byte_at_s: Seconds


class CardRemoved(Message, frozen=True):
    """The card left the reader's field. A visit does not depend on it."""

    reader: str


class CardUnreadable(Message, frozen=True):
    """The reader sent something that is not a card: noise, half a frame, a wrong checksum."""

    reader: str
    reason: str


class BoardStatus(Message, frozen=True):
    """Whether the terminal board answers; the newest is all that matters."""

    board: str
    up: bool
    reason: str = ""


class HandsetStatus(Message, frozen=True):
    """Whether the handset is off its hook; the newest is all that matters."""

    lifted: bool


class Tamper(Message, frozen=True):
    """A device was opened or cut off. It stands until staff acknowledge it, and while `active`."""

    device: str
    cause: Literal["case_open", "link_lost"]
    active: bool


class TamperOver(Message, frozen=True):
    """A tamper was acknowledged and is not active any more."""

    device: str
    cause: Literal["case_open", "link_lost"]


# kiosk-core to firmware-bridge


class Indication(StrEnum):
    """What lights, buzzers and the screen's backlight tell of the terminal."""

    READY = "ready"
    BUSY = "busy"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    VISIT = "visit"
    CLOSED = "closed"
    RESTING = "resting"
    """Ready, and nobody has come for long."""


class Indicate(Message, frozen=True):
    """Tell it at the readers and the board from now on; the newest is all that matters."""

    indication: Indication


class AcknowledgeTamper(Message, frozen=True):
    """Staff have seen to a device that was tampered with."""

    device: str
