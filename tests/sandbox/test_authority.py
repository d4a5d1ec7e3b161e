"""Mutual TLS: a terminal is who its certificate says, and nobody else gets in."""

import ssl
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio
from aiohttp import ClientConnectorCertificateError, ClientError, ClientSession, TCPConnector
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from yarl import URL

from kiosk.clock import SystemClock
from kiosk.core.contract_check import Subject, check
from kiosk.sandbox.app import Sandbox
from kiosk.sandbox.authority import Authority, main
from kiosk.sandbox.instants import now_ms
from kiosk.sandbox.samples import add_samples
from kiosk.sandbox.settings import Listener, Settings
from tests.sandbox.terminal import Terminal


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    directory = tmp_path / "tls"
    given = ["--host", "127.0.0.1", "--host", "localhost", "--terminal", "t1", "--terminal", "t2"]
    assert main([str(directory), *given]) == 0
    return directory


@pytest_asyncio.fixture(loop_scope="session")
async def secured(settings: Settings, keys: Path) -> AsyncIterator[Sandbox]:
    listener = Listener(
        certificate=keys / "service.pem", key=keys / "service.key", client_ca=keys / "authority.pem"
    )
    sandbox = Sandbox(msgspec.structs.replace(settings, api=listener))
    add_samples(sandbox.people, sandbox.bookings, now_ms(sandbox.clock), 300)
    await sandbox.start()
    yield sandbox
    await sandbox.close()


def client(keys: Path, name: str | None) -> ClientSession:
    context = ssl.create_default_context(cafile=str(keys / "authority.pem"))
    if name is not None:
        context.load_cert_chain(keys / f"{name}.pem", keys / f"{name}.key")
    return ClientSession(connector=TCPConnector(ssl=context))


async def test_a_terminal_with_its_own_certificate_is_served(secured: Sandbox, keys: Path) -> None:
    async with client(keys, "t1") as session:
        reply = await Terminal(session, secured.api_url, "t1").identify("62E3086CED")
    assert reply.status == 200


async def test_a_terminal_can_not_give_another_ones_id(secured: Sandbox, keys: Path) -> None:
    async with client(keys, "t2") as session:
        reply = await Terminal(session, secured.api_url, "t1").identify("62E3086CED")
    assert (reply.status, reply.code) == (403, "unknown_terminal")


async def test_nobody_without_a_certificate_gets_in(secured: Sandbox, keys: Path) -> None:
    async with client(keys, None) as session:
        with pytest.raises(ClientError):
            await Terminal(session, secured.api_url).identify("62E3086CED")


async def test_a_certificate_of_another_authority_does_not_count(
    secured: Sandbox, keys: Path, tmp_path: Path
) -> None:
    Authority(SystemClock()).terminal("t1").write(keys, "t1")
    async with client(keys, "t1") as session:
        with pytest.raises(ClientError):
            await Terminal(session, secured.api_url, "t1").identify("62E3086CED")


async def test_the_service_proves_itself_too(secured: Sandbox, keys: Path) -> None:
    (keys / "authority.pem").write_bytes(Authority(SystemClock()).certificate)
    async with client(keys, "t1") as session:
        with pytest.raises(ClientConnectorCertificateError):
            await Terminal(session, secured.api_url, "t1").identify("62E3086CED")


async def test_a_service_certificate_can_not_pass_for_a_terminals(
    secured: Sandbox, keys: Path
) -> None:
    async with client(keys, "service") as session:
        with pytest.raises(ClientError):
            await Terminal(session, secured.api_url, "127.0.0.1").identify("62E3086CED")


async def test_contract_check_speaks_mutual_tls(secured: Sandbox, keys: Path) -> None:
    import asyncio

    subject = Subject(
        terminal="t1",
        hall="Hall A",
        authority=keys / "authority.pem",
        certificate=keys / "t1.pem",
        key=keys / "t1.key",
    )
    findings = await asyncio.to_thread(check, secured.api_url, subject)
    assert [str(finding) for finding in findings if finding.checked] == []
    assert "mutual_tls.terminal" not in [finding.clause for finding in findings]


def test_keys_are_p256_and_for_their_owner_alone(keys: Path) -> None:
    certificate = x509.load_pem_x509_certificate((keys / "t1.pem").read_bytes())
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert isinstance(key.curve, ec.SECP256R1)
    assert stat.S_IMODE((keys / "t1.key").stat().st_mode) == 0o600
    assert not (keys / "authority.key").exists()
    left = certificate.not_valid_after_utc - SystemClock().utc()
    assert left.days in (89, 90)


async def test_the_pages_can_be_served_over_tls_to_phones_on_the_network(
    settings: Settings, keys: Path
) -> None:
    listener = Listener(certificate=keys / "service.pem", key=keys / "service.key")
    sandbox = Sandbox(msgspec.structs.replace(settings, web=listener))
    await sandbox.start()
    try:
        url = URL(sandbox.officer_url)
        assert url.scheme == "https"
        login = url.origin() / "officer/login"
        async with client(keys, None) as session:
            headers = {"Origin": str(url.origin())}
            password = {"password": settings.desk_password}
            async with session.post(login, json=password, headers=headers) as reply:
                assert reply.status == 204
                assert reply.cookies["desk"]["secure"] is True
    finally:
        await sandbox.close()
