"""What every kind of reader is told in bridge.toml; a kind adds its own settings to these."""

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from kiosk.clock import Seconds

Baud: TypeAlias = Annotated[int, Meta(ge=1200, le=921600)]


class ReaderSettings(
    Struct, tag_field="kind", frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One card reader: its name on this terminal, and the serial device that it is.

    A kind of reader is a struct of its own: its tag is the kind, its `baud` what it is sold with.
    """

    name: Annotated[str, Meta(pattern="^[a-z0-9_-]{1,40}$")]
    port: Annotated[str, Meta(pattern="^/")]
    baud: Baud
    removed_after_s: Annotated[Seconds, Meta(ge=0.1, le=5)] = 0.3
    """A card that was not read for so long was taken away: five frames of an RDM6300 did not come."""
