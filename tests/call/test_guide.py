"""The terminal's own sounds: found by a key, played beside the call, and never a fault of it."""

import asyncio
import json
import logging
import re
from pathlib import Path
from typing import Any

import numpy
import pytest
from make_speech import _encoded, _speak

from kiosk.call.aloud import Aloud
from kiosk.call.flow import Flow
from kiosk.call.guide import Guide
from kiosk.call.opus import Samples
from kiosk.call.sound import BLOCK, BLOCK_BYTES, RATE_HZ
from kiosk.call.sound_devices import SoundLibrary
from kiosk.call.speaker import Speaker
from kiosk.call.switchboard import Switchboard
from kiosk.call.tones import TONES, tone
from kiosk.errors import CallError
from kiosk.visit.reasons import Tone
from kiosk.wire.manner import HUSH
from kiosk.wire.messages import Play
from tests.call.spoken import HandClock


def wave(length_s: float, loud: int = 8000) -> Samples:
    at_s = numpy.arange(round(length_s * RATE_HZ)) / RATE_HZ
    return (numpy.sin(2 * numpy.pi * 440 * at_s) * loud).astype(numpy.int16)


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    place = tmp_path / "pl"
    place.mkdir()
    (place / "manifest.json").write_text(json.dumps({"idle": "1", "lost": "2", "broken": "3"}))
    (place / "idle.ogg").write_bytes(_encoded(wave(0.5), RATE_HZ))
    (place / "broken.ogg").write_bytes(b"OggS and no more")
    return tmp_path


def speaker(flow: Flow | None = None) -> Speaker:
    return Speaker(flow or Flow(), HandClock())


def played(speaker: Speaker, blocks: int) -> Samples:
    whole = b""
    for _ in range(blocks):
        block = bytearray(BLOCK_BYTES)
        speaker.fill(block)
        whole += block
    return numpy.frombuffer(whole, numpy.int16)


def test_a_prompt_is_found_by_its_key_and_is_as_long_as_it_was(speech: Path) -> None:
    sound = Guide(speech).samples("pl/idle")
    assert sound is not None
    assert sound.dtype == numpy.int16
    assert len(sound) == pytest.approx(0.5 * RATE_HZ, rel=0.1)
    assert abs(sound.astype(int)).max() > 4000


