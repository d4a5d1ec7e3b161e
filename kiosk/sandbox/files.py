"""Writes the settings files of a trial."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

Scalar: TypeAlias = str | int | float | bool | Path
Table: TypeAlias = Mapping[str, Scalar]


def write_settings(path: Path, tables: Mapping[str, Table | Sequence[Table] | Scalar]) -> None:
    """Write a TOML file of scalars, tables and arrays of tables that only its owner may read."""
    lines = [
        f"{name} = {_value(value)}" for name, value in tables.items() if isinstance(value, Scalar)
    ]
    for name, content in tables.items():
        if isinstance(content, Mapping):
            lines += [f"[{name}]", *_pairs(content)]
        elif not isinstance(content, Scalar):
            for entry in content:
                lines += [f"[[{name}]]", *_pairs(entry)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    path.chmod(0o600)


def _pairs(table: Table) -> list[str]:
    return [f"{name} = {_value(value)}" for name, value in table.items()]


def _value(value: Scalar) -> str:
    """JSON's strings, numbers and truth values are TOML's, too."""
    return json.dumps(str(value) if isinstance(value, Path) else value)
