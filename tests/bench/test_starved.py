"""While it is starved a line carries all but the picture."""

from typing import Any, cast

from tests.bench.bench_send import Bottleneck, Length, summary
from tests.bench.bench_starved import Picture
from tests.bench.relay import End

ANSWER = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nm=video 9 UDP/TLS/RTP/SAVPF 103 104\r\n"
SOUND = bytes([0x80, 111]) + bytes(10)
PICTURE = bytes([0x80, 103]) + bytes(10)
LAST_OF_PICTURE = bytes([0x90, 0x80 | 103]) + bytes(10)
REPAIR = bytes([0x80, 104]) + bytes(10)
REPORT = bytes([0x80, 200]) + bytes(10)
BINDING = bytes([0, 1]) + bytes(18)
HANDSHAKE = bytes([22, 103]) + bytes(10)
ALL = [SOUND, PICTURE, LAST_OF_PICTURE, REPAIR, REPORT, BINDING, HANDSHAKE]


class Left:
    """An end of a relay that remembers what left there."""

    def __init__(self) -> None:
        self.data: list[bytes] = []

    def leave(self, data: bytes) -> None:
        self.data.append(data)


def carried(*, starved: bool) -> list[bytes]:
    left = Left()
    end = cast("End", left)
    keep = left.data
    picture = Picture(end)
    picture.is_described(ANSWER)
    picture.starved = starved
    for data in ALL:
        end.leave(data)
    return keep


def test_a_line_carries_everything_until_it_is_starved() -> None:
    assert carried(starved=False) == ALL


def test_a_starved_line_carries_all_but_the_picture_and_its_repair() -> None:
    assert carried(starved=True) == [SOUND, REPORT, BINDING, HANDSHAKE]


def test_who_never_recovers_took_as_long_as_it_was_watched() -> None:
    def run(recovery_s: float | None) -> dict[str, Any]:
        return {"ours": {"recovery_s": recovery_s}}

    found = summary({"seed 0": run(3.0), "seed 1": run(None), "seed 2": run(5.0)}, Length())
    assert found["ours"] == {"median_s": 5.0, "worst_s": 45.0, "never": 1, "seeds": 3}


def test_recovery_is_when_most_of_the_rate_is_kept() -> None:
    way = Bottleneck()
    way.bins = {at: 25_000 if at < 40 or at >= 90 else 5_000 for at in range(200)}
    assert way.kbps(0, 10) == 800
    assert way.recovery_s(800, opened_s=20.0, ended_s=50.0) == 2.0
    assert way.recovery_s(800, opened_s=20.0, ended_s=25.0) is None
