"""The one table: what each bench found of the terminal and of Chromium, beside its bar and goal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from kiosk.clock import Seconds

Found: TypeAlias = Mapping[str, Any]
Parts: TypeAlias = Mapping[str, Found]
"""What each bench published, by its name; one that failed is not there."""

SIDES: Final = {"terminal": "ours", "chromium": "chromium"}
SHORTEST_S: Final[Seconds] = 0.25
"""What recovery is measured in; nothing is faster."""

SEEN_AT: Final = {"terminal": "at_terminal_ms", "chromium": "at_browser_ms"}
"""Where lips and words were compared: each is sent them by the other."""

LOSSES: Final = {1: "1%/80ms", 3: "3%/80ms", 5: "5%/150ms", 10: "10%/150ms"}

WAYS: Final = {"terminal": "ours", "Chromium in its place": "chromium", "less data": "less_data"}
FAMILY: Final = (
    ("sound missing at the phone, worst", "at_phone.sound_gap_s_worst", "s"),
    ("sound missing at the terminal, worst", "at_terminal.sound_gap_s_worst", "s"),
    ("pictures at the phone", "at_phone.fps", "a second"),
    ("their height", "at_phone.height_px", "px"),
    ("pictures at the terminal", "at_terminal.fps", "a second"),
    ("data in half an hour", "half_hour_mb", "MB"),
)
LESS_DATA_MB: Final = 80.0


@dataclass(frozen=True)
class Row:
    """One figure, and `of`, the absolute one behind it."""

    key: str
    title: str
    of: str
    unit: str
    bar: float | None
    goal: float | None
    """None: as good as Chromium."""


ROWS: Final = (
    Row("join_ratio", "join: touch to first picture", "join_ms", "ms", 1.0, 0.5),
    Row("cpu_ratio", "CPU in a visit, without what draws", "cpu_percent", "%", 1.0, 0.7),
    Row("cpu_tree_ratio", "CPU in a visit, whole tree", "cpu_tree_percent", "%", None, 0.8),
    Row("pss_ratio", "memory (PSS), whole tree", "pss_tree_mb", "MB", 1.2, 0.75),
    Row("latency_extra_ms", "picture's age, clean line", "latency_p50_ms", "ms", 33.0, 0.0),
    Row("freeze_s_1pct_worst", "frozen at 1 %, 80 ms", "freeze_s_1pct_worst", "s", 0.5, 0.0),
    Row("freeze_s_3pct_worst", "frozen at 3 %, 80 ms", "freeze_s_3pct_worst", "s", 1.0, 0.0),
    Row("freeze_s_5pct_worst", "frozen at 5 %, 150 ms", "freeze_s_5pct_worst", "s", 2.0, None),
    Row("freeze_s_10pct_worst", "frozen at 10 %, 150 ms", "freeze_s_10pct_worst", "s", None, None),
    Row("recovery_ratio", "90 % of the rate after a squeeze", "recovery_s", "s", 2.0, 1.0),
    Row("audio_gap_s", "sound missing while no picture comes", "audio_gap_s", "s", 0.0, 0.0),
    Row("lip_sync_ms", "sound apart from lips at 3 and 5 %", "lip_sync_ms", "ms", 80.0, None),
)


def put_together(parts: Parts) -> dict[str, Any]:
    """The figures of all rows, and the absolute ones behind them; None where nothing was found."""
    terminal, chromium = (absolutes(parts, side) for side in SIDES)
    found: dict[str, Any] = {row.key: _figure(row, terminal, chromium) for row in ROWS}
    return {**found, "terminal": terminal, "chromium": chromium, "family": parts.get("family")}


def absolutes(parts: Parts, side: str) -> dict[str, Any]:
    """All that was measured of the terminal or of Chromium."""
    found: dict[str, Any] = {}
    if visit := parts.get("visit", {}).get(side):
        names = ("join_ms", "cpu_percent", "cpu_tree_percent", "pss_mb", "pss_tree_mb")
        found |= {name: visit[name] for name in names}
        found |= {f"latency_{part}_ms": visit[f"age_{part}_ms"] for part in ("p50", "p95")}
        found["visits"] = visit["visits"]
    name = SIDES[side]
    for loss, line in LOSSES.items():
        if frozen := parts.get("loss", {}).get(line, {}).get(name):
            found[f"freeze_s_{loss}pct_worst"] = frozen["frozen_s_worst"]
            found[f"loss_{loss}pct"] = frozen
    if recovery := parts.get("send", {}).get("recovery", {}).get(name):
        found |= {"recovery_s": recovery["median_s"], "recovery": recovery}
    if starved := parts.get("starved", {}).get(name):
        found |= {"audio_gap_s": starved["gap_s_worst"], "starved": starved}
    if audio := {line: ways[name] for line, ways in parts.get("audio", {}).items() if name in ways}:
        found["audio"] = audio
    lips = parts.get("audio", {}).get("lip_sync", {})
    if (apart_ms := lips.get(SEEN_AT[side])) is not None:
        found |= {"lip_sync_ms": apart_ms, "lip_sync": lips["each_ms"]}
    return found


def _figure(row: Row, terminal: Found, chromium: Found) -> float | None:
    if row.of not in terminal or row.of not in chromium:
        return None
    if (
        row.key == "recovery_ratio"
        and 2 * chromium["recovery"]["never"] > chromium["recovery"]["seeds"]
    ):
        return None  # the machine was too busy to tell anything of the line
    ours, theirs = float(terminal[row.of]), float(chromium[row.of])
    if row.key.endswith("_ratio"):
        least = SHORTEST_S if row.key == "recovery_ratio" else 0.001
        return round(max(ours, least) / max(theirs, least), 2)
    return round(ours - theirs, 1) if row.key == "latency_extra_ms" else ours


def verdict(row: Row, found: Found) -> str:
    """Whether the bar is met, or even the goal."""
    figure = found[row.key]
    if figure is None:
        return "not measured"
    goal = found["chromium"][row.of] if row.goal is None else row.goal
    if figure <= goal:
        return "goal met"
    if row.bar is None:
        return "reported"
    return "met" if figure <= row.bar else "NOT MET"


def markdown(found: Found) -> str:
    """As docs/performance.md carries it."""
    lines = [
        "| figure | terminal | Chromium | terminal / Chromium | bar | goal | |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [_line(row, found) for row in ROWS]
    return "\n".join(lines) + "\n"


def family_markdown(family: Found | None) -> str:
    """The family's phone on a poor line, and a call with less data; nothing without figures."""
    if family is None:
        return ""
    lines = [f"| the family's phone | {' | '.join(WAYS)} |", "|---|---|---|---|"]
    for title, path, unit in FAMILY:
        values = [_number(_at(family[way], path)) for way in WAYS.values()]
        lines.append(f"| {title} | {' | '.join(f'{value} {unit}' for value in values)} |")
    return "\n".join(lines) + "\n"


