"""A visitor's page can not fill the record: what it causes is put there ten times a minute at the most."""

from dataclasses import dataclass, field

import msgspec

from kiosk.clock import Seconds
from kiosk.core.audit import AuditRecord

MOST = 10
WITHIN_S: Seconds = 60.0

_THEIRS = frozenset(
    {"VisitorReady", "VisitorLeft", "OfferMade", "OfferFailed", "CallConnected", "CallLost"}
)
"""What a page brings about, as often as it likes: who reloads it leaves and is ready again."""

_MEETING = frozenset({"Welcome", "WaitingRoom", "Connecting", "InVisit"})


@dataclass(slots=True)
class _Minute:
    began_s: Seconds
    records: int = 0


@dataclass(slots=True)
class Restraint:
    """Counts the records of each event of a visit, a minute at a time."""

    _visit: str | None = None
    _minutes: dict[str, _Minute] = field(default_factory=dict)

    def restrained(self, record: AuditRecord, now_s: Seconds) -> AuditRecord | None:
        """The record as it is to be kept: the last of a minute says `too_often`, then there is none.

        An end is always kept, and so is whatever a person or an officer does.
        """
        if record.event not in _THEIRS or record.next_stage not in _MEETING:
            return record
        if record.visit != self._visit:
            self._visit = record.visit
            self._minutes.clear()
        minute = self._minutes.get(record.event)
        if minute is None or now_s >= minute.began_s + WITHIN_S:
            minute = self._minutes[record.event] = _Minute(now_s)
        minute.records += 1
        if minute.records == MOST:
            return msgspec.structs.replace(record, detail="too_often")
        return record if minute.records < MOST else None
