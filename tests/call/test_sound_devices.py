"""Microphone and speaker are used in step while both are there, and what is there is used."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.call.flow import Flow
from kiosk.call.microphone import Microphone
from kiosk.call.processing import Processing
from kiosk.call.settings import Audio
from kiosk.call.sound import BLOCK, BLOCK_BYTES, Callback
from kiosk.call.sound_devices import SoundDevices
from kiosk.call.speaker import SILENCE, Speaker
from kiosk.errors import CallError
from kiosk.wire.messages import MediaDevice
from tests.call.spoken import HandClock

RAW = Audio("mic", "spk", echo_cancellation=False, noise_suppression=False, gain_control=False)
BOTH = frozenset({"mic", "spk"})
Step = tuple[float, Callable[[], None]]


@dataclass(eq=False)
class ScriptedStream:
    """Open while what it needs is there."""

    library: "ScriptedLibrary"
    names: frozenset[str]
    callback: Callback

    def check(self, now_s: float) -> None:
        assert self in self.library.streams
        if not self.names <= self.library.there - self.library.stuck:
            raise CallError("it does not work any more")

    def close(self) -> None:
        self.library.streams.remove(self)


@dataclass
class ScriptedLibrary:
    """As strict as PortAudio: it knows what was there when it looked, and looks with nothing open."""

    there: frozenset[str] = BOTH
    in_step: bool = True
    of_the_kernel: bool = True
    known: frozenset[str] = frozenset()
    stuck: frozenset[str] = frozenset()
    streams: list[ScriptedStream] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    looked: int = 0

    def __post_init__(self) -> None:
        self.known = self.there

    def open(
        self, microphone: str | None, speaker: str | None, callback: Callback
    ) -> ScriptedStream:
        names = frozenset(name for name in (microphone, speaker) if name is not None)
        assert names
        assert "none" not in names
        assert not any(stream.names & names for stream in self.streams)
        if not names <= self.known & self.there or (len(names) == 2 and not self.in_step):
            raise CallError("not there")
        self.streams.append(ScriptedStream(self, names, callback))
        self.opened.append("+".join(sorted(names)))
        return self.streams[-1]

    def look_again(self) -> None:
        assert not self.streams
        self.known = self.there
        self.looked += 1

    def plugged(self) -> frozenset[str]:
        return self.there if self.of_the_kernel else frozenset()


class Passing(threading.Event):
    """Time that passes while one waits for it, with what happens meanwhile; set when all is over."""

    def __init__(self, clock: HandClock, steps: list[Step], for_s: float) -> None:
        super().__init__()
        self._clock = clock
        self._steps = [(clock.now_s + at_s, step) for at_s, step in steps]
        self._over_s = clock.now_s + for_s

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self._clock.now_s += timeout
        while self._steps and self._steps[0][0] <= self._clock.now_s:
            self._steps.pop(0)[1]()
        if self._clock.now_s >= self._over_s:
            self.set()
        return self.is_set()


class Hall:
    """The devices of a terminal, kept open as a Keeper does."""

    def __init__(self, audio: Audio = RAW, library: ScriptedLibrary | None = None) -> None:
        self.library = library or ScriptedLibrary()
        self.clock = HandClock()
        self.loop = asyncio.new_event_loop()
        self.microphone = Microphone(Processing(audio), self.loop)
        self.speaker = Speaker(Flow(call=7), self.clock)
        self.devices = SoundDevices(audio, self.microphone, self.speaker, self.library, self.clock)
        self.told: list[MediaDevice] = []

    def works_for(self, for_s: float, *steps: Step) -> None:
        stop = Passing(self.clock, list(steps), for_s)
        while not stop.is_set():
            self.devices.work(stop, self.told.append)
        assert not self.library.streams

    def now(self, there: frozenset[str]) -> Callable[[], None]:
        return lambda: setattr(self.library, "there", there)

    @property
    def news(self) -> list[tuple[str, bool]]:
        """What was told, each thing once."""
        known: dict[str, bool] = {}
        news: list[tuple[str, bool]] = []
        for device in self.told:
            if known.get(device.device) is not device.up:
                known[device.device] = device.up
                news.append((device.device, device.up))
        return news

    @property
    def states(self) -> dict[str, bool]:
        return {device.device: device.up for device in self.told}


@pytest.fixture
def hall() -> Iterator[Hall]:
    made = Hall()
    yield made
    made.loop.close()


def test_both_are_opened_in_step_and_closed_at_the_end(hall: Hall) -> None:
    hall.works_for(60)
    assert hall.library.opened == ["mic+spk"]
    assert hall.news == [("microphone", True), ("speaker", True)]


@pytest.mark.parametrize(("left", "lost"), [("mic", "speaker"), ("spk", "microphone")])
def test_of_one_that_vanishes_only_that_is_told_and_the_other_goes_on(
    hall: Hall, left: str, lost: str
) -> None:
    hall.works_for(60, (10, hall.now(frozenset({left}))))
    assert hall.library.opened == ["mic+spk", left]
    assert hall.news == [("microphone", True), ("speaker", True), (lost, False)]


def test_one_that_does_not_answer_is_opened_again_beside_the_other(hall: Hall) -> None:
    hall.works_for(
        60,
        (10, lambda: setattr(hall.library, "stuck", frozenset({"mic"}))),
        (15, lambda: setattr(hall.library, "stuck", frozenset())),
    )
    assert hall.library.opened[:3] == ["mic+spk", "mic", "spk"]
    assert set(hall.library.opened[3:]) == {"mic"}
    assert hall.news[-1] == ("microphone", True)
    assert hall.library.looked == 0


def test_what_is_plugged_in_again_is_in_step_again_once_udev_has_seen_to_it(hall: Hall) -> None:
    soon: list[list[str]] = []
    hall.works_for(
        60,
        (10, hall.now(frozenset({"mic"}))),
        (20, hall.now(BOTH)),
        (20.4, lambda: soon.append(list(hall.library.opened))),
    )
    assert soon == [["mic+spk", "mic"]]
    assert hall.library.opened == ["mic+spk", "mic", "mic+spk"]
    assert hall.news[2:] == [("speaker", False), ("speaker", True)]


def test_what_is_plugged_in_while_both_work_breaks_nothing_off() -> None:
    hall = Hall(library=ScriptedLibrary(in_step=False))
    hall.works_for(60, (10, hall.now(BOTH | {"another"})))
    assert hall.library.opened == ["mic", "spk"]
    assert hall.news == [("microphone", True), ("speaker", True)]
    hall.loop.close()


@pytest.mark.parametrize("of_the_kernel", [True, False])
def test_what_was_not_there_when_the_program_began_is_found(of_the_kernel: bool) -> None:
    library = ScriptedLibrary(there=frozenset(), of_the_kernel=of_the_kernel)
    hall = Hall(library=library)
    hall.works_for(60, (7, hall.now(BOTH)))
    assert hall.library.opened == ["mic+spk"]
    assert hall.news == [
        ("microphone", False),
        ("speaker", False),
        ("microphone", True),
        ("speaker", True),
    ]
    hall.loop.close()


def test_what_fell_apart_is_in_step_again_in_the_next_visit(hall: Hall) -> None:
    hall.works_for(30, (10, hall.now(frozenset({"mic"}))))
    hall.library.there = BOTH
    for _ in range(2):
        hall.works_for(30)
    assert hall.library.opened == ["mic+spk", "mic", "mic+spk", "mic+spk"]
    assert hall.library.looked == 1


@pytest.mark.parametrize(
    ("audio", "opened", "news"),
    [
        (Audio("none", "spk"), ["spk"], [("microphone", False), ("speaker", True)]),
        (Audio("mic", "none"), ["mic"], [("microphone", True), ("speaker", False)]),
        (Audio("none", "none"), [], [("microphone", False), ("speaker", False)]),
    ],
)
def test_a_terminal_may_have_one_of_them_or_none(
    audio: Audio, opened: list[str], news: list[tuple[str, bool]]
) -> None:
    hall = Hall(audio)
    hall.works_for(30)
    assert hall.library.opened == opened
    assert hall.news == news
    assert "this terminal has none" in {device.reason for device in hall.told}
    assert hall.library.looked == 0
    hall.loop.close()


CHANGES = st.lists(
    st.tuples(
        st.floats(0.1, 5),
        st.sampled_from([BOTH, frozenset({"mic"}), frozenset({"spk"}), frozenset[str]()]),
    ),
    max_size=12,
)


@given(CHANGES)
def test_whatever_comes_and_goes_what_is_there_is_used_soon(
    changes: list[tuple[float, frozenset[str]]],
) -> None:
    hall = Hall()
    at_s, steps = 0.0, list[Step]()
    for wait_s, there in changes:
        at_s += wait_s
        steps.append((at_s, hall.now(there)))
    hall.works_for(at_s + 5, *steps)
    there = hall.library.there
    assert hall.states == {"microphone": "mic" in there, "speaker": "spk" in there}
    hall.loop.close()


class Heard(Microphone):
    """Keeps what it is given."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(Processing(RAW), loop)
        self.played: list[bytes] = []

    def take(self, heard: object, played: bytes) -> None:
        self.played.append(played)


