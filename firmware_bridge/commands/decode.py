"""`firmware-bridge decode`: what the bytes of a reader say, one JSON event a line.

It shows what is on cards: that is what it is for.
"""

import json
import os
import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator

from firmware_bridge.commands.choosing import add_set_argument, settings_of
from firmware_bridge.commands.command import FAILED, OK, Command
from firmware_bridge.readers import READERS, kind_of
from firmware_bridge.readers.line_profile import LINE_END, PROFILES
from firmware_bridge.readers.reading import (
    BadFrame,
    CardRead,
    CaseSeen,
    Decoder,
    OtherFrame,
    PowerSeen,
    Reading,
)
from kiosk.errors import ConfigError

_LINES = "line"
"""The kind that has profiles, each of which can be decoded by its name, too."""

_NAMES = (*READERS, *PROFILES)
_CHUNK_BYTES = 65536

_BYTE_ENDS = re.compile("[:-]")
"""Beside blanks, what is written between bytes: `53:80`, `53-80`."""

# Digits are what a converter from Wiegand writes, and what people have: they need not be written
# as the bytes of their characters. No number has fewer of them, so fewer are a piece of one.
_WIEGAND_DIGITS = 7
_WIEGAND_BYTES = re.compile(rb"[0-9A-Fa-f\r\n\t]+")


def event_of(reading: Reading) -> dict[str, object]:
    """A reading as an event; technology, credential and assurance are null for any but a card."""
    event: dict[str, object] = {"technology": None, "credential": None, "assurance": None}
    match reading:
        case CardRead(technology, assurance, secret):
            credential = secret.reveal()
            card = {"technology": technology, "credential": credential, "assurance": assurance}
            return {"event": "presented", **card, **_wiegand_parts(technology, credential)}
        case BadFrame(reason):
            return {"event": "invalid", **event, "reason": reason}
        case OtherFrame(what):
            return {"event": "frame", **event, "what": what}
        case CaseSeen(is_open):
            return {"event": "tamper", **event, "open": is_open}
        case PowerSeen(fails):
            return {"event": "power", **event, "fails": fails}


def _wiegand_parts(technology: str, credential: str) -> dict[str, int]:
    if not technology.startswith("wiegand_"):
        return {}
    facility, number = credential.split("-")
    return {"facility": int(facility), "number": int(number)}


def _needs_bytes(parser: ArgumentParser) -> None:
    parser.add_argument("reader", choices=_NAMES, metavar="READER", help=", ".join(_NAMES))
    parser.add_argument(
        "hex",
        nargs="*",
        metavar="HEX",
        help="bytes that the reader sent, in hexadecimal; without any, standard input is read. "
        "For wiegand, wiegand_hex and wiegand_bits the digits of a number",
    )
    add_set_argument(parser)
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--text", nargs="*", metavar="TEXT", help="no hexadecimal but text, each a reader's line"
    )
    how.add_argument("--raw", action="store_true", help="standard input has the bytes themselves")


def _run(options: Namespace) -> int:
    if options.raw and options.hex:
        raise ConfigError("--raw", ["is for standard input: leave HEX out"])
    seen = set()
    for reading in _readings(_decoder(options.reader, options.set), _chunks(options)):
        event = event_of(reading)
        print(json.dumps(event), flush=True)
        seen.add(event["event"])
    if not seen:
        print("nothing was decoded", file=sys.stderr)
    return OK if seen and "invalid" not in seen else FAILED


def _decoder(name: str, pairs: list[str]) -> Decoder:
    said = {"port": "/dev/null"}
    if name in PROFILES:
        said["profile"] = name
    settings = settings_of(_kind_named(name), said, pairs)
    return kind_of(settings).decoder(settings)


def _kind_named(name: str) -> str:
    return _LINES if name in PROFILES else name


def _readings(decoder: Decoder, chunks: Iterable[bytes]) -> Iterator[Reading]:
    for chunk in chunks:
        yield from decoder.feed(chunk)
    yield from decoder.quiet()


def _chunks(options: Namespace) -> Iterator[bytes]:
    """The bytes, as they come; raises ConfigError for any that are not written as they should be."""
    if options.raw:
        yield from iter(lambda: os.read(sys.stdin.fileno(), _CHUNK_BYTES), b"")
    elif words := options.hex + (options.text or []):
        yield from _of_words(options, words)
    else:
        # What is no UTF-8 passes as Python passes it in arguments.
        with open(sys.stdin.fileno(), errors="surrogateescape", closefd=False) as lines:
            for line in lines:
                yield from _of_words(options, [line.rstrip("\r\n")])


def _of_words(options: Namespace, words: list[str]) -> Iterable[bytes]:
    if options.text is not None:
        end = READERS[_kind_named(options.reader)].line_end
        return [os.fsencode(word) + end for word in words]
    bare = [digits for digits in map(_digits_of, words) if digits]
    return _of_wiegand(bare) if options.reader.startswith("wiegand") else map(_bytes_of, bare)


def _digits_of(word: str) -> str:
    """What is written as `5380`, `53 80`, `53:80`, `53-80` or `0x53 0x80`. Raises ConfigError."""
    pieces = _BYTE_ENDS.split("".join(re.sub(r"\b0[xX]", "", word).split()))
    digits = "".join(pieces)
    if re.fullmatch("[0-9A-Fa-f]*", digits) is None:
        raise ConfigError("HEX", [f"{word[:40]!r} is not hexadecimal"])
    if len(pieces) > 1 and any(len(piece) % 2 for piece in pieces):
        raise ConfigError("HEX", [f"{word[:40]!r} ends within a byte"])
    return digits


def _bytes_of(word: str) -> bytes:
    if len(word) % 2:
        raise ConfigError("HEX", [f"{word[:40]!r} ends within a byte"])
    return bytes.fromhex(word)


def _of_wiegand(words: list[str]) -> Iterator[bytes]:
    """Each number as a line, unless it is written as the bytes of such a line."""
    if any(len(word) < _WIEGAND_DIGITS for word in words):
        words = ["".join(words)]
    for word in words:
        raw = b"" if len(word) % 2 else bytes.fromhex(word)
        yield raw if _WIEGAND_BYTES.fullmatch(raw) else word.encode() + LINE_END


COMMAND = Command("decode", "say what the bytes of a reader mean", _needs_bytes, _run)
