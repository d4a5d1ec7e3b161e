"""An open sound device is watched: it ends, it does nothing, it comes late."""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
import sounddevice

from kiosk.call import sound
from kiosk.call.sound import BLOCK, BLOCK_BYTES, PortAudio, Stream
from kiosk.errors import CallError

HEARD, TO_PLAY = bytes(BLOCK_BYTES), bytearray(BLOCK_BYTES)


@dataclass
class Opened:
    """In the place of sounddevice's streams."""

    device: Any
    callback: Callable[..., None]
    finished_callback: Callable[[], None]
    samplerate: int
    blocksize: int
    channels: int
    dtype: str
    latency: float
    closed: bool = False

    def start(self) -> None:
        opened.append(self)
        if self.device == "busy":
            raise sounddevice.PortAudioError("busy now")

    def abort(self) -> None:
        assert not self.closed

    def close(self) -> None:
        self.closed = True

    def calls(self, *buffers: Any, late_s: float = 0.01) -> None:
        times = SimpleNamespace(currentTime=7.0 + late_s, inputBufferAdcTime=7.0)
        self.callback(*buffers, BLOCK, times, None)


opened: list[Opened] = []


@pytest.fixture(autouse=True)
def no_device(monkeypatch: pytest.MonkeyPatch) -> None:
    opened.clear()
    for kind in ("RawStream", "RawInputStream", "RawOutputStream"):
        monkeypatch.setattr(sounddevice, kind, Opened)
    monkeypatch.setattr(sound, "must_open", lambda _name, _direction: None)


def nothing(_heard: object, _to_play: object) -> None:
    """A callback."""


def test_each_kind_of_stream_gives_what_it_has() -> None:
    given: list[tuple[object, object]] = []

    def keep(heard: object, to_play: object) -> None:
        given.append((heard, to_play))

    library = PortAudio()
    library.open("mic", "spk", keep)
    library.open("mic", None, keep)
    library.open(None, "spk", keep)
    assert [stream.device for stream in opened] == [("mic", "spk"), "mic", "spk"]
    opened[0].calls(HEARD, TO_PLAY)
    opened[1].calls(HEARD)
    opened[2].calls(TO_PLAY)
    assert given == [(HEARD, TO_PLAY), (HEARD, None), (None, TO_PLAY)]


def test_a_stream_works_while_blocks_come_and_for_two_seconds_after_the_last() -> None:
    stream = Stream("mic", "spk", nothing)
    for now_s in range(100, 200):
        opened[0].calls(HEARD, TO_PLAY)
        stream.check(now_s)
    stream.check(200.9)
    with pytest.raises(CallError, match="does not work"):
        stream.check(201.0)


def test_a_stream_that_ended_does_not_work() -> None:
    stream = Stream(None, "spk", nothing)
    opened[0].finished_callback()
    with pytest.raises(CallError, match="does not work"):
        stream.check(100.0)


def test_a_microphone_that_waits_for_the_speaker_for_long_is_behind() -> None:
    stream = Stream("mic", "spk", nothing)
    opened[0].calls(HEARD, TO_PLAY, late_s=0.05)
    stream.check(100.0)
    opened[0].calls(HEARD, TO_PLAY, late_s=0.25)
    with pytest.raises(CallError, match="late"):
        stream.check(100.1)


def test_a_device_that_is_busy_is_named_and_left() -> None:
    with pytest.raises(CallError, match="busy: busy now"):
        Stream("busy", None, nothing)
    assert opened[0].closed


def test_a_default_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sounddevice.default, "device", (-1, -1))
    with pytest.raises(CallError, match="there is no sound device"):
        Stream("default", None, nothing)