class Says(Speaker):
    """Plays one block after the other, each of its own kind."""

    def __init__(self, clock: HandClock) -> None:
        super().__init__(Flow(call=7), clock)
        self.blocks = [numpy.full(BLOCK, number, numpy.int16).tobytes() for number in range(1, 20)]

    def fill(self, block: object) -> bytes:
        return self.blocks.pop(0)


def far_signal(library: ScriptedLibrary, act: Callable[[Callback], None]) -> list[bytes]:
    """What the microphone was told to be played, after `act` with the callback."""
    clock, loop = HandClock(), asyncio.new_event_loop()
    microphone = Heard(loop)
    devices = SoundDevices(RAW, microphone, Says(clock), library, clock)
    stop = Passing(clock, [(1, lambda: act(library.streams[0].callback))], 2)
    devices.work(stop, lambda _: None)
    loop.close()
    return microphone.played


HEARD, TO_PLAY = bytes(BLOCK_BYTES), bytearray(BLOCK_BYTES)


def test_in_step_the_canceller_gets_each_block_as_it_is_given_to_the_speaker() -> None:
    def act(callback: Callback) -> None:
        for _ in range(5):
            callback(HEARD, TO_PLAY)

    assert far_signal(ScriptedLibrary(), act) == Says(HandClock()).blocks[:5]


def test_apart_it_gets_them_in_their_order_and_none_that_is_old() -> None:
    def act(callback: Callback) -> None:
        for _ in range(2):
            callback(None, TO_PLAY)
        for _ in range(3):
            callback(HEARD, None)
        for _ in range(7):
            callback(None, TO_PLAY)
        callback(HEARD, None)

    blocks = Says(HandClock()).blocks
    assert far_signal(ScriptedLibrary(in_step=False), act) == [*blocks[:2], SILENCE, blocks[6]]


def test_nothing_of_one_visit_is_left_in_the_next() -> None:
    hall = Hall(Audio("mic", "spk"), ScriptedLibrary(in_step=False))
    noise = numpy.random.default_rng(1).integers(-9000, 9000, (8, BLOCK)).astype(numpy.int16)

    def visit() -> list[bytes]:
        def act() -> None:
            callback = hall.library.streams[0].callback
            for block in noise:
                callback(block.tobytes(), None)
            for _ in range(3):
                callback(None, TO_PLAY)

        hall.works_for(2, (1, act))
        return list(hall.microphone._blocks)

    first = visit()
    hall.devices._played.extend(block.tobytes() for block in noise)
    assert visit() == first
    hall.loop.close()
