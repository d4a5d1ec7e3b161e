"""The world around the rules, kept by the book: runner, kiosk-call and the visit service."""

from collections import deque
from dataclasses import dataclass, field

from kiosk.visit import advance, next_deadline, resume
from kiosk.visit.actions import (
    Action,
    AskOffer,
    CallSupport,
    CheckCard,
    CheckPin,
    EndCall,
    EndSupport,
    GiveAnswer,
    GiveOffer,
    Hold,
    Identify,
    Join,
    LeaveVisit,
    MoveDeadline,
    Mute,
    PrepareCall,
    PrepareSupport,
    SendAnswer,
    SendOffer,
    Survey,
)
from kiosk.visit.events import (
    AllWell,
    Broken,
    CallBack,
    CallGone,
    CallMeasured,
    Declined,
    Event,
    HoldOrdered,
    HoldReleased,
    JoinGranted,
    OfferMade,
    ServiceBack,
    ServiceLost,
    Tick,
    Touched,
    VisitorCame,
    VisitorInLobby,
    VisitorReady,
)
from kiosk.visit.helplines import SupportCall
from kiosk.visit.leaving import InPerson, talked_s
from kiosk.visit.phrases import PhraseUnsaid, VisitorSaid
from kiosk.visit.reasons import Ending, OutOfOrder, Prepared, Refusal, Touch
from kiosk.visit.stages import Goodbye, Idle, InVisit, Seconds, Stage, WaitingRoom, Welcome
from kiosk.visit.support_events import SupportGranted
from tests.visit.laws import check_stage, check_step, expected, granted_of, line_of, visit_of
from tests.visit.samples import CARD, LEE, OTHER_CARD, SAM

Question = Identify | CheckPin | CheckCard | Join
HOLDERS = {CARD: SAM, OTHER_CARD: LEE}
SECRET = "a PIN that reads like no number"
NOT_AN_ANSWER = (Refusal.SERVICE_AWAY, Refusal.SERVICE_FAULT)


@dataclass
class KioskCall:
    """The program that calls, and what it was told last; `reachable` while core can speak to it."""

    reachable: bool = True
    call: int | None = None
    muted: bool = False
    held: bool = False
    ends_at_s: Seconds = 0.0

    def obey(self, order: Action) -> None:
        if not self.reachable:
            return
        match order:
            case PrepareCall(visit, _, call, muted, held):
                self.call, self.muted, self.held = call, muted, held
                self.ends_at_s = visit.ends_at_s
            case PrepareSupport(call, grant):
                self.call, self.muted, self.held = call, False, False
                self.ends_at_s = grant.ends_at_s
            case EndCall(call) if call == self.call:
                self.call = None
            case Mute(call, on) if call == self.call:
                self.muted = on
            case Hold(call, on) if call == self.call:
                self.held = on
            case MoveDeadline(call, ends_at_s) if call == self.call:
                self.ends_at_s = ends_at_s


@dataclass
class Service:
    """What the visit service believes: the visits that stand, and the joins it was asked for."""

    standing: set[str] = field(default_factory=set)
    asked_for: set[str] = field(default_factory=set)

    def hear(self, leave: LeaveVisit) -> None:
        """A visit is left once; one that was asked for without an answer may be left in the dark."""
        if leave.reference in self.standing:
            self.standing.remove(leave.reference)
            return
        assert leave.reason is Ending.NOT_WANTED, "a visit is left exactly once"
        assert leave.reference in self.asked_for, "only what was asked for is given back"


