"""What lets requests speak to one origin only, on connections that a leash can cut."""

import socket
import ssl
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from kiosk.core.service.address import ServiceAddress
from kiosk.core.service.dialling import dial
from kiosk.core.service.leash import LeashNow


class _LeashedConnection(HTTPConnection):
    """Puts its socket on the leash of each request that it carries."""

    def __init__(self, *args: Any, leash_now: LeashNow, **options: Any) -> None:
        super().__init__(*args, **options)
        self._leash_now = leash_now

    def _new_conn(self) -> socket.socket:
        return dial(self._dns_host, self.port, self._leash_now())

    def request(self, *args: Any, **options: Any) -> None:
        if self.sock is None:
            self.connect()
        leash = self._leash_now()
        leash.hold(self.sock)
        leash.sending()
        super().request(*args, **options)


class _LeashedTlsConnection(_LeashedConnection, HTTPSConnection):
    """The same under TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _LeashedConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _LeashedTlsConnection


class OneOrigin(HTTPAdapter):
    """Carries every request to the one origin that it was made for, whatever its URL or a proxy says."""

    def __init__(
        self, address: ServiceAddress, tls: ssl.SSLContext | None, leash_now: LeashNow
    ) -> None:
        super().__init__(max_retries=0)
        self._address = address
        self._tls = tls
        self._leash_now = leash_now
        self._pool = self._made()

    def _made(self) -> HTTPConnectionPool:
        host, port, leash_now = self._address.host, self._address.port, self._leash_now
        if self._address.secure:
            return _TlsPool(host, port, ssl_context=self._tls, leash_now=leash_now)
        return _Pool(host, port, leash_now=leash_now)

    def forget(self) -> None:
        """Close the connections that are kept for the next request."""
        self._pool.close()
        self._pool = self._made()

    def get_connection_with_tls_context(self, *_: Any, **__: Any) -> HTTPConnectionPool:
        return self._pool

    def cert_verify(self, *_: Any, **__: Any) -> None:
        """Nothing: the pool's own context verifies; requests would add the public authorities to it."""

    def close(self) -> None:
        self._pool.close()
        super().close()
