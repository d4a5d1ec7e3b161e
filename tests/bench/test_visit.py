"""What a visit costs is counted where all of the picture was sent."""

from typing import Any

from tests.bench.bench_visit import is_whole, summary
from tests.bench.figures import flowed


def test_a_smaller_or_slower_picture_is_not_whole() -> None:
    assert is_whole({"size_px": [640, 480], "fps": 29.1})
    assert not is_whole({"size_px": [480, 360], "fps": 29.1})
    assert not is_whole({"size_px": [640, 480], "fps": 24.0})


def test_cost_is_of_visits_with_whole_pictures() -> None:
    visits: list[dict[str, Any]] = [
        {"join_ms": 200, "whole_pictures": True, "cpu_percent": 30.0},
        {"join_ms": 300, "whole_pictures": False, "cpu_percent": 10.0},
        {"join_ms": 400},
    ]
    found = summary(visits)
    assert (found["whole_visits"], found["cpu_percent"], found["join_ms"]) == (1, 30.0, 300)
    assert found["worst"] == {"join_ms": 400, "cpu_percent": 30.0}
    assert summary(visits[1:])["cpu_percent"] == 10.0


def test_what_flowed_is_told_from_a_browser_s_counters() -> None:
    size = {"frameWidth": 640, "frameHeight": 480}
    got = {"framesReceived": 10, "bytesReceived": 1000, **size}
    later = {"framesReceived": 70, "bytesReceived": 251_000, **size}
    assert flowed(got, later, 2.0) == {"size_px": [640, 480], "fps": 30.0, "kbps": 1000}
    sent = {"framesSent": 10, "bytesSent": 1000, **size}
    assert flowed(sent, {**sent, "framesSent": 25}, 0.5)["fps"] == 30.0
