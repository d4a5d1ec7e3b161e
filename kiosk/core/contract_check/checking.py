"""The whole check, in the order in which a person would want to read what failed."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kiosk.clock import Clock, SystemClock
from kiosk.core.contract_check.findings import Finding, Findings
from kiosk.core.contract_check.meeting import check_meeting, check_unknown_visit
from kiosk.core.contract_check.probe import Probe
from kiosk.core.contract_check.recognising import (
    check_todays_bookings,
    check_unknown_card,
    check_unknown_card_for_help,
    check_unknown_identification,
    recognise,
)
from kiosk.core.contract_check.reporting import (
    check_audit,
    check_heartbeat,
    check_officer_call,
)
from kiosk.core.contract_check.streaming import check_stream
from kiosk.core.contract_check.strictness import (
    check_certificate,
    check_strictness,
    check_unknown_path,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom to speak as, and with what test card.

    The card's booking is joined and left again: take one of a test person, open now in `hall`.
    """

    terminal: str
    hall: str
    technology: str = "em4100"
    card: str | None = None
    pin: str | None = None
    authority: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


def check(url: str, subject: Subject, clock: Clock | None = None) -> list[Finding]:
    """Every clause that the service at `url` breaks, and every clause that could not be tried."""
    findings = Findings()
    probe = Probe(
        url,
        subject.terminal,
        clock or SystemClock(),
        findings,
        authority=subject.authority,
        certificate=subject.certificate,
        key=subject.key,
    )
    try:
        _check_all(probe, subject)
    finally:
        probe.close()
    return list(dict.fromkeys(findings.all))


def _check_all(probe: Probe, subject: Subject) -> None:
    check_heartbeat(probe, subject.hall)
    if not _answers(probe.findings):
        return
    check_unknown_path(probe)
    check_strictness(probe, subject.hall)
    if subject.certificate is not None:
        check_certificate(probe)
    else:
        probe.findings.not_tried("mutual_tls.terminal", "no certificate was given")
    check_unknown_card(probe, subject.hall)
    check_unknown_card_for_help(probe, subject.hall)
    check_unknown_identification(probe)
    check_unknown_visit(probe, subject.hall)
    found = _recognised(probe, subject)
    check_todays_bookings(probe, subject.hall, subject.technology, subject.card, found)
    _check_booking(probe, subject, found)
    check_officer_call(probe, subject.hall)
    check_audit(probe)
    check_stream(probe)


def _answers(findings: Findings) -> bool:
    """Without any answer to a heartbeat there is nothing more to learn."""
    return not any(finding.clause == "POST /heartbeat" for finding in findings.all)


def _recognised(probe: Probe, subject: Subject) -> dict[str, Any] | None:
    if subject.card is None:
        probe.findings.not_tried("identify.known_card", "no test card was given")
        return None
    return recognise(probe, subject.hall, subject.technology, subject.card, subject.pin)


def _check_booking(probe: Probe, subject: Subject, found: dict[str, Any] | None) -> None:
    bookings = (found or {}).get("bookings", [])
    for booking in bookings:
        if found and _is_open(booking, subject.hall, datetime.fromisoformat(found["now"])):
            check_meeting(probe, subject.hall, found["person"]["prisoner_number"], booking)
            return
    probe.findings.not_tried("join", "no booking of a test card is open now in this hall")


def _is_open(booking: dict[str, Any], hall: str, now: datetime) -> bool:
    opens, ends = (datetime.fromisoformat(booking[name]) for name in ("opens_at", "ends_at"))
    return booking["hall"] == hall and booking["status"] == "booked" and opens <= now < ends
