"""The people, the booking and the visit that the tests speak of, and the way to each stage."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kiosk.visit.actions import (
    Action,
    EndCall,
    GiveAnswer,
    Identify,
    Join,
    LeaveVisit,
    PrepareCall,
    ReportLost,
    SendOffer,
    Survey,
)
from kiosk.visit.booking import Booking, Card, Person, Place, Privacy
from kiosk.visit.events import (
    CallConnected,
    CardIdentified,
    CardPresented,
    JoinGranted,
    OfferAnswered,
    OfferMade,
    PinNeeded,
    Touched,
    VisitorReady,
)
from kiosk.visit.helplines import SupportGrant, SupportLine
from kiosk.visit.lost import FairClock, Lost
from kiosk.visit.media import MediaEntry
from kiosk.visit.patience import BAD_ENDING_S, GOODBYE_S
from kiosk.visit.reasons import Ending, Touch
from kiosk.visit.stages import (
    Choice,
    Connecting,
    Cues,
    EnterPin,
    Goodbye,
    Idle,
    InVisit,
    Seconds,
    Stage,
    Visit,
    Visitor,
    WaitingRoom,
    Welcome,
)
from tests.visit.play import play

CARD = Card("em4100", "identifier", "62E3086CED")
OTHER_CARD = Card("em4100", "identifier", "0102ABCDEF")
UNTRUSTED = Card("em4100", "identifier", "0203ABCDEF", trusted=False)
SAM = Person("A1234BC", "Sam")
LEE = Person("A9876ZY", "Lee")
HERE = Place("MDI", "Hall A")
OTHER_HALL = Place("MDI", "Hall B")
OTHER_PRISON = Place("LEI", "Hall A")
TWO = datetime(2030, 1, 7, 14, 0, tzinfo=UTC)
"""When the visit starts; in the tests of a visit it is also second 0 of the script."""

BOOKING = Booking(
    reference="V1",
    place=HERE,
    opens_at=TWO - timedelta(minutes=10),
    starts_at=TWO,
    ends_at=TWO + timedelta(minutes=30),
    cancelled=False,
    privacy=Privacy.SOCIAL,
    visitors=("Mum",),
)
LATER = replace(
    BOOKING,
    reference="V2",
    opens_at=TWO + timedelta(minutes=110),
    starts_at=TWO + timedelta(minutes=120),
    ends_at=TWO + timedelta(minutes=150),
    visitors=("Aisha",),
)
VISIT = Visit(
    reference="V1",
    card=CARD,
    visitors=("Mum",),
    starts_at=TWO,
    starts_at_s=0.0,
    ends_at_s=1800.0,
    latest_end_s=2400.0,
    wait_until_s=600.0,
    privacy=Privacy.SOCIAL,
    monitoring="possible",
    unsupervised_limit_s=60.0,
    media=(MediaEntry("/visits/V1/media/0", "sendrecv", "terminal"),),
    ice_servers=(),
    relay_only=False,
)
RELAYED = replace(
    VISIT,
    media=(
        MediaEntry("/visits/V1/media/0", "sendonly", "terminal"),
        MediaEntry("/visits/V1/media/1", "recvonly", "service"),
    ),
)
"""The same through a media server, which lets nobody else offer what it plays."""

CAME = replace(VISIT, wait_until_s=VISIT.ends_at_s)
"""The same once the visitor was here: who came is waited for to the end."""

PAGE = Visitor("page1", camera=True, microphone=True)
RELOADED = Visitor("page2", camera=True, microphone=True)
URL = VISIT.media[0].url
CALL = 2000
"""The first call of every sample: its grant comes at 2 s."""

SAMARITANS = SupportLine(
    "samaritans",
    "Samaritans",
    "Talk about anything, day or night",
    confidential=True,
    needs_card=False,
    needs_handset=True,
    unrecorded=True,
)
HELPDESK = SupportLine(
    "helpdesk",
    "Visits helpdesk",
    "Questions about your bookings",
    confidential=False,
    needs_card=True,
    needs_handset=False,
    unrecorded=False,
)
LINES = (SAMARITANS, HELPDESK)
SUPPORT_URL = "/support-calls/s1/media/0"


def granted_support(ends_at_s: Seconds = 1200.0, call_id: str = "s1") -> SupportGrant:
    return SupportGrant(call_id, SUPPORT_URL, ends_at_s, (), relay_only=False, unrecorded=True)


PIN = "739184"
IDENTIFICATION = "id1"


def prepare(call: int, attempt: int, visit: Visit = VISIT, muted: bool = False) -> PrepareCall:
    return PrepareCall(visit, attempt, call, muted, held=visit.held is not None)


def send_offer(call: int = CALL, page: Visitor = PAGE, sdp: str = "offer") -> SendOffer:
    return SendOffer(URL, call, page.join_id, 0, sdp)


def left(reason: Ending, talked_s: Seconds = 0.0, call: int = CALL) -> list[Action]:
    """What is done at the end of the sample visit."""
    return [EndCall(call), LeaveVisit("V1", reason, talked_s)]


def goodbye(reason: Ending, talked_s: Seconds, now: Seconds) -> Goodbye:
    """What the person reads when the sample visit ended at `now`."""
    said = Goodbye(reason, talked_s, now + GOODBYE_S, visit="V1")
    return replace(said, leave_at=now + BAD_ENDING_S) if said.went_badly else said


def but_for_its_clock(stage: Stage) -> Stage:
    """The stage without what it knows of lost time, of what it told of the time left, and of its wait."""
    assert isinstance(stage, WaitingRoom | Connecting | InVisit)
    if isinstance(stage, InVisit):
        return replace(stage, fair=FairClock(), cues=Cues())
    return replace(stage, fair=FairClock(), leave_at=0.0)


def reported(**lost: Seconds) -> ReportLost:
    """The service is told of all that was lost so far."""
    return ReportLost("V1", Lost(**lost))


def entering_pin(tries_left: int = 3) -> EnterPin:
    """The card was shown at 0 s, the PIN is wanted since 0.5 s."""
    stage = play(
        Idle(),
        (0, CardPresented(CARD), [Identify(CARD, 0)]),
        (0.5, PinNeeded(0, IDENTIFICATION, tries_left), []),
    )
    assert isinstance(stage, EnterPin)
    return stage


def choosing(*others: Booking) -> Choice:
    """The card was shown at 0 s; since 0.5 s one visit can be joined, or others later."""
    stage = play(
        Idle(),
        (0, CardPresented(CARD), [Identify(CARD, 0)]),
        (0.5, CardIdentified(0, SAM, (BOOKING, *(others or (LATER,))), HERE, TWO), []),
    )
    assert isinstance(stage, Choice)
    return stage


def welcomed() -> Welcome:
    """The card was shown at 0 s and is known since 0.5 s."""
    stage = play(
        Idle(),
        (0, CardPresented(CARD), [Identify(CARD, 0)]),
        (0.5, CardIdentified(0, SAM, (BOOKING,), HERE, TWO), []),
    )
    assert isinstance(stage, Welcome)
    return stage


def joining() -> Welcome:
    """The service was asked at 1 s to grant the visit."""
    stage = play(welcomed(), (1, Touched(Touch.JOIN), [Join("V1", SAM.prisoner_number, CARD, 1)]))
    assert isinstance(stage, Welcome)
    return stage


def waiting(visit: Visit = VISIT) -> WaitingRoom:
    """The visit was granted at 2 s; neither our offer nor the visitor is there. Nobody walks off."""
    return staying(play(joining(), (2, JoinGranted(1, visit), [prepare(CALL, 1, visit)])))


def staying(stage: Stage) -> WaitingRoom:
    """Somebody who touches the screen now and then until the visit ends."""
    assert isinstance(stage, WaitingRoom)
    return replace(stage, leave_at=stage.visit.latest_end_s)


def connecting(visit: Visit = VISIT) -> Connecting:
    """Our offer was ready at 3 s, the visitor at 4 s."""
    stage = play(
        waiting(visit),
        (3, OfferMade(CALL, 0, "offer"), []),
        (4, VisitorReady("V1", PAGE), [send_offer()]),
    )
    assert isinstance(stage, Connecting)
    return stage


def in_visit(visit: Visit = VISIT) -> InVisit:
    """They see each other since 6 s."""
    stage = play(
        connecting(visit),
        (5, OfferAnswered(CALL, "page1", 0, "answer"), [GiveAnswer(CALL, 0, "answer")]),
        (6, CallConnected(CALL), [Survey()]),
    )
    assert isinstance(stage, InVisit)
    return stage


def lasting(ends_at_s: Seconds, latest_end_s: Seconds | None = None) -> Visit:
    """The sample visit with another end; the visitor is waited for until then."""
    latest = ends_at_s if latest_end_s is None else latest_end_s
    return replace(VISIT, ends_at_s=ends_at_s, latest_end_s=latest, wait_until_s=ends_at_s)
