"""What is played is what the ears hear, and only while it may flow."""

import numpy
import pytest
from aiortc.rtp import RtpPacket

from kiosk.call.flow import Flow
from kiosk.call.opus import OpusEncoder, Samples
from kiosk.call.sound import BLOCK, BLOCK_BYTES
from kiosk.call.speaker import SILENCE, Speaker, mixed
from tests.call.spoken import FRAME, WAVE, HandClock


class Listener:
    """A speaker whose device asks when the test does, and packets that come as it says."""

    def __init__(self) -> None:
        self.flow = Flow(call=7)
        self.clock = HandClock()
        self.speaker = Speaker(self.flow, self.clock)
        self.ear = self.speaker.ear()
        self._encoder = OpusEncoder(32_000, 0)
        self._number = 0

    def comes(self, count: int) -> None:
        for _ in range(count):
            packet = RtpPacket(timestamp=self._number * FRAME, sequence_number=self._number)
            packet.payload = self._encoder.encode(WAVE[:FRAME])
            assert self.ear.add(packet) == (False, None)
            self._number += 1

    def plays(self, count: int) -> float:
        """The loudest of so many blocks."""
        loudest = 0.0
        for _ in range(count):
            block = bytearray(BLOCK_BYTES)
            assert self.speaker.fill(block) == block
            loudest = max(loudest, abs(numpy.frombuffer(block, numpy.int16).astype(int)).max())
            self.clock.now_s += 0.01
        return loudest

    def goes_on(self, seconds: float) -> float:
        loudest = 0.0
        for _ in range(round(seconds / 0.02)):
            self.comes(1)
            loudest = max(loudest, self.plays(2))
        return loudest


def test_what_comes_is_played() -> None:
    listener = Listener()
    assert listener.goes_on(1.0) > 2000


def test_it_is_known_how_late_sound_is_played() -> None:
    listener = Listener()
    assert listener.ear.delay_s == 0
    listener.goes_on(3.0)
    assert 0.01 < listener.ear.delay_s < 0.06
    listener.flow.held = True
    listener.plays(1)
    assert listener.ear.delay_s == 0


def test_without_ears_there_is_silence() -> None:
    listener = Listener()
    listener.comes(10)
    listener.speaker.forget()
    assert listener.plays(20) == 0


@pytest.mark.parametrize("name", ["held", "alone"])
def test_nothing_is_played_that_may_not_flow(name: str) -> None:
    listener = Listener()
    assert listener.goes_on(0.5) > 2000
    setattr(listener.flow, name, True)
    assert listener.goes_on(0.5) == 0


def test_nothing_is_played_when_a_hold_comes_while_a_block_is_made() -> None:
    listener = Listener()
    assert listener.goes_on(0.5) > 2000
    taken = listener.ear.take

    def hold() -> Samples:
        listener.flow.held = True
        return taken()

    listener.ear.take = hold  # type: ignore[method-assign]
    assert listener.plays(1) == 0


def test_nothing_is_played_after_the_call() -> None:
    listener = Listener()
    assert listener.goes_on(0.5) > 2000
    listener.flow.call = None
    assert listener.plays(20) == 0


def test_what_was_said_before_and_during_a_hold_is_not_heard_after_it() -> None:
    listener = Listener()
    listener.comes(10)
    listener.plays(1)
    listener.comes(10)
    listener.flow.held = True
    listener.plays(1)
    listener.comes(10)
    listener.flow.held = False
    assert listener.plays(20) == 0
    assert listener.goes_on(0.5) > 2000


def test_what_no_sound_could_be_is_not_kept() -> None:
    listener = Listener()
    for payload in (b"", b"\xff", bytes(7651)):
        packet = RtpPacket()
        packet.payload = payload
        listener.ear.add(packet)
    assert not listener.ear._came


def test_two_streams_are_heard_together_and_clipped() -> None:
    loud = numpy.full(BLOCK, 20_000, numpy.int16)
    assert mixed([]) == SILENCE
    assert mixed([loud]) == loud.tobytes()
    assert mixed([loud, -loud]) == SILENCE
    assert mixed([loud, loud]) == numpy.full(BLOCK, 32_767, numpy.int16).tobytes()


def test_what_is_played_is_as_loud_as_was_chosen() -> None:
    usual, louder_one = Listener(), Listener()
    louder_one.flow.gain = 2.0
    assert louder_one.goes_on(1.0) == pytest.approx(2 * usual.goes_on(1.0), rel=0.02)


def test_what_the_terminal_itself_says_is_as_loud_as_was_chosen_with_and_without_a_call() -> None:
    listener = Listener()
    listener.flow.gain = 2.0
    for call in (7, None):
        listener.flow.call = call
        listener.speaker.say(numpy.full(BLOCK, 1000, numpy.int16))
        assert listener.plays(1) == 2000