def missed(found: Found) -> list[str]:
    """The bars that are not met, or of which nothing is known: of the table, and of the family's
    phone."""
    rows = [row.title for row in ROWS if verdict(row, found) in ("NOT MET", "not measured")]
    return rows + _missed_by_the_family(found["family"])


def _missed_by_the_family(family: Found | None) -> list[str]:
    """Sound has no more gaps than with Chromium in our place, and less data is less."""
    if family is None:
        return []
    ours, chromium = family["ours"], family["chromium"]
    gaps = [path for _, path, _ in FAMILY if path.endswith("gap_s_worst")]
    rows = [f"family: {path}" for path in gaps if _at(ours, path) > _at(chromium, path)]
    if family["less_data"]["half_hour_mb"] > LESS_DATA_MB:
        rows.append("family: less data")
    return rows


def _at(found: Any, path: str) -> Any:
    for name in path.split("."):
        found = found[name]
    return found


def _line(row: Row, found: Found) -> str:
    figure = found[row.key]
    shown = _number(figure) if row.key.endswith("_ratio") else ""
    if row.key == "latency_extra_ms" and figure is not None:
        shown = f"{figure:+g} ms"
    cells: Sequence[str] = (
        row.title,
        f"{_number(found['terminal'].get(row.of))} {row.unit}",
        f"{_number(found['chromium'].get(row.of))} {row.unit}",
        shown,
        "reported" if row.bar is None else f"<= {row.bar:g}",
        "<= Chromium" if row.goal is None else f"<= {row.goal:g}",
        verdict(row, found),
    )
    return f"| {' | '.join(cells)} |"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"
