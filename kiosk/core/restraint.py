"""Neither a visitor's page nor a bad contact can fill the record: what one causes is put there ten times
a minute at the most."""

from dataclasses import dataclass, field

import msgspec

from kiosk.clock import Seconds
from kiosk.core.audit import AuditRecord

MOST = 10
WITHIN_S: Seconds = 60.0
_TOO_OFTEN = "too_often"

_THEIRS = frozenset(
    {"VisitorReady", "VisitorLeft", "OfferMade", "OfferFailed", "CallConnected", "CallLost"}
)
"""What a page brings about, as often as it likes: who reloads it leaves and is ready again."""

_DEVICES = frozenset({"DeviceDown", "DeviceUp"})
"""What a device brings about that comes and goes; each is counted by itself."""

_MEETING = frozenset({"Welcome", "WaitingRoom", "Connecting", "InVisit"})


@dataclass(slots=True)
class _Minute:
    began_s: Seconds
    records: int = 0


@dataclass(slots=True)
class Restraint:
    """Counts the records of each event of a visit or a device, a minute at a time."""

    _visit: str | None = None
    _minutes: dict[str, _Minute] = field(default_factory=dict)
    _devices: dict[str, _Minute] = field(default_factory=dict)

    def restrained(self, record: AuditRecord, now_s: Seconds) -> AuditRecord | None:
        """The record as it is to be kept: the last of a minute says `too_often`, then there is none.

        An end is always kept, and so is whatever a person or an officer does.
        """
        if record.event in _DEVICES:
            device = str(record.detail)
            often = f"{device}: {_TOO_OFTEN}"
            return _counted(self._devices, f"{record.event} {device}", record, often, now_s)
        if record.event not in _THEIRS or record.next_stage not in _MEETING:
            return record
        if record.visit != self._visit:
            self._visit = record.visit
            self._minutes.clear()
        return _counted(self._minutes, record.event, record, _TOO_OFTEN, now_s)


def _counted(
    minutes: dict[str, _Minute], key: str, record: AuditRecord, often: str, now_s: Seconds
) -> AuditRecord | None:
    minute = minutes.get(key)
    if minute is None or now_s >= minute.began_s + WITHIN_S:
        minute = minutes[key] = _Minute(now_s)
    minute.records += 1
    if minute.records == MOST:
        return msgspec.structs.replace(record, detail=often)
    return record if minute.records < MOST else None
