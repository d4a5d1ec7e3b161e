"""One peer connection of a call, as the terminal has it: offered, answered, watched, closed."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from aioice import Connection
from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCIceServer,
    RTCIceTransportPolicy,
    RTCPeerConnection,
    RTCRtpTransceiver,
    RTCSessionDescription,
    RTCStatsReport,
)
from aiortc.exceptions import InternalError, InvalidAccessError, InvalidStateError, OperationError

from kiosk.call.answer import cleaned
from kiosk.call.backlog import bound_receiver, bound_track
from kiosk.call.checks import check_beside
from kiosk.call.decoding import bound_decoders
from kiosk.call.departures import Departures
from kiosk.call.ear import Ear
from kiosk.call.feedback import TransportFeedback, offer_feedback
from kiosk.call.gate import guard_ports
from kiosk.call.guard import guard_connections
from kiosk.call.hanging import relay_hangs
from kiosk.call.line_rate import Capacity
from kiosk.call.lips import LipSync
from kiosk.call.path import has_moved, is_stranded
from kiosk.call.pulse import stopped
from kiosk.call.reception import Reception
from kiosk.call.relays import abandon_relays, gather_through, notice_dead_relays, relay_servers
from kiosk.call.sending import Outgoing
from kiosk.call.voice import Voice, offer_voice
from kiosk.call.wishes import most_picture_bps
from kiosk.clock import Seconds
from kiosk.errors import CallError
from kiosk.wire.messages import NO_RELAY, IceServer, Medium

CLOSE_S: Final[Seconds] = 5.0

# All that aiortc is known to raise for an answer that is none: it was not written against those.
_REFUSALS: Final = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RuntimeError,
    ConnectionError,
    InternalError,
    InvalidAccessError,
    InvalidStateError,
    OperationError,
)

_RECEIVED: Final = "_RTCDtlsTransport__rx_bytes"

log = logging.getLogger(__name__)


class Peer:
    """Who is at the other end of one medium."""

    def __init__(
        self,
        medium: Medium,
        servers: Sequence[IceServer],
        relay_only: bool,
        tracks: Mapping[str, MediaStreamTrack],
        voice: Voice,
        ear: Ear,
        *,
        on_change: Callable[[], None],
        on_track: Callable[[MediaStreamTrack], None],
        signing: Callable[[], bool] = lambda: False,
    ) -> None:
        """`tracks` are ours by kind; `voice` encodes our sound and `ear` hears theirs; `on_change`
        is called whenever `state` may have changed; `signing` says whether people sign now.

        Raises CallError for a server that has no usable address.
        """
        _better_aiortc()
        self._relay_only = relay_only
        self._answered = False
        try:
            self._pc = RTCPeerConnection(_configuration(servers, relay_only))
            relays = relay_servers(servers)
            for kind, track in tracks.items():
                sends = medium.direction != "recvonly"
                _limit(self._pc.addTransceiver(track if sends else kind, medium.direction))
        except ValueError as error:
            raise CallError("an ICE server has no usable address") from error
        for connection in self._ices:
            gather_through(connection, relays, relay_only)
            check_beside(connection)
        self._outgoing: list[Outgoing] = []
        self._receptions: list[Reception] = []
        self._take_up(voice, ear, signing)
        self._feedback = TransportFeedback(self._pc.getTransceivers())
        Departures(self._pc.getTransceivers(), self._line_carries)
        self._pc.on("connectionstatechange", on_change)
        self._pc.on("track", bound_track)
        self._pc.on("track", on_track)

    def _take_up(self, voice: Voice, ear: Ear, signing: Callable[[], bool]) -> None:
        """What is said and heard, and both pictures, by our own rules."""
        lips = LipSync()
        for transceiver in self._pc.getTransceivers():
            if transceiver.kind == "video":
                self._outgoing.append(Outgoing(transceiver, signing))
                self._receptions.append(Reception(transceiver.receiver, lips))
            else:
                voice.speak_through(transceiver.sender)
                ear.listen_to(transceiver.receiver, lips)

    @property
    def state(self) -> str:
        """As W3C's RTCPeerConnectionState, without `disconnected`."""
        return self._pc.connectionState

    @property
    def pictures_sent(self) -> int:
        return sum(outgoing.sent for outgoing in self._outgoing)

    @property
    def stopped(self) -> list[str]:
        """What does not run of what must while the connection is up."""
        return stopped(self._pc.getTransceivers())

    async def offer(self) -> str:
        """The offer, with the candidates that were to be had in time.

        Raises CallError when there are none.
        """
        await self._pc.setLocalDescription(await self._pc.createOffer())
        sdp = self._pc.localDescription.sdp
        if "a=candidate:" not in sdp:
            alone = "this terminal has no address at which it could be reached"
            raise CallError(NO_RELAY if self._relay_only else alone)
        return sdp

    async def take_answer(self, sdp: str) -> None:
        """Connect with who sent this answer. Raises CallError when it can not be used."""
        if self._answered:
            log.warning("a second answer to the same offer is left aside")
            return
        self._answered = True
        answer = RTCSessionDescription(cleaned(sdp), "answer")
        for outgoing in self._outgoing:
            outgoing.most_bps = most_picture_bps(sdp)
        try:
            await self._pc.setRemoteDescription(answer)
        except _REFUSALS as error:
            raise CallError(f"the answer can not be used: {type(error).__name__}") from error

    async def answer(self, sdp: str) -> str:
        """Our answer to the service's offer, with the candidates that were to be had in time.

        Raises CallError for an offer that can not be used.
        """
        if self._answered:
            raise CallError("a second offer came for the same medium")
        self._answered = True
        offer = RTCSessionDescription(cleaned(sdp, "offer"), "offer")
        try:
            await self._pc.setRemoteDescription(offer)
            await self._pc.setLocalDescription(await self._pc.createAnswer())
        except _REFUSALS as error:
            raise CallError(f"the offer can not be used: {type(error).__name__}") from error
        return str(self._pc.localDescription.sdp)

    async def ask_for_picture(self) -> None:
        """Ask for a picture that needs no other (RFC 4585, picture loss indication)."""
        for transceiver in self._pc.getTransceivers():
            if transceiver.kind == "video":
                for heard in transceiver.receiver.getSynchronizationSources():
                    await transceiver.receiver._send_rtcp_pli(heard.source)  # noqa: SLF001

    def note_pause(self) -> None:
        """Nothing has come for a moment."""
        for outgoing in self._outgoing:
            outgoing.note_pause()

    def go_on(self) -> None:
        """It has come again, before that was a silence."""
        for outgoing in self._outgoing:
            outgoing.go_on()

    def begin_anew(self) -> None:
        """The other side is heard again after a silence."""
        for outgoing in self._outgoing:
            outgoing.begin_anew()

    @property
    def bytes_received(self) -> int:
        """Of media, and of reports on ours."""
        transports = {t.receiver.transport for t in self._pc.getTransceivers()}
        return sum(vars(transport)[_RECEIVED] for transport in transports)

    @property
    def is_stranded(self) -> bool:
        """Whether it is connected from an address that this terminal no longer has."""
        return any(map(is_stranded, self._ices))

    async def relay_hangs(self) -> bool:
        """Whether it is connected through a relay that says nothing, while another answers."""
        return any([await relay_hangs(connection) for connection in self._ices])

    @property
    def has_moved(self) -> bool:
        """Whether its offer names an address that this terminal no longer has."""
        return any(map(has_moved, self._ices))

    @property
    def _ices(self) -> set[Connection]:
        """One for all media, as they are bundled (RFC 9143)."""
        transports = (each.sender.transport.transport for each in self._pc.getTransceivers())
        return {transport._connection for transport in transports}  # noqa: SLF001

    async def stats(self) -> RTCStatsReport:
        return await self._pc.getStats()

    def _line_carries(self, capacity: Capacity) -> None:
        for outgoing in self._outgoing:
            outgoing.line_carries(capacity)

    async def close(self) -> None:
        """Let go of everything; the network must have been cut before."""
        self._pc.remove_all_listeners()
        for reception in self._receptions:
            reception.close()
        self._feedback.close()
        for connection in self._ices:
            abandon_relays(connection)
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._pc.close()
        except TimeoutError:
            log.error("a peer connection did not close in %g s", CLOSE_S)


def _better_aiortc() -> None:
    """What the whole program has in place of aiortc's own."""
    guard_ports()
    guard_connections()
    notice_dead_relays()
    bound_decoders()
    offer_voice()
    offer_feedback()


def _limit(transceiver: RTCRtpTransceiver) -> None:
    """Sound as Opus only, and a bound to what waits."""
    bound_receiver(transceiver.receiver)
    if transceiver.kind == "audio":
        codecs = transceiver.sender.getCapabilities("audio").codecs
        transceiver.setCodecPreferences([c for c in codecs if c.mimeType == "audio/opus"])


def _configuration(servers: Sequence[IceServer], relay_only: bool) -> RTCConfiguration:
    """Exactly these servers: with no list at all the library would ask a public one.

    It is not told of relays, which are asked by `gather_through`.
    """
    stun = [url for server in servers for url in server.urls if not url.startswith("turn")]
    return RTCConfiguration(
        iceServers=[RTCIceServer(urls=stun)] if stun else [],
        iceTransportPolicy=(
            RTCIceTransportPolicy.RELAY if relay_only else RTCIceTransportPolicy.ALL
        ),
        bundlePolicy=RTCBundlePolicy.MAX_BUNDLE,
    )
