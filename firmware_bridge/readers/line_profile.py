"""Readers that write a line of text for a card: swipes, barcodes, converters from Wiegand.

What a line looks like is a profile: one of those that are here by name, or a site's own.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Literal, TypeAlias, get_args

from msgspec import Meta, Struct

from firmware_bridge.readers import wiegand
from firmware_bridge.readers.framing import LONGEST_BYTES, Framing, Lines
from firmware_bridge.readers.greeting import Guise
from firmware_bridge.readers.listening import QUIET_S, Listening
from firmware_bridge.readers.magstripe import Track, account
from firmware_bridge.readers.patterns import FORMS_OF_TEXT, faults_of
from firmware_bridge.readers.reading import BadFrame, CardRead, FrameError, Reading
from firmware_bridge.readers.settings import Baud, ReaderSettings
from firmware_bridge.readers.swipes import Swipes
from kiosk.clock import Seconds
from kiosk.config import raise_faults
from kiosk.wire.secret import Secret

LINE_END = b"\r"
"""Ends a line in every profile that is here by name."""

_LONGEST_CREDENTIAL = 256
_LONGEST_DECIMAL = 20

ProfileName: TypeAlias = Literal["magstripe", "barcode", "wiegand", "wiegand_hex", "wiegand_bits"]
Mark: TypeAlias = Annotated[str, Meta(min_length=1, max_length=1, pattern=r"^[\x00-\x7f]")]
"""One character of ASCII, control characters among them."""


class CustomProfile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A site's own lines: how they are set apart, and the pattern that a whole line fits."""

    pattern: str
    technology: Annotated[str, Meta(pattern="^[a-z0-9_]{1,40}$")] | None = None
    """Of the card; `hex` and `bits` are Wiegand numbers and say themselves what they are."""
    begins: Mark | None = None
    ends: tuple[Mark, ...] = ("\r", "\n")
    ends_when_silent: bool = False
    longest: Annotated[int, Meta(ge=1, le=LONGEST_BYTES)] = 128

    def __post_init__(self) -> None:
        if faults := [*self._faults_of_pattern(), *self._faults_of_marks()]:
            raise ValueError("; ".join(faults))

    def _faults_of_pattern(self) -> list[str]:
        faults = [f"pattern: {fault}" for fault in faults_of(self.pattern, self.longest)]
        if not faults and self.is_wiegand() == (self.technology is not None):
            need = "not for" if self.is_wiegand() else "missing beside"
            faults = [f"technology: {need} a pattern with these groups"]
        return faults

    def _faults_of_marks(self) -> list[str]:
        faults = []
        if not self.ends and not self.ends_when_silent:
            faults.append("ends: without any, a line has to end when silent")
        if self.begins in self.ends:
            faults.append("begins: is one of the ends")
        return faults

    def is_wiegand(self) -> bool:
        """Whether a line has all bits of a Wiegand number."""
        return bool({"hex", "bits"} & re.compile(self.pattern).groupindex.keys())

    def framing(self) -> Framing:
        begins = None if self.begins is None else ord(self.begins)
        ends = "".join(self.ends).encode("ascii")
        return Framing(ends, begins, self.ends_when_silent, self.longest)


class LineSettings(ReaderSettings, frozen=True, kw_only=True, tag="line"):
    """A reader of magnetic stripes or barcodes, or a converter from Wiegand."""

    baud: Baud = 9600
    profile: ProfileName | None = None
    custom: CustomProfile | None = None
    """In place of a profile that has a name."""
    pattern: str | None = None
    """Of barcodes, which any text could be: what a whole code looks like, and with the group
    `credential` which part of it is the card."""
    tracks: Annotated[tuple[Track, ...], Meta(min_length=1, max_length=3)] = (2, 1)
    """Of a magnetic stripe, which have the account; the first that was read is taken."""
    idle_s: Annotated[Seconds, Meta(ge=0.01, le=2)] = QUIET_S
    """The line is silent after so long: longer than a reader's pauses within a line."""

    def __post_init__(self) -> None:
        raise_faults(self._faults_of_profile(), self._faults_of_pattern())

    def _faults_of_profile(self) -> Iterator[str]:
        names = ", ".join(get_args(ProfileName))
        if self.profile is None and self.custom is None:
            yield f"profile: missing: write one of {names}, or describe the lines in `custom`"
        if self.profile is not None and self.custom is not None:
            yield "custom: not beside a `profile`: leave one of the two out"

    def _faults_of_pattern(self) -> Iterator[str]:
        if self.profile == "barcode":
            yield from (f"pattern: {fault}" for fault in _faults_of_codes(self.pattern))
        elif self.pattern is not None and (self.profile or self.custom):
            yield 'pattern: is for `profile = "barcode"`; a profile of the site has its own in `custom`'


