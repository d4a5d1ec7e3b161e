"""Settings: a file is read whole or refused with every fault in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pytest

from kiosk.config import load, raise_faults
from kiosk.errors import ConfigError


class Reader(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    port: str
    baud: Annotated[int, msgspec.Meta(gt=0)] = 9600


class Network(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    url: str
    timeout_s: float = 5.0
    relays: tuple[str, ...] = ()


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    terminal: Annotated[str, msgspec.Meta(min_length=1)]
    network: Network
    readers: Annotated[tuple[Reader, ...], msgspec.Meta(max_length=2)] = ()
    spare: Reader | None = None
    halls: dict[str, Reader] = {}
    size_px: tuple[int, int] = (1280, 800)
    user: str | int | None = None
    mode: Literal["demo", "site"] = "site"


GOOD = """
terminal = "T1"
user = 1000
[network]
url = "https://visits.example"
timeout_s = 2
relays = ["a", "b"]
[[readers]]
port = "/dev/reader0"
[[readers]]
port = "/dev/reader1"
baud = 19200
[spare]
port = "/dev/reader2"
[halls.north]
port = "/dev/reader3"
"""

BAD = """
terminal = ""
colour = "blue"
mode = "fast"
size_px = [1280, "800"]
user = 1.5
[network]
timeout_s = "soon"
relays = ["a", 7, "c", 8]
[[readers]]
baud = -1
[[readers]]
port = 3
speed = 1
[spare]
baud = "fast"
[halls.north]
prot = "/dev/reader3"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "core.toml"


def _faults(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path, Settings)
    assert caught.value.source == str(path)
    assert str(caught.value).splitlines() == [f"{path}: {fault}" for fault in caught.value.faults]
    return caught.value.faults


class Door(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    opens_s: float
    closes_s: float
    name: str = "door"

    def __post_init__(self) -> None:
        if self.closes_s < self.opens_s:
            raise ValueError("closes before it opens")


class House(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    doors: tuple[Door, ...]
    floors: int = 1

    def __post_init__(self) -> None:
        raise_faults(self._shared_names(), self._too_many())

    def _shared_names(self) -> Iterator[str]:
        for i, door in enumerate(self.doors[1:]):
            if door.name == self.doors[0].name:
                yield f"doors[{i + 1}].name: the same as doors[0].name"

    def _too_many(self) -> Iterator[str]:
        if len(self.doors) > self.floors:
            yield "doors: more than floors"


def test_what_is_wrong_between_parts_is_told_with_what_is_wrong_in_them(path: Path) -> None:
    path.write_text(
        "floors = 1\n[[doors]]\nopens_s = 1\ncloses_s = 'never'\n"
        "[[doors]]\nopens_s = 2\ncloses_s = 1\nname = 7\n"
        "[[doors]]\nopens_s = 2\ncloses_s = 1\n"
    )
    with pytest.raises(ConfigError) as caught:
        load(path, House, lambda house: [f"floors: {house.floors} is not built"])
    assert caught.value.faults == [
        "doors[0].closes_s: Expected `float`, got `str`",
        "doors[1].name: Expected `str`, got `int`",
        "doors[1]: closes before it opens",
        "doors[2]: closes before it opens",
        "doors: more than floors",
        "floors: 1 is not built",
    ]


def test_a_good_file_becomes_settings(path: Path) -> None:
    path.write_text(GOOD)
    assert load(path, Settings) == Settings(
        terminal="T1",
        user=1000,
        network=Network("https://visits.example", 2.0, ("a", "b")),
        readers=(Reader("/dev/reader0"), Reader("/dev/reader1", 19200)),
        spare=Reader("/dev/reader2"),
        halls={"north": Reader("/dev/reader3")},
    )


def test_every_fault_is_told_at_once_with_its_path(path: Path) -> None:
    faults = _faults(path, BAD)
    assert sorted(fault.partition(":")[0] for fault in faults) == [
        "colour",
        "halls.north.port",
        "halls.north.prot",
        "mode",
        "network.relays[1]",
        "network.relays[3]",
        "network.timeout_s",
        "network.url",
        "readers[0].baud",
        "readers[0].port",
        "readers[1].port",
        "readers[1].speed",
        "size_px",
        "spare.baud",
        "spare.port",
        "terminal",
        "user",
    ]
    assert "colour: unknown setting" in faults
    assert "network.url: missing" in faults


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("terminal = 'T1'\nnetwork = 3", "network: expected a table"),
        ("terminal = 'T1'\n[[network]]\nurl = 'x'", "network: expected a table"),
        (GOOD.replace("[spare]", "[[spare]]"), "spare: "),
        (GOOD + "[[readers]]\nport = 'x'\n", "readers: Expected `array` of length <= 2"),
        ("", "terminal: missing"),
    ],
    ids=["number for a table", "list for a table", "list for one", "too many", "empty file"],
)
def test_a_value_of_the_wrong_shape_is_told(path: Path, text: str, fault: str) -> None:
    assert any(told.startswith(fault) for told in _faults(path, text))


@pytest.mark.parametrize(
    "text",
    ["terminal", "terminal = ", "terminal = 'a'\nterminal = 'b'", "[network", "<html>"],
)
def test_what_is_not_toml_is_told_with_its_line(path: Path, text: str) -> None:
    (fault,) = _faults(path, text)
    assert fault.startswith("is not TOML: ")


def test_a_file_that_is_absent_is_told(path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: "):
        load(path, Settings)


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: "):
        load(tmp_path, Settings)


def test_text_that_is_not_utf_8_is_told(path: Path) -> None:
    path.write_bytes(b'terminal = "\xff"')
    with pytest.raises(ConfigError, match="cannot be read: "):
        load(path, Settings)


def test_settings_may_all_have_defaults(path: Path) -> None:
    class Desk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
        terminal: str = "desk"

    path.write_text("")
    assert load(path, Desk) == Desk()


def test_a_setting_is_known_by_its_name_in_the_file(path: Path) -> None:
    class Renamed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
        run_dir: str

    path.write_text("run-dir = '/run/visit-kiosk'")
    assert load(path, Renamed) == Renamed("/run/visit-kiosk")
    path.write_text("run_dir = '/run/visit-kiosk'")
    with pytest.raises(ConfigError) as caught:
        load(path, Renamed)
    assert caught.value.faults == ["run_dir: unknown setting", "run-dir: missing"]
