"""A room with a loudspeaker and a microphone in it, two who speak, and what is left of the echo."""

import io
import subprocess
import wave
from collections.abc import Iterator
from functools import cache

import numpy
from numpy.typing import NDArray

from kiosk.call.opus import Samples
from kiosk.call.processing import Processing
from kiosk.call.settings import Audio
from kiosk.call.sound import BLOCK, RATE_HZ

Sound = NDArray[numpy.float64]

FULL_SCALE = 32768.0
SOUND_M_S = 343.0
DEVICES_S = 0.06
"""From the callback to the loudspeaker, and from the microphone to the callback."""

NEAR_M = 0.4
"""From the loudspeaker to the microphone."""

PLAYED = 0.5
SAID = 0.25
ECHO = 0.5
"""Of full scale, and of what is played: the echo is about as loud at the microphone as the person."""

FAMILY = (
    "We had such a lovely day at the beach, and the children built a castle out of sand. "
    "Grandmother sends her love, and asks when you will be home. The dog has learned a new trick, "
    "and he shows it to everyone who comes to the door. The quick brown fox jumps over the fence."
)
PRISONER = (
    "I miss you all very much. Tell me about school, and what you have been reading. "
    "Did the garden do well this year? I finished the course in the workshop last week."
)


@cache
def speech(text: str, voice: str = "en") -> Sound:
    """Spoken once, the loudest sample at full scale."""
    spoken = subprocess.run(
        ["espeak-ng", "-v", voice, "--stdout", text], capture_output=True, check=True
    )
    with wave.open(io.BytesIO(spoken.stdout)) as file:
        rate_hz = file.getframerate()
        samples = numpy.frombuffer(file.readframes(file.getnframes()), numpy.int16).astype(float)
    count = len(samples) * RATE_HZ // rate_hz
    sound = numpy.interp(numpy.arange(count) * rate_hz / RATE_HZ, range(len(samples)), samples)
    return numpy.asarray(sound / numpy.abs(sound).max() * FULL_SCALE)


def for_s(sound: Sound, seconds: float) -> Sound:
    """Again and again for so long."""
    return numpy.resize(sound, round(seconds * RATE_HZ))


def room(seed: int, apart_m: float = NEAR_M, reverberation_s: float = 0.4) -> Sound:
    """The impulse response from a loudspeaker to a microphone in a small room, of energy 1.

    By images (Allen and Berkley, 1979); how much the walls take follows from Sabine's formula.
    """
    chance = numpy.random.default_rng(seed)
    size_m = numpy.array([4.0, 3.0, 2.5]) * chance.uniform(0.9, 1.1, 3)
    microphone_m = size_m * chance.uniform(0.3, 0.7, 3)
    aside = chance.standard_normal(3)
    speaker_m = microphone_m + apart_m * aside / numpy.linalg.norm(aside)
    walls_m2 = 2 * (size_m[0] * size_m[1] + size_m[1] * size_m[2] + size_m[0] * size_m[2])
    reflected = numpy.sqrt(1 - 0.161 * size_m.prod() / (walls_m2 * reverberation_s))
    response = numpy.zeros(round(reverberation_s * RATE_HZ))
    for way_m, reflections in _images(size_m, speaker_m, microphone_m, reverberation_s):
        at = way_m * RATE_HZ / SOUND_M_S
        heard = at < len(response) - 1
        whole, part = at[heard].astype(int), at[heard] % 1
        loudness = reflected ** reflections[heard] / way_m[heard]
        numpy.add.at(response, whole, loudness * (1 - part))
        numpy.add.at(response, whole + 1, loudness * part)
    return numpy.asarray(response / numpy.sqrt((response**2).sum()))


def _images(
    size_m: Sound, speaker_m: Sound, microphone_m: Sound, for_s: float
) -> Iterator[tuple[Sound, Sound]]:
    """How far each image of the speaker is away, and how often it was reflected."""
    most = round(SOUND_M_S * for_s / size_m.min() / 2) + 1
    rooms = numpy.arange(-most, most + 1)
    for mirrored in numpy.ndindex(2, 2, 2):
        ways, reflections = [], []
        for axis, is_mirrored in enumerate(mirrored):
            image_m = (1 - 2 * is_mirrored) * speaker_m[axis] + 2 * rooms * size_m[axis]
            ways.append(image_m - microphone_m[axis])
            reflections.append(numpy.abs(rooms - is_mirrored) + numpy.abs(rooms))
        squares = numpy.array(numpy.meshgrid(*(way**2 for way in ways), indexing="ij"))
        counts = numpy.array(numpy.meshgrid(*reflections, indexing="ij"))
        yield numpy.sqrt(squares.sum(axis=0)).ravel(), counts.sum(axis=0).ravel().astype(float)


