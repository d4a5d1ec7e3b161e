"""Messages to lines of JSON and back, in bounded memory; faults are told without content."""

from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from kiosk.errors import WireError
from kiosk.wire.messages import Message
from kiosk.wire.secret import Secret
from kiosk.wire.vocabulary import AnyMessage

Decoded = TypeVar("Decoded")

MAX_LINE_BYTES = 256 * 1024
"""The longest line, its newline included; an SDP, the largest content, has some 10 KB."""


def encode(message: Message) -> bytes:
    """One line of JSON that ends with a newline; a Secret is written as its text.

    Raises WireError for what no peer would take: a line too long, a field of the wrong type, a
    number that is none, text that is no Unicode. Sent, it would cost us the connection each time.
    """
    line = _try_encode(message)
    name = type(message).__name__
    if line is None:
        raise WireError(f"{name} holds what cannot be written")
    if len(line) >= MAX_LINE_BYTES:
        raise WireError(f"{name} of {len(line)} bytes is too long for a line")
    _decode(line)
    return line + b"\n"


class LineDecoder:
    """Bytes in, messages out; holds at most one unfinished line."""

    def __init__(self) -> None:
        self._rest = bytearray()

    @property
    def unfinished_bytes(self) -> int:
        """How much of a line has come whose end has not."""
        return len(self._rest)

    def feed(self, data: bytes) -> list[Message]:
        """The messages that `data` completes.

        Raises WireError when a line is too long, is not JSON, or is no message; its text names
        type and byte count only. The peer is not to be believed after that.
        """
        return list(self.read(data))

    def read(self, data: bytes) -> Iterator[Message]:
        """As `feed`, one by one: what was sound before a bad line is not lost."""
        return map(_decode, self._lines(data))

    def _lines(self, data: bytes) -> Iterator[bytes]:
        start = 0
        while (end := data.find(b"\n", start)) >= 0:
            self._keep(data, start, end)
            yield bytes(self._rest)
            self._rest.clear()
            start = end + 1
        self._keep(data, start, len(data))

    def _keep(self, data: bytes, start: int, end: int) -> None:
        length = len(self._rest) + end - start
        if length >= MAX_LINE_BYTES:
            self._rest.clear()
            raise WireError(f"a line of {length} bytes or more is too long")
        self._rest += memoryview(data)[start:end]


class _Tag(msgspec.Struct):
    type: str


def _write_secret(value: Any) -> str:
    if isinstance(value, Secret):
        return value.reveal()
    raise NotImplementedError(type(value).__name__)


def _read_secret(kind: type, value: Any) -> Any:
    if kind is Secret and isinstance(value, str):
        return Secret(value)
    raise ValueError(kind.__name__)


_ENCODER = msgspec.json.Encoder(enc_hook=_write_secret)
_DECODER: msgspec.json.Decoder[Message] = msgspec.json.Decoder(AnyMessage, dec_hook=_read_secret)
_TAG_DECODER = msgspec.json.Decoder(_Tag)
_NAMES = frozenset(kind.__name__ for kind in AnyMessage.__args__)


def _try_encode(message: Message) -> bytes | None:
    """None instead of an exception, because the exception may carry the text."""
    try:
        return _ENCODER.encode(message)
    except ValueError:
        return None


def _decode(line: bytes) -> Message:
    message = _try_decode(_DECODER, line)
    if message is not None:
        return message
    # Raised here and not while an exception is handled: those of msgspec quote the content.
    tag = _try_decode(_TAG_DECODER, line)
    if tag is None:
        raise WireError(f"a line of {len(line)} bytes is not JSON or names no type")
    if tag.type not in _NAMES:
        raise WireError(f"a message of unknown type, {len(line)} bytes")
    raise WireError(f"{tag.type} of {len(line)} bytes has a wrong field")


def _try_decode(decoder: msgspec.json.Decoder[Decoded], line: bytes) -> Decoded | None:
    try:
        return decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
