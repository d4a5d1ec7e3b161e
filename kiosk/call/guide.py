"""The sounds of the terminal's own that kiosk-core may name: the tones, and the prompts of its guide."""

import logging
from pathlib import Path

import av
import numpy

from kiosk.call.opus import Samples
from kiosk.call.sound import RATE_HZ
from kiosk.call.tones import tone
from kiosk.catalogues import ENGLISH
from kiosk.speech import SPEECH, file_of, guides
from kiosk.wire.manner import nearest

log = logging.getLogger(__name__)


class Guide:
    """Finds a sound by its key; a file is opened only where a manifest names it.

    It speaks the language that the screens do, by the same rule. One that has a folder without any key
    is read on the screens and has no voice: it is silent, and not another.
    """

    def __init__(self, speech: Path = SPEECH) -> None:
        known = guides(speech)
        self._languages = known.keys()
        self._files = {
            f"{language}/{key}": file_of(language, key, speech)
            for language, keys in known.items()
            for key in keys
        }
        if not self._files:
            log.warning("there is no spoken guide in %s: make assets makes it", speech)

    def samples(self, key: str) -> Samples | None:
        """The sound, mono at RATE_HZ, 16 bit; None, which is logged, for what can not be heard.

        It reads a file: not for the event loop.
        """
        known = tone(key)
        if known is not None:
            return known
        file = self._file(key)
        if file is None:
            log.warning("a sound was asked for that this terminal does not have")
            return None
        try:
            return _decoded(file)
        except (OSError, av.FFmpegError, ValueError) as error:
            log.warning("a sound of the guide can not be read: %s: %s", file, error)
            return None

    def _file(self, key: str) -> Path | None:
        tag, _, prompt = key.partition("/")
        return self._files.get(f"{nearest(tag, self._languages) or ENGLISH}/{prompt}")


def _decoded(file: Path) -> Samples:
    """Raises OSError, av.FFmpegError or ValueError."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
    with av.open(str(file)) as container:
        frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
    frames += resampler.resample(None)
    return numpy.concatenate([frame.to_ndarray()[0] for frame in frames]).astype(numpy.int16)
