"""What a terminal installs: the declared packages, the lock that pins them, and the wheel."""

import ast
import pkgutil
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from typing import Any

import pytest

from tests.project import ROOT, SHIPPED, modules

OURS = {"kiosk", "firmware_bridge"}
DESK = ("kiosk/sandbox/", "kiosk/core/contract.py", "kiosk/core/contract_check")
"""The code that needs the extra `sandbox`."""

PLAIN = {
    "collections",
    "dataclasses",
    "datetime",
    "enum",
    "functools",
    "itertools",
    "math",
    "operator",
    "types",
    "typing",
}
"""What the rules of the visit may import: it holds data, and asks nothing of the world."""


@pytest.fixture(scope="module")
def declared() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return project


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files that the wheel holds."""
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = target.glob("*.whl")
    return set(zipfile.ZipFile(built).namelist())


def test_a_terminal_imports_only_what_it_installs(declared: dict[str, Any]) -> None:
    of_terminal = names(declared["dependencies"])
    of_desk = of_terminal | names(declared["optional-dependencies"]["sandbox"])
    undeclared = [
        f"{path}: {package}"
        for path, _, tree in modules(*SHIPPED)
        for package in foreign(tree)
        if package not in (of_desk if path.startswith(DESK) else of_terminal)
    ]
    assert not undeclared


def test_the_rules_of_the_visit_import_nothing_but_plain_data() -> None:
    beyond = [
        f"{path}: {module}"
        for path, _, tree in modules("kiosk/visit")
        for module in imported(tree)
        if module.split(".")[0] not in PLAIN and not module.startswith("kiosk.visit")
    ]
    assert not beyond


def test_the_lock_pins_and_hashes_every_declared_package(declared: dict[str, Any]) -> None:
    lock = (ROOT / "requirements.lock").read_text()
    pinned = re.findall(
        r"^([a-z0-9-]+)==\S+.*\\\n    --hash=sha256:[0-9a-f]{64}", lock, re.MULTILINE
    )
    extras = declared["optional-dependencies"].values()
    wanted = names(declared["dependencies"]).union(*map(names, extras))
    assert wanted <= set(pinned)
    assert len(pinned) == len(re.findall(r"^[a-z]", lock, re.MULTILINE))


def test_the_wheel_holds_the_programs_and_their_data_side_by_side(wheel: set[str]) -> None:
    assert {
        "kiosk/__main__.py",
        "kiosk/core/openapi.yaml",
        "firmware_bridge/__main__.py",
        "assets/fonts/Noto-Regular.ttf",
    } <= wheel


def test_the_wheel_leaves_sandbox_synthetic_cameras_and_tests_out(wheel: set[str]) -> None:
    left_out = ("kiosk/sandbox", "kiosk/call/synthetic", "tests")
    assert "kiosk/call/v4l2.py" in wheel
    assert not [name for name in wheel if name.startswith(left_out)]


PROGRAMS = ("visit-kiosk", "firmware-bridge", "kiosk-core", "kiosk-call", "kiosk-ui")


def test_each_program_has_a_name_in_the_shell_and_no_other_has(declared: dict[str, Any]) -> None:
    assert declared["scripts"].keys() == set(PROGRAMS)


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_name_of_a_program_leads_to_what_can_be_called(
    declared: dict[str, Any], program: str
) -> None:
    assert callable(pkgutil.resolve_name(declared["scripts"][program]))


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9._-]", wanted)[0].lower() for wanted in requirements}


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def foreign(tree: ast.Module) -> Iterator[str]:
    """The installable packages that a module imports, as an index names them."""
    for module in imported(tree):
        top = module.split(".")[0]
        if top not in sys.stdlib_module_names and top not in OURS:
            yield packages_distributions().get(top, [top])[0].lower().replace("_", "-")
