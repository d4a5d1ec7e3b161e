"""What the table of the visit says of who has several visits, and of bookings that change meanwhile."""

from dataclasses import replace

from kiosk.visit.booking import BookingChanged
from kiosk.visit.events import CardIdentified, Event, Touched
from kiosk.visit.reasons import Notice, Touch
from kiosk.visit.stages import CheckingCard, EnterPin, Hint, Stage, Welcome
from tests.visit.beside_visit import Met
from tests.visit.play import play
from tests.visit.samples import BOOKING, HERE, LATER, OTHER_HALL, SAM, TWO, choosing, welcomed


def chosen() -> Welcome:
    """The first of two was chosen at 1 s."""
    stage = play(choosing(), (1, Touched(Touch.CHOOSE, "0"), []))
    assert isinstance(stage, Welcome)
    return stage


_REMARKED = replace(choosing(), hint=Hint(Notice.BOOKING_CHANGED, 5))

SEVERAL: tuple[Met, ...] = (
    ("", choosing(), 2, None),
    ("a remark is shown", _REMARKED, 2, ""),
)
CHOSEN: tuple[Met, ...] = (
    ("chosen from several", chosen(), 2, "not joining yet"),
    ("too early to join", replace(welcomed(), opens_at_s=30.0), 2, "not joining yet"),
)


def of_bookings(stage: Stage) -> list[tuple[str, Event]]:
    """What is chosen, and what becomes of a booking, wherever that comes."""
    more = replace(BOOKING, visitors=("Mum", "Aisha"))
    moved, cancelled = replace(BOOKING, place=OTHER_HALL), replace(BOOKING, cancelled=True)
    found: list[tuple[str, Event]] = [
        ("`Touched` choose, the first", Touched(Touch.CHOOSE, "0")),
        ("`BookingChanged`, other visitors", BookingChanged(more, HERE, TWO)),
        ("`BookingChanged`, another hall", BookingChanged(moved, HERE, TWO)),
        ("`BookingChanged`, cancelled", BookingChanged(cancelled, HERE, TWO)),
    ]
    if isinstance(stage, CheckingCard | EnterPin) and (at := stage.asked_at) is not None:
        both = (BOOKING, LATER)
        known = CardIdentified(at, SAM, both, HERE, TWO)
        found.append(("`CardIdentified`, may choose", known))
    return found
