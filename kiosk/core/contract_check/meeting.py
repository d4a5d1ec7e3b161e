"""Does the service give a visit as the contract says, and take it back?"""

from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

from kiosk.core.contract_check.probe import SDP, Probe, Reply

OFFER_S = 10.0
_OFFER = b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
_RECORDED = ("recorded", "recorded_and_watching")
_GRANT = ("visit", "starts_at", "ends_at", "latest_end_at", "privacy", "media")


def check_unknown_visit(probe: Probe, hall: str) -> None:
    """A visit that is not booked can not be joined, but can be left."""
    reference = f"none-{uuid4().hex[:12]}"
    joined = _join(probe, reference, "A0000AA", hall)
    words = f"an unknown visit was answered {joined.status}"
    probe.findings.expect(400 <= joined.status < 500, "join.unknown_visit", words)
    left = _leave(probe, reference)
    words = f"leaving a visit that is not held was answered {left.status}"
    probe.findings.expect(left.status == 204, "leave.not_held", words)
    offered = _offer(probe, f"/visits/{reference}/media/0", uuid4().hex)
    words = f"an offer for a visit that is not held was answered {offered.status}"
    probe.findings.expect(400 <= offered.status < 500, "offer.not_held", words)


def check_meeting(probe: Probe, hall: str, number: str, booking: dict[str, Any]) -> None:
    """Take the test booking, try what must not work, and leave it again."""
    reference = str(booking["reference"])
    _check_refusals(probe, hall, number, reference)
    request_id = uuid4().hex
    joined = _join(probe, reference, number, hall, request_id)
    words = f"the test booking was answered {joined.status} {joined.code}".rstrip()
    if not probe.findings.expect(joined.status == 200, "join.granted", words):
        return
    try:
        if joined.good:
            _check_grant(probe, joined.json, booking)
            _check_again(probe, hall, number, reference, request_id, joined)
            _check_offers(probe, reference, joined.json)
            _check_lost_time(probe, reference, joined.json)
    finally:
        for clause in ("leave", "leave.idempotent"):
            left = _leave(probe, reference)
            probe.findings.expect(left.status == 204, clause, f"answered {left.status}")
    offered = _offer(probe, f"/visits/{reference}/media/0", uuid4().hex)
    lost = _report_lost(probe, reference, 0.0)
    words = f"lost time after leaving was answered {lost.status}"
    probe.findings.expect(400 <= lost.status < 500, "reportLost.after_leave", words)
    words = f"an offer after leaving was answered {offered.status}"
    probe.findings.expect(400 <= offered.status < 500, "offer.after_leave", words)


def _check_refusals(probe: Probe, hall: str, number: str, reference: str) -> None:
    elsewhere = _join(probe, reference, number, f"not {hall}"[:60])
    words = f"a terminal of another hall was answered {elsewhere.status}"
    probe.findings.expect(elsewhere.status in (403, 409), "join.wrong_hall", words)
    other = "Z9999ZZ" if number != "Z9999ZZ" else "Z9999ZY"
    stranger = _join(probe, reference, other, hall)
    words = f"another person's number was answered {stranger.status}"
    probe.findings.expect(400 <= stranger.status < 500, "join.other_person", words)


def _check_grant(probe: Probe, grant: dict[str, Any], booking: dict[str, Any]) -> None:
    times = (grant[name] for name in ("now", "ends_at", "latest_end_at"))
    now, ends, latest = map(datetime.fromisoformat, times)
    words = "now, ends_at and latest_end_at are not in order"
    probe.findings.expect(now < ends <= latest, "join.times", words)
    if grant["privacy"] in ("legal", "confidential"):
        silent = grant["monitoring"] == "none"
        words = f"a {grant['privacy']} visit is monitored"
        probe.findings.expect(silent, "join.privacy", words)
    elif booking.get("monitoring") == "recorded":
        words = f"a visit that is booked as recorded is granted as {grant['monitoring']}"
        probe.findings.expect(grant["monitoring"] in _RECORDED, "join.recorded", words)
    for medium in grant["media"]:
        same = _origin(urljoin(f"{probe.url}/", medium["url"])) == _origin(probe.url)
        probe.findings.expect(same, "join.media.origin", "a medium is at another origin")


