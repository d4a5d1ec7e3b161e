"""What a stage waits for, as the table of the visit says it."""

from kiosk.visit.cues import next_cue_at
from kiosk.visit.fair import tell_at
from kiosk.visit.leaving import InPerson
from kiosk.visit.stages import InVisit, Seconds, Stage
from tests.visit.laws import line_of, visit_of


def what_is_due(stage: Stage, due: Seconds) -> str:
    """In words, why the rules of this stage are woken at its next moment."""
    line, visit = line_of(stage), visit_of(stage)
    message = getattr(stage, "message", None)
    hint = getattr(stage, "hint", None)
    if isinstance(stage, InVisit) and (words := _what_is_over(stage, due)):
        return words
    if line is not None and due == line.again_at:
        return "when the attempt is given up"
    if isinstance(stage, InPerson) and due == tell_at(stage):
        return "before the end, while time is being lost"
    if visit is not None and due == visit.wait_until_s:
        return "when the wait is over"
    if due == getattr(stage, "leave_asked_until", None):
        return "when the question got no answer"
    if message is not None and due == message.until:
        return "when the message was shown long enough"
    if due == getattr(stage, "opens_at_s", None):
        return "when it can be joined"
    if hint is not None and due == hint.until:
        return "when the remark was shown long enough"
    alone = visit is None or due == getattr(stage, "leave_at", None)
    return "when nothing happened for long enough" if alone else "at the limit without oversight"


def _what_is_over(stage: InVisit, due: Seconds) -> str:
    if due == next_cue_at(stage):
        return "when a mark of the time left is reached"
    if stage.phrase is not None and due == stage.phrase.until:
        return "when the phrase was shown long enough"
    told = stage.cues.minutes is not None and due == stage.cues.until
    return "when the time left was told long enough" if told else ""
