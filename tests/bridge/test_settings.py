"""The settings of the bridge: what is taken, and how each fault is named."""

import re
from pathlib import Path

import pytest

from firmware_bridge.readers import READERS, kind_of
from firmware_bridge.settings import BridgeSettings
from kiosk.config import load
from kiosk.errors import ConfigError

DOCS = Path(__file__).parents[2] / "docs/readers.md"
WIRE = '[wire]\nsocket = "/run/x/bridge.sock"\n'
READER = '[[reader]]\nname = "{name}"\nkind = "{kind}"\nport = "{port}"\n'


def reader(name: str = "door", kind: str = "em4100_ascii", port: str = "/dev/ttyUSB0") -> str:
    return READER.format(name=name, kind=kind, port=port)


def loaded(directory: Path, text: str) -> BridgeSettings:
    path = directory / "bridge.toml"
    path.write_text(text)
    return load(path, BridgeSettings)


@pytest.mark.parametrize("kind", READERS)
def test_a_reader_of_each_kind_can_be_configured(tmp_path: Path, kind: str) -> None:
    lines = 'profile = "magstripe"\n' if kind == "line" else ""
    (found,) = loaded(tmp_path, WIRE + reader(kind=kind) + lines).readers
    assert kind_of(found).name == kind
    assert found.name == "door"


@pytest.mark.parametrize("defaults_shown", [False, True], ids=["as it stands", "all settings"])
@pytest.mark.parametrize("example", re.findall(r"```toml\n(.*?)```", DOCS.read_text(), re.DOTALL))
def test_each_example_in_the_documentation_is_taken(
    tmp_path: Path, example: str, defaults_shown: bool
) -> None:
    text = re.sub(r"^# ", "", example, flags=re.MULTILINE) if defaults_shown else example
    settings = loaded(tmp_path, text if "[wire]" in text else WIRE + text)
    assert len(settings.readers) == 1


def test_the_documentation_names_each_kind() -> None:
    assert all(f"`{kind}`" in DOCS.read_text() for kind in READERS)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (WIRE, "reader: missing"),
        ("reader = []\n" + WIRE, "Expected `array` of length >= 1"),
        (WIRE + reader(kind="abacus"), "reader[0].kind: not known; there are em4100_ascii"),
        (WIRE + reader(port="COM3"), "reader[0].port"),
        (WIRE + reader(name="Front Door"), "reader[0].name"),
        (WIRE + reader() + "baud = 1\n", "reader[0].baud"),
        (WIRE + reader() + "removed_after_s = 0\n", "reader[0].removed_after_s"),
        (WIRE + reader() + 'colour = "blue"\n', "reader[0].colour: unknown setting"),
        (
            WIRE + reader() + reader(port="/dev/ttyUSB1"),
            "reader[1].name: the same as reader[0].name",
        ),
        (WIRE + reader() + reader(name="side"), "reader[1].port: the same as reader[0].port"),
    ],
)
def test_each_fault_is_named(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(fault)):
        loaded(tmp_path, text)
