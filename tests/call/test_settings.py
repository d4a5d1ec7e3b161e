"""What call.toml may say."""

from pathlib import Path

import pytest

from kiosk.call.settings import Settings
from kiosk.config import load
from kiosk.errors import ConfigError

NEEDED = '[wire]\nsocket = "/run/x/core.sock"\n[frames]\ndirectory = "/run/x/frames"\n'


def load_text(directory: Path, text: str) -> Settings:
    path = directory / "call.toml"
    path.write_text(text)
    return load(path, Settings)


def test_a_terminal_needs_to_say_little(tmp_path: Path) -> None:
    settings = load_text(tmp_path, NEEDED)
    assert settings.camera.source == "v4l2:/dev/video0"
    assert (settings.camera.width_px, settings.camera.height_px, settings.camera.fps) == (
        640,
        480,
        30,
    )
    assert (settings.audio.input, settings.audio.output) == ("default", "default")
    assert settings.wire.core_user is None


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('[camera]\nsource = "webcam"', "camera.source"),
        ('[camera]\nsource = "v4l2:video0"', "camera.source"),
        ("[camera]\nwidth_px = 641", "camera.width_px"),
        ("[camera]\nheight_px = 1080", "camera.height_px"),
        ("[camera]\nfps = 0", "camera.fps"),
        ("[audio]\ninput = 3", "audio.input"),
        ("[stun]\nserver = 1", "stun"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, where: str) -> None:
    with pytest.raises(ConfigError, match=where):
        load_text(tmp_path, NEEDED + text)
