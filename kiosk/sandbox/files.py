"""Writes the settings files of a trial."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

Scalar: TypeAlias = str | int | float | bool | Path | tuple[str, ...]
Table: TypeAlias = Mapping[str, Scalar]
Nested: TypeAlias = Mapping[str, Scalar | list[Table]]
"""A table that holds arrays of tables."""


def write_settings(path: Path, tables: Mapping[str, Nested | list[Table] | Scalar]) -> None:
    """Write a TOML file of scalars, tables and arrays of tables that only its owner may read."""
    scalars, rest = [], []
    for name, content in tables.items():
        if isinstance(content, Mapping):
            rest += [f"[{name}]", *_pairs(content), *_rows(name, content)]
        elif isinstance(content, list):
            for entry in content:
                rest += [f"[[{name}]]", *_pairs(entry)]
        else:
            scalars.append(f"{name} = {_value(content)}")
    lines = [*scalars, *rest]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    path.chmod(0o600)


def _pairs(table: Nested) -> list[str]:
    return [
        f"{name} = {_value(value)}" for name, value in table.items() if not isinstance(value, list)
    ]


def _rows(name: str, table: Nested) -> list[str]:
    """The arrays of tables within a table."""
    return [
        line
        for key, rows in table.items()
        if isinstance(rows, list)
        for row in rows
        for line in (f"[[{name}.{key}]]", *_pairs(row))
    ]


def _value(value: Scalar) -> str:
    """JSON's strings, numbers, truth values and lists of strings are TOML's, too."""
    return json.dumps(str(value) if isinstance(value, Path) else value)