@pytest.mark.parametrize(
    "key", ["", "pl/other", "en/idle", "idle", "../pl/idle", "pl/idle.ogg", "Sam Smith", "\x00"]
)
def test_an_unknown_key_is_nothing_and_is_told_without_what_it_said(
    speech: Path, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert Guide(speech).samples(key) is None
    assert [record.message for record in caplog.records] == [
        "a sound was asked for that this terminal does not have"
    ]


@pytest.mark.parametrize("tag", ["pl-PL", "PL", "pl-Latn-PL", "pl_PL"])
def test_the_nearest_language_is_heard_as_it_is_read(speech: Path, tag: str) -> None:
    assert Guide(speech).samples(f"{tag}/idle") is not None


@pytest.fixture
def english(speech: Path) -> Path:
    """Where there is English, too."""
    (speech / "en").mkdir()
    (speech / "en" / "manifest.json").write_text(json.dumps({"idle": "1", "pin": "2"}))
    for key in ("idle", "pin"):
        (speech / "en" / f"{key}.ogg").write_bytes(_encoded(wave(1.0), RATE_HZ))
    return speech


@pytest.mark.parametrize("tag", ["en", "en-GB", "tlh", "tlh-x-imaginary", "p"])
def test_a_language_that_the_screens_do_not_speak_is_heard_as_they_speak_english(
    english: Path, tag: str
) -> None:
    sound = Guide(english).samples(f"{tag}/idle")
    assert sound is not None
    assert len(sound) == pytest.approx(RATE_HZ, rel=0.1)


def test_a_language_without_a_voice_is_silent_and_not_english(english: Path) -> None:
    _speak({}, "cy", english / "cy")
    assert Guide(english).samples("cy-GB/idle") is None


def test_what_one_language_lacks_is_not_said_in_another(english: Path) -> None:
    assert Guide(english).samples("pl/pin") is None


@pytest.mark.parametrize("key", ["pl/lost", "pl/broken"])
def test_a_file_that_is_gone_or_broken_is_nothing_and_a_line_in_the_log(
    speech: Path, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert Guide(speech).samples(key) is None
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.exc_info is None
    assert str(speech) in record.message


def test_without_a_guide_there_are_still_the_tones(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    guide = Guide(tmp_path / "nowhere")
    assert "make assets makes it" in caplog.text
    assert guide.samples("tone_test") is not None


def test_every_mark_of_the_time_left_has_its_tone() -> None:
    assert {each.value for each in Tone} <= set(TONES)


@pytest.mark.parametrize("key", TONES)
def test_a_tone_is_short_soft_and_begins_and_ends_in_silence(key: str) -> None:
    sound = tone(key)
    assert sound is not None
    assert len(sound) < 1.2 * RATE_HZ
    assert 4000 < abs(sound.astype(int)).max() < 8000
    assert abs(int(sound[0])) < 50
    assert abs(int(sound[-1])) < 50


def test_the_tone_of_the_end_is_over_before_the_end() -> None:
    sound = tone("tone_end")
    assert sound is not None
    assert len(sound) < 0.9 * RATE_HZ, "it begins a second before it"


def test_a_sound_is_played_whole_and_once() -> None:
    ours, sound = speaker(), wave(0.025)
    ours.say(sound)
    heard = played(ours, 5)
    assert (heard[: len(sound)] == sound).all()
    assert not heard[len(sound) :].any()
    assert not ours.has_to_say


def test_a_newer_sound_takes_the_place_of_the_one_that_is_played() -> None:
    ours = speaker()
    ours.say(wave(1.0))
    played(ours, 2)
    ours.say(wave(0.02, loud=100))
    assert abs(played(ours, 100).astype(int)).max() <= 100


def test_what_is_hushed_is_silent_at_once() -> None:
    ours = speaker()
    ours.say(wave(1.0))
    played(ours, 2)
    ours.hush()
    assert not played(ours, 10).any()


def test_a_sound_is_heard_beside_the_visitor_and_takes_nothing_from_them() -> None:
    ours = speaker(Flow(call=7))
    ours._ears = (Hum(),)  # type: ignore[assignment]
    ours.say(wave(0.02, loud=100))
    heard = played(ours, 4).astype(int)
    assert (heard[: 2 * BLOCK] - 1000 == wave(0.02, loud=100)).all()
    assert (heard[2 * BLOCK :] == 1000).all()


def test_a_sound_too_many_is_clipped_and_does_not_turn_over() -> None:
    ours = speaker(Flow(call=7))
    ours._ears = (Hum(32_000),)  # type: ignore[assignment]
    ours.say(numpy.full(BLOCK, 20_000, numpy.int16))
    assert (played(ours, 1) == 32_767).all()


class Hum:
    """Somebody who says always the same."""

    def __init__(self, level: int = 1000) -> None:
        self._level = level

    def take(self) -> Samples:
        return numpy.full(BLOCK, self._level, numpy.int16)


class Stream:
    """An open loudspeaker that plays when the test does."""

    def __init__(self) -> None:
        self.closed = False

    def check(self, now_s: float) -> None:
        pass

    def close(self) -> None:
        self.closed = True


class Library:
    """One loudspeaker, or none."""

    def __init__(self, *, broken: bool = False) -> None:
        self.opened: list[tuple[str | None, str | None]] = []
        self.stream = Stream()
        self._broken = broken

    def open(self, microphone: str | None, speaker: str | None, callback: object) -> Stream:
        self.opened.append((microphone, speaker))
        if self._broken:
            raise CallError("default: no such device")
        return self.stream

    def look_again(self) -> None:
        pass

    def plugged(self) -> frozenset[str]:
        return frozenset()


def aloud(library: SoundLibrary, ours: Speaker, output: str = "default") -> Aloud:
    return Aloud(output, ours, lambda: library)


def test_outside_a_call_the_loudspeaker_alone_is_opened_and_closed_again() -> None:
    library, ours = Library(), speaker()
    playing = aloud(library, ours)
    ours.say(wave(1.0))
    playing.begin()
    played(ours, 101)
    thread = playing._thread
    assert thread is not None
    thread.join(5)
    assert library.opened == [(None, "default")], "no microphone is opened"
    assert library.stream.closed


def test_a_sound_that_follows_another_is_heard_though_the_loudspeaker_was_just_closed() -> None:
    library, ours = Library(), speaker()
    playing = aloud(library, ours)
    for _ in range(3):
        ours.say(wave(0.05))
        playing.begin()
        played(ours, 6)
        assert playing._thread is not None
        playing._thread.join(5)
    assert len(library.opened) == 3


def test_a_call_gets_the_loudspeaker_though_a_sound_is_being_played() -> None:
    library, ours = Library(), speaker()
    playing = aloud(library, ours)
    ours.say(wave(60.0))
    playing.begin()
    playing.let_go()
    assert library.stream.closed or not library.opened


def test_a_loudspeaker_that_can_not_be_opened_is_a_line_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    playing = aloud(Library(broken=True), speaker())
    playing.begin()
    playing.let_go()
    assert re.search("the guide can not be heard: default: no such device", caplog.text)


def test_a_terminal_without_a_loudspeaker_opens_none() -> None:
    library = Library()
    playing = aloud(library, speaker(), "none")
    playing.begin()
    playing.let_go()
    assert library.opened == []


class Told:
    """A studio and a guide that say what they were asked for."""

    def __init__(self) -> None:
        self.said: list[object] = []

    def samples(self, key: str) -> str | None:
        return None if key == "unknown" else key

    def say(self, sound: object) -> None:
        self.said.append(sound)

    def hush(self) -> None:
        self.said.append("hushed")


async def test_what_core_wants_heard_is_heard_and_only_the_newest() -> None:
    told = Told()
    anything: Any = told
    async with asyncio.TaskGroup() as tasks:
        switchboard = Switchboard(
            anything, anything, Flow(), anything, tasks, HandClock(), lambda _: None
        )
        switchboard.obey(Play("unknown"))
    async with asyncio.TaskGroup() as switchboard._tasks:
        switchboard.obey(Play("en/idle"))
        switchboard.obey(Play("pl/idle"))
    assert told.said == ["pl/idle"]
    async with asyncio.TaskGroup() as switchboard._tasks:
        switchboard.obey(Play("en/welcome"))
        switchboard.obey(Play(HUSH))
    assert told.said == ["pl/idle", "hushed"]