def heard_in(response: Sound, played: Sound, late_s: float = DEVICES_S) -> Sound:
    """The echo: what was played, as the room gives it to the microphone, a little later."""
    late = round(late_s * RATE_HZ)
    size = 1 << (len(played) + len(response)).bit_length()
    spectrum = numpy.fft.rfft(played, size) * numpy.fft.rfft(response, size)
    echo = numpy.fft.irfft(spectrum, size)[: len(played) - late]
    return numpy.concatenate([numpy.zeros(late), echo])


def echo_in(seed: int, played: Sound, late_s: float = DEVICES_S, apart_m: float = NEAR_M) -> Sound:
    """What the microphone of a room hears when only the loudspeaker speaks."""
    return heard_in(room(seed, apart_m), played, late_s) * ECHO + hiss(len(played), seed)


def clipped(played: Sound, at: float = 0.5) -> Sound:
    """A loudspeaker that can not do more than a part of full scale."""
    return numpy.clip(played, -at * FULL_SCALE, at * FULL_SCALE)


def hiss(samples: int, seed: int, level_db: float = -70.0) -> Sound:
    return (
        numpy.random.default_rng(seed).standard_normal(samples) * FULL_SCALE * 10 ** (level_db / 20)
    )


def rushing(samples: int, seed: int, level_db: float) -> Sound:
    """Air and traffic: less the higher it is."""
    spectrum = numpy.fft.rfft(hiss(samples, seed))
    spectrum[1:] /= numpy.sqrt(numpy.arange(1, len(spectrum)))
    noise = numpy.fft.irfft(spectrum, samples)
    return numpy.asarray(noise / numpy.sqrt((noise**2).mean()) * FULL_SCALE * 10 ** (level_db / 20))


def samples(sound: Sound) -> Samples:
    return numpy.clip(numpy.round(sound), -FULL_SCALE, FULL_SCALE - 1).astype(numpy.int16)


def processed(
    heard: Sound,
    played: Sound,
    processing: Processing | None = None,
    lifted: tuple[float, float] = (0, 0),
) -> Sound:
    """What is sent; the handset is lifted between two moments."""
    processing = processing or Processing(Audio(gain_control=False))
    near, far = samples(heard), samples(played)
    made = []
    for at in range(0, len(near) - BLOCK + 1, BLOCK):
        processing.handset = lifted[0] <= at / RATE_HZ < lifted[1]
        made.append(processing.clean(near[at : at + BLOCK], far[at : at + BLOCK]))
    return numpy.concatenate(made).astype(float)


def level_db(sound: Sound, since_s: float = 0.0, until_s: float | None = None) -> float:
    """Relative to full scale."""
    part = sound[round(since_s * RATE_HZ) : None if until_s is None else round(until_s * RATE_HZ)]
    return float(10 * numpy.log10((part**2).mean() / FULL_SCALE**2 + 1e-12))


def reduction_db(
    echo: Sound, sent: Sound, since_s: float = 0.0, until_s: float | None = None
) -> float:
    """Echo return loss enhancement (ITU-T G.168): how much less there is of an echo."""
    return level_db(echo[: len(sent)], since_s, until_s) - level_db(sent, since_s, until_s)


def likeness(said: Sound, sent: Sound, since_s: float, until_s: float) -> float:
    """How much of what was sent is what was said: 1 for all of it."""
    first, last = round(since_s * RATE_HZ), round(until_s * RATE_HZ)
    one = said[first:last]
    size = 1 << (2 * len(one)).bit_length()
    other = sent[first : last + RATE_HZ // 20]
    spectrum = numpy.conj(numpy.fft.rfft(one, size)) * numpy.fft.rfft(other, size)
    late = int(numpy.argmax(numpy.fft.irfft(spectrum, size)[: RATE_HZ // 20]))
    other = other[late : late + len(one)]
    one = one[: len(other)]
    return float(one @ other / numpy.sqrt((one @ one) * (other @ other)))
