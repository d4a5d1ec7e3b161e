"""A private certificate authority for mutual TLS: P-256 keys, one certificate for each party.

`python -m kiosk.sandbox.authority DIRECTORY --host HOST --terminal ID` writes what a desk trial on
a network needs. Each key is written for its owner alone; the authority's own is never written.
"""

import argparse
import ipaddress
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kiosk.clock import Clock, SystemClock

AUTHORITY_DAYS = 3650
CERTIFICATE_DAYS = 90

EARLIER: Final = timedelta(days=1)
"""A terminal's clock may be an hour behind the service's."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate and its private key, both PEM."""

    certificate: bytes
    key: bytes

    def write(self, directory: Path, name: str) -> tuple[Path, Path]:
        """Write NAME.pem and NAME.key, the key readable by its owner alone."""
        directory.mkdir(parents=True, exist_ok=True)
        certificate, key = directory / f"{name}.pem", directory / f"{name}.key"
        certificate.write_bytes(self.certificate)
        key.unlink(missing_ok=True)
        with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(self.key)
        return certificate, key


class Authority:
    """Signs the service and its terminals, and nobody else."""

    def __init__(self, clock: Clock, name: str = "Visit terminals") -> None:
        self._now = clock.utc()
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        own = _builder(self._name, self._name, self._key.public_key(), self._now, AUTHORITY_DAYS)
        own = own.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        own = own.add_extension(_usage(signs_certificates=True), critical=True)
        self._identifier = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        self._own = own.add_extension(self._identifier, critical=False).sign(
            self._key, hashes.SHA256()
        )

    @property
    def certificate(self) -> bytes:
        """What both sides trust, PEM."""
        return self._own.public_bytes(Encoding.PEM)

    def service(self, *hosts: str) -> Identity:
        """For a service that answers under these names and addresses."""
        names = x509.SubjectAlternativeName([_general_name(host) for host in hosts])
        return self._identity(hosts[0], ExtendedKeyUsageOID.SERVER_AUTH, names)

    def terminal(self, terminal: str) -> Identity:
        """For a terminal: its id is the subject's common name."""
        return self._identity(terminal, ExtendedKeyUsageOID.CLIENT_AUTH, None)

    def _identity(
        self,
        name: str,
        purpose: x509.ObjectIdentifier,
        names: x509.SubjectAlternativeName | None,
    ) -> Identity:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = _builder(subject, self._name, key.public_key(), self._now, CERTIFICATE_DAYS)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(self._identifier)
        made = (
            made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(issuer, critical=False)
        )
        if names is not None:
            made = made.add_extension(names, critical=False)
        pem = made.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM)
        return Identity(pem, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def main(arguments: Sequence[str]) -> int:
    """Write a fresh authority with certificates for one service and any number of terminals."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.sandbox.authority")
    parser.add_argument("directory", type=Path)
    parser.add_argument(
        "--host", action="append", required=True, help="name or address, repeatable"
    )
    parser.add_argument("--terminal", action="append", default=[], help="terminal id, repeatable")
    options = parser.parse_args(arguments)
    authority = Authority(SystemClock())
    authority.service(*options.host).write(options.directory, "service")
    for terminal in options.terminal:
        authority.terminal(terminal).write(options.directory, terminal)
    (options.directory / "authority.pem").write_bytes(authority.certificate)
    return 0


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    days: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(now + timedelta(days=days))
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
