"""One stream of the other side's sound, from packets to blocks for the sound device."""

from typing import Final

import numpy

from kiosk.call.jitter import Conceal, JitterBuffer, Pace, Packet, Play, Recover, Step
from kiosk.call.lips import Course
from kiosk.call.opus import OpusDecoder, Samples
from kiosk.call.pace import lengthened, shortened
from kiosk.call.sound import BLOCK, RATE_HZ
from kiosk.clock import Seconds

_BROKEN: Final = RATE_HZ // 50
"""What a packet that can not be decoded is taken to have held."""

_USURP_S: Final[Seconds] = 0.2
"""Another source is heard only when the first has been silent for so long."""

_QUIET_S: Final[Seconds] = 1.0
"""Without a packet for so long there is silence, and the stream begins anew."""

_FADES_AFTER: Final = RATE_HZ // 10
_FADED_AFTER: Final = RATE_HZ * 4 // 10
"""What is concealed for longer sounds like an organ, and at last is silent."""

_NOTHING: Final[Samples] = numpy.empty(0, numpy.int16)
_SILENCE: Final[Samples] = numpy.zeros(BLOCK, numpy.int16)


class Hearing:
    """Used by one thread; `now_s` never goes back."""

    def __init__(self) -> None:
        self._source: int | None = None
        self._came_at_s: Seconds = 0.0
        self._buffer = JitterBuffer()
        self._decoder = OpusDecoder()
        self._sound = _NOTHING
        self._paced = False
        self._concealed = 0

    def put(self, source: int, packet: Packet, now_s: Seconds) -> None:
        """A packet has come; `source` is its SSRC."""
        silent_s = now_s - self._came_at_s
        if source != self._source:
            if self._source is not None and silent_s < _USURP_S:
                return
            self._source = source
            self._buffer, self._decoder = JitterBuffer(), OpusDecoder()
        elif silent_s > _QUIET_S or not self._buffer.expects(packet.timestamp, now_s):
            self._buffer = JitterBuffer()
        self._came_at_s = now_s
        self._buffer.put(packet, now_s)

    def take(self, now_s: Seconds) -> Samples:
        """The next `BLOCK`."""
        if now_s - self._came_at_s > _QUIET_S:
            self._buffer = JitterBuffer()
        while len(self._sound) < BLOCK:
            step = self._buffer.next(now_s, len(self._sound))
            self._sound = numpy.concatenate([self._sound, self._heard(step)])
        block, self._sound = self._sound[:BLOCK], self._sound[BLOCK:]
        return block

    def wait_at_least(self, least_s: Seconds) -> None:
        """Though the network would allow less."""
        self._buffer.least_wait_s = least_s

    def course(self) -> Course | None:
        """How it goes on; None before the first packet."""
        course = self._buffer.course()
        if course is None or self._source is None:
            return None
        return Course(self._source, *course)

    def delay_s(self, now_s: Seconds) -> Seconds:
        """By how much later what `take` gives next is played than it could be, were all in time."""
        return self._buffer.delay_s(now_s, len(self._sound))

    def _heard(self, step: Step) -> Samples:
        match step:
            case Play(data):
                sound, length = self._decoder.decode(data), _BROKEN
            case Recover(data, length):
                sound = self._decoder.recover(data, length)
            case Conceal(length):
                sound = None
            case _:
                return _SILENCE
        if sound is None:
            return self._concealing(length)
        self._concealed = 0
        return self._in_pace(sound)

    def _concealing(self, samples: int) -> Samples:
        since = self._concealed + numpy.arange(samples)
        self._concealed += samples
        loudness = (_FADED_AFTER - since) / (_FADED_AFTER - _FADES_AFTER)
        concealed = self._decoder.conceal(samples) * loudness.clip(0.0, 1.0)
        faded: Samples = concealed.astype(numpy.int16)
        return faded

    def _in_pace(self, sound: Samples) -> Samples:
        """Of two pieces only one is changed: the ear forgives that."""
        pace = self._buffer.pace()
        if self._paced or pace is Pace.KEEP:
            self._paced = False
            return sound
        paced = shortened(sound) if pace is Pace.SHORTEN else lengthened(sound)
        self._buffer.paced(len(paced) - len(sound))
        self._paced = len(paced) != len(sound)
        return paced
