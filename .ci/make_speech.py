"""Renders the spoken guide: each prompt in each language that espeak-ng has a voice for, as small files.

espeak-ng is a tool here, as a compiler is: what it makes is data. A prompt whose words, voice and
file are as they were is left as it is; a language without its voice is told and has an empty guide.
Where espeak-ng itself is missing, one line says what to install, and what was rendered before stays.
"""

import io
import json
import shutil
import subprocess
import sys
import wave
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import av
import numpy

import catalogues
from kiosk.speech import SPEECH
from kiosk.ui.phrasebook import Phrasebooks
from kiosk.ui.prompts import prompts

VOICES = {"en": "en-gb", "fr": "fr-fr"}
"""Where a voice is not called as its language is."""

PACE = "140"
"""Words in a minute: slower than people talk, for who hears it under stress or in a second language."""

RATE_HZ = 24_000
BITS_PER_S = 20_000


def main() -> int:
    """Render what is new, and write each language's list of keys and files."""
    if shutil.which("espeak-ng") is None:
        print("speech: nothing is read aloud until espeak-ng is installed: apt install espeak-ng")
        return 0
    books = Phrasebooks(ZoneInfo("UTC"))
    voices = _voices()
    for language in ("en", *catalogues.PLURALS):
        voice = VOICES.get(language, language)
        if voice in voices:
            _speak(prompts(books.of(language)), voice, SPEECH / language)
        else:
            print(f"speech: espeak-ng has no voice {voice}: no spoken guide in {language}")
            _speak({}, voice, SPEECH / language)
    return 0


def _speak(told: dict[str, str], voice: str, place: Path) -> None:
    """One language: what is new is rendered, what nobody says any more goes."""
    place.mkdir(parents=True, exist_ok=True)
    known = _read(place / "manifest.json")
    digests = {key: _digest(words, voice) for key, words in told.items()}
    new = [key for key in told if known.get(key) != digests[key] or not _file(place, key).exists()]
    if new:
        print(f"speech: {len(new)} prompts in {place.name}", flush=True)
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda key: _render(told[key], voice, _file(place, key)), new))
    for file in place.glob("*.ogg"):
        if file.stem not in told:
            file.unlink()
    (place / "manifest.json").write_text(json.dumps(digests, indent=0, sort_keys=True))


def _render(words: str, voice: str, file: Path) -> None:
    spoken = subprocess.run(
        ["espeak-ng", "-v", voice, "-s", PACE, "--stdout", "--", words],
        check=True,
        capture_output=True,
    ).stdout
    with wave.open(io.BytesIO(spoken)) as source:
        rate = source.getframerate()
        samples = numpy.frombuffer(source.readframes(2**31 - 1), numpy.int16)
    file.write_bytes(_encoded(samples, rate))


def _encoded(samples: "numpy.typing.NDArray[numpy.int16]", rate: int) -> bytes:
    """Ogg Opus."""
    target = io.BytesIO()
    with av.open(target, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=RATE_HZ, layout="mono")
        stream.bit_rate = BITS_PER_S
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ, frame_size=480)
        frame = av.AudioFrame.from_ndarray(samples[numpy.newaxis, :], format="s16", layout="mono")
        frame.sample_rate = rate
        for source in (frame, None):
            for part in resampler.resample(source):
                container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return target.getvalue()


def _voices() -> set[str]:
    listed = subprocess.run(
        ["espeak-ng", "--voices"], check=True, capture_output=True, text=True
    ).stdout
    return {line.split()[1] for line in listed.splitlines()[1:]}


def _digest(words: str, voice: str) -> str:
    return sha256(f"{words}\n{voice}\n{PACE}\n{RATE_HZ}\n{BITS_PER_S}".encode()).hexdigest()[:16]


def _file(place: Path, key: str) -> Path:
    return place / f"{key}.ogg"


def _read(path: Path) -> dict[str, str]:
    try:
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError):
        return {}


if __name__ == "__main__":
    sys.exit(main())
