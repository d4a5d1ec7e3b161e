"""One call: offers, answers, what comes from the other side, and how it is lost."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Final

import av
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av import VideoFrame

from kiosk.call.first_rate import asking_for_a_quick_begin
from kiosk.call.flow import Flow
from kiosk.call.freezes import Freezes
from kiosk.call.network import NetworkLoop
from kiosk.call.own import EVERY_S, OwnSide
from kiosk.call.peer import Peer
from kiosk.call.quality import Quality
from kiosk.call.silence import LOOK_S, Line, Silence
from kiosk.call.stats import call_stats, counted, round_trip_s
from kiosk.call.studio import Studio
from kiosk.clock import Clock, Seconds
from kiosk.errors import CallError
from kiosk.wire.messages import (
    AnswerReady,
    CallConnected,
    CallHeard,
    CallLost,
    CallPaused,
    CallSilent,
    Medium,
    Message,
    OfferReady,
    PrepareCall,
)

CONNECT_S: Final[Seconds] = 10.0
"""ICE and DTLS take no longer, counted from the first answer, ours or theirs."""

OFFERS_FIRST_S: Final[Seconds] = 0.1
"""How long the devices wait for the offers; a relay that is asked first may need seconds."""

FIRST_PICTURE_S: Final[Seconds] = 0.2
FIRST_PICTURE_TRIES: Final = 20

log = logging.getLogger(__name__)


AHEAD: Final = 0
"""No call has this number: kiosk-core counts milliseconds since boot."""


class Call:
    """From PrepareCall until it is replaced or ended; all of it in the event loop.

    One that is made ahead of its order has the number AHEAD and says nothing until it is taken up.
    """

    def __init__(
        self,
        order: PrepareCall,
        studio: Studio,
        flow: Flow,
        network: NetworkLoop,
        tasks: asyncio.TaskGroup,
        clock: Clock,
        say: Callable[[Message], None],
    ) -> None:
        self.order = order
        self.lost: CallLost | None = None
        self._studio = studio
        self._flow = flow
        self._network = network
        self._tasks = tasks
        self._clock = clock
        self._tell = say
        self._offers: dict[int, str] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._peers: dict[int, Peer] = {}
        self._over = False
        self._connected = False
        self._answered = False
        self._pictures = 0
        self._first_picture = asyncio.Event()
        self._silence = Silence(clock.monotonic())
        self._freezes = Freezes()
        self._quality = Quality()

    def begin(self) -> None:
        """Make the offers, be ready for theirs, and open the devices; a call without media is a
        preview."""
        self._studio.forget_ears()
        if not self.is_ahead:
            self._studio.enter(self.order.call)
            self._begin_to_show()
        offers = [self._run(self._make_peer(*each)) for each in enumerate(self.order.media)]
        self._run(self._open_after(offers))

    @property
    def is_ahead(self) -> bool:
        return self.order.call == AHEAD

    def suits(self, order: PrepareCall) -> bool:
        """Whether what was made ahead is what `order` wants, and can still be used."""
        mine = (self.order.media, self.order.ice_servers, self.order.relay_only)
        same = mine == (order.media, order.ice_servers, order.relay_only)
        same = same and self.order.sound_only == order.sound_only
        moved = any(peer.has_moved for peer in self._peers.values())
        return self.is_ahead and same and not (self._over or moved)

    def take_up(self, order: PrepareCall) -> None:
        """Be the call of `order` from now on."""
        self.order = order
        self._studio.enter(order.call)
        self._begin_to_show()

    def _begin_to_show(self) -> None:
        """Until they have met the person may see whether they can be seen and heard."""
        if not self.order.sound_only:
            self._run(self._tell_levels())

    async def _tell_levels(self) -> None:
        own = OwnSide(self._clock.monotonic())
        while not self._connected:
            await asyncio.sleep(EVERY_S)
            levels = self._studio.own_levels()
            if news := own.news(self.order.call, *levels, self._clock.monotonic()):
                self._say(news)

    def say_offers(self) -> None:
        """Those that were made ahead."""
        for number, sdp in self._offers.items():
            self._say(OfferReady(self.order.call, number, sdp))

    def _say(self, message: Message) -> None:
        if not self.is_ahead:
            self._tell(message)

    def take_offer(self, number: int, sdp: str) -> None:
        """Answer what the service offers for one medium."""
        peer = self._offered(number, "service")
        if peer is not None:
            self._begin_to_connect()
            self._run(self._answer(number, peer, sdp))

    def take_answer(self, number: int, sdp: str) -> None:
        """Connect one medium with who answered."""
        peer = self._offered(number, "terminal")
        if peer is not None:
            self._begin_to_connect()
            self._run(self._take_answer(peer, sdp))

    def cut(self) -> Callable[[], Coroutine[Any, Any, None]]:
        """Not one packet more from now on; what is returned closes the rest, and takes its time."""
        self._over = True
        remains = self._network.cut()
        for task in self._running:
            task.cancel()
        peers, self._peers = self._peers, {}

        async def close() -> None:
            for peer in peers.values():
                await peer.close()
            remains.clear()

        return close

    def _run(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._tasks.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    # offers and answers

    def _offered(self, number: int, offerer: str) -> Peer | None:
        """The connection of a medium that `offerer` offers; None when there is none to speak of."""
        peer = self._peers.get(number)
        if peer is None or self.order.media[number].offerer != offerer:
            log.warning("what is for no medium of call %d is left aside", self.order.call)
            return None
        return peer

    def _begin_to_connect(self) -> None:
        if not self._answered:
            self._answered = True
            self._run(self._lose_unless_connected())

    async def _make_peer(self, number: int, medium: Medium) -> None:
        try:
            peer = Peer(
                medium,
                self.order.ice_servers,
                self.order.relay_only,
                self._tracks(),
                self._studio.voice(),
                self._studio.ear(),
                on_change=self._peer_changed,
                on_track=self._take_track,
                signing=lambda: self._flow.signing,
            )
            self._peers[number] = peer
            if medium.offerer == "terminal":
                self._offers[number] = sdp = self._for_this_attempt(await peer.offer())
                self._say(OfferReady(self.order.call, number, sdp))
        except CallError as error:
            self._lose(str(error))

    def _tracks(self) -> dict[str, MediaStreamTrack]:
        """What we send, by kind."""
        tracks: dict[str, MediaStreamTrack] = {"audio": self._studio.microphone()}
        if not self.order.sound_only:
            tracks["video"] = self._studio.camera()
        return tracks

    def _for_this_attempt(self, offer: str) -> str:
        """Who has lost a call of this visit has a line of which nothing may be expected."""
        return asking_for_a_quick_begin(offer) if self.order.attempt <= 1 else offer

    async def _open_after(self, offers: list[asyncio.Task[None]]) -> None:
        """The other side can look at the offers while the devices open, which takes longer."""
        if offers:
            await asyncio.wait(offers, timeout=OFFERS_FIRST_S)
        self._studio.open(sound_only=self.order.sound_only)

    async def _answer(self, number: int, peer: Peer, sdp: str) -> None:
        try:
            self._say(AnswerReady(self.order.call, number, await peer.answer(sdp)))
        except CallError as error:
            self._lose(str(error))

    async def _take_answer(self, peer: Peer, sdp: str) -> None:
        try:
            await peer.take_answer(sdp)
        except CallError as error:
            self._lose(str(error))

    async def _lose_unless_connected(self) -> None:
        await asyncio.sleep(CONNECT_S)
        if not self._connected:
            self._lose(f"no connection in {CONNECT_S:g} s")

    def _peer_changed(self) -> None:
        states = {peer.state for peer in self._peers.values()}
        if "failed" in states:
            self._lose("ICE or DTLS failed")
        elif "closed" in states:
            self._lose("the other side closed the connection")
        elif states == {"connected"} and len(self._peers) == len(self.order.media):
            self._connect()

    def _connect(self) -> None:
        if not self._connected:
            self._connected = True
            self._say(CallConnected(self.order.call, self._clock.monotonic()))
            if not self.order.sound_only:
                self._run(self._hasten_first_picture())
            self._silence = Silence(self._clock.monotonic())
            self._run(self._watch_line())
            self._run(self._measure())

    def _lose(self, reason: str) -> None:
        """The devices are open also without a call, so that a new attempt is quick."""
        if self._over:
            return
        if not self.order.sound_only:  # no line of a log says that help was called
            log.warning("call %d is lost: %s", self.order.call, reason)
        self.lost = CallLost(self.order.call, reason)
        self._say(self.lost)
        close = self.cut()
        self._tasks.create_task(close())
        self._studio.open(sound_only=self.order.sound_only)

    # their pictures; an ear has taken their sound

    def _take_track(self, track: MediaStreamTrack) -> None:
        if track.kind == "video":
            self._run(self._watch(track))

    async def _watch(self, track: MediaStreamTrack) -> None:
        while isinstance(picture := await _next(track), VideoFrame):
            self._pictures += 1
            self._first_picture.set()
            if not self._flow.pictures:
                self._freezes.pause()
            else:
                self._freezes.picture(self._clock.monotonic())
                try:
                    self._studio.show(picture)
                except (CallError, av.FFmpegError) as error:
                    log.warning("a picture can not be shown: %s", type(error).__name__)

    async def _hasten_first_picture(self) -> None:
        """The browser's first picture may have come before DTLS was up: ask for another. It is sent in
        a tenth of a second, and a second one would only be in its way."""
        for _ in range(FIRST_PICTURE_TRIES):
            try:
                async with asyncio.timeout(FIRST_PICTURE_S):
                    await self._first_picture.wait()
                return
            except TimeoutError:
                for peer in self._peers.values():
                    await peer.ask_for_picture()

    # how it does

    async def _watch_line(self) -> None:
        """Say when nothing comes. A silent call stays as it is: it may heal before a new one is made."""
        while True:
            await asyncio.sleep(LOOK_S)
            if any(peer.is_stranded for peer in self._peers.values()):
                self._lose("this terminal's address is another now")
                return
            received = sum(peer.bytes_received for peer in self._peers.values())
            match self._silence.look(received, self._clock.monotonic()):
                case Line.QUIET:
                    for peer in self._peers.values():
                        peer.note_pause()
                    self._run(self._leave_hanging_relay())
                case Line.SILENT:
                    self._freezes.pause()
                    self.say_if_silent()
                case Line.BACK:
                    for peer in self._peers.values():
                        peer.go_on()
                    self._say(CallPaused(self.order.call))
                case Line.HEARD:
                    for peer in self._peers.values():
                        peer.begin_anew()
                    self._freezes.expect(self._clock.monotonic())
                    self._say(CallHeard(self.order.call))

    def say_what_holds(self) -> None:
        """For a core that may have missed it."""
        if self.lost is not None:
            self._say(self.lost)
        else:
            self.say_if_silent()

    def say_if_silent(self) -> None:
        if self._silence.since is not None:
            self._say(CallSilent(self.order.call, self._silence.since))

    async def _leave_hanging_relay(self) -> None:
        """It will not heal, and another can be had at once."""
        came_at = self._silence.came_at
        hangs = await asyncio.gather(*(peer.relay_hangs() for peer in self._peers.values()))
        if any(hangs) and self._silence.came_at == came_at:
            self._say(CallSilent(self.order.call, came_at))
            self._lose("its relay hangs")

    async def _measure(self) -> None:
        while True:
            await asyncio.sleep(1)
            if stopped := [part for peer in self._peers.values() for part in peer.stopped]:
                self._lose(f"no more runs {', '.join(stopped)}")
                return
            reports = [await peer.stats() for peer in self._peers.values()]
            sent = sum(peer.pictures_sent for peer in self._peers.values())
            frozen_s = self._freezes.total_s
            self._quality.second(counted(frozen_s, reports), round_trip_s(reports))
            weak = self._quality.weak
            self._say(call_stats(self.order.call, self._pictures, sent, frozen_s, weak, reports))


async def _next(track: MediaStreamTrack) -> object:
    """What comes next on a track; None at its end."""
    try:
        return await track.recv()
    except MediaStreamError:
        return None
