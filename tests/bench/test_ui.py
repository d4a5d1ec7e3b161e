"""The bench of the screen: when its status says that a bar was missed."""

from typing import Any

import pytest

from tests.bench.bench_ui import WAYS, beyond


def found(**changed: Any) -> dict[str, Any]:
    """What a run measured: everything at its bar, but for these of the first way to draw."""
    figures = {
        "touch_to_pixel_ms": {"p95": 50.0},
        "touch_to_pixel_in_visit_ms": {"p95": 50.0},
        "show_to_drawn_ms": {"max": 100.0},
        "every_kind_ms": {"first": {"max": 100.0}, "again": {"max": 100.0}},
        "turns": {"over_100_ms": 0},
        "drawing_fps": 29.5,
        "idle_cpu_percent": 2.0,
    }
    return dict.fromkeys(WAYS, figures) | {WAYS[0]: figures | changed}


def test_what_keeps_to_its_bar_is_not_named() -> None:
    assert beyond(found()) == []


@pytest.mark.parametrize(
    ("figure", "value", "name"),
    [
        ("touch_to_pixel_ms", {"p95": 50.1}, "touch"),
        ("touch_to_pixel_in_visit_ms", {"p95": 50.1}, "touch in a visit"),
        ("show_to_drawn_ms", {"max": 100.1}, "another screen"),
        (
            "every_kind_ms",
            {"first": {"max": 100.1}, "again": {"max": 100.0}},
            "the first time",
        ),
        (
            "every_kind_ms",
            {"first": {"max": 100.0}, "again": {"max": 100.1}},
            "screens of every kind",
        ),
        ("turns", {"over_100_ms": 1}, "turns"),
        ("drawing_fps", 29.4, "pictures"),
        ("idle_cpu_percent", 2.1, "idle"),
    ],
)
def test_what_is_beyond_its_bar_is_named(figure: str, value: object, name: str) -> None:
    assert beyond(found(**{figure: value})) == [f"cpu_video_on: {name}"]
