"""Sends one request to a visit service and holds the reply against the contract."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from kiosk.clock import Clock, Seconds
from kiosk.core.contract import MAX_BOOKINGS_BYTES, ROOT, Contract
from kiosk.core.contract_check.findings import Findings
from kiosk.errors import ServiceError

REQUEST_S: Seconds = 12.0
"""An offer may take 10 s; nothing else comes near."""

_CHUNK_BYTES = 16_384
JSON = "application/json"
SDP = "application/sdp"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; status 0 when nothing usable did. `good`: it keeps the contract."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    took_s: Seconds
    good: bool

    @property
    def json(self) -> dict[str, Any]:
        """The body as an object; empty when it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def code(self) -> str:
        return str(self.json.get("code", ""))


class Probe:
    """Speaks to one service as one terminal."""

    def __init__(
        self,
        url: str,
        terminal: str,
        clock: Clock,
        findings: Findings,
        *,
        authority: Path | None = None,
        certificate: Path | None = None,
        key: Path | None = None,
    ) -> None:
        self.terminal = terminal
        self.clock = clock
        self.findings = findings
        self.contract = Contract()
        self._url = url.rstrip("/").removesuffix(ROOT)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = str(authority) if authority else True
        if certificate:
            self._session.cert = (str(certificate), str(key)) if key else str(certificate)

    @property
    def url(self) -> str:
        """Where the operations are."""
        return f"{self._url}{ROOT}"

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        kind: str = JSON,
        terminal: str | None = "",
    ) -> Reply:
        """Make one request; whatever is wrong with its reply becomes findings.

        `body` is sent as it is when it is bytes, else as JSON. `terminal` None leaves the header out.
        """
        headers = self._headers(terminal)
        if body is not None:
            headers["Content-Type"] = kind
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        began_s = self.clock.monotonic()
        try:
            with self._session.request(
                method,
                f"{self.url}{path}",
                data=data,
                headers=headers,
                allow_redirects=False,
                stream=True,
                timeout=REQUEST_S,
            ) as response:
                status, got = response.status_code, dict(response.headers)
                received = self._read(response, began_s)
        except (OSError, ServiceError) as error:  # requests' own are OSErrors
            self.findings.expect(False, f"{method} {path.partition('?')[0]}", _why(error))
            return Reply(0, {}, b"", self.clock.monotonic() - began_s, good=False)
        took_s = self.clock.monotonic() - began_s
        good = self._keeps_contract(method, path, status, got, received)
        return Reply(status, got, received, took_s, good)

    def open_stream(self, after: int | None) -> requests.Response:
        """Open the event stream; raises requests.RequestException."""
        headers = self._headers("")
        if after is not None:
            headers["Last-Event-ID"] = str(after)
        return self._session.get(
            f"{self.url}/events",
            headers=headers,
            allow_redirects=False,
            stream=True,
            timeout=REQUEST_S,
        )

    def close(self) -> None:
        self._session.close()

    def _headers(self, terminal: str | None) -> dict[str, str]:
        return {} if terminal is None else {"Terminal": terminal or self.terminal}

    def _read(self, response: requests.Response, began_s: Seconds) -> bytes:
        received = bytearray()
        for chunk in response.iter_content(_CHUNK_BYTES):
            received += chunk
            if len(received) > MAX_BOOKINGS_BYTES:
                raise ServiceError(f"the reply is longer than {MAX_BOOKINGS_BYTES} bytes")
            if self.clock.monotonic() - began_s > REQUEST_S:
                raise ServiceError(f"the reply took longer than {REQUEST_S:g} s")
        return bytes(received)

    def _keeps_contract(
        self, method: str, path: str, status: int, headers: Mapping[str, str], body: bytes
    ) -> bool:
        operation = self.contract.operation(method, path.partition("?")[0])
        if operation is None:
            return True
        faults = self.contract.faults_of_reply(operation, status, headers, body)
        for fault in faults:
            clause, _, words = fault.partition(": ")
            self.findings.expect(False, clause, words)
        return not faults


def _why(error: Exception) -> str:
    """Why there was no reply, in words for who reads the findings."""
    root: BaseException = error
    while root.__context__ is not None:
        root = root.__context__
    cause = (getattr(root, "strerror", None) or str(root) or type(root).__name__)[:200]
    match error:
        case requests.exceptions.SSLError():
            return f"no TLS connection, look at the certificates: {cause}"
        case requests.Timeout():
            return f"no reply in {REQUEST_S:g} s"
        case requests.ConnectionError():
            return f"nobody answers there, look at the address and the service: {cause}"
        case _:
            return cause
