"""How pictures are received: our own way from a packet to the decoder, inside aiortc's receiver.

Aiortc has taken off SRTP, RTX and the payload's descriptor before, and sends what is asked for.
"""

import asyncio
import queue
from typing import Final

from aiortc import RTCRtpCodecParameters, RTCRtpReceiver
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtp import RtpPacket

from kiosk.call.assembly import Assembly, Piece
from kiosk.call.counting import Counting
from kiosk.call.lips import Course, LipSync
from kiosk.call.parts import part_of
from kiosk.call.playout import Playout
from kiosk.call.reports import tell_of_reports
from kiosk.clock import Seconds

CLOCK_HZ: Final = 90_000
"""Of every video codec (RFC 7741, section 4.1; RFC 6184, section 5.1)."""

_BUFFER: Final = "_RTCRtpReceiver__jitter_buffer"
_NACKS: Final = "_RTCRtpReceiver__nack_generator"
_CODECS: Final = "_RTCRtpReceiver__codecs"
_QUEUE: Final = "_RTCRtpReceiver__decoder_queue"

Encoded = tuple[RTCRtpCodecParameters, JitterFrame]


class Reception:
    """In the place of aiortc's jitter buffer and of its generator of NACKs."""

    def __init__(self, receiver: RTCRtpReceiver, lips: LipSync) -> None:
        """To be called in the event loop, before the receiver begins and after its queue is bound.

        The receiver must be one of pictures.
        """
        inside = vars(receiver)
        assert _BUFFER in inside
        assert _NACKS in inside
        self._receiver = receiver
        self._codecs: dict[int, RTCRtpCodecParameters] = inside[_CODECS]
        self._queue: queue.Queue[Encoded | None] = inside[_QUEUE]
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._feedback: set[asyncio.Task[None]] = set()
        self._playout = Playout[Encoded]()
        self._lips = lips
        self._begin(0)
        inside[_BUFFER] = self
        inside[_NACKS] = None
        tell_of_reports(receiver, "video", lips)

    def add(self, packet: RtpPacket) -> tuple[bool, JitterFrame | None]:
        """Called by aiortc for each packet; what it would do with the answer is done here."""
        now = self._loop.time()
        if packet.ssrc != self._source:
            self._begin(packet.ssrc)
        codec = self._codecs[packet.payload_type]
        for frame in self._assembly.add(self._piece(packet, codec.name), now):
            encoded = JitterFrame(frame.data, frame.time)
            self._playout.add((codec, encoded), frame.time / CLOCK_HZ, now)
            self._keep_in_step(frame.time, now)
        self._act()
        return False, None

    def close(self) -> None:
        """Nothing more is asked for or decoded, unless a packet comes."""
        if self._timer is not None:
            self._timer.cancel()

    def _begin(self, source: int) -> None:
        """Another stream has nothing to do with what came before (RFC 3550, section 8)."""
        self._source = source
        self._numbers, self._times = Counting(16), Counting(32)
        self._assembly = Assembly()

    def _piece(self, packet: RtpPacket, codec: str) -> Piece:
        data: bytes = vars(packet)["_data"]
        return Piece(
            self._numbers.of(packet.sequence_number),
            self._times.of(packet.timestamp),
            bool(packet.marker),
            part_of(codec, packet.payload, data),
            data,
        )

    def _keep_in_step(self, time: int, now: Seconds) -> None:
        """Let pictures wait for the sound, and the sound know of it when it is to wait for them."""
        soonest_s = self._playout.soonest_s(time / CLOCK_HZ)
        course = Course(self._source, time & 0xFFFFFFFF, soonest_s, self._playout.delay_s)
        self._playout.least_delay_s = self._lips.wait_s("video", course, now)

    def _act(self) -> None:
        """Do all that is due, and come back when the next is."""
        now = self._loop.time()
        for encoded in self._playout.take(now):
            self._queue.put(encoded)
        lost = self._assembly.missing.ask(now)
        key = self._assembly.ask_for_key(now)
        if lost or key:
            self._say(lost, key)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if (next_s := self._next_s()) is not None:
            self._timer = self._loop.call_at(next_s, self._act)

    def _next_s(self) -> Seconds | None:
        moments = (
            self._playout.next_s(),
            self._assembly.missing.next_s(),
            self._assembly.key_s(),
        )
        return min((moment for moment in moments if moment is not None), default=None)

    def _say(self, lost: list[int], key: bool) -> None:
        task = self._loop.create_task(self._send(self._source, lost, key))
        self._feedback.add(task)
        task.add_done_callback(self._feedback.discard)

    async def _send(self, source: int, lost: list[int], key: bool) -> None:
        if lost:
            # Aiortc packs numbers from the smallest on, and does not know that they begin again.
            numbers = sorted(number & 0xFFFF for number in lost)
            await self._receiver._send_rtcp_nack(source, numbers)  # noqa: SLF001
        if key:
            await self._receiver._send_rtcp_pli(source)  # noqa: SLF001
