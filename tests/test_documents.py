"""What the documents show and point at is there, and works."""

import re
from pathlib import Path

import msgspec
import pytest
import yaml

from firmware_bridge.settings import BridgeSettings
from kiosk.call.settings import Settings as CallSettings
from kiosk.config import load
from kiosk.core.settings import CoreSettings
from kiosk.sandbox.settings import Settings as SandboxSettings
from kiosk.ui.settings import Settings as UiSettings
from tests.project import ROOT

README = ROOT / "README.md"
ARCHITECTURE = ROOT / "docs/architecture.md"
OPERATIONS = ROOT / "docs/operations.md"
INTEGRATION = ROOT / "docs/integration.md"
CONTRACT = ROOT / "kiosk/core/openapi.yaml"
READERS = ROOT / "docs/readers.md"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def example(document: Path, program: str) -> str:
    """The block of TOML that follows the first mention of a settings file in a document."""
    found = re.search(rf"{program}\.toml`.*?```toml\n(.*?)```", document.read_text(), re.DOTALL)
    assert found, f"{document} has no example of {program}.toml"
    return found[1]


def test_the_readme_has_the_architectures_own_picture() -> None:
    [picture] = re.findall(r"^```\n.*?^```\n", ARCHITECTURE.read_text(), re.DOTALL | re.MULTILINE)
    assert picture in README.read_text()


@pytest.mark.parametrize("defaults_shown", [False, True], ids=["as it stands", "all settings"])
@pytest.mark.parametrize(
    ("program", "kind"),
    [
        ("bridge", BridgeSettings),
        ("core", CoreSettings),
        ("call", CallSettings),
        ("ui", UiSettings),
    ],
)
def test_the_example_of_each_settings_file_can_be_used(
    program: str, kind: type[msgspec.Struct], defaults_shown: bool, tmp_path: Path
) -> None:
    file = tmp_path / f"{program}.toml"
    text = example(OPERATIONS, f"/etc/visit-kiosk/{program}")
    file.write_text(re.sub(r"^# ", "", text, flags=re.MULTILINE) if defaults_shown else text)
    assert load(file, kind)


@pytest.mark.parametrize(("program", "kind"), [("call", CallSettings), ("ui", UiSettings)])
def test_a_default_that_the_example_shows_is_the_one_that_holds(
    program: str, kind: type[msgspec.Struct], tmp_path: Path
) -> None:
    text = example(OPERATIONS, f"/etc/visit-kiosk/{program}")
    shown, left_out = tmp_path / "shown.toml", tmp_path / "left_out.toml"
    shown.write_text(re.sub(r"^# ", "", text, flags=re.MULTILINE))
    left_out.write_text(text)
    assert shown.read_text() != text
    assert load(shown, kind) == load(left_out, kind)


def test_the_example_of_a_media_server_can_be_used(tmp_path: Path) -> None:
    found = re.search(r"```toml\n(\[janus\]\n.*?)```", INTEGRATION.read_text(), re.DOTALL)
    assert found
    file = tmp_path / "service.toml"
    file.write_text('database = "sandbox.db"\ndesk_password = "secret"\n' + found[1])
    assert load(file, SandboxSettings).janus


def column(document: Path, title: str, number: int) -> set[str]:
    """The words of code in one column of the first table below a title; -1 is the last one."""
    section = document.read_text().split(f"\n## {title}", 1)[1].split("\n## ", 1)[0]
    rows = [row.strip("|").split("|") for row in section.splitlines() if row.startswith("| ")][1:]
    return {word for row in rows for word in re.findall(r"`(\w+)`", row[number])}


def test_the_integrations_page_explains_every_call_of_the_contract() -> None:
    contract = yaml.safe_load(CONTRACT.read_text())
    calls = {call["operationId"] for path in contract["paths"].values() for call in path.values()}
    assert column(INTEGRATION, "Each call", 0) == calls


def test_the_integrations_page_says_when_to_refuse_with_each_code_of_the_contract() -> None:
    contract = yaml.safe_load(CONTRACT.read_text())
    codes = set(contract["components"]["schemas"]["Refusal"]["enum"])
    assert column(INTEGRATION, "Join", -1) - {"place", "at"} == codes


def test_each_example_of_a_reader_can_be_used(tmp_path: Path) -> None:
    whole, *parts = re.findall(r"```toml\n(.*?)```", READERS.read_text(), re.DOTALL)
    assert len(parts) >= 4
    wire = whole[: whole.index("[[reader]]")]
    for text in (whole, *(wire + part for part in parts)):
        (tmp_path / "bridge.toml").write_text(text)
        assert load(tmp_path / "bridge.toml", BridgeSettings).readers


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_between_documents_is_alive(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", document.read_text())
    near = [link for link in links if "://" not in link]
    assert [link for link in near if not (document.parent / link).exists()] == []
