"""Makes the terminal's side of mutual TLS from its files."""

import ssl

from kiosk.core.settings import ServiceSettings
from kiosk.errors import ConfigError


def context_of(settings: ServiceSettings) -> ssl.SSLContext | None:
    """What verifies the service and proves the terminal; None for plain HTTP, on a desk.

    Raises ConfigError for files that can not be used, or that are given by halves.
    """
    faults = _faults(settings)
    if faults:
        raise ConfigError("service", faults)
    if not settings.url.startswith("https:"):
        return None
    try:
        context = ssl.create_default_context(cafile=settings.ca)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError("service.ca", [f"{settings.ca} can not be used: {error}"]) from error
    if settings.certificate and settings.key:
        _prove(context, settings)
    return context


def _prove(context: ssl.SSLContext, settings: ServiceSettings) -> None:
    assert settings.certificate is not None
    try:
        # An empty password: a key that wants one must not ask for it on the console.
        context.load_cert_chain(settings.certificate, settings.key, password="")
    except (OSError, ssl.SSLError) as error:
        text = f"{settings.certificate} and {settings.key} can not be used: {error}"
        raise ConfigError("service.certificate", [text]) from error


def _faults(settings: ServiceSettings) -> list[str]:
    faults = []
    if (settings.certificate is None) != (settings.key is None):
        faults.append("certificate and key belong together")
    if settings.certificate and not settings.ca:
        faults.append("ca: missing, the service's certificate could not be verified")
    if settings.ca and not settings.url.startswith("https:"):
        faults.append("url: expected https, as ca is given")
    return faults
