"""What must stand in the board, and is seen to once a second: its lights, its backlight, its watchdog."""

from firmware_bridge.board.modbus import Answer, Read, Request, Values, Write, joined
from firmware_bridge.board.places import Place
from firmware_bridge.board.settings import BoardSettings
from kiosk.clock import Seconds
from kiosk.wire.devices import Indication

HEARTBEAT_S: Seconds = 1.0

KEEP_TRIES = 3
"""A board that does not keep what is written is not written to for ever: its memory wears out."""

NOT_KEPT = "does not keep what is written to {}: correct `watchdog`, or is it another board?"


class Upkeep:
    """Which request is due beside looking at the switches; time is passed in.

    The board may have been reset, or given up on us, without a sign: so each second everything is
    read back, and written again only where it differs.
    """

    def __init__(self, settings: BoardSettings) -> None:
        self._settings = settings
        watchdog = settings.watchdog
        presets = (*watchdog.safe, *watchdog.arm) if watchdog else ()
        pet = watchdog.pet if watchdog else None
        self._presets = {preset.place: preset.value for preset in presets}
        self._outputs: dict[Place, int] = {}
        self.show(Indication.CLOSED)
        self._round: tuple[Request, ...] = (
            *((Write(pet.place, pet.value),) if pet else ()),
            *joined((*self._presets, *self._outputs)),
        )
        self.forget()

    def show(self, indication: Indication) -> None:
        """What lights and backlight are to tell from now on."""
        self._outputs = _outputs(self._settings, indication)

    def forget(self) -> None:
        """The board was away: nothing is known of it, and everything is due."""
        self._known: dict[Place, int] = {}
        self._tries: dict[Place, int] = {}
        self._refused: set[Place] = set()
        self._left = list(self._round)
        self._round_due_s: Seconds = 0.0
        self.is_done = False
        """Whether the board was seen through: watchdog armed, lights as they must be."""

    def next_request(self, now: Seconds) -> Request | None:
        """What is due, most urgent first."""
        if not self._left and now >= self._round_due_s:
            self._left = list(self._round)
            self._refused.clear()
        due = self._left[0] if self._left else None
        # What pets the watchdog comes first: a board that gave up on us may take nothing before.
        return due if isinstance(due, Write) else self._difference() or due

    def hear(self, request: Request, answer: Answer, now: Seconds) -> None:
        """The board answered; a request that it did not answer stays due."""
        match request, answer:
            case Read(), Values(values):
                for place, value in zip(request.places, values, strict=True):
                    self._look_at(place, value)
            case Write(place, value), Values():
                self._known[place] = value
                self._tries[place] = self._tries.get(place, 0) + 1
            case Write(place), _:
                self._refused.add(place)
        if self._left and request == self._left[0]:
            del self._left[0]
            self._round_due_s = now + HEARTBEAT_S
        self.is_done = self.is_done or not (self._left or self._difference())

    def fault(self) -> str | None:
        """Why the board is not as it must be."""
        for place, value in self._presets.items():
            if self._tries.get(place, 0) >= KEEP_TRIES and self._known.get(place) != value:
                return NOT_KEPT.format(place)
        return None

    def next_deadline(self) -> Seconds:
        """When something is due."""
        return 0.0 if self._left or self._difference() else self._round_due_s

    def _look_at(self, place: Place, value: int) -> None:
        self._known[place] = value
        if value == self._presets.get(place, value):
            self._tries.pop(place, None)

    def _difference(self) -> Write | None:
        """The next place to write: an output at once, a preset when it is seen to differ."""
        for place, value in self._outputs.items():
            if self._known.get(place) != value and place not in self._refused:
                return Write(place, value)
        for place, value in self._presets.items():
            differs = self._known.get(place, value) != value and place not in self._refused
            if differs and self._tries.get(place, 0) < KEEP_TRIES:
                return Write(place, value)
        return None


def _outputs(settings: BoardSettings, indication: Indication) -> dict[Place, int]:
    """What is to be written where: the lights of one register are written together."""
    look = settings.show.of(indication)
    outputs: dict[Place, int] = {}
    for name, led in settings.leds.items():
        lit = (name in look.leds) << (led.bit or 0)
        outputs[led.place] = outputs.get(led.place, 0) | lit
    if settings.backlight is not None:
        outputs[settings.backlight.place] = settings.backlight.value(look.backlight)
    return outputs
