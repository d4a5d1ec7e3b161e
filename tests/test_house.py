"""The habits of the house that no linter knows."""

import ast
import re
from collections.abc import Iterator

from tests.project import FOLDERS, folders, modules, texts

MODULE_LINES = 400
FUNCTION_LINES = 40
ALL_CODE = ("kiosk", "firmware_bridge", "tests", ".ci")

# Written so that none of them matches itself.
UNFINISHED = re.compile(r"TO[D]O|FIX[M]E|XX[X]")
OF_ONE_MACHINE = re.compile(r"(?<![\w.])/(?:home|root|work|Users)[/]")
ADDRESS = re.compile(r"https?:/[/]|file:/[/]|--(?:extra-)?index-url|--find-links")
WITHOUT_ADDRESSES = ("requirements.lock", "Makefile", "pyproject.toml", ".ci/run", ".ci/setup")


def test_the_folders_are_those_of_the_design() -> None:
    assert folders() == FOLDERS


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    long = [
        f"{path}: {lines} lines"
        for path, source, _ in modules(*ALL_CODE)
        if (lines := len(source.splitlines())) > MODULE_LINES
    ]
    assert not long


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path}:{node.lineno}: {node.name} has {lines} lines"
        for path, _, tree in modules(*ALL_CODE)
        for node in functions(tree)
        if (lines := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
    ]
    assert not long


def test_every_module_says_what_lives_in_it() -> None:
    silent = [
        path for path, source, tree in modules(*ALL_CODE) if source and not ast.get_docstring(tree)
    ]
    assert not silent


def test_only_an_app_catches_what_it_does_not_know() -> None:
    catching = [
        f"{path}:{node.lineno}"
        for path, _, tree in modules(*ALL_CODE)
        if not path.endswith("/app.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and keeps_everything(node)
    ]
    assert not catching


def test_nothing_is_left_for_later() -> None:
    assert not found(UNFINISHED)


def test_no_file_speaks_of_the_machine_it_was_written_on() -> None:
    assert not found(OF_ONE_MACHINE)


def test_set_up_and_lock_leave_the_choice_of_an_index_to_the_machine() -> None:
    named = dict(texts())
    for path in WITHOUT_ADDRESSES:
        assert not ADDRESS.search(named[path].replace("--no-emit-", "")), path


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def keeps_everything(clause: ast.ExceptHandler) -> bool:
    """Whether a clause catches Exception or more, and does not pass it on once it has cleaned up."""
    passed_on = isinstance(clause.body[-1], ast.Raise) and clause.body[-1].exc is None
    if clause.type is None:
        return not passed_on
    names = {node.id for node in ast.walk(clause.type) if isinstance(node, ast.Name)}
    return bool(names & {"Exception", "BaseException"}) and not passed_on


def found(words: re.Pattern[str]) -> list[str]:
    """Where these words stand, as path and line."""
    return [
        f"{path}:{number}: {line.strip()[:80]}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if words.search(line)
    ]
