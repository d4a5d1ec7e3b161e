"""What may flow at this moment; every thread of the program asks before it passes anything on."""

from dataclasses import dataclass


@dataclass(slots=True)
class Flow:
    """Plain values, written by the event loop alone and read by any thread.

    `alone` means that kiosk-core, and with it whoever supervises the visit, has been away too long.
    """

    call: int | None = None
    muted: bool = False
    held: bool = False
    alone: bool = False
    gain: float = 1.0
    """By how much all that is played is louder than it comes."""
    signing: bool = False
    """People sign: pictures are to be fluent before they are sharp."""

    @property
    def our_sound(self) -> bool:
        return self.call is not None and not (self.muted or self.held or self.alone)

    @property
    def their_sound(self) -> bool:
        return self.call is not None and not (self.held or self.alone)

    @property
    def pictures(self) -> bool:
        """Both ways; what the camera shows its own side is not concerned."""
        return self.call is not None and not self.held
