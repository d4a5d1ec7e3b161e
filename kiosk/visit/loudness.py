"""How loud it is here: in steps, chosen from the waiting room on, and kept until the person goes."""

from dataclasses import replace

from kiosk.visit.actions import Play
from kiosk.visit.events import Event, Touched
from kiosk.visit.leaving import InPerson, Step
from kiosk.visit.reasons import Tone, Touch
from kiosk.visit.stages import LOUDEST, WaitingRoom


def turned(volume: int, touch: Touch) -> int:
    """One step louder, or quieter, as far as there is one."""
    return min(volume + 1, LOUDEST) if touch is Touch.VOLUME_UP else max(volume - 1, 1)


def from_loudness(stage: InPerson, event: Event) -> Step | None:
    """The stage after `event`; None when that is about something else.

    While nobody else is to be heard, the tone is played again: a person hears what they chose.
    """
    match event:
        case Touched(Touch.VOLUME_UP | Touch.VOLUME_DOWN as touch):
            volume = turned(stage.volume, touch)
        case _:
            return None
    if isinstance(stage, WaitingRoom) and volume != stage.volume:
        return replace(stage, volume=volume, tone="played"), [Play(Tone.TEST)]
    changed: InPerson = replace(stage, volume=volume)
    return changed, []
