"""Whatever the bridge and its tools say is wrong stands in a document, with what to do about it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from firmware_bridge import app, line, serial_port
from firmware_bridge.board import health, upkeep
from firmware_bridge.board import line as board_line
from firmware_bridge.commands import acknowledge, commission, monitor
from firmware_bridge.readers import listening, osdp, osdp_key, osdp_randomness, polling
from kiosk.wire import link
from tests.project import ROOT, modules

SPEAKING = (
    *(acknowledge, app, board_line, commission, health, line, link, listening, monitor),
    *(osdp, osdp_key, osdp_randomness, polling, serial_port, upkeep),
)
"""Each constant of theirs that is a sentence is something that is said."""

OF_BYTES = {"BadFrame", "FrameError", "_noise", "_skip", "_wrong"}
"""Are given the reason why bytes are no card."""

DOCUMENTS = [ROOT / "docs" / name for name in ("readers.md", "board.md", "bridge-tools.md")]
ROWS = re.findall(
    r"^\| (.+?) \|(?=.*\S)", "\n".join(path.read_text() for path in DOCUMENTS), re.MULTILINE
)


def sentences_of(module: ModuleType) -> Iterator[str]:
    for name, value in vars(module).items():
        if name.isupper() and isinstance(value, str) and " " in value:
            yield value


def reasons_of_bytes() -> Iterator[str]:
    for _, _, tree in modules("firmware_bridge/readers"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and name_of(node.func) in OF_BYTES:
                yield from texts_in(node.args[0])


def name_of(function: ast.expr) -> str:
    match function:
        case ast.Name(name) | ast.Attribute(_, name):
            return name
        case _:
            return ""


def texts_in(argument: ast.expr) -> Iterator[str]:
    for node in ast.walk(argument):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def head(reason: str) -> str:
    """What is fixed of it, up to where it says what to do."""
    told = re.split(r"[:;,] ", reason)[0]
    return re.sub(r"\{[^}]*\}", "…", told)


def is_told(words: str) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", row) for row in ROWS)


SENTENCES = sorted({head(said) for module in SPEAKING for said in sentences_of(module)})
REASONS = sorted({head(said) for said in reasons_of_bytes()})


def test_the_sentences_of_every_speaking_module_are_found() -> None:
    assert all(list(sentences_of(module)) for module in SPEAKING)
    assert len(REASONS) > 30


@pytest.mark.parametrize("sentence", SENTENCES)
def test_what_is_said_of_a_device_or_a_program_is_in_a_document(sentence: str) -> None:
    assert is_told(sentence)


@pytest.mark.parametrize("reason", REASONS)
def test_why_bytes_are_no_card_is_in_a_document(reason: str) -> None:
    assert reason in {head(part) for row in ROWS for part in row.split(", ")}


@pytest.mark.parametrize("code", [*health.WHY, None])
def test_what_a_board_refuses_is_in_its_document_by_its_number(code: int | None) -> None:
    why = f"it {head(health.WHY[code] if code else health.OTHERWISE)}"
    number = f"(exception {code:02}): {why}" if code else f"(any other exception): {why}"
    assert is_told(number)


@pytest.mark.parametrize("words", ["turned away user", "may not be"])
def test_what_the_wire_says_of_who_connects_is_in_a_document(words: str) -> None:
    assert any(words in path.read_text() for path in Path(ROOT / "kiosk/wire").glob("*.py"))
    assert is_told(words)
