"""Sound as a browser sends it, the network it comes through, and an ear for what is left."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import numpy
from numpy.typing import NDArray

from kiosk.call.hearing import Hearing
from kiosk.call.jitter import Packet
from kiosk.call.opus import OpusEncoder, Samples, holds_previous, samples_in
from kiosk.call.sound import BLOCK, RATE_HZ

FRAME = RATE_HZ // 50
SOURCE = 7
AUDIBLE = 300.0


def voice(seconds: int) -> Samples:
    """A low tone and its overtones, in syllables that never quite end."""
    at_s = numpy.arange(RATE_HZ) / RATE_HZ
    tone = numpy.sum([numpy.sin(2 * numpy.pi * 150 * n * at_s) / n for n in range(1, 8)], axis=0)
    syllables = 0.4 + 0.6 * numpy.sin(numpy.pi * 4 * at_s) ** 2
    return numpy.tile((7000 * tone / 2 * syllables).astype(numpy.int16), seconds)


WAVE = voice(1)


class HandClock:
    """Goes on when it is told to."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def monotonic(self) -> float:
        return self.now_s

    def utc(self) -> datetime:
        raise NotImplementedError


def packets(sound: Samples, loss_percent: int = 10) -> list[Packet]:
    """In 20 ms each, from a time stamp that wraps soon."""
    encoder = OpusEncoder(32_000, loss_percent)
    made = []
    for at in range(0, len(sound) - FRAME + 1, FRAME):
        data = encoder.encode(sound[at : at + FRAME])
        timestamp = (at - RATE_HZ) % (1 << 32)
        made.append(Packet(timestamp, samples_in(data), data, holds_previous(data)))
    return made


@dataclass
class Network:
    """What becomes of packet `number`: when it comes after it was sent, or None for never."""

    loss: float = 0.0
    jitter_s: float = 0.002
    seed: int = 1
    fate: Callable[[int, float], float | None] = field(default=lambda _number, transit_s: transit_s)

    def arrivals(self, sent: list[Packet]) -> Iterator[tuple[float, Packet]]:
        chance = random.Random(self.seed)
        for number, packet in enumerate(sent):
            lost = chance.random() < self.loss
            transit_s = self.fate(number, 0.05 + chance.random() * self.jitter_s)
            if not lost and transit_s is not None:
                yield number * 0.02 + transit_s, packet


@dataclass
class Heard:
    """What was played of a stream, block by block, and how late each block was."""

    sound: NDArray[numpy.int16]
    delays_s: list[float]

    def gaps_s(self, since_s: float = 1.0) -> float:
        """How long nothing was audible."""
        blocks = self.sound[round(since_s * RATE_HZ) :].reshape(-1, BLOCK).astype(float)
        loudness = numpy.sqrt((blocks**2).mean(axis=1))
        return int((loudness < AUDIBLE).sum()) / 100

    def longest_delay_s(self, since_s: float, until_s: float | None = None) -> float:
        end = None if until_s is None else round(until_s * 100)
        return max(self.delays_s[round(since_s * 100) : end])


def heard(
    sent: list[Packet],
    network: Network,
    for_s: float,
    least_s: Callable[[float], float] = lambda _now_s: 0.0,
) -> Heard:
    """A sound device that takes a block each 10 ms, now and then a little late.

    `least_s` says how long sound is to wait at least.
    """
    hearing, late = Hearing(), random.Random(2)
    coming = sorted(network.arrivals(sent), key=lambda arrival: arrival[0], reverse=True)
    blocks, delays_s = [], []
    for number in range(round(for_s * 100)):
        now_s = number / 100 + late.random() * 0.003
        while coming and coming[-1][0] <= now_s:
            at_s, packet = coming.pop()
            hearing.put(SOURCE, packet, at_s)
        hearing.wait_at_least(least_s(now_s))
        delays_s.append(hearing.delay_s(now_s))
        blocks.append(hearing.take(now_s))
    return Heard(numpy.concatenate(blocks), delays_s)
