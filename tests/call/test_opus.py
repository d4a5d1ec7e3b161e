"""The codec itself: what can be decoded, recovered and concealed."""

import os
import random

import numpy

from kiosk.call.opus import (
    STEP,
    OpusDecoder,
    OpusEncoder,
    Samples,
    holds_previous,
    samples_in,
)
from tests.call.spoken import FRAME, packets, voice

SPOKEN = voice(2)


def energy(sound: Samples | None) -> float:
    assert sound is not None
    return float(numpy.sqrt(numpy.mean(sound.astype(float) ** 2)))


def likeness(one: Samples, other: Samples) -> float:
    """1 for the same shape."""
    return float(numpy.corrcoef(one.astype(float), other.astype(float))[0, 1])


def test_what_was_encoded_is_decoded() -> None:
    decoder = OpusDecoder()
    sounds = [decoder.decode(packet.data) for packet in packets(SPOKEN)]
    decoded = numpy.concatenate([sound for sound in sounds if sound is not None])
    assert len(decoded) == len(SPOKEN)
    assert abs(energy(decoded) / energy(SPOKEN) - 1) < 0.1


def test_a_packet_says_how_long_it_is() -> None:
    for samples in (120, 240, 480, 960, 1920, 2880):
        packet = OpusEncoder(32_000, 0).encode(SPOKEN[:samples])
        assert samples_in(packet) == samples
    assert samples_in(b"") == 0
    assert samples_in(b"\xff") == 0


def test_what_was_lost_is_in_the_next_packet_while_losses_are_expected() -> None:
    assert not any(packet.holds_previous for packet in packets(SPOKEN, loss_percent=0))
    held = [packet.holds_previous for packet in packets(SPOKEN, loss_percent=10)]
    assert sum(held) > len(held) / 2
    assert not holds_previous(b"")


def test_what_was_lost_is_recovered_better_than_concealed() -> None:
    sent = packets(SPOKEN)
    whole, with_next, without = OpusDecoder(), OpusDecoder(), OpusDecoder()
    better = []
    for number, packet in enumerate(sent[:-1]):
        meant = whole.decode(packet.data)
        following = sent[number + 1]
        if number % 8 == 5 and following.holds_previous:
            recovered = with_next.recover(following.data, FRAME)
            assert meant is not None
            assert recovered is not None
            concealed = without.conceal(FRAME)
            better.append(likeness(recovered, meant) > likeness(concealed, meant))
        else:
            with_next.decode(packet.data)
            without.decode(packet.data)
    assert len(better) >= 5
    assert sum(better) >= 0.8 * len(better)


def test_concealment_goes_on_as_it_sounded() -> None:
    decoder = OpusDecoder()
    for packet in packets(SPOKEN):
        decoder.decode(packet.data)
    assert energy(decoder.conceal(FRAME)) > 500
    assert len(decoder.conceal(STEP)) == STEP


def test_an_encoder_keeps_to_its_rate_and_takes_in_what_is_lost() -> None:
    encoder = OpusEncoder(32_000, 0)
    sent = [encoder.encode(SPOKEN[at : at + FRAME]) for at in range(0, len(SPOKEN), FRAME)]
    assert 24_000 < sum(map(len, sent)) * 8 / 2 < 36_000
    encoder.expect_loss(20)
    sent = [encoder.encode(SPOKEN[at : at + FRAME]) for at in range(0, len(SPOKEN), FRAME)]
    assert sum(map(holds_previous, sent)) > len(sent) / 2
    assert sum(map(len, sent)) * 8 / 2 < 36_000


def test_noise_is_refused_or_decoded_and_nothing_else() -> None:
    chance = random.Random(5)
    decoder = OpusDecoder()
    for _ in range(3000):
        noise = os.urandom(chance.randrange(1, 80))
        sound = decoder.decode(noise)
        assert sound is None or len(sound) == samples_in(noise)
        holds_previous(noise)
        recovered = decoder.recover(noise, FRAME)
        assert recovered is None or len(recovered) == FRAME


def test_more_sound_than_a_packet_may_hold_is_refused() -> None:
    longest = bytes([3, 48]) + b"\x00" * 48  # 48 frames of 10 ms are no packet
    assert samples_in(longest) == 0
    assert OpusDecoder().decode(longest) is None
