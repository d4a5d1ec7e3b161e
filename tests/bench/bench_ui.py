"""Measures the screen: `python -m tests.bench.bench_ui` prints one JSON object.

Show to Drawn, touch to the first changed pixel, a level of one's own sound to its bar, start and stop,
the longest turns of the screen's loop as it says itself, and the processor's share while idle and while
it draws, all of the real program on Xvfb; and whether memory grows over thousands of screens. Screens of
every kind, in letters of every script, are shown twice: the first time is told apart. The status is 1
when a figure is beyond its bar; what grows is only told, as memory comes and goes by more than that.
So is how late the machine woke a process that did nothing meanwhile.
"""

import asyncio
import gc
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import psutil

from kiosk.wire.frames import FrameWriter
from kiosk.wire.manner import Manner
from kiosk.wire.messages import Drawn, Message, PictureStats, RemoteDrawn, ScreenStats
from kiosk.wire.own import OwnLevels
from kiosk.wire.screens import ConnectingScreen, IdleScreen, Screen, VisitScreen, WaitingScreen
from tests.bench.bystander import Bystander
from tests.bench.figures import CLOCK, cpu_percent, pss_mb, publish, spread
from tests.bench.glass import Glass
from tests.ui.process import Core, core_at, display, screen_program, settings
from tests.ui.samples import CALL, PIN, VISIT, WAITING, WELCOME, Sample, plain_samples

SHOWS = 200
TOUCHES = 60
IDLE_S = 10.0
DRAW_S = 10.0
WARM_UP = 400
CHANGES = 2000
SIZE = (640, 480)
AS_ON_A_TERMINAL = "tests.bench.terminal_screen"
WAYS = ("cpu_video_on", "cpu_video_off")

TOUCH_MS = 50.0
CHANGE_MS = 100.0
FPS = 29.5
"""Of 30."""
IDLE_PERCENT = 2.0

KINDS = ("idle", "languages_15", "idle", "access", "welcome", "choice", "waiting", "visit")
MANNERS = tuple(
    Manner(tag, large_text=large) for large in (False, True) for tag in ("en", "hi", "ur", "vi")
)
LEVELS = 200
LOUD_AND_SILENT = [0.9, 0.1]


