"""Loads one TOML file into frozen structs and reports every fault in it at once."""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import EllipsisType, GenericAlias, NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import msgspec

from kiosk.errors import ConfigError

Settings = TypeVar("Settings", bound=msgspec.Struct)


class Faults(ValueError):
    """For a table's `__post_init__`: all that is wrong with its parts taken together, with paths."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


def raise_faults(*checks: Iterable[str]) -> None:
    """Raise Faults with what the checks find; each goes as far as what it looks at is sound."""
    if faults := list(_found(*checks)):
        raise Faults(faults)


def load(
    path: Path, settings: type[Settings], *checks: Callable[[Settings], Iterable[str]]
) -> Settings:
    """Read `path` as `settings`; `checks` find what is wrong on this machine.

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
    draft = _draft(data, settings)
    faults += _found(*(check(draft) for check in checks))
    if faults:
        raise ConfigError(str(path), faults)
    return msgspec.convert(data, settings, dec_hook=_decoded)


def _faults(value: Any, kind: Any, where: str) -> list[str]:
    """Every fault of `value`, taken as `kind`: those of its parts, and its own."""
    faults = [*_faults_of_parts(value, kind, where), *_faults_together(value, kind, where)]
    if faults:
        return faults
    try:
        msgspec.convert(value, kind, dec_hook=_decoded)
    except msgspec.ValidationError as error:
        return [f"{where or 'the file'}: {error}"]
    return []


def _faults_together(value: Any, kind: Any, where: str) -> list[str]:
    """What a table itself finds wrong with its parts, as far as those are sound."""
    try:
        draft = _draft(value, kind)
        if isinstance(draft, _Draft):
            draft.check()
    except _UnsoundError:
        return []
    except Faults as error:
        return [f"{where}.{fault}" if where else fault for fault in error.faults]
    except (ValueError, TypeError) as error:
        return [f"{where or 'the file'}: {error}"]
    return []


class _UnsoundError(Exception):
    """Something is asked for that has a fault of its own, which is told."""


class _Draft:
    """A table that can not be had yet; its checks may look at what is sound in it."""

    def __init__(self, kind: Any, parts: dict[str, Any]) -> None:
        self._kind = kind
        self._parts = parts

    def check(self) -> None:
        if hasattr(self._kind, "__post_init__"):
            self._kind.__post_init__(self)

    def __getattr__(self, name: str) -> Any:
        if name in self._parts:
            return self._parts[name]
        if name in self._kind.__struct_fields__:
            raise _UnsoundError
        return getattr(self._kind, name).__get__(self)


def _found(*checks: Iterable[str]) -> Iterator[str]:
    for check in checks:
        try:
            yield from check
        except _UnsoundError:
            continue


def _draft(value: Any, kind: Any) -> Any:
    """`value` as `kind`, or what is sound of it. Raises _UnsoundError when nothing is."""
    try:
        return msgspec.convert(value, kind, dec_hook=_decoded)
    except msgspec.ValidationError:
        pass
    match value, _bare(kind):
        case dict(), kind if table := _table(value, kind):
            return _Draft(table, dict(_sound_parts(value, table)))
        case dict(), GenericAlias(__origin__=origin, __args__=(_, part)) if origin is dict:
            return {name: _draft(item, part) for name, item in value.items()}
        case list(), GenericAlias(__args__=(part,) | (part, EllipsisType())):
            return tuple(_draft(item, part) for item in value)
    raise _UnsoundError


def _sound_parts(table: dict[str, Any], kind: Any) -> Iterator[tuple[str, Any]]:
    for field in msgspec.structs.fields(kind):
        if field.encode_name in table:
            try:
                yield field.name, _draft(table[field.encode_name], field.type)
            except _UnsoundError:
                continue
        elif not field.required:
            given = field.default is not msgspec.NODEFAULT
            yield field.name, field.default if given else field.default_factory()


def _table(table: dict[str, Any], kind: Any) -> Any:
    """Which kind of table it is, if it says so; None for what is none."""
    if _is_struct(kind):
        return kind
    tagged = _by_tag(kind)
    said = [table.get(kind.__struct_config__.tag_field) for kind in tagged.values()]
    return tagged.get(said[0]) if said and isinstance(said[0], str) else None


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
