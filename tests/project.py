"""The project's own files, as the tests of its habits read them."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = {"kiosk", "firmware_bridge", "assets", "systemd", "tests", "docs", ".ci"}
SHIPPED = ("kiosk", "firmware_bridge")
"""The folders whose code a terminal or a desk runs."""

_MADE_HERE = {"build"}
_BINARY = {".gz", ".jpg", ".mo", ".ogg", ".pdf", ".png", ".pyc", ".tflite", ".ttf", ".wav"}


def folders() -> set[str]:
    """The folders at the top, without the caches of tools and what `make` builds."""
    named = {path.name for path in ROOT.iterdir() if path.is_dir()} - _MADE_HERE
    return {name for name in named if not name.startswith(".") or name in FOLDERS}


def texts() -> Iterator[tuple[str, str]]:
    """Every file of the project that holds text: its path from the top, and its text."""
    places = [path for path in ROOT.iterdir() if path.is_file()]
    places += [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    for path in sorted(places):
        if path.suffix not in _BINARY and "__pycache__" not in path.parts:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def modules(*within: str) -> Iterator[tuple[str, str, ast.Module]]:
    """Every Python module in these folders: its path from the top, its source and its tree."""
    for folder in within:
        for path in sorted((ROOT / folder).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            yield str(path.relative_to(ROOT)), source, ast.parse(source)
