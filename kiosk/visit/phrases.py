"""What can happen to a prepared phrase, on its way from one side to the other."""

from dataclasses import dataclass

from kiosk.visit.reasons import Prepared
from kiosk.visit.stages import Seconds


@dataclass(frozen=True, slots=True)
class VisitorSaid:
    """The visitor chose a prepared phrase."""

    visit: str
    key: Prepared


@dataclass(frozen=True, slots=True)
class PhraseUnsaid:
    """What was chosen here at that moment did not get to the visitor."""

    visit: str
    said_at: Seconds
