"""The one table says of each figure what it is, and whether it is good enough."""

from typing import Any

import pytest

from tests.bench import (
    bench_audio,
    bench_family,
    bench_loss,
    bench_send,
    bench_starved,
    bench_visit,
)
from tests.bench.table import LOSSES, ROWS, family_markdown, markdown, missed, put_together, verdict

KEYS = [
    "join_ratio",
    "cpu_ratio",
    "cpu_tree_ratio",
    "pss_ratio",
    "latency_extra_ms",
    "freeze_s_1pct_worst",
    "freeze_s_3pct_worst",
    "freeze_s_5pct_worst",
    "freeze_s_10pct_worst",
    "recovery_ratio",
    "audio_gap_s",
    "lip_sync_ms",
]


def visits(join_ms: float, age_ms: float) -> dict[str, Any]:
    return {
        "join_ms": join_ms,
        "cpu_percent": 30.0,
        "cpu_tree_percent": 60.0,
        "pss_mb": 130.0,
        "pss_tree_mb": 250.0,
        "age_p50_ms": age_ms,
        "age_p95_ms": age_ms + 10,
        "visits": [{"join_ms": join_ms}],
    }


def recovery(median_s: float, never: int = 0) -> dict[str, Any]:
    return {"median_s": median_s, "never": never, "seeds": 5}


def parts(**others: Any) -> dict[str, Any]:
    frozen = {"ours": {"frozen_s_worst": 0.4}, "chromium": {"frozen_s_worst": 0.2}}
    return {
        "visit": {"terminal": visits(150.0, 30.0), "chromium": visits(200.0, 20.5)},
        "loss": dict.fromkeys(("1%/80ms", "3%/80ms", "5%/150ms", "10%/150ms"), frozen),
        "send": {"recovery": {"ours": recovery(9.0), "chromium": recovery(6.0)}},
        "starved": {"ours": {"gap_s_worst": 0.0}, "chromium": {"gap_s_worst": 0.0}},
        "audio": {
            "3%/80ms": {"ours": {"gap_s": 0.1}, "chromium": {"gap_s": 0.2}},
            "lip_sync": {"at_terminal_ms": 20, "at_browser_ms": 50, "each_ms": {}},
        },
        **others,
    }


def said_of(key: str, found: dict[str, Any]) -> str:
    return verdict(next(row for row in ROWS if row.key == key), found)


def test_a_figure_has_the_name_that_machines_read() -> None:
    found = put_together(parts())
    assert [row.key for row in ROWS] == KEYS
    assert list(found) == [*KEYS, "terminal", "chromium", "family"]


def test_behind_each_figure_stand_those_of_both_and_whether_all_was_found() -> None:
    found = put_together(parts())
    for row in ROWS:
        assert found[row.key] is not None
        assert {row.of} <= found["terminal"].keys() & found["chromium"].keys()
    assert missed(put_together({})) == [row.title for row in ROWS]
    assert found["terminal"]["visits"] == [{"join_ms": 150.0}]


def test_ratios_are_of_the_terminal_to_chromium() -> None:
    found = put_together(parts())
    assert found["join_ratio"] == 0.75
    assert found["cpu_ratio"] == found["pss_ratio"] == 1.0
    assert found["recovery_ratio"] == 1.5
    assert found["latency_extra_ms"] == 9.5
    assert found["freeze_s_3pct_worst"] == 0.4
    assert found["audio_gap_s"] == 0.0


def test_the_figures_behind_a_ratio_are_told() -> None:
    found = put_together(parts())
    assert (found["terminal"]["join_ms"], found["chromium"]["join_ms"]) == (150.0, 200.0)
    assert found["terminal"]["latency_p95_ms"] == 40.0
    assert found["chromium"]["freeze_s_10pct_worst"] == 0.2
    assert found["terminal"]["audio"]["3%/80ms"]["gap_s"] == 0.1


def test_lips_and_words_at_the_terminal_are_held_to_the_bar() -> None:
    found = put_together(parts())
    assert found["lip_sync_ms"] == 20.0
    assert said_of("lip_sync_ms", found) == "goal met"
    assert (
        "| sound apart from lips at 3 and 5 % | 20 ms | 50 ms |  | <= 80 | <= Chromium | goal met |"
        in (markdown(found))
    )


