"""What of the time that was lost to a visit is given back: the site's rule, without any I/O."""

from collections.abc import Collection

import msgspec

from kiosk.clock import Seconds
from kiosk.sandbox.instants import Milliseconds
from kiosk.sandbox.records import Booking, Cause, LostTime, Visit

WORTH_GIVING_S: Seconds = 0.5
"""Less is given with what comes later."""


def given_back(
    booking: Booking,
    visit: Visit,
    credited: Collection[Cause],
    limit_s: Seconds,
    latest_ms: Milliseconds,
) -> Visit:
    """The visit with its end moved for what was lost to these causes, up to the limits."""
    lost = visit.lost + visit.lost_before
    due_s = min(lost.of(credited), limit_s) - visit.given_s
    ends_at_ms = visit.ends_at_ms(booking)
    moved_ms = min(ends_at_ms + round(due_s * 1000), latest_ms)
    if visit.ended is not None or due_s < WORTH_GIVING_S or moved_ms <= ends_at_ms:
        return visit
    given_s = visit.given_s + (moved_ms - ends_at_ms) / 1000
    return msgspec.structs.replace(visit, extended_to_ms=moved_ms, given_s=given_s)


def taken(
    booking: Booking, visit: Visit, now_ms: Milliseconds, silent_since_ms: Milliseconds | None
) -> Visit:
    """The visit as a terminal takes it: with what was lost while none had it.

    `silent_since_ms`: when the terminal that had it until now, if one did, last fell silent.
    """
    counted_to_ms = booking.starts_at_ms if visit.counted_to_ms is None else visit.counted_to_ms
    since_ms = counted_to_ms if visit.terminal is None else silent_since_ms
    gap = LostTime()
    if visit.gap is not None and since_ms is not None and counted_to_ms <= since_ms < now_ms:
        gap = LostTime(**{visit.gap: (now_ms - since_ms) / 1000})
    return msgspec.structs.replace(
        visit,
        lost_before=visit.lost_before + visit.lost + gap,
        lost=LostTime(),
        gap="terminal",
        counted_to_ms=now_ms,
    )


def left(visit: Visit, by_choice: bool, now_ms: Milliseconds) -> Visit:
    """The visit as a terminal gives it back; what passes after somebody left is nobody's loss."""
    return msgspec.structs.replace(
        visit, gap=None if by_choice else "terminal", counted_to_ms=now_ms
    )
