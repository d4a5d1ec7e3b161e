"""Every kind of card reader that can be connected: a module here and a line in the table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, Union

from firmware_bridge.readers import line_profile, pn532_hsu, twn4, twn4_frames
from firmware_bridge.readers.conversation import Conversation
from firmware_bridge.readers.em4100_ascii import (
    Em4100Ascii,
    Em4100AsciiSettings,
    Em4100Bare,
    Em4100BareSettings,
)
from firmware_bridge.readers.greeting import Greeting, Guise
from firmware_bridge.readers.listening import Listening
from firmware_bridge.readers.osdp import Osdp, OsdpSettings
from firmware_bridge.readers.osdp_greeting import ADDRESSES, GREETING
from firmware_bridge.readers.osdp_packet import OsdpDecoder
from firmware_bridge.readers.reading import Decoder
from firmware_bridge.readers.settings import ReaderSettings


@dataclass(frozen=True, slots=True)
class ReaderKind:
    """How a kind of reader is configured, understood and spoken to.

    `decoder` understands what the reader sends, whoever asked it. `conversation` is for a reader
    that must be spoken to. The link to a `supervised` one is watched: who cuts it is noticed.
    One of `greetings` is answered by any of this kind; there are none where it only talks, in one
    of its `guises`. Who answered is asked `details`, of which one is answered. `line_end` follows
    what it writes, where that is lines of text.
    """

    settings: type[ReaderSettings]
    decoder: Callable[[Any], Decoder]
    conversation: Callable[[Any], Conversation] | None = None
    supervised: bool = False
    greetings: tuple[Greeting, ...] = ()
    details: tuple[Greeting, ...] = ()
    guises: tuple[Guise, ...] = (Guise(),)
    line_end: bytes = b""

    @property
    def name(self) -> str:
        """What the settings call it."""
        return str(self.settings.__struct_config__.tag)

    def converse(self, settings: ReaderSettings) -> Conversation:
        """A new connection with a reader of this kind."""
        if self.conversation is None:
            return Listening(self.decoder(settings))
        return self.conversation(settings)


_KINDS = (
    ReaderKind(Em4100AsciiSettings, lambda _: Em4100Ascii()),
    ReaderKind(Em4100BareSettings, lambda _: Em4100Bare()),
    ReaderKind(
        line_profile.LineSettings,
        line_profile.decoder,
        line_profile.converse,
        guises=line_profile.GUISES,
        line_end=line_profile.LINE_END,
    ),
    ReaderKind(
        pn532_hsu.Pn532HsuSettings,
        pn532_hsu.decoder,
        pn532_hsu.converse,
        greetings=(pn532_hsu.GREETING,),
    ),
    ReaderKind(
        OsdpSettings,
        lambda _: OsdpDecoder(),
        Osdp.of,
        supervised=True,
        greetings=(GREETING,),
        details=ADDRESSES,
    ),
    ReaderKind(
        twn4.Twn4Settings,
        twn4.Twn4,
        twn4.converse,
        greetings=twn4.GREETINGS,
        line_end=twn4_frames.END,
    ),
)

READERS: Mapping[str, ReaderKind] = {kind.name: kind for kind in _KINDS}
"""By the name that the settings use."""

# Made from the table, so that a new kind is one line; a type checker sees what they share.
if TYPE_CHECKING:
    AnyReader: TypeAlias = ReaderSettings
else:
    AnyReader = Union[tuple(kind.settings for kind in _KINDS)]  # noqa: UP007


def kind_of(settings: ReaderSettings) -> ReaderKind:
    """The kind that these are the settings of."""
    return READERS[str(settings.__struct_config__.tag)]