def _check_again(
    probe: Probe, hall: str, number: str, reference: str, request_id: str, first: Reply
) -> None:
    again = _join(probe, reference, number, hall, request_id)
    same = again.status == 200 and all(again.json.get(name) == first.json[name] for name in _GRANT)
    words = f"the same request was answered {again.status}, or otherwise than before"
    probe.findings.expect(same, "join.idempotent", words)
    rejoined = _join(probe, reference, number, hall)
    words = f"the terminal that holds the visit was answered {rejoined.status}"
    probe.findings.expect(rejoined.status == 200, "join.rejoin", words)


def _check_offers(probe: Probe, reference: str, grant: dict[str, Any]) -> None:
    for medium in grant["media"]:
        path = urljoin(f"{probe.url}/", medium["url"]).removeprefix(probe.url)
        _check_offer(probe, path, offered=medium["offerer"] == "service")
    gone = f"/visits/{reference}/media/0/{uuid4().hex}"
    ended = probe.ask("DELETE", gone)
    words = f"a connection that had ended was answered {ended.status}"
    probe.findings.expect(ended.status == 204, "hangUp.ended_before", words)
    answered = probe.ask("PATCH", gone, _OFFER, kind=SDP)
    good = answered.status == 409 and answered.code == "no_connection"
    words = f"an answer to no offer was answered {answered.status} {answered.code}".rstrip()
    probe.findings.expect(good, "answer.no_connection", words)


def _check_offer(probe: Probe, path: str, offered: bool) -> None:
    """No page load has this id, so the visitor is gone; and only one side offers."""
    reply = _ask_offer(probe, path) if offered else _offer(probe, path, uuid4().hex)
    good = reply.status == 409 and reply.code == "visitor_gone"
    words = f"an offer to nobody was answered {reply.status} {reply.code}".rstrip()
    probe.findings.expect(good, "offer.visitor_gone", words)
    words = f"an offer to nobody was answered after {reply.took_s:.1f} s"
    probe.findings.expect(reply.took_s <= OFFER_S, "offer.in_time", words)
    wrong = _offer(probe, path, uuid4().hex) if offered else _ask_offer(probe, path)
    who = "terminal" if offered else "service"
    words = f"an offer by the {who}, which is not to make it, was answered {wrong.status}"
    probe.findings.expect(wrong.status == 400, "offer.offerer", words)


def _check_lost_time(probe: Probe, reference: str, grant: dict[str, Any]) -> None:
    """What is reported twice counts once, and nothing moves the end past the latest."""
    first, again = (_report_lost(probe, reference, 1.0) for _ in range(2))
    words = f"lost time was answered {first.status}"
    probe.findings.expect(first.status == 200, "reportLost", words)
    if not (first.good and again.good):
        return
    ends, ends_again = (datetime.fromisoformat(r.json["ends_at"]) for r in (first, again))
    words = "the same report was answered otherwise"
    probe.findings.expect(ends == ends_again, "reportLost.idempotent", words)
    latest = datetime.fromisoformat(grant["latest_end_at"])
    words = "lost time moved the end past latest_end_at"
    probe.findings.expect(max(ends, ends_again) <= latest, "reportLost.latest", words)


def _join(
    probe: Probe, reference: str, number: str, hall: str, request_id: str | None = None
) -> Reply:
    body = {"request_id": request_id or uuid4().hex, "prisoner_number": number, "hall": hall}
    reply = probe.ask("POST", f"/visits/{reference}/join", body)
    if reply.status == 409:
        known = not probe.contract.faults_of("Refusal", reply.code)
        words = f"409 with a code that is no refusal: {reply.code[:60]}"
        probe.findings.expect(known, "join.refusal", words)
    return reply


def _leave(probe: Probe, reference: str) -> Reply:
    return probe.ask("POST", f"/visits/{reference}/leave", {"reason": "left", "talked_s": 0})


def _report_lost(probe: Probe, reference: str, link_s: float) -> Reply:
    lost = {"prison": 0, "visitor": 0, "link": link_s, "hold": 0, "terminal": 0}
    return probe.ask("POST", f"/visits/{reference}/lost", {"lost": lost})


def _offer(probe: Probe, path: str, join_id: str) -> Reply:
    return probe.ask("POST", f"{path}?join_id={join_id}", _OFFER, kind=SDP)


def _ask_offer(probe: Probe, path: str) -> Reply:
    return probe.ask("POST", f"{path}?join_id={uuid4().hex}")


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
