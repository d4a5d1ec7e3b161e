"""Does the service take heartbeats and calls for an officer, and keep audit records once?"""

from datetime import datetime
from uuid import uuid4

from kiosk.core.contract_check.probe import Probe


def check_heartbeat(probe: Probe, hall: str) -> None:
    """A heartbeat is answered with a time that goes forward."""
    beat = {"release": "contract-check", "hall": hall, "stage": "Idle", "faults": []}
    first, second = (probe.ask("POST", "/heartbeat", beat) for _ in range(2))
    if not (first.status and second.status):
        return
    words = f"answered {first.status} and {second.status}"
    granted = first.status == second.status == 200
    if not probe.findings.expect(granted, "heartbeat", words) or not (first.good and second.good):
        return
    earlier, later = (datetime.fromisoformat(reply.json["now"]) for reply in (first, second))
    probe.findings.expect(earlier <= later, "heartbeat.now", "the time went backwards")


def check_officer_call(probe: Probe, hall: str) -> None:
    """An officer can be asked for, and asking again while that stands is the same call."""
    first, second = (probe.ask("POST", "/officer-calls", {"hall": hall}) for _ in range(2))
    words = f"answered {first.status} and {second.status}"
    if probe.findings.expect(first.status == second.status == 200, "askOfficer", words):
        same = second.json.get("seen") or first.json.get("request") == second.json.get("request")
        probe.findings.expect(bool(same), "askOfficer.request", "made two calls of one")


def check_audit(probe: Probe) -> None:
    """A full batch is accepted, and accepted again when the reply was lost."""
    at = probe.clock.utc().isoformat(timespec="milliseconds")
    ids = [str(uuid4()) for _ in range(100)]
    records = [
        {"id": each, "at": at, "event": "ContractCheck", "stage": "Idle", "next_stage": "Idle"}
        for each in ids
    ]
    for clause in ("audit.accepted", "audit.idempotent"):
        reply = probe.ask("POST", "/audit", {"records": records})
        accepted = reply.json.get("accepted", [])
        complete = reply.status == 200 and sorted(accepted) == sorted(ids)
        words = f"answered {reply.status} with {len(accepted)} of {len(ids)} ids"
        probe.findings.expect(complete, clause, words)
