"""What an OSDP reader's light and buzzer tell of the terminal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import osdp_sys

from firmware_bridge.readers.osdp_panel import Panel
from kiosk.clock import Seconds
from kiosk.wire.devices import Indication

_SET_STEADY = 1
_TONE = 2
_BLINK = 5
_BEEP = 2
"""Both in tenths of a second."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """A colour (`osdp_sys.LED_COLOR_…`), whether it blinks, and how often the reader beeps."""

    colour: int
    blinks: bool = False
    beeps: int = 0

    def light(self) -> dict[str, Any]:
        """The command for the light, which stays so until another one."""
        return {
            "command": osdp_sys.CMD_LED,
            "reader": 0,
            "led_number": 0,
            "temporary": False,
            "control_code": _SET_STEADY,
            "on_color": self.colour,
            "off_color": osdp_sys.LED_COLOR_NONE if self.blinks else self.colour,
            "on_count": _BLINK,
            "off_count": _BLINK if self.blinks else 0,
        }

    def sound(self) -> dict[str, Any]:
        """The command for the buzzer."""
        return {
            "command": osdp_sys.CMD_BUZZER,
            "reader": 0,
            "control_code": _TONE,
            "on_count": _BEEP,
            "off_count": _BEEP,
            "rep_count": self.beeps,
        }


# Red, green and amber are what every reader with a light has.
FEEDBACK: Mapping[Indication, Feedback] = {
    Indication.READY: Feedback(osdp_sys.LED_COLOR_AMBER),
    Indication.RESTING: Feedback(osdp_sys.LED_COLOR_AMBER),
    Indication.BUSY: Feedback(osdp_sys.LED_COLOR_AMBER, blinks=True),
    Indication.ACCEPTED: Feedback(osdp_sys.LED_COLOR_GREEN, beeps=1),
    Indication.REFUSED: Feedback(osdp_sys.LED_COLOR_RED, beeps=3),
    Indication.VISIT: Feedback(osdp_sys.LED_COLOR_GREEN),
    Indication.CLOSED: Feedback(osdp_sys.LED_COLOR_RED),
}

_RISKY_S: Seconds = 0.5


class FeedbackGiver:
    """Has the reader show the newest indication, once, and again after it was away.

    libosdp takes a reader's refusal for the loss of the reader. One that refuses its light or its
    buzzer although it said that it has them is asked no more, or it would be lost for ever.
    """

    def __init__(self) -> None:
        self._wanted: Indication | None = None
        self._shown: Indication | None = None
        self._is_sounding_due = False
        self._asked_ago_s: Seconds = _RISKY_S
        self._refuses = False

    def tell(self, indication: Indication, *, audible: bool) -> None:
        """Show it from now on; who was not there when it was news hears no sound of it."""
        if indication is not self._wanted:
            self._is_sounding_due = audible and FEEDBACK[indication].beeps > 0
        self._wanted = indication

    def go_on(self, panel: Panel, step_s: Seconds) -> None:
        """Ask a reader with a secure channel for what it does not show yet."""
        self._asked_ago_s += step_s
        if self._refuses or self._wanted is None:
            return
        feedback = FEEDBACK[self._wanted]
        if self._shown is not self._wanted:
            if not self._ask(panel, osdp_sys.CAP_READER_LED_CONTROL, feedback.light()):
                return
            self._shown = self._wanted
        if self._is_sounding_due:
            audible = osdp_sys.CAP_READER_AUDIBLE_OUTPUT
            self._is_sounding_due = not self._ask(panel, audible, feedback.sound())

    def channel_lost(self) -> None:
        """The reader does not show anything any more."""
        self._shown = None
        self._is_sounding_due = False
        self._refuses = self._refuses or self._asked_ago_s < _RISKY_S

    def _ask(self, panel: Panel, capability: int, command: dict[str, Any]) -> bool:
        """Whether that is done with: a reader that has no light needs no command for it."""
        if not panel.can(capability):
            return True
        self._asked_ago_s = 0.0
        return panel.submit(command)
