"""Obeys kiosk-core: holds at most one call, and ends it when its time is up, with or without core."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Final

from kiosk.call.call import AHEAD, Call
from kiosk.call.deadline import Deadline
from kiosk.call.flow import Flow
from kiosk.call.guide import Guide
from kiosk.call.network import NetworkLoop
from kiosk.call.studio import Studio
from kiosk.call.volume import gain_of
from kiosk.clock import Clock, Seconds
from kiosk.errors import CallError
from kiosk.memory import give_back
from kiosk.wire.link import ALONE_S
from kiosk.wire.manner import HUSH
from kiosk.wire.messages import (
    Adjust,
    CallEnded,
    CallLost,
    CallStatus,
    EndCall,
    GetReady,
    Hold,
    Medium,
    Message,
    MoveDeadline,
    Mute,
    Play,
    PrepareCall,
    TakeAnswer,
    TakeOffer,
    UseHandset,
)

USUAL: Final = (Medium("sendrecv", "terminal"),)
"""What nearly every visit is (`media` in the contract): one connection, and we offer."""

EARLY_END_S: Final[Seconds] = 0.5
"""How long devices may take to close when a call ends before its time."""

log = logging.getLogger(__name__)


class Switchboard:
    """All of it in the event loop; `say` tells kiosk-core, if it is there.

    What core orders while a call ends waits until it has ended.
    """

    def __init__(
        self,
        studio: Studio,
        guide: Guide,
        flow: Flow,
        network: NetworkLoop,
        tasks: asyncio.TaskGroup,
        clock: Clock,
        say: Callable[[Message], None],
    ) -> None:
        self._studio = studio
        self._guide = guide
        self._flow = flow
        self._network = network
        self._tasks = tasks
        self._clock = clock
        self._say = say
        self._deadline = Deadline(clock, self._time_is_up)
        self._call: Call | None = None
        self._ending: asyncio.Task[None] | None = None
        self._waiting: list[Message] = []
        self._patience: asyncio.TimerHandle | None = None
        self._asked_to_play = HUSH

    def core_is_here(self) -> None:
        """Say what core may have missed; its orders hold again as it gave them last."""
        self._be_supervised()
        self._say_status()
        for device in self._studio.devices:
            self._say(device)
        if self._call is not None and not self._call.is_ahead:
            self._call.say_what_holds()

    def core_is_gone(self, reason: str) -> None:
        log.warning("kiosk-core is gone: %s", reason)
        if self._call is not None and self._patience is None:
            loop = asyncio.get_running_loop()
            self._patience = loop.call_later(ALONE_S, self._be_alone)

    def obey(self, order: Message) -> None:
        """Do what core orders; what concerns another call than ours is too late."""
        if isinstance(order, UseHandset):
            self._studio.use_handset(order.on)
        elif isinstance(order, Adjust):
            self._flow.gain = gain_of(order.volume)
            self._flow.signing = order.signing
        elif self._ending is not None:
            self._waiting.append(order)
        elif isinstance(order, Play):
            self._play(order.sound)
        elif isinstance(order, PrepareCall):
            self._prepare(order)
        elif isinstance(order, GetReady):
            self._get_ready(order.until_s)
        elif self._call is None or getattr(order, "call", None) != self._call.order.call:
            log.info("%s for a call that is not on", type(order).__name__)
        else:
            self._obey(self._call, order)

    async def stop(self) -> None:
        """End the call, if there is one."""
        if self._call is not None:
            self._end(self._call)
        if self._ending is not None:
            self._waiting.clear()
            await self._ending

    def _obey(self, call: Call, order: Message) -> None:
        match order:
            case TakeAnswer(medium=medium, sdp=sdp):
                call.take_answer(medium, sdp)
            case TakeOffer(medium=medium, sdp=sdp):
                call.take_offer(medium, sdp)
            case MoveDeadline(ends_at_s=ends_at_s):
                self._move(ends_at_s)
            case Mute(on=on):
                self._flow.muted = on
            case Hold(on=on):
                self._flow.held = on
            case EndCall():
                self._end(call)
            case _:
                log.warning("%s is nothing that kiosk-call obeys", type(order).__name__)

    # the terminal's own sounds

    def _play(self, sound: str) -> None:
        self._asked_to_play = sound
        if sound == HUSH:
            self._studio.hush()
        else:
            self._tasks.create_task(self._found(sound))

    async def _found(self, sound: str) -> None:
        """A file is read meanwhile; who then wants to hear another, or a call to end, comes first."""
        samples = await asyncio.to_thread(self._guide.samples, sound)
        if samples is not None and self._asked_to_play == sound and self._ending is None:
            self._studio.say(samples)

    # a call begins

    def _get_ready(self, until_s: Seconds | None) -> None:
        """Who is in a call is ready; who was ready for nothing lets go of all."""
        if self._call is not None and not self._call.is_ahead:
            return
        if until_s is None:
            if self._call is not None:
                self._end(self._call)
            return
        try:
            self._deadline.arm(until_s)
        except CallError as error:
            log.error("nobody waits so long: %s", error)
            return
        if self._call is None:
            self._call = self._made(
                PrepareCall("", 0, AHEAD, until_s, USUAL, (), False, False, False)
            )
            self._call.begin()

    def _prepare(self, order: PrepareCall) -> None:
        if (
            order.sound_only and self._call is not None
        ):  # its camera may be open, and is to be closed
            self._end(self._call)
            self._waiting.append(order)
            return
        try:
            self._deadline.arm(order.ends_at_s)
        except CallError as error:
            self._say(CallLost(order.call, str(error)))
            if self._call is not None:
                self._end(self._call)
            return
        self._flow.muted, self._flow.held = order.muted, order.held
        self._flow.call = order.call
        call = self._call
        if call is not None and call.suits(order):
            call.take_up(order)
            begin = call.say_offers
        else:
            if call is not None:
                self._let_go(call)
            self._call = call = self._made(order)
            begin = call.begin
        self._say_status()
        if order.ends_at_s <= self._clock.monotonic():
            self._end(call)
        else:
            begin()

    def _made(self, order: PrepareCall) -> Call:
        return Call(
            order,
            self._studio,
            self._flow,
            self._network,
            self._tasks,
            self._clock,
            self._say,
        )

    def _move(self, ends_at_s: Seconds) -> None:
        try:
            self._deadline.arm(ends_at_s)
        except CallError as error:
            log.error("the deadline stays where it is: %s", error)
        else:
            self._say_status()

    # a call ends

    def _time_is_up(self) -> None:
        if self._call is not None:
            self._end(self._call)

    def _end(self, call: Call) -> None:
        """Stop everything now, in one go; only the closing of devices is waited for."""
        self._deadline.hurry(EARLY_END_S)
        self._flow.call = self._call = None
        self._let_go(call)
        self._studio.shut()
        ends_at_s = self._deadline.ends_at_s
        self._ending = self._tasks.create_task(self._finish(call.order.call, ends_at_s))

    def _let_go(self, call: Call) -> None:
        """Not one packet more from now on; what the call took is given back when it is closed."""
        self._tasks.create_task(self._give_back(call.cut()))

    async def _give_back(self, close: Callable[[], Coroutine[Any, Any, None]]) -> None:
        await close()
        del close  # it knows the call
        if self._ending is not None:  # collecting takes its time, and the end has a deadline
            await asyncio.wait((self._ending,))
        give_back()

    async def _finish(self, call: int, ends_at_s: Seconds) -> None:
        await self._studio.stopped()
        stopped_at_s = self._clock.monotonic()
        self._deadline.disarm()
        if call != AHEAD:
            log.debug("call %d has ended", call)
            self._say(CallEnded(call, stopped_at_s, stopped_at_s - ends_at_s))
            self._say_status()
        self._ending = None
        self._be_supervised()
        waiting, self._waiting = self._waiting, []
        for order in waiting:
            self.obey(order)

    # kiosk-core

    def _be_alone(self) -> None:
        self._patience = None
        if self._call is not None:
            log.warning("kiosk-core has been away for %g s: no sound until it is back", ALONE_S)
            self._flow.alone = True

    def _be_supervised(self) -> None:
        """Core's last orders hold again, or the call is over."""
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
        self._flow.alone = False

    def _say_status(self) -> None:
        if self._call is None or self._call.is_ahead:
            self._say(CallStatus(None, None, None, None))
        else:
            order = self._call.order
            self._say(CallStatus(order.call, order.visit, order.attempt, self._deadline.ends_at_s))
