"""Measures the echo canceller in simulated rooms: `python -m tests.bench.bench_echo [--quick]`.

Speech is played into rooms of 0.4 s reverberation, each seed another room, and what the
microphone hears of it is processed as in a call. Prints one JSON object: of each case the median
and the worst of all seeds. It needs no device and no other program; only the time depends on load.
"""

import argparse
import os
import statistics
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy

from kiosk.call.processing import Processing
from kiosk.call.settings import Audio
from kiosk.call.sound import BLOCK, RATE_HZ
from kiosk.clock import Seconds
from tests.bench.figures import CLOCK, publish, spread
from tests.call.echoes import (
    DEVICES_S,
    FAMILY,
    NEAR_M,
    PLAYED,
    PRISONER,
    SAID,
    Sound,
    clipped,
    echo_in,
    for_s,
    level_db,
    likeness,
    processed,
    reduction_db,
    samples,
    speech,
)

CHANGE_S = 10
"""When something changes, and from when on the person speaks, too."""

LENGTH_S = 25
CONVERGED_DB = 25.0
WINDOW_S = 2.0
STEP_S = 0.25

Figures = dict[str, float]


@dataclass(frozen=True)
class Scene:
    """What is played and said in one room."""

    seed: int
    apart_m: float = NEAR_M

    @property
    def played(self) -> Sound:
        return for_s(speech(FAMILY), LENGTH_S) * PLAYED

    @property
    def said(self) -> Sound:
        """From the change on."""
        sound = for_s(speech(PRISONER, "en+f3"), LENGTH_S) * SAID
        sound[: CHANGE_S * RATE_HZ] = 0
        return sound

    def echo(self, played: Sound, late_s: Seconds = DEVICES_S) -> Sound:
        return echo_in(self.seed, played, late_s, self.apart_m)


def alone(scene: Scene, hint: bool = False) -> Figures:
    """Only the visitor speaks. `hint`: the canceller is told how late the echo comes."""
    processing = Processing(Audio(gain_control=False))
    if hint:
        assert processing._processor is not None
        processing._processor.stream_delay_ms = round(DEVICES_S * 1000)
    echo = scene.echo(scene.played)
    sent = processed(echo, scene.played, processing)
    return {
        "first_second_db": reduction_db(echo, sent, 0, 1),
        "after_5_s_db": reduction_db(echo, sent, 5),
        "converged_s": converged_s(echo, sent, 0),
    }


def far_apart(scene: Scene) -> Figures:
    """More of what the microphone hears was reflected."""
    return alone(replace(scene, apart_m=1.5))


def raised(scene: Scene) -> Figures:
    """With the gain, which raises what is left of the echo as it raises the voice."""
    echo = scene.echo(scene.played)
    sent = processed(echo, scene.played, Processing(Audio()))
    return {
        "first_second_db": reduction_db(echo, sent, 0, 1),
        "after_5_s_db": reduction_db(echo, sent, 5),
    }


def overdriven(scene: Scene) -> Figures:
    """The loudspeaker clips the loudest of the words."""
    echo = scene.echo(clipped(scene.played, 0.15))
    return {"after_5_s_db": reduction_db(echo, processed(echo, scene.played), 5)}


def moved(scene: Scene, later_s: Seconds) -> Figures:
    """All of the echo comes later from one moment on, as when sound devices are opened anew."""
    echo = scene.echo(scene.played)
    change = CHANGE_S * RATE_HZ
    echo[change:] = scene.echo(scene.played, DEVICES_S + later_s)[change:]
    sent = processed(echo, scene.played)
    return {
        "next_second_db": reduction_db(echo, sent, CHANGE_S, CHANGE_S + 1),
        "after_5_s_db": reduction_db(echo, sent, CHANGE_S + 5),
        "converged_s": converged_s(echo, sent, CHANGE_S),
    }


def both_speak(scene: Scene, echo_db: float, handset: bool = False) -> Figures:
    """The person speaks while the visitor goes on; `echo_db` is how loud the echo is besides."""
    said = scene.said
    echo = scene.echo(scene.played)
    echo *= 10 ** ((level_db(said, CHANGE_S) - level_db(echo, CHANGE_S) + echo_db) / 20)
    lifted = (CHANGE_S, LENGTH_S) if handset else (0, 0)
    sent = processed(said + echo, scene.played, lifted=lifted)
    return {
        "voice_lowered_db": reduction_db(said, sent, CHANGE_S + 1),
        "likeness": likeness(said, sent, CHANGE_S + 1, LENGTH_S - 1),
    }


def converged_s(echo: Sound, sent: Sound, since_s: int) -> Seconds:
    """How long until the echo stays down."""
    loud_s = [
        float(at_s) - since_s + STEP_S
        for at_s in numpy.arange(since_s, LENGTH_S - WINDOW_S, STEP_S)
        if reduction_db(echo, sent, at_s, at_s + WINDOW_S) < CONVERGED_DB
    ]
    return max(loud_s, default=0.0)


CASES: dict[str, Callable[[Scene], Figures]] = {
    "alone": alone,
    "alone_hint_of_delay": partial(alone, hint=True),
    "alone_1.5_m_apart": far_apart,
    "alone_with_gain": raised,
    "overdriven": overdriven,
    "10_ms_later": partial(moved, later_s=0.01),
    "80_ms_later": partial(moved, later_s=0.08),
    "both_speak_echo_-6_db": partial(both_speak, echo_db=-6),
    "both_speak_echo_0_db": partial(both_speak, echo_db=0),
    "both_speak_echo_+6_db": partial(both_speak, echo_db=6),
    "both_speak_handset": partial(both_speak, echo_db=-40, handset=True),
}


def measured(seeds: int) -> dict[str, object]:
    found: dict[str, object] = {
        name: summary([case(Scene(seed)) for seed in range(1, seeds + 1)])
        for name, case in CASES.items()
    }
    found["block_ms"] = blocks_ms()
    found["load"] = round(os.getloadavg()[0], 1)
    return found


def summary(runs: list[Figures]) -> dict[str, object]:
    """The middle and the worst: of times, and of what the voice loses, that is the most."""
    found: dict[str, object] = {}
    for name in runs[0]:
        values = [run[name] for run in runs]
        worst = max if name in ("converged_s", "voice_lowered_db") else min
        found[name] = {
            "median": round(statistics.median(values), 2),
            "worst": round(worst(values), 2),
        }
    return found


def blocks_ms() -> dict[str, float]:
    """How long 10 ms of sound take."""
    scene = Scene(1)
    near, far = samples(scene.echo(scene.played)), samples(scene.played)
    processing = Processing(Audio())
    took_ms = []
    for at in range(0, len(near) - BLOCK, BLOCK):
        begun_s = CLOCK.monotonic()
        processing.clean(near[at : at + BLOCK], far[at : at + BLOCK])
        took_ms.append((CLOCK.monotonic() - begun_s) * 1000)
    return spread(took_ms)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_echo")
    parser.add_argument("--quick", action="store_true", help="two rooms in place of ten")
    publish("echo", measured(2 if parser.parse_args().quick else 10))
