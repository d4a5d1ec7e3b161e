"""One stage of each kind, for tests of what core makes of them."""

from datetime import UTC, datetime, timedelta

from kiosk.visit.booking import Booking, Card, Person, Place, Privacy
from kiosk.visit.helplines import (
    HelpDesk,
    Support,
    SupportCall,
    SupportGrant,
    SupportLine,
    SupportOver,
)
from kiosk.visit.media import IceServer, MediaEntry
from kiosk.visit.reasons import (
    Ending,
    HeldReason,
    Notice,
    OutOfOrder,
    Prepared,
    Rating,
    Refusal,
    SupportEnding,
    WishState,
)
from kiosk.visit.stages import (
    CheckingCard,
    Connecting,
    Cues,
    EnterPin,
    Goodbye,
    Hint,
    Idle,
    InVisit,
    Line,
    MaintenanceDoor,
    Offer,
    OfficerMessage,
    OutOfService,
    Phrase,
    Refused,
    Stage,
    Visit,
    Visitor,
    WaitingRoom,
    Welcome,
)

AT = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)
CARD = Card("em4100", "identifier", "62E3086CED")
VISITOR = Visitor("page1", camera=True, microphone=True)
PERSON = Person("A1234BC", "Sam")
BOOKING = Booking(
    "v1",
    Place("MDI", "Hall A"),
    opens_at=AT - timedelta(minutes=10),
    starts_at=AT + timedelta(minutes=5),
    ends_at=AT + timedelta(minutes=50),
    cancelled=False,
    privacy=Privacy.SOCIAL,
    visitors=("Mum",),
)
VISIT = Visit(
    reference="v1",
    card=CARD,
    visitors=("Mum", "Aisha"),
    starts_at=AT,
    starts_at_s=0.0,
    ends_at_s=1000.0,
    latest_end_s=1600.0,
    wait_until_s=900.0,
    privacy=Privacy.SOCIAL,
    monitoring="possible",
    unsupervised_limit_s=60.0,
    media=(MediaEntry("/visits/v1/media/0", "sendrecv", "terminal"),),
    ice_servers=(IceServer(("turn:turn.example",), "name", "password"),),
    relay_only=False,
)
LINE = Line(attempt=1, call=7, visitor=VISITOR, offers=(Offer(0, "v=0"),), sent=True)
LIVE = InVisit(VISIT, Line(1, 7, VISITOR, (), sent=True, up=True), live_since=100.0)

HELPLINE = SupportLine("samaritans", "Samaritans", "Anything", True, False, True, True)
HELP = HelpDesk((HELPLINE,), lifted=True, visit_at=AT)
SUPPORT_GRANT = SupportGrant("s1", "/support-calls/s1/media/0", 900.0, (), False, True)
EVERY_KIND: tuple[Stage, ...] = (
    Idle(Hint(Notice.CARD_UNREADABLE, 5.0)),
    CheckingCard(CARD, 1.0),
    EnterPin(CARD, "id1", tries_left=2, leave_at=60.0, wrong=True),
    Welcome(CARD, PERSON, BOOKING, leave_at=60.0, asked_at=2.0, visitor=VISITOR),
    WaitingRoom(VISIT, Line(1, 7), leave_asked_until=9.0, leave_at=700.0),
    Connecting(VISIT, LINE, leave_at=700.0),
    InVisit(
        VISIT,
        LINE,
        live_since=None,
        talked_s=12.5,
        muted=True,
        unsupervised_since=3.0,
        message=OfficerMessage("Two minutes", 30.0),
        cues=Cues(300.0, 5, 12.0),
        volume=2,
        phrase=Phrase(Prepared.YES, ours=True, said_at=3.0, until=15.0),
    ),
    Goodbye(
        Ending.TIME_UP,
        12.5,
        20.0,
        visit="v1",
        next_at=AT,
        rebooking=WishState.ASKED,
        sound=Rating.BAD,
    ),
    Refused(Refusal.WRONG_HALL, leave_at=30.0, place="Hall B", at=AT + timedelta(hours=2)),
    Support(HELP, 60.0, HELPLINE, 2.0),
    SupportCall(HELP, HELPLINE, 9, 2.0, None, True, 3, SUPPORT_GRANT, "sdp", live_since=3.0),
    SupportOver(HELP, HELPLINE, SupportEnding.NO_ANSWER, 0.0, leave_at=60.0),
    MaintenanceDoor(15.0, refused=True, behind=OutOfOrder.ORDERED),
    OutOfService(OutOfOrder.READER_DOWN),
)
HELD = HeldReason.OFFICER