class World:
    """One terminal. Events are taken one by one and Ticks come at deadlines, as the runner does."""

    def __init__(self) -> None:
        self.stage: Stage = Idle()
        self.now_ms = 1_000_000.0
        self.help_asked: list[CallSupport] = []
        self.help_granted: set[str] = set()
        """Calls to a line that the service believes in."""

        self.questions: list[Question] = []
        """What the service has not answered yet; it answers each at most once."""
        self.offers: list[SendOffer | AskOffer] = []
        self.calls: list[int] = []
        self.kiosk_call = KioskCall()
        self.service = Service()
        self.broken = False
        self.service_lost_at: Seconds | None = None
        self._met_at: Seconds = 0.0
        self._flowed_s: Seconds = 0.0
        self._counted_from: Seconds = 0.0
        self._frozen_s: dict[int, Seconds] = {}
        """Of each call of this visit, how long its picture stood still while the sound went on."""
        self._looked_at: Seconds = self.now
        self.held_by_officer = False
        self._came: set[str] = set()
        """Of whom it was said since their visit was asked for that their page was open."""

        self._sent: set[tuple[int, int]] = set()
        self._offered: set[int] = set()
        self._waiting: deque[Event] = deque()

    @property
    def now(self) -> Seconds:
        return self.now_ms / 1000

    def pass_time(self, by_ms: float, lag_ms: float = 0.0) -> None:
        """Let time pass; a Tick comes at every deadline, or `lag_ms` later when the machine is busy."""
        until_ms = self.now_ms + by_ms
        while (due := next_deadline(self.stage)) is not None and due * 1000 + lag_ms <= until_ms:
            self.now_ms = max(self.now_ms, due * 1000 + lag_ms)
            self._take(Tick(), at=max(self.now, due))
        self.now_ms = max(self.now_ms, until_ms)

    def post(self, event: Event) -> None:
        """Let `event` happen a millisecond after the last, and all that follows at once from it."""
        self.pass_time(1.0)
        self._waiting.append(event)
        while self._waiting:
            self._take(self._waiting.popleft(), at=self.now)
        self.pass_time(0.0)
        self._check()

    def take_question(self, age: int) -> Question:
        """The question that is answered now: the newest, or an older one."""
        return self.questions.pop(max(0, len(self.questions) - 1 - age))

    def take_help(self, age: int) -> CallSupport:
        return self.help_asked.pop(max(0, len(self.help_asked) - 1 - age))

    def take_offer(self, age: int) -> SendOffer | AskOffer:
        return self.offers.pop(max(0, len(self.offers) - 1 - age))

    def offer_was_made(self) -> bool:
        """Whether kiosk-call has made the offer of its newest call; it makes each once."""
        return self.calls[-1] in self._offered

    def lose_service(self) -> None:
        self.post(ServiceLost())
        if self.service_lost_at is None:
            self.service_lost_at = self.now

    def find_service(self) -> None:
        self.service_lost_at = None
        self.post(ServiceBack())

    def mend(self, broken: bool) -> None:
        self.broken = broken
        self.post(self._survey())

    def choose_phrases(self, reference: str, key: Prepared) -> None:
        """Here, and there; and ours may not get through."""
        self.post(Touched(Touch.PHRASE, key))
        said_at = self.now
        self.post(VisitorSaid(reference, key))
        self.post(PhraseUnsaid(reference, said_at))

    def leave(self) -> None:
        self.post(Touched(Touch.LEAVE))
        self.post(Touched(Touch.LEAVE_YES))

    def kill_core(self) -> None:
        """A new core goes on from the stage that the old one had written down."""
        if isinstance(self.stage, Welcome) and self.stage.asked_at is not None:
            self.service.standing.add(self.stage.booking.reference)  # its answer is never read
        self.stage = resume(self.stage)
        self.help_granted &= {granted_of(self.stage)}  # it is not told, and gives up by itself
        visit = visit_of(self.stage)
        self.held_by_officer = self.held_by_officer and visit is not None
        self.post(Tick())
        self.post(self._survey())
        if self.kiosk_call.reachable:
            self.post(CallBack(self.kiosk_call.call))

    def lose_call(self, killed: bool) -> None:
        """kiosk-call can not be reached; its call lives on unless it was killed."""
        self.kiosk_call.reachable = False
        if killed:
            self.kiosk_call.call = None
        self.post(CallGone())

    def find_call(self) -> None:
        """kiosk-call is there again and says which call it is in."""
        self.kiosk_call.reachable = True
        self.post(CallBack(self.kiosk_call.call))

    def _take(self, event: Event, at: Seconds) -> None:
        before = self.stage
        self._count(before, at)
        if isinstance(event, JoinGranted):
            self.service.standing.add(event.visit.reference)
        if isinstance(event, HoldOrdered | HoldReleased) and expected(before, event):
            self.held_by_officer = isinstance(event, HoldOrdered)
        if isinstance(event, VisitorCame | VisitorInLobby | VisitorReady) and expected(
            before, event
        ):
            self._came.add(event.visit)
        if isinstance(event, SupportGranted):
            self.help_granted.add(event.grant.id)
        if isinstance(event, OfferMade):
            self._offered.add(event.call)
        if isinstance(event, Declined):
            self._refused(before, event)
        if (
            isinstance(event, CallMeasured)
            and isinstance(before, InVisit)
            and before.line.up
            and expected(before, event)
        ):
            known_s = self._frozen_s.get(event.call, 0.0)
            self._frozen_s[event.call] = max(known_s, event.frozen_s)
        after, actions = advance(before, event, at)
        self.stage = after
        if isinstance(after, InVisit) and not isinstance(before, InVisit):
            self._met_at = at
        if isinstance(after, InPerson) and not isinstance(before, InPerson):
            self._counted_from = max(at, after.visit.starts_at_s)
            self._frozen_s = {}
        for action in actions:
            self._perform(before, action, at)
        check_step(before, event, at, after, actions)
        check_stage(after, at, SECRET)
        self._check_that_no_second_is_lost_twice(at)

    def _check_that_no_second_is_lost_twice(self, at: Seconds) -> None:
        """Or not at all: they talked, or it was lost to one cause. Who hears but sees nothing talks."""
        if isinstance(stage := self.stage, InPerson):
            lost_s = stage.fair.at(at).total_s - sum(self._frozen_s.values())
            passed_s = max(0.0, at - self._counted_from)
            assert abs(lost_s + talked_s(stage, at) - passed_s) < 0.001

    def _refused(self, before: Stage, event: Declined) -> None:
        """A plain no to a join is the service's last word on that visit, whatever it granted before."""
        if event.reason in NOT_AN_ANSWER:
            return
        if isinstance(before, Welcome) and before.asked_at == event.asked_at:
            self.service.standing.discard(before.booking.reference)

    def _perform(self, before: Stage, action: Action, at: Seconds) -> None:
        self.kiosk_call.obey(action)
        match action:
            case Identify() | CheckPin() | CheckCard() | Join():
                self.questions.append(action)
                if isinstance(action, Join):
                    self.held_by_officer = False
                    self.service.asked_for.add(action.reference)
                    self._came.discard(action.reference)
            case SendOffer() | AskOffer():
                once = (action.call, action.medium)
                assert once not in self._sent, "no offer is sent twice, nor asked for"
                self._sent.add(once)
                self.offers.append(action)
            case GiveOffer(call):
                assert call == self.calls[-1], "an offer goes to the call it was asked for"
            case SendAnswer(call, join_id):
                line = line_of(before)
                assert call == self.calls[-1], "an answer is of the call that was offered"
                assert line is not None
                assert line.visitor is not None
                assert line.visitor.join_id == join_id, "an answer is for who is there"
            case CallSupport() | EndSupport():
                self._help(action)
            case PrepareCall() | PrepareSupport():
                assert action.call not in self.calls, "no call number is used twice"
                self.calls.append(action.call)
            case GiveAnswer(call):
                assert call == self.calls[-1], "an answer goes to the call it was meant for"
            case LeaveVisit():
                held = visit_of(self.stage)
                assert held is None or held.reference != action.reference, (
                    "who is here has not left"
                )
                self._left(before, action)
            case Survey():
                self._waiting.append(self._survey())
                if self.service_lost_at is not None:
                    self._waiting.append(ServiceLost())

    def _help(self, action: CallSupport | EndSupport) -> None:
        if isinstance(action, CallSupport):
            self._check_that_nothing_is_missing()
            self.help_asked.append(action)
        else:
            self.help_granted.discard(action.id)

    def _left(self, before: Stage, leave: LeaveVisit) -> None:
        self.service.hear(leave)
        if leave.reason is Ending.VISITOR_DID_NOT_COME:
            assert leave.reference not in self._came, "who opened the page did come"
        visit = visit_of(before)
        if visit is not None and visit.reference == leave.reference:
            assert abs(leave.talked_s - self._flowed_s) < 0.001, "talking is what flowed"
            self._flowed_s = 0.0

    def _survey(self) -> Event:
        return Broken(OutOfOrder.READER_DOWN) if self.broken else AllWell()

    def _count(self, stage: Stage, at: Seconds) -> None:
        """Count by ourselves how long sound and picture could flow."""
        visit, line = visit_of(stage), line_of(stage)
        if isinstance(stage, InVisit) and visit and line and line.flows and visit.held is None:
            self._flowed_s += max(0.0, min(at, visit.ends_at_s) - self._looked_at)
        self._looked_at = at

    def _call_here(self) -> int | None:
        if isinstance(self.stage, SupportCall):
            return self.stage.call if self.stage.grant else None
        line = line_of(self.stage)
        return line.call if line else None

    def _check_that_nothing_is_missing(self) -> None:
        assert isinstance(self.stage, SupportCall)
        desk, line = self.stage.desk, self.stage.line
        assert desk.lifted or not line.needs_handset, "who speaks in confidence speaks by handset"
        assert desk.card_known or not line.needs_card

    def _check(self) -> None:
        """The laws that need to know what others were told."""
        visit, call = visit_of(self.stage), self.kiosk_call
        if self.kiosk_call.reachable:
            assert call.call == self._call_here(), "no call outlives its visit"
        if visit and call.reachable:
            muted = isinstance(self.stage, InVisit) and self.stage.muted
            told = (call.muted, call.held, call.ends_at_s)
            assert told == (muted, visit.held is not None, visit.ends_at_s), "kiosk-call was told"
        if visit and self.held_by_officer:
            assert visit.held, "what an officer holds is held until an officer releases it"
        self._check_the_service()
        match self.stage:
            case Idle():
                assert not self.broken, "a terminal that is broken invites nobody"
            case Welcome(card=card, person=person):
                assert person == HOLDERS[card], "only the holder of a card is greeted"
            case WaitingRoom() | Goodbye():
                assert self._flowed_s < 0.001, "nothing flows before the visit and after it"
            case InVisit(visit=held_or_not) if self.service_lost_at is not None:
                unseen_s = self.now - max(self.service_lost_at, self._met_at)
                if unseen_s >= held_or_not.unsupervised_limit_s:
                    assert held_or_not.held, "a visit that nobody oversees is held at the limit"

    def _check_the_service(self) -> None:
        """No visit stands that nobody here holds or is asking for."""
        visit = visit_of(self.stage)
        wanted = {visit.reference} if visit else set()
        if isinstance(self.stage, Welcome) and (self.stage.asked_at or self.stage.maybe_granted):
            wanted.add(self.stage.booking.reference)
        assert self.help_granted <= {granted_of(self.stage)}, "no line rings for nobody"
        assert self.service.standing <= wanted, "a visit that nobody wants is given back"
