"""The terminal's own side: its devices, and where pictures and sound of both sides go."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from av import VideoFrame

from kiosk.call.aloud import Aloud
from kiosk.call.camera import Camera, camera_source
from kiosk.call.ear import Ear
from kiosk.call.flow import Flow
from kiosk.call.keeper import Device, Keeper
from kiosk.call.microphone import Microphone
from kiosk.call.newest import Newest
from kiosk.call.opus import Samples
from kiosk.call.own import brightness, loudness
from kiosk.call.pictures import Pictures, as_i420
from kiosk.call.processing import Processing
from kiosk.call.settings import Settings
from kiosk.call.sound import PortAudio
from kiosk.call.sound_devices import SoundDevices
from kiosk.call.speaker import Speaker
from kiosk.call.tracks import CameraTrack, MicrophoneTrack
from kiosk.call.voice import Voice
from kiosk.clock import Clock
from kiosk.wire.messages import MediaDevice


class Studio:
    """Camera, microphone, speaker and the two frame files, opened and shut together."""

    def __init__(
        self, settings: Settings, clock: Clock, flow: Flow, report: Callable[[MediaDevice], None]
    ) -> None:
        """Raises CallError for frame files and ConfigError for a camera that can not be had."""
        loop = asyncio.get_running_loop()
        frames = Path(settings.frames.directory)
        self._clock = clock
        self._flow = flow
        self._size_px = (settings.camera.width_px, settings.camera.height_px)
        self._newest = Newest(loop)
        source = camera_source(settings.camera, clock)
        self._remote = Pictures(frames / "remote")
        self._own = Pictures(frames / "self")
        self._processing = Processing(settings.audio)
        self._microphone = Microphone(self._processing, loop)
        self._speaker = Speaker(flow, clock)
        devices: list[Device] = [
            Camera(source, self._size_px, self._newest, self._own, clock),
            SoundDevices(settings.audio, self._microphone, self._speaker, PortAudio(), clock),
        ]
        self._keepers = [Keeper(device, report) for device in devices]  # the camera's is the first
        self._is_open = False
        self._aloud = Aloud(settings.audio.output, self._speaker, PortAudio)

    @property
    def devices(self) -> list[MediaDevice]:
        """What is known of the devices now."""
        return [state for keeper in self._keepers for state in keeper.states]

    def enter(self, call: int) -> None:
        """What is seen from now on is of `call`; before that no picture leaves the program."""
        self._remote.open(call)
        self._own.open(call)

    def forget_ears(self) -> None:
        """Nothing is heard any more but by ears that are yet to come."""
        self._speaker.forget()

    def open(self, *, sound_only: bool = False) -> None:
        """Use the devices from now on, of which a call by sound alone needs no camera; those that are
        open stay open.
        """
        self._aloud.let_go()
        self._is_open = True
        for keeper in self._keepers[1:] if sound_only else self._keepers:
            keeper.start()

    def shut(self) -> None:
        """Stop capturing and playing, and zero the pictures; the devices close very soon."""
        self._is_open = False
        self._speaker.hush()
        for keeper in self._keepers:
            keeper.stop()
        self._remote.shut()
        self._own.shut()

    async def stopped(self) -> None:
        """Wait, after `shut`, until every device is closed."""
        for keeper in self._keepers:
            await keeper.stopped()
        self._microphone.forget()
        self._speaker.forget()

    def close(self) -> None:
        """Let go of the frame files."""
        self._remote.close()
        self._own.close()

    def use_handset(self, on: bool) -> None:
        """The person speaks into the handset from now on, or to the terminal again."""
        self._processing.handset = on

    def say(self, sound: Samples) -> None:
        """Let the person here hear a sound of the terminal's own, in a call or not."""
        self._speaker.say(sound)
        if not self._is_open:
            self._aloud.begin()

    def hush(self) -> None:
        """Break off what the terminal says."""
        self._speaker.hush()

    def camera(self) -> CameraTrack:
        """A track of our picture for one connection."""
        return CameraTrack(self._newest, self._flow, self._size_px, self._clock)

    def microphone(self) -> MicrophoneTrack:
        """A track of our sound for one connection."""
        return MicrophoneTrack(self._microphone, self._flow, self._clock)

    def voice(self) -> Voice:
        """What encodes that track."""
        return Voice(self._clock)

    def own_levels(self) -> tuple[float, float | None]:
        """How loud it was since this was last asked, and how bright the newest picture is."""
        newest = self._newest.after(0)
        light = brightness(newest[1]) if newest is not None else None
        return loudness(self._microphone.loudest()), light

    def show(self, picture: VideoFrame) -> None:
        """Their picture, for the screen."""
        self._remote.write(as_i420(picture), round(self._clock.monotonic() * 1e9))

    def ear(self) -> Ear:
        """What listens to their sound in one connection, for the speaker."""
        return self._speaker.ear()
