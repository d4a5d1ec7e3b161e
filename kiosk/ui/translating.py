"""Finds the sentences in tables of words, whatever their shape, and puts them into a language."""

import dataclasses
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType, ModuleType
from typing import Any, Final, TypeVar, cast

import kiosk.ui
from kiosk.ui.words import Counted

_MODULES: Final = "words"

Table = TypeVar("Table")


def translated(table: Table, say: Callable[[str], str]) -> Table:
    """A table like it, in which each sentence is what `say` makes of it."""
    return cast(Table, _translated(table, say))


def sentences() -> dict[str | Counted, list[str]]:
    """Every sentence of the modules `words*`, and where it is used, in their order."""
    found: dict[str | Counted, list[str]] = {}
    for module in _modules():
        for place, sentence in _of_module(module):
            found.setdefault(sentence, []).append(place)
    return found


def _translated(table: Any, say: Callable[[str], str]) -> Any:
    match table:
        case str():
            return say(table)
        case Counted():
            return table  # which of its forms is right depends on a number
        case Mapping():
            return MappingProxyType({key: _translated(each, say) for key, each in table.items()})
        case tuple() | list():
            return tuple(_translated(each, say) for each in table)
    fields = {field.name: getattr(table, field.name) for field in dataclasses.fields(table)}
    return dataclasses.replace(
        table, **{name: _translated(each, say) for name, each in fields.items()}
    )


def _modules() -> Iterator[ModuleType]:
    for info in sorted(pkgutil.iter_modules(kiosk.ui.__path__), key=lambda info: info.name):
        if info.name.startswith(_MODULES):
            yield importlib.import_module(f"kiosk.ui.{info.name}")


def _of_module(module: ModuleType) -> Iterator[tuple[str, str | Counted]]:
    """Its public constants."""
    for name, thing in vars(module).items():
        if name.isupper() and not name.startswith("_"):
            yield from _within(name, thing)


def _within(place: str, table: Any) -> Iterator[tuple[str, str | Counted]]:
    match table:
        case str() | Counted():
            if table:
                yield place, table
        case Mapping():
            for key, each in table.items():
                yield from _within(f"{place}.{key}", each)
        case tuple() | list():
            for number, each in enumerate(table):
                yield from _within(f"{place}.{number}", each)
        case _:
            for field in dataclasses.fields(table):
                yield from _within(f"{place}.{field.name}", getattr(table, field.name))
