"""Every kind of card reader that can be connected: a module here and a line in the table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from firmware_bridge.readers.em4100_ascii import Em4100Ascii, Em4100Bare
from firmware_bridge.readers.reading import Decoder


@dataclass(frozen=True, slots=True)
class ReaderKind:
    """How a kind of reader is understood, and the speed it is sold with."""

    decoder: Callable[[], Decoder]
    baud: int


READERS: Mapping[str, ReaderKind] = {
    "em4100_ascii": ReaderKind(Em4100Ascii, 9600),
    "em4100_bare": ReaderKind(Em4100Bare, 9600),
}
"""By the name that the settings use."""
