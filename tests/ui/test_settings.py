"""The screen's settings: sensible when short, refused when wrong."""

from pathlib import Path

import pytest

from kiosk.config import load
from kiosk.errors import ConfigError
from kiosk.ui.settings import Settings

LEAST = """
[wire]
socket = "/run/kiosk/core/core.sock"
[frames]
directory = "/run/kiosk/frames"
"""


def loaded(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "ui.toml"
    path.write_text(text)
    return load(path, Settings)


def test_a_desk_needs_only_the_socket_and_the_frames(tmp_path: Path) -> None:
    settings = loaded(tmp_path, LEAST)
    assert settings.wire.core_user is None
    assert (settings.screen.width_px, settings.screen.height_px) == (1280, 800)
    assert (settings.screen.input, settings.screen.cpu_video) == ("desk", "auto")


def test_a_terminal_is_described_in_full(tmp_path: Path) -> None:
    screen = """
[screen]
width_px = 1920
height_px = 1080
dpi = 141
fullscreen = true
input = "terminal"
touch_device = "/dev/input/kiosk-touch"
cpu_video = "off"
time_zone = "Europe/London"
"""
    settings = loaded(tmp_path, LEAST + screen)
    assert settings.screen.touch_device == "/dev/input/kiosk-touch"
    assert settings.screen.zone().key == "Europe/London"


@pytest.mark.parametrize(
    ("screen", "fault"),
    [
        ('input = "keyboard"', "screen.input"),
        ('input = "terminal"', "touch_device"),
        ('input = "terminal"\ntouch_device = "input/touch"', "screen.touch_device"),
        ('input = "terminal"\ntouch_device = "/dev/touch,rotation=90"', "screen.touch_device"),
        ('input = "terminal"\ntouch_device = "/dev/touch\\u0000"', "screen.touch_device"),
        ('time_zone = "Mars/Olympus"', "time_zone"),
        ("width_px = 640", "screen.width_px"),
        ("dpi = 0", "screen.dpi"),
        ("dpi = 250", "118 mm"),
        ("colour = 3", "screen.colour: unknown setting"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, screen: str, fault: str) -> None:
    with pytest.raises(ConfigError, match=fault):
        loaded(tmp_path, f"{LEAST}[screen]\n{screen}\n")
