"""Where the terminal stands as bytes and back, so that a restarted kiosk-core goes on where it was."""

from dataclasses import dataclass

import msgspec

from kiosk.core.service.clock_offset import Sample
from kiosk.visit.beside import Beside, Standing
from kiosk.visit.helplines import Support, SupportCall, SupportOver
from kiosk.visit.stages import (
    CheckingCard,
    Choice,
    Connecting,
    EnterPin,
    Goodbye,
    Idle,
    InVisit,
    MaintenanceDoor,
    OutOfService,
    Refused,
    Stage,
    WaitingRoom,
    Welcome,
)

_KINDS: dict[str, type[Stage]] = {
    kind.__name__: kind
    for kind in (
        Idle,
        CheckingCard,
        EnterPin,
        Choice,
        Welcome,
        WaitingRoom,
        Connecting,
        InVisit,
        Goodbye,
        Refused,
        MaintenanceDoor,
        Support,
        SupportCall,
        SupportOver,
        OutOfService,
    )
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where a visit is, the last command that was seen, and the service's time.

    All moments are of one boot of the machine, which `pack` and `unpack` are told.

    The time is kept because the first command after a restart may be one that was missed, and may
    move the end of the visit before the service was asked anything.
    """

    standing: Standing
    last_event_id: str | None
    service_time: Sample | None


class _Packed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    boot_id: str
    kind: str
    stage: msgspec.Raw
    beside: Beside
    last_event_id: str | None
    service_time: Sample | None


def pack(snapshot: Snapshot, boot_id: str) -> bytes:
    """The snapshot as JSON."""
    stage = snapshot.standing.stage
    packed = _Packed(
        boot_id,
        type(stage).__name__,
        msgspec.Raw(msgspec.json.encode(stage)),
        snapshot.standing.beside,
        snapshot.last_event_id,
        snapshot.service_time,
    )
    return msgspec.json.encode(packed)


def unpack(data: bytes, boot_id: str) -> Snapshot | None:
    """What `pack` was given in this boot; None for anything else, such as another release's snapshot."""
    try:
        packed = msgspec.json.decode(data, type=_Packed)
        stage = msgspec.json.decode(packed.stage, type=_KINDS[packed.kind])
    except (msgspec.DecodeError, KeyError):
        return None
    if packed.boot_id != boot_id:
        return None
    return Snapshot(Standing(stage, packed.beside), packed.last_event_id, packed.service_time)
