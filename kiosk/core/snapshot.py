"""The stage as bytes and back, so that a restarted kiosk-core goes on where it was."""

import msgspec

from kiosk.visit.stages import (
    CheckingCard,
    Connecting,
    EnterPin,
    Goodbye,
    Idle,
    InVisit,
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
        Welcome,
        WaitingRoom,
        Connecting,
        InVisit,
        Goodbye,
        Refused,
        OutOfService,
    )
}


class _Snapshot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    stage: msgspec.Raw
    last_event_id: str | None


def pack(stage: Stage, last_event_id: str | None) -> bytes:
    """The stage and the last command seen, as JSON."""
    raw = msgspec.Raw(msgspec.json.encode(stage))
    return msgspec.json.encode(_Snapshot(type(stage).__name__, raw, last_event_id))


def unpack(data: bytes) -> tuple[Stage, str | None] | None:
    """What `pack` was given; None for anything else, such as another release's snapshot."""
    try:
        snapshot = msgspec.json.decode(data, type=_Snapshot)
        kind = _KINDS[snapshot.kind]
        return msgspec.json.decode(snapshot.stage, type=kind), snapshot.last_event_id
    except (msgspec.DecodeError, KeyError):
        return None
