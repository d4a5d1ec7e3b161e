"""What kiosk-call is told in call.toml."""

from typing import Annotated

from msgspec import Meta, Struct, field


class Wire(Struct, frozen=True, forbid_unknown_fields=True):
    """Where kiosk-core listens, and which user it must be: a name or a number, else our own."""

    socket: str
    core_user: str | int | None = None


class Frames(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the pictures `remote` and `self` are left for kiosk-ui."""

    directory: str


class Camera(Struct, frozen=True, forbid_unknown_fields=True):
    """`source` is `v4l2:DEVICE`, and where synthetic cameras are installed `file:PATH` or `pattern`."""

    source: Annotated[str, Meta(pattern=r"^(v4l2:/.+|file:.+|pattern)$")] = "v4l2:/dev/video0"
    width_px: Annotated[int, Meta(ge=160, le=1280, multiple_of=2)] = 640
    height_px: Annotated[int, Meta(ge=120, le=720, multiple_of=2)] = 480
    fps: Annotated[int, Meta(ge=5, le=60)] = 30


class Audio(Struct, frozen=True, forbid_unknown_fields=True):
    """Names of sound devices as PortAudio lists them, or `default`, or `none`; what is done to ours.

    A lifted handset suspends the canceller of echo by itself.
    """

    input: str = "default"
    output: str = "default"
    echo_cancellation: bool = True
    noise_suppression: bool = True
    gain_control: bool = True


class Network(Struct, frozen=True, forbid_unknown_fields=True):
    """`interfaces` are patterns (`eth0`, `wl*`) of those that calls may use, without any all but
    those of containers; `ca` is who may certify a relay (TURN over TLS), else the system's.
    """

    interfaces: tuple[str, ...] = ()
    ca: str = ""


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    wire: Wire
    frames: Frames
    camera: Camera = field(default_factory=Camera)
    audio: Audio = field(default_factory=Audio)
    network: Network = field(default_factory=Network)
