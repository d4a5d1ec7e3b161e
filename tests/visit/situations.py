"""What the table of the visit is made from: every stage as it can be met, and all that can happen."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kiosk.visit import next_deadline
from kiosk.visit.actions import CheckPin, Hold
from kiosk.visit.asked import OfficerComes, OfficerTold, OfficerUnheard
from kiosk.visit.booking import Privacy
from kiosk.visit.events import (
    AllWell,
    AnswerMade,
    BookingCancelled,
    Broken,
    CallBack,
    CallConnected,
    CallGone,
    CallHeard,
    CallLost,
    CallMeasured,
    CallPaused,
    CallSilent,
    CardIdentified,
    CardPresented,
    CardUnreadable,
    Declined,
    EndMoved,
    EndOrdered,
    Event,
    HoldOrdered,
    HoldReleased,
    JoinGranted,
    MonitoringChanged,
    OfferAnswered,
    OfferCame,
    OfferFailed,
    OfferMade,
    OfficerSaid,
    PinNeeded,
    PinTyped,
    PinWrong,
    ServiceBack,
    ServiceLost,
    ServiceSlow,
    Tick,
    TimeGiven,
    Touched,
    VisitorCame,
    VisitorInLobby,
    VisitorLeft,
    VisitorReady,
    VisitorSlow,
)
from kiosk.visit.phrases import PhraseUnsaid, VisitorSaid
from kiosk.visit.reasons import (
    Ending,
    HeldReason,
    NoAnswer,
    Notice,
    OutOfOrder,
    Prepared,
    Rating,
    Refusal,
    Touch,
    Wish,
)
from kiosk.visit.stages import (
    CheckingCard,
    Connecting,
    Cues,
    Goodbye,
    Hint,
    Idle,
    InVisit,
    OfficerMessage,
    OutOfService,
    Phrase,
    Refused,
    Seconds,
    Stage,
    WaitingRoom,
    Welcome,
)
from kiosk.visit.support_events import CardKnown, WishHeard
from tests.visit.beside_visit import HELPING, LAST_WORDS, of_help
from tests.visit.due import what_is_due
from tests.visit.laws import line_of, visit_of
from tests.visit.play import play
from tests.visit.samples import (
    BOOKING,
    CALL,
    CARD,
    HERE,
    IDENTIFICATION,
    OTHER_CARD,
    PAGE,
    PIN,
    RELOADED,
    SAM,
    SAMARITANS,
    TWO,
    UNTRUSTED,
    VISIT,
    connecting,
    entering_pin,
    in_visit,
    joining,
    prepare,
    send_offer,
    waiting,
    welcomed,
)
from tests.visit.several import CHOSEN, SEVERAL, of_bookings

LIMIT_S = VISIT.unsupervised_limit_s


@dataclass(frozen=True)
class Situation:
    """A stage as it can be met, in words; things happen to it at `now`.

    One that is `like` another differs from it in a detail and matters where that tells.
    """

    words: str
    stage: Stage
    now: Seconds
    like: str | None = None


@dataclass(frozen=True)
class Happening:
    """An event in words, and when it comes."""

    words: str
    event: Event
    now: Seconds


def situations() -> Iterator[Situation]:
    """Every stage, in the order of a visit."""
    yield Situation("", Idle(), 0)
    yield Situation("a remark is shown", Idle(Hint(Notice.CARD_UNREADABLE, 5)), 0, like="")
    yield Situation("", CheckingCard(CARD, 0), 0.5)
    yield Situation("no PIN is being checked", entering_pin(), 1)
    typed = play(entering_pin(), (1, PinTyped(PIN), [CheckPin(IDENTIFICATION, 1, PIN)]))
    yield Situation("a PIN is being checked", typed, 2)
    for words, stage, now, like in SEVERAL:
        yield Situation(words, stage, now, like)
    yield from _welcome()
    yield from _waiting()
    yield from _connecting()
    yield from _in_visit()
    for words, stage, now, like in (*LAST_WORDS, *HELPING):
        yield Situation(words, stage, now, like)
    yield Situation("", OutOfService(OutOfOrder.STARTING), 50)


def _welcome() -> Iterator[Situation]:
    stage = joining()
    yield Situation("not joining yet", welcomed(), 2)
    yield Situation("joining", stage, 2)
    yield Situation(
        "a visitor is announced", replace(stage, visitor_came=True, visitor=PAGE), 2, like="joining"
    )
    for words, met, now, like in CHOSEN:
        yield Situation(words, met, now, like)
    again = replace(welcomed(), maybe_granted=True)
    yield Situation("an earlier core had asked to join", again, 2, like="not joining yet")
    remark = Hint(Notice.OTHER_CARD, 6)
    yield Situation("a remark is shown", replace(stage, hint=remark), 2, like="joining")


def _waiting() -> Iterator[Situation]:
    stage, base = waiting(), "nobody is here"
    yield Situation(base, stage, 5)
    yield Situation("our offer is made", play(stage, (3, OfferMade(CALL, 0, "offer"), [])), 5)
    here = play(stage, (3, VisitorReady("V1", PAGE), []))
    yield Situation("the visitor is here", here, 5)
    yield Situation("our call broke", play(here, (4, CallLost(CALL), [])), 5)
    yield Situation("nobody touches the screen", replace(stage, leave_at=302), 5, like=base)
    yield from _asked_and_told(stage, 5, base)


def _connecting() -> Iterator[Situation]:
    yield Situation("", connecting(), 5)
    alone = replace(connecting(), leave_at=10)
    yield Situation("nobody touches the screen", alone, 5, like="")
    yield from _asked_and_told(connecting(), 5, "")


def _in_visit() -> Iterator[Situation]:
    live = in_visit()
    yield Situation("live", live, 50)
    yield Situation(
        "live, their page is closed", play(live, (20, VisitorLeft("V1", "page1"), [])), 50
    )
    silent = play(live, (48, CallSilent(CALL, 46), []))
    yield Situation("silent", silent, 50)
    yield from _lost(live)
    held = play(live, (30, HoldOrdered("V1", HeldReason.OFFICER), [Hold(CALL, on=True)]))
    yield Situation("held", held, 50)
    private = replace(live, visit=replace(live.visit, privacy=Privacy.LEGAL, monitoring="none"))
    yield Situation("live and private", private, 50, like="live")
    yield from _asked_and_told(live, 50, "live")
    alone = play(live, (20, ServiceLost(), []))
    yield Situation("the service is lost", alone, 50, like="live")
    told = replace(live, cues=Cues(300, 5, 54))
    yield Situation("the time left is told", told, 50, like="live")
    said = replace(live, phrase=Phrase(Prepared.YES, True, 42, 54))
    yield Situation("a phrase is shown", said, 50, like="live")
    limit = play(alone, (20 + LIMIT_S, Tick(), [Hold(CALL, on=True)]))
    yield Situation("held as the service is lost", limit, 100, like="held")


def _lost(live: InVisit) -> Iterator[Situation]:
    lost = play(live, (20, CallLost(CALL), [prepare(20_000, attempt=2)]))
    yield Situation("lost, our offer is missing", lost, 50)
    sent = play(lost, (45, OfferMade(20_000, 0, "new"), [send_offer(20_000, sdp="new")]))
    yield Situation("lost, the offer is sent", sent, 50)
    again = play(sent, (49, OfferFailed(20_000, "page1", NoAnswer.SILENCE), []))
    yield Situation("lost, soon tried again", again, 50)
    nobody = play(lost, (45, VisitorLeft("V1", "page1"), []))
    yield Situation("lost, the visitor is missing", nobody, 50)


def _asked_and_told(
    stage: WaitingRoom | Connecting | InVisit, now: Seconds, like: str
) -> Iterator[Situation]:
    asked = replace(stage, leave_asked_until=now + 4)
    yield Situation("asked whether to leave", asked, now, like)
    told = replace(stage, hint=Hint(Notice.OTHER_CARD, now + 4))
    yield Situation("a remark is shown", told, now, like)
    said = replace(stage, message=OfficerMessage("Hello", now + 4))
    yield Situation("a message is shown", said, now, like)


def happenings(situation: Situation) -> Iterator[Happening]:
    """All that can happen here, told apart wherever the rules tell it apart."""
    stage, now = situation.stage, situation.now
    for words, event in (
        _at_the_terminal(stage)
        + _from_the_service(stage)
        + _from_the_call(stage, now)
        + of_help(stage)
        + of_bookings(stage)
    ):
        yield Happening(words, event, now)
    visit, due = visit_of(stage), next_deadline(stage)
    if due is not None and (visit is None or due < visit.ends_at_s):
        yield Happening(f"`Tick` {what_is_due(stage, due)}", Tick(), due)
    if visit is not None:
        yield Happening("anything at or after the end", Tick(), visit.ends_at_s)


def _at_the_terminal(stage: Stage) -> list[tuple[str, Event]]:
    cards = {
        "`CardPresented`, their own": CardPresented(CARD),
        "`CardPresented`, another": CardPresented(OTHER_CARD),
    }
    if isinstance(stage, Idle | Goodbye | Refused | OutOfService):
        cards = {"`CardPresented`": CardPresented(CARD)}
    return [
        *cards.items(),
        ("`CardPresented`, one the site does not trust", CardPresented(UNTRUSTED)),
        ("`CardUnreadable`", CardUnreadable()),
        ("`PinTyped`", PinTyped(PIN)),
        *((f"`Touched` {touch.value}", Touched(touch)) for touch in Touch),
        ("`Touched` support, a line", Touched(Touch.SUPPORT, SAMARITANS.id)),
        *(
            (f"`Touched` {touch.value}, an answer", Touched(touch, Rating.GOOD))
            for touch in (Touch.RATE_PICTURE, Touch.RATE_SOUND)
        ),
        ("`Touched` phrase, a known one", Touched(Touch.PHRASE, Prepared.NO)),
        ("`Broken`", Broken(OutOfOrder.CALL_DOWN)),
        ("`AllWell`", AllWell()),
    ]


def _from_the_service(stage: Stage) -> list[tuple[str, Event]]:
    return [
        *_answers(stage),
        ("`VisitorCame`", VisitorCame("V1")),
        ("`VisitorReady`, the same page", VisitorReady("V1", PAGE)),
        ("`VisitorReady`, a new page", VisitorReady("V1", RELOADED)),
        ("`VisitorLeft`", VisitorLeft("V1", "page1")),
        ("`VisitorInLobby`", VisitorInLobby("V1", present=True)),
        ("`VisitorInLobby`, not any more", VisitorInLobby("V1", present=False)),
        ("`OfficerSaid`", OfficerSaid("V1", "Hello")),
        ("`VisitorSaid`", VisitorSaid("V1", Prepared.NO)),
        ("`PhraseUnsaid`", PhraseUnsaid("V1", 42)),
        ("`HoldOrdered`", HoldOrdered("V1", HeldReason.OFFICER)),
        ("`HoldReleased`", HoldReleased("V1")),
        ("`EndMoved`", EndMoved("V1", 2000.0)),
        ("`EndMoved`, past the latest end", EndMoved("V1", 9999.0)),
        ("`EndMoved`, into the past", EndMoved("V1", 0.0)),
        ("`TimeGiven`", TimeGiven("V1", 1860.0, 60.0)),
        ("`MonitoringChanged`", MonitoringChanged("V1", "watching")),
        ("`EndOrdered`", EndOrdered("V1", Ending.OFFICER)),
        ("`BookingCancelled`", BookingCancelled("V1")),
        ("`VisitorSlow`", VisitorSlow("V1", slow=True)),
        ("`ServiceSlow`", ServiceSlow(slow=True)),
        ("`WishHeard`", WishHeard("V1", Wish.REBOOKING, taken=True)),
        ("`WishHeard`, not taken", WishHeard("V1", Wish.REBOOKING, taken=False)),
        ("`ServiceLost`", ServiceLost()),
        ("`ServiceBack`", ServiceBack()),
        ("`OfficerTold`", OfficerTold(0.0, "17")),
        ("`OfficerUnheard`", OfficerUnheard(0.0)),
        ("`OfficerComes`", OfficerComes("17")),
    ]


def _answers(stage: Stage) -> list[tuple[str, Event]]:
    late = JoinGranted(-1, replace(VISIT, reference="V9"))
    at: Seconds | None = getattr(stage, "asked_at", None)
    if at is None:
        return [("`JoinGranted`, late", late)]
    declined: list[tuple[str, Event]] = [
        ("`Declined`", Declined(at, Refusal.NOT_ALLOWED)),
        ("`Declined`, without an answer", Declined(at, Refusal.SERVICE_AWAY)),
    ]
    if isinstance(stage, Welcome):
        return [
            *declined,
            ("`JoinGranted`", JoinGranted(at, VISIT)),
            ("`JoinGranted`, already over", JoinGranted(at, replace(VISIT, ends_at_s=0.0))),
            ("`JoinGranted`, late", late),
        ]
    there = replace(BOOKING, place=replace(HERE, hall="Hall B"))
    return [
        ("`CardIdentified`, may join", CardIdentified(at, SAM, (BOOKING,), HERE, TWO)),
        ("`CardIdentified`, may not join", CardIdentified(at, SAM, (there,), HERE, TWO)),
        ("`PinNeeded`", PinNeeded(at, IDENTIFICATION, 3)),
        ("`PinNeeded`, no tries left", PinNeeded(at, IDENTIFICATION, 0)),
        ("`CardKnown`", CardKnown(at)),
        ("`PinWrong`", PinWrong(at, 2)),
        ("`PinWrong`, no tries left", PinWrong(at, 0)),
        *declined,
        ("`JoinGranted`, late", late),
    ]


def _from_the_call(stage: Stage, now: Seconds) -> list[tuple[str, Event]]:
    line = line_of(stage)
    if line is None:
        return [
            ("`OfferMade` by an old call", OfferMade(CALL, 0, "offer")),
            ("`CallBack` in an old call", CallBack(CALL)),
        ]
    call = line.call
    return [
        ("`OfferMade`", OfferMade(call, 0, "offer")),
        ("`OfferAnswered`", OfferAnswered(call, "page1", 0, "answer")),
        ("`OfferCame`", OfferCame(call, "page1", 1, "offer")),
        ("`AnswerMade`", AnswerMade(call, 1, "answer")),
        ("`OfferFailed`", OfferFailed(call, "page1", NoAnswer.SILENCE)),
        ("`OfferFailed`, the visitor is gone", OfferFailed(call, "page1", NoAnswer.VISITOR_GONE)),
        ("`OfferFailed`, the visit is over", OfferFailed(call, "page1", NoAnswer.VISIT_OVER)),
        ("`CallConnected`", CallConnected(call)),
        ("`CallLost`", CallLost(call)),
        ("`CallSilent`", CallSilent(call, now - 2)),
        ("`CallHeard`", CallHeard(call)),
        ("`CallPaused`", CallPaused(call)),
        ("`CallMeasured`", CallMeasured(call, 0.7)),
        ("`CallMeasured`, weak", CallMeasured(call, 0.0, weak=True)),
        ("`CallGone`", CallGone()),
        ("`CallBack` in this call", CallBack(call)),
        ("`CallBack` in no call or another", CallBack(None)),
    ]
