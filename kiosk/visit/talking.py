"""What the two do in a visit besides talking: prepared phrases."""

from dataclasses import replace

from kiosk.visit.actions import SayPhrase
from kiosk.visit.events import Event, Touched
from kiosk.visit.leaving import Step, remarked
from kiosk.visit.patience import PHRASE_AGAIN_S, PHRASE_S
from kiosk.visit.phrases import PhraseUnsaid, VisitorSaid
from kiosk.visit.reasons import Notice, Prepared, Touch
from kiosk.visit.stages import InVisit, Phrase, Seconds

_PREPARED = frozenset(Prepared)


def from_talking(stage: InVisit, event: Event, now: Seconds) -> Step | None:
    """The stage after `event`; None when it is none of these."""
    match event:
        case Touched(Touch.PHRASE, choice=key) if key in _PREPARED and _may_say(stage, now):
            phrase = Phrase(Prepared(key), ours=True, said_at=now, until=now + PHRASE_S)
            said = SayPhrase(stage.visit.reference, phrase.key, now)
            return replace(stage, phrase=phrase), [said]
        case VisitorSaid(reference, key) if reference == stage.visit.reference:
            if not _passes(stage):
                return stage, []
            return replace(stage, phrase=Phrase(key, False, now, now + PHRASE_S)), []
        case PhraseUnsaid(reference, said_at) if reference == stage.visit.reference:
            return _unsaid(stage, said_at, now), []
        case _:
            return None


def _passes(stage: InVisit) -> bool:
    """A phrase is part of the conversation: in a visit of whatever privacy it passes where sound and
    picture may, and as they do it leaves nothing behind.
    """
    return stage.visit.held is None


def _may_say(stage: InVisit, now: Seconds) -> bool:
    """A finger that shakes says a thing once."""
    last = stage.phrase
    again = last is not None and last.ours and now < last.said_at + PHRASE_AGAIN_S
    return _passes(stage) and not again


def _unsaid(stage: InVisit, said_at: Seconds, now: Seconds) -> InVisit:
    """What the other side did not read is not shown here as if it had."""
    phrase = stage.phrase
    if phrase is None or not phrase.ours or phrase.said_at != said_at:
        return stage
    hint = remarked(stage.hint, Notice.PHRASE_UNSAID, now)
    return replace(stage, phrase=None, hint=hint)
