"""Sends one request at a time to the visit service and takes the reply within its limits."""

import http.client
import logging
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy

import requests
import urllib3

from kiosk.clock import Clock, Seconds
from kiosk.core.service.address import ServiceAddress
from kiosk.core.service.leash import TOO_SLOW, Leash
from kiosk.core.service.origin import OneOrigin
from kiosk.errors import ServiceError

MAX_REPLY_BYTES = 262_144
MAX_BOOKINGS_BYTES = 4_194_304

_READ_BYTES = 65_536
_AGENT = "visit-kiosk"


class Unreachable(ServiceError):
    """No whole reply came, or the service says that it is out of order."""


class ContractBroken(ServiceError):
    """What came is not what the contract allows."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to send; neither its URL nor its body is printed, as they name people."""

    method: str
    url: str = field(repr=False)
    body: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    reply_limit_bytes: int = MAX_REPLY_BYTES


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, whole."""

    status: int
    content_type: str
    location: str | None = field(repr=False)
    body: bytes = field(repr=False)
    sent_at_s: Seconds
    got_at_s: Seconds


class Stream:
    """A reply whose body is still to come."""

    def __init__(self, response: requests.Response, leash: Leash, got_at_s: Seconds) -> None:
        self.status = response.status_code
        self.got_at_s = got_at_s
        self._response = response
        self._leash = leash

    @property
    def content_type(self) -> str:
        return self.header("Content-Type").partition(";")[0].strip().lower()

    def header(self, name: str) -> str:
        return str(self._response.headers.get(name, ""))

    def read(self) -> bytes:
        """What has come, as soon as anything has; empty at the end of the body."""
        # Not iter_content: it would wait for more, and a chunk of endless length would fill memory.
        with _translated(self._leash):
            data: bytes = self._response.raw.read1(_READ_BYTES, decode_content=False)
        if self._leash.cut_reason is not None:
            raise Unreachable(self._leash.cut_reason)
        return data

    def read_whole(self, limit_bytes: int) -> bytes:
        """The whole body; raises ContractBroken as soon as it is longer than `limit_bytes`."""
        announced = self.header("Content-Length")
        if announced.isdecimal() and int(announced[:20]) > limit_bytes:
            raise ContractBroken(f"the reply is longer than {limit_bytes} bytes")
        body = bytearray()
        while data := self.read():
            body += data
            if len(body) > limit_bytes:
                raise ContractBroken(f"the reply is longer than {limit_bytes} bytes")
        return bytes(body)


class Transport:
    """One requests session to one origin, for use by one thread at a time.

    Nothing in the environment changes what it does; it follows no redirect, keeps no cookie and asks
    for no encoding.
    """

    def __init__(
        self, address: ServiceAddress, tls: ssl.SSLContext | None, terminal: str, clock: Clock
    ) -> None:
        self._clock = clock
        self._leash: Leash | None = None
        self._session = _Session()
        self._session.trust_env = False
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.headers.clear()
        self._session.headers.update(
            {"Terminal": terminal, "Accept-Encoding": "identity", "User-Agent": _AGENT}
        )
        self._adapter = OneOrigin(address, tls, self._leash_now)
        self._session.adapters.clear()
        self._session.mount("https://" if address.secure else "http://", self._adapter)
        # Its warnings quote what the peer sent.
        logging.getLogger("urllib3").setLevel(logging.CRITICAL)

    def exchange(self, request: Request, leash: Leash) -> Reply:
        """Send and take the whole reply. Raises Unreachable or ContractBroken."""
        with self.stream(request, leash) as stream:
            body = stream.read_whole(request.reply_limit_bytes)
            location = stream.header("Location") or None
            sent_at_s = leash.sent_at_s
            assert sent_at_s is not None
            return Reply(
                stream.status, stream.content_type, location, body, sent_at_s, stream.got_at_s
            )

    @contextmanager
    def stream(self, request: Request, leash: Leash) -> Iterator[Stream]:
        """Send, and read the reply as it comes. Raises Unreachable or ContractBroken."""
        self._leash = leash
        response = self._send(request, leash)
        try:
            _check_head(response)
            yield Stream(response, leash, self._clock.monotonic())
        finally:
            response.close()

    def forget(self) -> None:
        """Keep no connection; the next request makes one."""
        self._adapter.forget()

    def close(self) -> None:
        self._session.close()

    def _send(self, request: Request, leash: Leash) -> requests.Response:
        plain = requests.Request(
            request.method, request.url, headers=dict(request.headers), data=request.body
        )
        with _translated(leash):
            return self._session.send(
                self._session.prepare_request(plain),
                stream=True,
                allow_redirects=False,
                timeout=leash.remaining_s(),
            )

    def _leash_now(self) -> Leash:
        assert self._leash is not None
        return self._leash


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: looking for one, requests would read the whole body of a redirect, however long."""


def _check_head(response: requests.Response) -> None:
    status = response.status_code
    if status >= 500:
        raise Unreachable(f"answered {status}")
    if 300 <= status < 400:
        raise ContractBroken(f"answered {status}: redirects are not allowed")
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise ContractBroken("the reply is encoded")


@contextmanager
def _translated(leash: Leash) -> Iterator[None]:
    """Errors of the layers below as our own, without what they quote."""
    try:
        yield
    except (
        ServiceError,
        OSError,  # which requests' errors are, too
        urllib3.exceptions.HTTPError,
        http.client.HTTPException,
        ValueError,
    ) as error:
        if leash.cut_reason is not None:
            raise Unreachable(leash.cut_reason) from None
        raise _named(error) from None


def _named(error: BaseException) -> ServiceError:
    """What to call a failure, by the innermost cause that says something."""
    if isinstance(error, ServiceError):
        return Unreachable(str(error))
    causes = list(_causes(error))
    if any(isinstance(cause, TimeoutError) for cause in causes):
        return Unreachable(TOO_SLOW)
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Unreachable(f"its certificate is not accepted: {cause.verify_message}")
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return Unreachable(f"TLS failed: {cause.reason}")
        if isinstance(cause, http.client.RemoteDisconnected | http.client.IncompleteRead):
            return Unreachable("the connection ended within the reply")
        if isinstance(cause, http.client.HTTPException | ValueError):
            return ContractBroken(f"the reply is not HTTP: {type(cause).__name__}")
    for cause in causes:
        if isinstance(cause, OSError) and cause.strerror:
            return Unreachable(cause.strerror.lower())
    return Unreachable(f"no connection: {type(causes[-1]).__name__}")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what it was raised from, and what urllib3 put into its arguments."""
    waiting, seen = [error], set[int]()
    while waiting:
        cause = waiting.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        inner = [cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args]
        waiting += [each for each in inner if isinstance(each, BaseException)]
