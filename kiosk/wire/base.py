"""What all screens have in common."""

import msgspec


class ScreenBase(
    msgspec.Struct, frozen=True, tag=True, tag_field="screen", forbid_unknown_fields=True
):
    """A screen as plain data, tagged with its name."""
