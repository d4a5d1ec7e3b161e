"""Where the visit service is, and which addresses of its own it may send us to."""

from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlencode, urljoin, urlsplit

from kiosk.errors import ConfigError, ServiceError

ROOT = "/terminal/v1"

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class ServiceAddress:
    """One origin, below which every operation lives."""

    secure: bool
    host: str
    port: int
    base: str

    @property
    def origin(self) -> tuple[bool, str, int]:
        return self.secure, self.host, self.port

    def operation(self, *steps: str) -> str:
        """The URL of an operation, each step of its path encoded."""
        return self.base + "".join("/" + quote(step, safe="") for step in steps)

    def with_query(self, url: str, **values: str) -> str:
        """`url` with these values asked for as well."""
        return url + ("&" if "?" in url else "?") + urlencode(values, quote_via=quote)

    def own(self, url: str, relative_to: str | None = None) -> str:
        """`url` as an absolute one; raises ServiceError unless it is of this very origin."""
        if not url.isascii() or not url.isprintable() or "\\" in url or " " in url:
            raise ServiceError("a URL of the service has characters that no URL has")
        try:
            absolute = urljoin(relative_to or self.base + "/", url)
            parts = urlsplit(absolute)
            origin = _origin(parts)
        except ValueError:
            raise ServiceError("a URL of the service is malformed") from None
        if parts.username is not None or parts.fragment or origin != self.origin:
            raise ServiceError("a URL of the service is not of its own origin")
        return absolute


def address_of(url: str) -> ServiceAddress:
    """The service at `url`, as configured. Raises ConfigError for what is no such address."""
    try:
        parts = urlsplit(url.rstrip("/"))
        origin = _origin(parts)
    except ValueError:
        origin = None
    if origin is None or parts.username is not None or parts.query or parts.fragment:
        raise ConfigError("service.url", ["expected such as https://visits.example"])
    return ServiceAddress(*origin, base=url.rstrip("/") + ROOT)


def _origin(parts: SplitResult) -> tuple[bool, str, int] | None:
    """Scheme, host and port; None for what has none that we speak. Raises ValueError for a bad port."""
    if parts.scheme not in _PORTS or not parts.hostname:
        return None
    port = parts.port if parts.port is not None else _PORTS[parts.scheme]
    return parts.scheme == "https", parts.hostname, port
