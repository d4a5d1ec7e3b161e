"""What the microphone heard, made fit to be sent by WebRTC's own code, the same as in browsers."""

from typing import Final

import numpy
from pywebrtc_audio import AudioProcessor

from kiosk.call.opus import Samples
from kiosk.call.settings import Audio
from kiosk.call.sound import BLOCK, RATE_HZ

MOST_GAIN_DB: Final = 12.0
"""More would raise what is left of an echo, and the hall behind the person, as much as the voice."""

_NOISE_LEVEL: Final = 2
"""Of 0 to 3, as browsers have it; much more is heard in the voice."""

_SILENCE: Final[Samples] = numpy.zeros(BLOCK, numpy.int16)


class Processing:
    """Echo, noise and level, in the sound device's thread; makes the sound 15 ms later.

    `handset` is set by the event loop: true while the person speaks into a handset.
    """

    def __init__(self, audio: Audio) -> None:
        self.handset = False
        self._processor = _processor(audio)

    def clean(self, heard: Samples, played: Samples) -> Samples:
        """A block of the microphone without what of the speaker's sound is in it.

        `played` was given to the speaker just now; how much later it is heard, the canceller finds
        out by itself.
        """
        if self._processor is None:
            return heard
        # A canceller that is told of silence finds no echo and lets all pass. So nothing breaks off
        # when the handset is lifted, and what it knows of the room is true when it is hung up.
        return self._processor.process(heard, _SILENCE if self.handset else played)

    def forget(self) -> None:
        """Nothing of one call is left in a filter in the next."""
        if self._processor is not None:
            self._processor.reset()


def _processor(audio: Audio) -> AudioProcessor | None:
    if not (audio.echo_cancellation or audio.noise_suppression or audio.gain_control):
        return None
    return AudioProcessor(
        RATE_HZ,
        echo_cancellation=audio.echo_cancellation,
        noise_suppression=audio.noise_suppression,
        high_pass_filter=audio.noise_suppression,
        auto_gain_control=audio.gain_control,
        ns_level=_NOISE_LEVEL,
        agc_max_gain_db=MOST_GAIN_DB,
    )
