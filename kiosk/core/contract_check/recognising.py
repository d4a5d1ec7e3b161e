"""Does the service recognise a card, and only a card that it knows?"""

import hashlib
import hmac
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from kiosk.core.contract_check.probe import Probe, Reply


def check_unknown_card(probe: Probe, hall: str) -> None:
    """A card that nobody holds gets 404 `unknown_card`."""
    reply = _identify(probe, hall, "em4100", uuid4().hex)
    good = reply.status == 404 and reply.code == "unknown_card"
    words = f"an unknown card was answered {reply.status} {reply.code}".rstrip()
    probe.findings.expect(good, "identify.unknown_card", words)


def check_unknown_card_for_help(probe: Probe, hall: str) -> None:
    """Nor does it open a line for help that needs a card."""
    reply = _ask_about(probe, "/support-cards", hall, "em4100", uuid4().hex)
    good = reply.status == 404 and reply.code == "unknown_card"
    words = f"an unknown card was answered {reply.status} {reply.code}".rstrip()
    probe.findings.expect(good, "knowsCard.unknown_card", words)


def check_unknown_identification(probe: Probe) -> None:
    """A PIN for an identification that never was is refused."""
    reply = probe.ask("POST", f"/identifications/{uuid4().hex}/pin", {"pin": "0000"})
    words = f"answered {reply.status}"
    refused = 400 <= reply.status < 500 and reply.code != "pin_wrong"
    probe.findings.expect(refused, "verifyPin.unknown_identification", words)


def recognise(
    probe: Probe, hall: str, technology: str, card: str, pin: str | None
) -> dict[str, Any] | None:
    """The test card's holder with today's bookings; None when the service does not say."""
    reply = _identify(probe, hall, technology, card)
    if not probe.findings.expect(
        reply.status == 200, "identify.known_card", f"the test card was answered {reply.status}"
    ):
        return None
    if not reply.good:
        return None
    known = _ask_about(probe, "/support-cards", hall, technology, card)
    words = f"the test card was answered {known.status}"
    probe.findings.expect(known.status == 204, "knowsCard.known_card", words)
    found = reply.json
    if not found.get("pin_required"):
        _check_order(probe, found)
        return found
    hidden = found.get("bookings") == []
    words = "bookings were told before the PIN was verified"
    probe.findings.expect(hidden, "identify.pin_first", words)
    if pin is None:
        probe.findings.not_tried("verifyPin", "the test card has a PIN; give it with --pin")
        return None
    verified = probe.ask(
        "POST", f"/identifications/{found.get('identification')}/pin", {"pin": pin}
    )
    words = f"the right PIN was answered {verified.status}"
    if not probe.findings.expect(verified.status == 200, "verifyPin", words) or not verified.good:
        return None
    _check_order(probe, verified.json)
    return {**verified.json, "had_pin": True}


def check_todays_bookings(
    probe: Probe, hall: str, technology: str, card: str | None, found: dict[str, Any] | None
) -> None:
    """The list can be had, and names the test card by its digest when it should."""
    reply = probe.ask("GET", f"/bookings?hall={quote(hall)}")
    if not probe.findings.expect(reply.status == 200, "todaysBookings", f"answered {reply.status}"):
        return
    if found is None or card is None or not reply.good:
        return
    here = any(booking.get("hall") == hall for booking in found.get("bookings", []))
    key = bytes.fromhex(reply.json["digest_key"])
    digest = hmac.new(key, f"{technology}:{card}".encode(), hashlib.sha256).hexdigest()
    listed = digest in [person["digest"] for person in reply.json["people"]]
    if found.get("had_pin"):
        probe.findings.expect(not listed, "todaysBookings.no_pin", "a person with a PIN is listed")
    elif here:
        words = "the test card is not listed under its digest"
        probe.findings.expect(listed, "todaysBookings.digest", words)


def _identify(probe: Probe, hall: str, technology: str, card: str) -> Reply:
    return _ask_about(probe, "/identifications", hall, technology, card)


def _ask_about(probe: Probe, path: str, hall: str, technology: str, card: str) -> Reply:
    credential = {"technology": technology, "assurance": "identifier", "value": card}
    return probe.ask("POST", path, {"credential": credential, "hall": hall})


def _check_order(probe: Probe, found: dict[str, Any]) -> None:
    starts = [booking["starts_at"] for booking in found.get("bookings", [])]
    words = "bookings are not in order of starts_at"
    probe.findings.expect(starts == sorted(starts), "identify.order", words)
