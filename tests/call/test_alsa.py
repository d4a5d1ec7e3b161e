"""ALSA itself is asked whether it opens a device: what PortAudio would abort the process for."""

from typing import Any

import pytest
import sounddevice

from kiosk.call.alsa import must_open
from kiosk.errors import CallError


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What PortAudio says of the one device that it finds."""
    about = {"name": "null", "api": "ALSA"}

    def query_devices(name: str, kind: str) -> dict[str, Any]:
        assert (name, kind) == ("speaks", "output")
        return {"name": about["name"], "hostapi": 3}

    def query_hostapis(number: int) -> dict[str, Any]:
        assert number == 3
        return {"name": about["api"]}

    monkeypatch.setattr(sounddevice, "query_devices", query_devices)
    monkeypatch.setattr(sounddevice, "query_hostapis", query_hostapis)
    return about


@pytest.mark.usefixtures("found")
def test_what_alsa_opens_is_closed_again_and_may_be_opened() -> None:
    for _ in range(2):
        must_open("speaks", "output")


@pytest.mark.parametrize("name", ["nothing of that name", "USB Audio: - (hw:31,7)"])
def test_what_alsa_does_not_open_is_named(found: dict[str, str], name: str) -> None:
    found["name"] = name
    with pytest.raises(CallError, match="No such") as raised:
        must_open("speaks", "output")
    assert str(raised.value).startswith(name)


def test_what_is_not_of_alsa_is_not_asked_of_it(found: dict[str, str]) -> None:
    found.update(name="nothing of that name", api="JACK Audio Connection Kit")
    must_open("speaks", "output")


def test_a_name_that_nothing_has_is_said_as_portaudio_says_it() -> None:
    with pytest.raises(ValueError, match="speaks"):
        must_open("speaks", "output")