def test_who_recovers_at_once_makes_no_ratio_without_bounds() -> None:
    at_once = {"recovery": {"ours": recovery(1.0), "chromium": recovery(0.0)}}
    assert put_together(parts(send=at_once))["recovery_ratio"] == 4.0


def test_recovery_is_not_measured_where_even_chromium_does_not_recover() -> None:
    never = {"recovery": {"ours": recovery(45.0, never=3), "chromium": recovery(45.0, never=3)}}
    assert put_together(parts(send=never))["recovery_ratio"] is None
    ours_never = {"recovery": {"ours": recovery(45.0, never=5), "chromium": recovery(9.0, never=2)}}
    assert put_together(parts(send=ours_never))["recovery_ratio"] == 5.0


def test_a_figure_is_held_to_its_bar_and_to_its_goal() -> None:
    found = put_together(parts())
    assert said_of("join_ratio", found) == "met"
    assert said_of("audio_gap_s", found) == "goal met"
    assert said_of("cpu_tree_ratio", found) == "reported"
    slow = put_together(
        parts(visit={"terminal": visits(300.0, 60.0), "chromium": visits(200.0, 20)})
    )
    assert said_of("join_ratio", slow) == said_of("latency_extra_ms", slow) == "NOT MET"


def test_where_no_number_is_the_goal_chromium_is() -> None:
    found = put_together(parts())
    assert said_of("freeze_s_5pct_worst", found) == "met"
    found["freeze_s_5pct_worst"] = 0.2
    assert said_of("freeze_s_5pct_worst", found) == "goal met"


def test_a_part_that_failed_leaves_the_others() -> None:
    found = put_together({"visit": parts()["visit"]})
    assert found["join_ratio"] == 0.75
    assert found["recovery_ratio"] is found["audio_gap_s"] is None
    assert said_of("recovery_ratio", found) == "not measured"
    assert "| - s | - s |" in markdown(found)


def test_the_table_has_a_line_for_each_figure() -> None:
    lines = markdown(put_together(parts())).splitlines()
    assert len(lines) == 2 + len(ROWS)
    join = "| join: touch to first picture | 150 ms | 200 ms | 0.75 | <= 1 | <= 0.5 | met |"
    assert join in lines
    assert "| +9.5 ms |" in "\n".join(lines)


def family(gap_s: float = 0.1, less_mb: float = 62.5) -> dict[str, Any]:
    def way(gap_s: float, half_hour_mb: float) -> dict[str, Any]:
        at_phone = {"sound_gap_s_worst": gap_s, "fps": 20.0, "height_px": 240}
        at_terminal = {"sound_gap_s_worst": 0.0, "fps": 25.0}
        return {"at_phone": at_phone, "at_terminal": at_terminal, "half_hour_mb": half_hour_mb}

    return {"ours": way(gap_s, 90.0), "chromium": way(0.1, 90.0), "less_data": way(0.1, less_mb)}


def test_what_is_beyond_its_bar_is_named() -> None:
    found = put_together(parts())
    assert missed(found) == []
    assert missed(found | {"join_ratio": 1.1}) == ["join: touch to first picture"]
    assert missed(found | {"recovery_ratio": None}) == ["90 % of the rate after a squeeze"]
    assert missed(found | {"family": family()}) == []
    assert missed(found | {"family": family(0.2, 81.0)}) == [
        "family: at_phone.sound_gap_s_worst",
        "family: less data",
    ]


def test_the_family_s_phone_has_a_table_of_its_own() -> None:
    table = family_markdown(family())
    assert "| data in half an hour | 90 MB | 90 MB | 62.5 MB |" in table
    assert family_markdown(None) == ""


@pytest.mark.parametrize("part", [bench_loss, bench_send, bench_starved, bench_audio, bench_family])
def test_a_whole_run_has_five_seeds_at_the_least(part: Any) -> None:
    assert part.Length().seeds >= 5
    assert part.QUICK.seeds == 1


def test_a_whole_run_has_five_visits_and_looks_at_bad_lines_for_forty_seconds() -> None:
    assert bench_visit.Length().visits >= 5
    assert bench_loss.Length().watch_s >= 40
    lines = {f"{loss}%/{round_trip_ms}ms" for loss, round_trip_ms in bench_loss.TABLE_LINES}
    assert lines == set(LOSSES.values())
