"""The failures that a terminal is built to meet, one type for each part that can meet them."""


class KioskError(Exception):
    """Something outside this program went wrong; the message says what to do about it."""


class ConfigError(KioskError):
    """A configuration file cannot be used; `faults` lists every fault with its path."""

    def __init__(self, source: str, faults: list[str]) -> None:
        self.source = source
        self.faults = faults
        super().__init__("\n".join(f"{source}: {fault}" for fault in faults))


class CatalogueError(KioskError):
    """The sentences of a language cannot be read."""


class WireError(KioskError):
    """A peer sent what the wire does not allow; names message type and size, never content."""


class BridgeError(KioskError):
    """A serial device cannot be used."""


class ServiceError(KioskError):
    """The visit service did not give a usable answer."""


class CallError(KioskError):
    """A call cannot be set up or went wrong."""
