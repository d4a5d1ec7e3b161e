"""Loads one TOML file into frozen structs and reports every fault in it at once."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import EllipsisType, GenericAlias, NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import msgspec

from kiosk.errors import ConfigError

Settings = TypeVar("Settings", bound=msgspec.Struct)


def load(path: Path, settings: type[Settings]) -> Settings:
    """Read `path` as `settings`.

    Raises ConfigError with one line for every fault: unreadable, not TOML, unknown, missing or
    wrong values, each with its path in the file.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(str(path), [f"cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            str(path), [f"cannot be read: byte {error.start + 1} is no UTF-8"]
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(path), [f"is not TOML: {error}"]) from error
    faults = _faults(data, settings, "")
    if faults:
        raise ConfigError(str(path), faults)
    return msgspec.convert(data, settings, dec_hook=_decoded)


def _faults(value: Any, kind: Any, where: str) -> list[str]:
    """Every fault of `value`, taken as `kind`: those of its parts, or else its own."""
    if faults := list(_faults_of_parts(value, kind, where)):
        return faults
    try:
        msgspec.convert(value, kind, dec_hook=_decoded)
    except msgspec.ValidationError as error:
        return [f"{where or 'the file'}: {error}"]
    return []


def _faults_of_parts(value: Any, kind: Any, where: str) -> Iterator[str]:
    match value, _bare(kind):
        case dict(), kind if _is_struct(kind):
            yield from _faults_of_table(value, kind, where)
        case dict(), kind if tagged := _by_tag(kind):
            yield from _faults_of_tagged(value, tagged, where)
        case _, kind if _is_struct(kind):
            yield f"{where}: expected a table"
        case dict(), GenericAlias(__origin__=origin, __args__=(_, part)) if origin is dict:
            for name, item in value.items():
                yield from _faults(item, part, f"{where}.{name}")
        case list(), GenericAlias(__args__=(part,) | (part, EllipsisType())):
            for i, item in enumerate(value):
                yield from _faults(item, part, f"{where}[{i}]")


def _faults_of_table(table: dict[str, Any], kind: Any, where: str) -> Iterator[str]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    prefix = f"{where}." if where else ""
    known = {*fields, kind.__struct_config__.tag_field}
    yield from (f"{prefix}{name}: unknown setting" for name in table if name not in known)
    for name, field in fields.items():
        if name in table:
            yield from _faults(table[name], field.type, prefix + name)
        elif field.required:
            yield f"{prefix}{name}: missing"


def _faults_of_tagged(table: dict[str, Any], kinds: dict[str, Any], where: str) -> Iterator[str]:
    """A table that says by its tag which of several kinds it is."""
    tag_field = next(iter(kinds.values())).__struct_config__.tag_field
    tag = table.get(tag_field)
    if isinstance(tag, str) and tag in kinds:
        yield from _faults_of_table(table, kinds[tag], where)
    else:
        found = "missing" if tag_field not in table else "not known"
        yield f"{where}.{tag_field}: {found}; there are {', '.join(kinds)}"


def _by_tag(kind: Any) -> dict[str, Any]:
    """The tables of a union, by the tags that tell them apart; none for any other type."""
    kinds = get_args(kind) if get_origin(kind) in (Union, UnionType) else ()
    tables = [_bare(part) for part in kinds]
    if not tables or not all(_is_struct(table) for table in tables):
        return {}
    return {table.__struct_config__.tag: table for table in tables}


def _decoded(kind: type, value: Any) -> Any:
    """The settings that TOML has no type for."""
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise ValueError(f"Expected `{'str' if kind is Path else kind.__name__}`")


def _bare(kind: Any) -> Any:
    """The type of a setting, less what says that it may be absent or how it is bounded."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        kinds = [arg for arg in get_args(kind) if arg is not NoneType]
        return _bare(kinds[0]) if len(kinds) == 1 else kind
    return kind


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)
