"""Mutual TLS under a private authority, and everything that must not pass for it."""

import os
import pty
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.core.service.address import address_of
from kiosk.core.service.http import Reply, Request, Transport, Unreachable
from kiosk.core.service.leash import Leash
from kiosk.core.service.tls import context_of
from kiosk.core.settings import ServiceSettings
from kiosk.errors import ConfigError
from tests.core.service.authority import Authority
from tests.core.service.conftest import CLOCK
from tests.core.service.hostile import always, hostile, whole


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "prisons")


@pytest.fixture
def other(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "other")


def ask(settings: ServiceSettings) -> Reply:
    address = address_of(settings.url)
    transport = Transport(address, context_of(settings), "t1", CLOCK)
    with Leash(CLOCK, 5.0) as leash:
        try:
            return transport.exchange(Request("GET", address.operation("bookings")), leash)
        finally:
            transport.close()


def test_the_service_and_the_terminal_know_each_other(authority: Authority) -> None:
    certificate, key = authority.issue("t1")
    with hostile(always(whole(b"{}")), authority.service()) as server:
        assert ask(ServiceSettings(server.url, authority.ca, certificate, key)).body == b"{}"


def test_a_terminal_without_a_certificate_is_not_served(authority: Authority) -> None:
    with hostile(always(whole(b"{}")), authority.service()) as server:
        with pytest.raises(Unreachable):
            ask(ServiceSettings(server.url, authority.ca))
        assert server.asked == []


def test_a_terminal_of_another_authority_is_not_served(
    authority: Authority, other: Authority
) -> None:
    certificate, key = other.issue("t1")
    with hostile(always(whole(b"{}")), authority.service()) as server:
        with pytest.raises(Unreachable):
            ask(ServiceSettings(server.url, authority.ca, certificate, key))
        assert server.asked == []


def test_a_service_of_another_authority_hears_nothing(
    authority: Authority, other: Authority
) -> None:
    certificate, key = authority.issue("t1")
    with hostile(always(whole(b"{}")), other.service(asks=False)) as server:
        with pytest.raises(Unreachable, match="certificate is not accepted"):
            ask(ServiceSettings(server.url, authority.ca, certificate, key))
        assert server.asked == []


def test_a_service_of_another_name_hears_nothing(authority: Authority) -> None:
    with hostile(
        always(whole(b"{}")), authority.service(host="evil.example", asks=False)
    ) as server:
        with pytest.raises(Unreachable, match=r"certificate is not accepted: Hostname mismatch"):
            ask(ServiceSettings(server.url, authority.ca))
        assert server.asked == []


def test_a_service_whose_certificate_ran_out_hears_nothing(authority: Authority) -> None:
    with hostile(always(whole(b"{}")), authority.service(days=-1, asks=False)) as server:
        with pytest.raises(
            Unreachable, match="certificate is not accepted: certificate has expired"
        ):
            ask(ServiceSettings(server.url, authority.ca))
        assert server.asked == []


def test_a_private_authority_is_not_believed_unless_it_is_configured(authority: Authority) -> None:
    with hostile(always(whole(b"{}")), authority.service(asks=False)) as server:
        with pytest.raises(Unreachable, match="certificate is not accepted"):
            ask(ServiceSettings(server.url))
        assert server.asked == []


def test_the_environment_can_not_bring_an_authority_in(
    authority: Authority, other: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(other.ca))
    with hostile(always(whole(b"{}")), other.service(asks=False)) as server:
        with pytest.raises(Unreachable, match="certificate is not accepted"):
            ask(ServiceSettings(server.url, authority.ca))
        assert server.asked == []


def test_only_the_configured_authority_is_believed_even_after_a_request(
    authority: Authority,
) -> None:
    with hostile(always(whole(b"{}")), authority.service(asks=False)) as server:
        context = context_of(ServiceSettings(server.url, authority.ca))
        assert context is not None
        address = address_of(server.url)
        transport = Transport(address, context, "t1", CLOCK)
        with Leash(CLOCK, 5.0) as leash:
            transport.exchange(Request("GET", address.operation("bookings")), leash)
        transport.close()
    assert len(context.get_ca_certs()) == 1
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_a_service_that_speaks_plain_http_on_a_tls_port_is_away(authority: Authority) -> None:
    with hostile(always(whole(b"{}"))) as server:
        url = server.url.replace("http:", "https:")
        with pytest.raises(Unreachable, match="TLS failed"):
            ask(ServiceSettings(url, authority.ca))


def test_plain_http_needs_no_certificates() -> None:
    assert context_of(ServiceSettings("http://localhost:1")) is None


@pytest.mark.parametrize("missing", ["certificate", "key", "ca"])
def test_certificates_by_halves_are_refused(authority: Authority, missing: str) -> None:
    certificate, key = authority.issue("t1")
    files = {"ca": authority.ca, "certificate": certificate, "key": key}
    del files[missing]
    with pytest.raises(ConfigError):
        context_of(ServiceSettings("https://localhost", **files))


def test_certificates_with_plain_http_are_refused(authority: Authority) -> None:
    with pytest.raises(ConfigError, match="https"):
        context_of(ServiceSettings("http://localhost", authority.ca))


def test_a_key_of_another_certificate_is_refused(authority: Authority) -> None:
    certificate, _ = authority.issue("t1")
    _, key = authority.issue("t2")
    with pytest.raises(ConfigError, match="can not be used"):
        context_of(ServiceSettings("https://localhost", authority.ca, certificate, key))


def test_a_key_with_a_password_is_refused_without_asking_for_it(authority: Authority) -> None:
    certificate, key = authority.issue("t1", password=b"secret")
    program = f"""
from pathlib import Path
from kiosk.core.service.tls import context_of
from kiosk.core.settings import ServiceSettings
context_of(ServiceSettings(
    "https://localhost", Path({str(authority.ca)!r}), Path({str(certificate)!r}), Path({str(key)!r})
))
"""
    told = on_a_console(program)
    assert "ConfigError" in told
    assert "can not be used" in told
    assert "pass phrase" not in told


TAKE_THE_CONSOLE = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)"


def on_a_console(program: str) -> str:
    """What `program` prints where there is a terminal on which somebody could be asked."""
    ours, its = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-c", TAKE_THE_CONSOLE + program],
        stdin=its,
        stdout=its,
        stderr=its,
        start_new_session=True,
    )
    os.close(its)
    try:
        running.wait(20)
        return os.read(ours, 65_536).decode()
    finally:
        running.kill()
        running.wait()
        os.close(ours)


def test_missing_files_are_named(authority: Authority, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nothing\.pem"):
        context_of(ServiceSettings("https://localhost", tmp_path / "nothing.pem"))
    with pytest.raises(ConfigError, match=r"nothing\.key"):
        context_of(
            ServiceSettings(
                "https://localhost", authority.ca, authority.ca, tmp_path / "nothing.key"
            )
        )
