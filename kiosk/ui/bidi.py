"""Brings a line of text into the order in which it is drawn: Unicode's bidirectional algorithm.

After Unicode Standard Annex #9, for one line; its rules are named where they stand. Embeddings and
overrides have no effect (a name shall not turn what stands around it), isolates have theirs.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal, TypeAlias

Side: TypeAlias = Literal["L", "R"]

FIRST_STRONG_ISOLATE: Final = "\u2068"
POP_ISOLATE: Final = "\u2069"

_ISOLATES: Final = {"LRI": "L", "RLI": "R", "FSI": None}
_IGNORED: Final = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "PDI", "BN", "B"})
_NEUTRAL: Final = frozenset({"S", "WS", "ON"})
_BRACKETS: Final = {"(": ")", "[": "]", "{": "}"}
_PAIRED: Final = ("()", "[]", "{}", "<>", "«»", "\u2039\u203a")
_MIRRORED: Final = {pair[side]: pair[1 - side] for pair in _PAIRED for side in (0, 1)}
_DEEPEST = 8  # isolates in isolates beyond this are read as if they were not there


@dataclass(slots=True)
class _Unit:
    """What keeps together: a letter with its marks, or an isolate that has its order already."""

    drawn: str
    kind: str
    whole: bool = False


def is_from_the_right(char: str) -> bool:
    """Whether it is a letter that is read from the right."""
    return unicodedata.bidirectional(char) in ("R", "AL")


def begins_on_the_right(text: str) -> bool:
    """Whether the first letter is read from the right (rules P2 and P3)."""
    return _first_strong(text) == "R"


def isolated(text: str) -> str:
    """`text` so that neither it nor what stands around it changes the order of the other."""
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"


def visual(line: str, *, rtl: bool) -> str:
    """`line` as it stands from left to right, in a paragraph that begins on the right if `rtl`."""
    if not rtl and line.isascii():
        return line
    return _ordered(line, "R" if rtl else "L", 0)


def _ordered(line: str, base: Side, depth: int) -> str:
    units = _units(line, depth)
    kinds = _resolved([unit.kind for unit in units], [unit.drawn for unit in units], base)
    levels = [_level(kind, base) for kind in kinds]
    for place in range(len(units) - 1, -1, -1):  # L1: spaces at the end
        if units[place].kind not in {"WS", "S"}:
            break
        levels[place] = 1 if base == "R" else 0
    for unit, level in zip(units, levels, strict=True):
        if level % 2 and not unit.whole:  # L4
            unit.drawn = _MIRRORED.get(unit.drawn[0], unit.drawn[0]) + unit.drawn[1:]
    return "".join(unit.drawn for unit in _turned(units, levels))


def _units(line: str, depth: int) -> list[_Unit]:
    units: list[_Unit] = []
    place = 0
    while place < len(line):
        char = line[place]
        kind = unicodedata.bidirectional(char) or "L"
        place += 1
        if kind in _ISOLATES and depth < _DEEPEST:
            inside = _inside(line, place)
            place += len(inside) + 1
            drawn = _ordered(inside, _ISOLATES[kind] or _first_strong(inside), depth + 1)
            units.append(_Unit(drawn, "ON", whole=True))
        elif kind in _ISOLATES or kind in _IGNORED:
            continue
        elif kind == "NSM" and units:  # W1, and L3: a mark stays behind its letter
            units[-1].drawn += char
        else:
            units.append(_Unit(char, "ON" if kind == "NSM" else kind))
    return units


def _inside(line: str, begin: int) -> str:
    """What an isolate that begins before `begin` holds, up to its end or that of the line."""
    open_isolates = 1
    for place in range(begin, len(line)):
        kind = unicodedata.bidirectional(line[place])
        open_isolates += (kind in _ISOLATES) - (kind == "PDI")
        if open_isolates == 0:
            return line[begin:place]
    return line[begin:]


def _first_strong(text: str) -> Side:
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in {"L", "R", "AL"}:
            return "L" if kind == "L" else "R"
    return "L"


def _resolved(kinds: list[str], drawn: Sequence[str], base: Side) -> list[str]:
    """L, R, EN or AN for each unit: rules W2 to W7, N0 to N2."""
    _weak(kinds, base)
    _brackets(kinds, drawn, base)
    place = 0
    for neutral, run in groupby(list(kinds), _NEUTRAL.__contains__):
        length = len(list(run))
        if neutral:
            before = _side(kinds[place - 1]) if place else base
            after = _side(kinds[place + length]) if place + length < len(kinds) else base
            kinds[place : place + length] = [before if before == after else base] * length  # N1, N2
        place += length
    return kinds


def _weak(kinds: list[str], base: Side) -> None:
    _after_strong(kinds, base, lambda strong: "AN" if strong == "AL" else "EN")  # W2
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]  # W3
    for place in range(1, len(kinds) - 1):  # W4
        before, kind, after = kinds[place - 1 : place + 2]
        if before == after and (kind, before) in {("ES", "EN"), ("CS", "EN"), ("CS", "AN")}:
            kinds[place] = before
    place = 0
    for kind, run in groupby(list(kinds)):  # W5, W6
        end = place + len(list(run))
        if kind == "ET":
            near = {kinds[place - 1] if place else "", kinds[end] if end < len(kinds) else ""}
            kinds[place:end] = ["EN" if "EN" in near else "ON"] * (end - place)
        elif kind in {"ES", "CS"}:
            kinds[place:end] = ["ON"] * (end - place)
        place = end
    _after_strong(kinds, base, lambda strong: "L" if strong == "L" else "EN")  # W7


def _after_strong(kinds: list[str], base: Side, number: Callable[[str], str]) -> None:
    """European numbers become what the last strong letter before them makes of them."""
    strong: str = base
    for place, kind in enumerate(kinds):
        if kind in {"L", "R", "AL"}:
            strong = kind
        elif kind == "EN":
            kinds[place] = number(strong)


def _brackets(kinds: list[str], drawn: Sequence[str], base: Side) -> None:
    """N0: a pair of brackets goes with what it holds, or with what stands before it."""
    for begin, end in _pairs(kinds, drawn):
        sides = {_side(kind) for kind in kinds[begin + 1 : end] if kind not in _NEUTRAL}
        if base in sides:
            kinds[begin] = kinds[end] = base
        elif sides:
            strong = (_side(kind) for kind in reversed(kinds[:begin]) if kind not in _NEUTRAL)
            other: Side = "L" if base == "R" else "R"
            kinds[begin] = kinds[end] = other if next(strong, base) == other else base


def _pairs(kinds: Sequence[str], drawn: Sequence[str]) -> list[tuple[int, int]]:
    pairs = []
    opened: list[tuple[str, int]] = []
    for place, (kind, text) in enumerate(zip(kinds, drawn, strict=True)):
        if kind != "ON" or not text:
            continue
        if text[0] in _BRACKETS:
            opened.append((_BRACKETS[text[0]], place))
        elif any(closing == text[0] for closing, _ in opened):
            while opened:
                closing, begin = opened.pop()
                if closing == text[0]:
                    pairs.append((begin, place))
                    break
    return sorted(pairs)


def _side(kind: str) -> Side:
    """What a kind counts as for its neighbours: numbers stand as in a text from the right."""
    return "L" if kind == "L" else "R"


def _level(kind: str, base: Side) -> int:
    """I1, I2."""
    if base == "L":
        return {"L": 0, "R": 1}.get(kind, 2)
    return 1 if kind == "R" else 2


def _turned(units: list[_Unit], levels: list[int]) -> list[_Unit]:
    """L2: from the highest level down, each stretch of that level or above is turned."""
    order = list(range(len(units)))
    for level in range(max(levels, default=0), 0, -1):
        place = 0
        for turns, run in groupby([levels[i] >= level for i in order]):
            end = place + len(list(run))
            if turns:
                order[place:end] = order[place:end][::-1]
            place = end
    return [units[i] for i in order]
