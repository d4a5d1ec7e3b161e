"""`visit-kiosk contract-check URL`: the check as a command."""

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from kiosk.core.contract_check.checking import Subject, check

_ABOUT = """Runs the contract against a visit service and names each clause that fails.
The booking of the test card is joined and left again; audit records named ContractCheck are sent."""


def main(arguments: Sequence[str]) -> int:
    """0 when every clause that was tried holds, 1 when one fails."""
    options = _options(arguments)
    subject = Subject(
        terminal=options.terminal,
        hall=options.hall,
        technology=options.technology,
        card=options.card,
        pin=options.pin,
        authority=options.ca,
        certificate=options.cert,
        key=options.key,
    )
    findings = check(options.url, subject)
    for finding in findings:
        print(finding)
    failed = sum(finding.checked for finding in findings)
    print(f"{failed} clause(s) fail" if failed else "Every clause that was tried holds.")
    return 1 if failed else 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="visit-kiosk contract-check", description=_ABOUT)
    parser.add_argument("url", help="where the service is, such as https://visits.example")
    parser.add_argument("--terminal", default="contract-check", help="the terminal id to speak as")
    parser.add_argument("--hall", required=True, help="the terminal's hall, as bookings name it")
    parser.add_argument("--card", help="a test card with a booking that is open now in that hall")
    parser.add_argument("--technology", default="em4100", help="the test card's technology")
    parser.add_argument("--pin", help="the test card's PIN, if it has one")
    parser.add_argument("--ca", type=Path, help="the private authority's certificate, PEM")
    parser.add_argument("--cert", type=Path, help="the terminal's certificate, PEM")
    parser.add_argument("--key", type=Path, help="the terminal's private key, PEM")
    options = parser.parse_args(arguments)
    for fault in _faults(options):
        parser.error(fault)
    return options


def _faults(options: argparse.Namespace) -> Iterator[str]:
    """What is wrong with the command rather than with the service."""
    try:
        address = urlsplit(options.url)
        usable = address.scheme in ("http", "https") and address.hostname and address.port != 0
    except ValueError:
        usable = False
    if not usable:
        yield f"{options.url!r} is no address; one looks like https://visits.example"
    for name in ("ca", "cert", "key"):
        file = getattr(options, name)
        if file is not None and not os.access(file, os.R_OK):
            yield f"--{name}: {file} is not there or may not be read"
