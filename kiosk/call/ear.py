"""How sound is received: from the network in the event loop, to the sound device when it asks.

A packet waits encoded until the device wants it, so that nothing else adds to the delay.
"""

from collections import deque
from typing import Final

from aiortc import RTCRtpReceiver
from aiortc.rtp import RtpPacket

from kiosk.call.flow import Flow
from kiosk.call.hearing import Hearing
from kiosk.call.jitter import MAX_PACKETS, Packet
from kiosk.call.lips import Course, LipSync
from kiosk.call.opus import Samples, holds_previous, samples_in
from kiosk.call.reports import tell_of_reports
from kiosk.clock import Clock, Seconds

_BUFFER: Final = "_RTCRtpReceiver__jitter_buffer"
_MAX_BYTES: Final = 7650
"""The most that Opus needs, 120 ms at 510 kb/s (RFC 6716, section 2.1.1)."""


class Ear:
    """In the place of aiortc's jitter buffer: to aiortc no packet ever completes anything.

    The event loop calls `add`, the sound device's thread all the rest; nobody waits.
    """

    def __init__(self, flow: Flow, clock: Clock) -> None:
        self._flow = flow
        self._clock = clock
        self._came: deque[tuple[int, Packet, Seconds]] = deque(maxlen=MAX_PACKETS)
        self._hearing = Hearing()
        self._fresh = True
        self._lips = LipSync()
        self._course: Course | None = None
        self._least_wait_s: Seconds = 0.0
        self.delay_s: Seconds = 0.0
        """By how much later than the network would allow a sound is played now."""

    def listen_to(self, receiver: RTCRtpReceiver, lips: LipSync) -> None:
        """To be called before the receiver of sound begins; Opus is all that it may receive."""
        inside = vars(receiver)
        assert _BUFFER in inside
        inside[_BUFFER] = self
        self._lips = lips
        tell_of_reports(receiver, "audio", lips)

    def add(self, packet: RtpPacket) -> tuple[bool, None]:
        """Called by aiortc for each packet; what may not flow is not kept."""
        data = packet.payload
        if self._flow.their_sound and len(data) <= _MAX_BYTES and (samples := samples_in(data)):
            sound = Packet(packet.timestamp, samples, data, holds_previous(data))
            now_s = self._clock.monotonic()
            self._came.append((packet.ssrc, sound, now_s))
            if (course := self._course) is not None:
                self._least_wait_s = self._lips.wait_s("audio", course, now_s)
        return False, None

    def take(self) -> Samples:
        """The next block."""
        self._fresh = False
        while self._came:
            self._hearing.put(*self._came.popleft())
        now_s = self._clock.monotonic()
        self.delay_s = self._hearing.delay_s(now_s)
        self._course = self._hearing.course()
        self._hearing.wait_at_least(self._least_wait_s)
        return self._hearing.take(now_s)

    def forget(self) -> None:
        """Nothing of what has come is ever heard."""
        self._came.clear()
        if not self._fresh:
            self._hearing, self._fresh, self.delay_s = Hearing(), True, 0.0
            self._course, self._least_wait_s = None, 0.0
