"""The rules of a visit, pure: `advance(stage, event, now)` gives the next stage and what to do."""

from kiosk.visit.deadlines import next_deadline
from kiosk.visit.rules import advance, resume

__all__ = ["advance", "next_deadline", "resume"]