def _faults_of_codes(pattern: str | None) -> list[str]:
    if pattern is None:
        return [r"missing: write what all codes of the site look like, such as '\d{13}'"]
    return faults_of(pattern, LONGEST_BYTES, FORMS_OF_TEXT)


class LineDecoder:
    """A card or a fault for each line; `read` says what one means, and raises FrameError."""

    def __init__(self, lines: Lines | Swipes, read: Callable[[str], CardRead]) -> None:
        self._lines = lines
        self._read = read

    def feed(self, data: bytes) -> list[Reading]:
        return [self._reading(line) for line in self._lines.feed(data)]

    def quiet(self) -> list[Reading]:
        return [self._reading(line) for line in self._lines.quiet()]

    def _reading(self, line: str | BadFrame) -> Reading:
        if isinstance(line, BadFrame):
            return line
        try:
            return self._read(line)
        except FrameError as error:
            return BadFrame(str(error))


_Begin: TypeAlias = Callable[[LineSettings], LineDecoder]


def decoder(settings: LineSettings) -> LineDecoder:
    """What understands the lines that these settings describe."""
    if settings.custom is not None:
        return _of_site(settings.custom)
    assert settings.profile is not None, "settings without either are refused"
    return PROFILES[settings.profile](settings)


def converse(settings: LineSettings) -> Listening:
    """A new connection with the reader."""
    return Listening(decoder(settings), settings.idle_s)


def _text(technology: str, text: str) -> CardRead:
    """Text is its own normal form: as it was sent, letters large or small."""
    if not text.isprintable() or not 1 <= len(text) <= _LONGEST_CREDENTIAL:
        raise FrameError("a text that is empty, too long or not printable")
    return CardRead(technology, "identifier", Secret(text))


def _facility_and_number(technology: str, facility: str, number: str) -> CardRead:
    for text in (facility, number):
        if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_DECIMAL):
            raise FrameError("a facility or a number that is no short decimal")
    return CardRead(technology, "identifier", Secret(f"{int(facility)}-{int(number)}"))


def _wiegand(understand: Callable[[str], wiegand.WiegandCard]) -> _Begin:
    return lambda _: LineDecoder(Lines(_WIEGAND), lambda line: understand(line.strip(" ")).read())


def _groups_of(pattern: re.Pattern[str], line: str) -> Mapping[str, str]:
    found = pattern.fullmatch(line)
    if found is None:
        raise FrameError("a line that does not fit the pattern")
    return {name: text or "" for name, text in found.groupdict().items()}


def _barcodes(settings: LineSettings) -> LineDecoder:
    pattern = re.compile(settings.pattern or "", re.ASCII)

    def read(line: str) -> CardRead:
        return _text("barcode", _groups_of(pattern, line).get("credential", line))

    return LineDecoder(Lines(_CODES), read)


def _of_site(custom: CustomProfile) -> LineDecoder:
    pattern = re.compile(custom.pattern, re.ASCII)
    technology = custom.technology or ""

    def read(line: str) -> CardRead:
        match _groups_of(pattern, line):
            case {"hex": digits}:
                return wiegand.from_hex(digits).read()
            case {"bits": bits}:
                return wiegand.from_bits(bits).read()
            case {"facility": facility, "number": number}:
                return _facility_and_number(technology, facility, number)
            case groups:
                return _text(technology, groups["credential"])

    return LineDecoder(Lines(custom.framing()), read)


_CODES = Framing(ends=b"\r\n\t")

_WIEGAND = Framing(ends=b"\r\n\t", longest_bytes=64)
"""Silence ends none: the first digits of a number could be another number."""

PROFILES: Mapping[str, _Begin] = {
    "magstripe": lambda s: LineDecoder(Swipes(s.tracks), lambda swipe: account(swipe, s.tracks)),
    "barcode": _barcodes,
    "wiegand": _wiegand(wiegand.from_either),
    "wiegand_hex": _wiegand(wiegand.from_hex),
    "wiegand_bits": _wiegand(wiegand.from_bits),
}
"""By the name that the settings use."""

GUISES = (
    Guise({"profile": "magstripe"}),
    Guise({"profile": "wiegand"}),
    Guise(
        {"profile": "barcode", "pattern": "[ -~]+"},
        {"pattern": r"write what all your codes look like, such as '\d{13}'"},
    ),
)
"""The strictest first: any line of text could be a barcode's."""