async def measured_program(
    on_display: str, glass: Glass, cpu_video: str, bystander: Bystander
) -> dict[str, object]:
    """Everything that is measured from outside a running screen."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        async with core_at(directory / "core.sock") as core:
            begun_s = CLOCK.monotonic()
            config = settings(directory, cpu_video=cpu_video)
            with screen_program(config, on_display, AS_ON_A_TERMINAL) as program:
                async with asyncio.timeout(20):
                    await core.up.wait()
                core.show(IdleScreen())
                start_s = (await core.hears(Drawn)).at_s - begun_s
                process = psutil.Process(program.pid)
                bystander.latest_ms()
                found: dict[str, object] = {"start_s": round(start_s, 3)}
                finger = Finger(on_display, glass)
                found |= await latency(core)
                found |= {"touch_to_pixel_ms": spread(await reactions(core, finger))}
                found |= await idle(core, process)
                found |= await drawing(core, process, directory)
                found |= await touched_in_visit(core, finger, directory)
                found |= await levels(core, glass, directory)
                found |= {"every_kind_ms": await every_kind(core)}
                found |= {"turns": await turns(core)}
                found |= {"machine_late_ms": bystander.latest_ms()}
                finger.close()
                found |= stopping(program)
                return found


async def latency(core: Core) -> dict[str, object]:
    """From sending a Show to its first frame on the glass, over screens of every kind."""
    waits_ms = []
    screens: list[Screen] = [WELCOME, PIN, WAITING, IdleScreen()]
    for screen in itertools.islice(itertools.cycle(screens), SHOWS):
        await asyncio.sleep(0.037)  # at no fixed moment of the screen's own rhythm
        sent_s = CLOCK.monotonic()
        core.show(screen)
        waits_ms.append(((await core.hears(Drawn)).at_s - sent_s) * 1e3)
    return {"show_to_drawn_ms": spread(waits_ms)}


async def every_kind(core: Core) -> dict[str, object]:
    """The same over screens and panels of every kind, in several languages and with large letters."""
    named = {sample.name: sample for sample in plain_samples()}
    rounds: list[dict[str, float]] = [{}, {}]
    for took_ms, manner, name in itertools.product(rounds, MANNERS, KINDS):
        await asyncio.sleep(0.137)
        sample, sent_s = named[name], CLOCK.monotonic()
        assert sample.screen is not None
        core.show(_ending_later(sample.screen, sent_s), manner=manner, **dict(sample.beside))
        title = f"{name} {manner.language}{' large' * manner.large_text}"
        waited_ms = ((await core.hears(Drawn)).at_s - sent_s) * 1e3
        took_ms[title] = max(waited_ms, took_ms.get(title, 0.0))
    first, again = rounds
    slowest = max(first, key=lambda title: first[title])
    return {
        "first": spread(list(first.values())),
        "slowest": slowest,
        "again": spread(list(again.values())),
    }


class Finger:
    """Touches a place and looks when the glass there changes."""

    def __init__(self, on_display: str, glass: Glass) -> None:
        self._glass = glass
        self._xdotool = subprocess.Popen(
            ["xdotool", "-"],
            env={**os.environ, "DISPLAY": on_display},
            stdin=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    async def touches(self, box: tuple[int, int, int, int]) -> float:
        """How long after the touch the button looked touched, in ms."""
        left, top, width, height = box
        rim = left + width // 2, top + 6
        self._does(f"mousemove {left + width // 2} {top + height // 2}")
        await asyncio.sleep(0.3)
        before = self._glass.colour(*rim)
        touched_s = CLOCK.monotonic()
        self._does("mousedown 1")
        async with asyncio.timeout(5):
            while self._glass.colour(*rim) == before:
                await asyncio.sleep(0.001)  # the memory of another process: there is no event
        seen_s = CLOCK.monotonic()
        self._does(f"mousemove 3 {3 + int(seen_s * 1e6) % 5}")
        self._does("mouseup 1")
        await asyncio.sleep(0.2 + (int(seen_s * 1e6) % 37) / 1000)  # at no fixed moment of a rhythm
        return (seen_s - touched_s) * 1e3

    def close(self) -> None:
        assert self._xdotool.stdin is not None
        self._xdotool.stdin.close()
        self._xdotool.wait()

    def _does(self, what: str) -> None:
        assert self._xdotool.stdin is not None
        self._xdotool.stdin.write(what + "\n")


async def reactions(core: Core, finger: Finger, touch: str = "join") -> list[float]:
    """Of touches on a button that is then let go beside, so that nothing is asked for."""
    if touch == "join":
        core.show(WELCOME)
        drawn = await core.hears(Drawn)
    else:
        core.show(msgspec.structs.replace(VISIT, ends_at_s=CLOCK.monotonic() + 600))
        drawn = await core.hears(Drawn)
    return [await finger.touches(drawn.targets[touch]) for _ in range(TOUCHES)]


async def touched_in_visit(core: Core, finger: Finger, directory: Path) -> dict[str, object]:
    """The same while both pictures are drawn."""
    with pictures(directory):
        found = spread(await reactions(core, finger, "mute"))
        core.show(IdleScreen())
        await core.hears(Drawn)
    return {"touch_to_pixel_in_visit_ms": found}


async def levels(core: Core, glass: Glass, directory: Path) -> dict[str, object]:
    """From what kiosk-call found of one's own sound, as kiosk-core passes it on, to the bar on the
    glass, while one's own picture is drawn.
    """
    ends_at_s = CLOCK.monotonic() + 600
    with pictures(directory):
        core.show(msgspec.structs.replace(WAITING, ends_at_s=ends_at_s))
        await core.hears(Drawn)
        await asyncio.sleep(1)
        waits_ms = [await _barred(core, glass, level) for level in LOUD_AND_SILENT * (LEVELS // 2)]
        core.show(IdleScreen())
        await core.hears(Drawn)
    found = spread(waits_ms)
    return {"level_to_glass_ms": found, "level_to_glass_p95_ms": found["p95"]}


async def _barred(core: Core, glass: Glass, level: float) -> float:
    """How long until the middle of the bar follows a level, in ms."""
    before = glass.colour(*MIDDLE_OF_BAR)
    said_s = CLOCK.monotonic()
    core.says(OwnLevels(CALL, level, 0.5))
    async with asyncio.timeout(5):
        while glass.colour(*MIDDLE_OF_BAR) == before:
            await asyncio.sleep(0.001)  # the memory of another process: there is no event
    seen_s = CLOCK.monotonic()
    await asyncio.sleep(0.08 + (int(seen_s * 1e6) % 37) / 1000)  # at no fixed moment of a rhythm
    return (seen_s - said_s) * 1e3


def _middle_of_bar() -> tuple[int, int]:
    rail = next(e.box for e in Sample("waiting", WAITING).scene().elements if e.key == "sound_rail")
    return round(rail.left + rail.width / 2), round(rail.top + rail.height / 2)


MIDDLE_OF_BAR = _middle_of_bar()


async def turns(core: Core) -> dict[str, object]:
    """What the screen says of its own turns since it started: its last word counts them all."""
    core.show(PIN)
    await asyncio.sleep(1.2)
    core.show(IdleScreen())
    stats = await core.hears(ScreenStats)
    return {
        "frames": stats.frames,
        "over_100_ms": stats.slow_turns,
        "longest_ms": max(each.longest_turn_ms for each in core.screen_stats),
    }


async def idle(core: Core, process: psutil.Process) -> dict[str, object]:
    """First with what the program makes once while nobody is there, its panels; then as it stays."""
    core.show(IdleScreen())
    await core.hears(Drawn)
    await asyncio.sleep(1)
    first = await cpu_percent(process, IDLE_S)
    share = await cpu_percent(process, IDLE_S)
    return {
        "first_idle_cpu_percent": first,
        "idle_cpu_percent": share,
        "idle_pss_mb": pss_mb(process),
    }


async def drawing(core: Core, process: psutil.Process, directory: Path) -> dict[str, object]:
    """Both pictures at 30 a second, as in a visit."""
    ends_at_s = CLOCK.monotonic() + 600
    with pictures(directory):
        sent_s = CLOCK.monotonic()
        core.show(msgspec.structs.replace(VISIT, ends_at_s=ends_at_s))
        first_s = (await core.hears(RemoteDrawn)).at_s - sent_s
        await asyncio.sleep(1)
        share = await cpu_percent(process, DRAW_S)
        core.show(IdleScreen())
    stats = []
    while True:
        message = await core.hears(Message)
        if isinstance(message, PictureStats):
            stats.append(message)
        if isinstance(message, Drawn) and message.screen == "IdleScreen":
            break
    steady = stats[2:]
    return {
        "drawing_cpu_percent": share,
        "drawing_fps": round(statistics.mean(s.fps for s in steady), 2),
        "drawing_longest_frame_ms": max(s.longest_frame_ms for s in steady),
        "first_picture_ms": round(first_s * 1e3, 2),
        "drawing_pss_mb": pss_mb(process),
    }


def stopping(program: subprocess.Popen[str]) -> dict[str, object]:
    begun_s = CLOCK.monotonic()
    program.terminate()
    program.wait(10)
    return {"stop_s": round(CLOCK.monotonic() - begun_s, 3)}


@contextmanager
def pictures(directory: Path) -> Iterator[None]:
    """Two writers at 30 frames a second, with pixels that change."""
    stop = threading.Event()
    writers = [FrameWriter(directory / source) for source in ("remote", "self")]
    width, height = SIZE
    planes = [
        [bytes([shade]) * (width * height), *[bytes([90 + shade]) * (width * height // 4)] * 2]
        for shade in range(40, 140, 10)
    ]

    def write() -> None:
        next_s = CLOCK.monotonic()
        for picture in itertools.cycle(planes):
            for writer in writers:
                writer.write(CALL, int(CLOCK.monotonic() * 1e9), SIZE, picture)
            next_s += 1 / 30
            if stop.wait(max(0.0, next_s - CLOCK.monotonic())):
                return

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        for writer in writers:
            writer.close()


def growth() -> dict[str, object]:
    """Memory before and after thousands of screens, with pictures on those that have them."""
    from kivy.graphics.opengl import glFinish

    from tests.ui.kit import Stage, offscreen_window

    with tempfile.TemporaryDirectory() as name:
        stage = Stage(offscreen_window(), Path(name))
        screens = [s.screen for s in plain_samples() if s.screen is not None]
        process = psutil.Process()
        sizes = []
        with pictures(Path(name)):
            for count, screen in enumerate(itertools.cycle(screens)):
                stage.clock.now_s = CLOCK.monotonic()
                stage.show(_ending_later(screen, stage.clock.now_s))
                stage.wire.sent.clear()
                glFinish()  # as a display would, which takes one frame after the other
                if count % WARM_UP == 0:
                    gc.collect()
                    sizes.append(round(process.memory_full_info().uss / 1e6, 2))
                if count == WARM_UP + CHANGES:
                    break
    return {
        "screen_changes": CHANGES,
        "uss_mb": sizes,
        "grown_mb": round(sizes[-1] - sizes[len(sizes) // 2], 2),
        "objects": len(gc.get_objects()),
    }


def _ending_later(screen: Screen, now_s: float) -> Screen:
    """The same screen with its end ahead of the real clock."""
    if isinstance(screen, VisitScreen | WaitingScreen | ConnectingScreen):
        return msgspec.structs.replace(screen, ends_at_s=now_s + 600)
    return screen


def beyond(found: Mapping[str, Any]) -> list[str]:
    """What is beyond its bar."""
    held: dict[str, bool] = {}
    for way in WAYS:
        of = found[way]
        kinds = of["every_kind_ms"]
        held |= {
            f"{way}: touch": of["touch_to_pixel_ms"]["p95"] <= TOUCH_MS,
            f"{way}: touch in a visit": of["touch_to_pixel_in_visit_ms"]["p95"] <= TOUCH_MS,
            f"{way}: another screen": of["show_to_drawn_ms"]["max"] <= CHANGE_MS,
            f"{way}: screens of every kind": kinds["again"]["max"] <= CHANGE_MS,
            f"{way}: the first time": kinds["first"]["max"] <= CHANGE_MS,
            f"{way}: turns": of["turns"]["over_100_ms"] == 0,
            f"{way}: pictures": of["drawing_fps"] >= FPS,
            f"{way}: idle": of["idle_cpu_percent"] <= IDLE_PERCENT,
        }
    return [name for name, is_held in held.items() if not is_held]


def main() -> int:
    found: dict[str, object] = {"growth": growth()}
    with (
        tempfile.TemporaryDirectory() as memory,
        display(memory=Path(memory)) as on_display,
        Bystander() as bystander,
    ):
        glass = Glass(Path(memory))
        for way in WAYS:
            cpu_video = way.removeprefix("cpu_video_")
            measured = asyncio.run(measured_program(on_display, glass, cpu_video, bystander))
            found[way] = measured
            print(f"{way}: a level to its bar: {measured['level_to_glass_ms']} ms", file=sys.stderr)
    publish("ui", found)
    if missed := beyond(found):
        print(f"beyond its bar: {', '.join(missed)}", file=sys.stderr)
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
