"""Loads one TOML file into frozen structs and reports every fault in it at once."""

import tomllib
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec
from msgspec import inspect

from kiosk.errors import ConfigError

Settings = TypeVar("Settings", bound=msgspec.Struct)


def load(path: Path, settings: type[Settings]) -> Settings:
    """Read `path` as `settings`.

    Raises ConfigError with one line for every fault: unreadable, not TOML, unknown, missing or
    wrong values, each with its path in the file.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), [f"cannot be read: {error}"]) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(path), [f"is not TOML: {error}"]) from error
    faults = list(_faults(data, settings, ""))
    if faults:
        raise ConfigError(str(path), faults)
    try:
        return msgspec.convert(data, settings)
    except msgspec.ValidationError as error:
        raise ConfigError(str(path), [str(error)]) from error


def _faults(value: Any, kind: Any, where: str) -> list[str]:
    """Every fault of `value`, taken as `kind`; descends into tables so that each is named."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        if not isinstance(value, dict):
            return [f"{where or 'the file'}: expected a table"]
        return _table_faults(value, kind, where)
    element = _element_of(kind)
    if element is not None and isinstance(value, list):
        return [
            fault for i, item in enumerate(value) for fault in _faults(item, element, f"{where}[{i}]")
        ]
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        return [f"{where}: {error}"]
    return []


def _table_faults(table: dict[str, Any], kind: type[msgspec.Struct], where: str) -> list[str]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    prefix = f"{where}." if where else ""
    faults = [f"{prefix}{name}: unknown setting" for name in table if name not in fields]
    for name, field in fields.items():
        if name in table:
            faults += _faults(table[name], field.type, prefix + name)
        elif field.required:
            faults.append(f"{prefix}{name}: missing")
    return faults


def _element_of(kind: Any) -> Any | None:
    """The struct that a list or tuple setting holds, if it holds one."""
    described = inspect.type_info(kind)
    match described:
        case inspect.ListType(item_type=inspect.StructType(cls=cls)):
            return cls
        case inspect.VarTupleType(item_type=inspect.StructType(cls=cls)):
            return cast(Any, cls)
        case _:
            return None
