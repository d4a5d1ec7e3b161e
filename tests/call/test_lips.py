"""Lips and words together: who is early waits, and nobody else, whatever a sender claims."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.call.lips import TOLERATED_S, Course, LipSync
from kiosk.call.playout import MOST_DELAY_S

SOUND, PICTURE = 7, 8
SOUND_HZ, PICTURE_HZ = 48_000, 90_000
SENDERS_CLOCK_S = 3.9e9
SOUNDS_FIRST, PICTURES_FIRST = 0xFFFF_0000, 1000
"""Where the stamps were when the sender's clock said so; those of sound soon begin again at 0."""


def synced() -> LipSync:
    """Both have been reported on once."""
    lips = LipSync()
    lips.reported("audio", SOUND, SENDERS_CLOCK_S, SOUNDS_FIRST)
    lips.reported("video", PICTURE, SENDERS_CLOCK_S, PICTURES_FIRST)
    return lips


def sound(taken_s: float, way_s: float, delay_s: float = 0.0) -> Course:
    """What was said at `taken_s` of the sender's clock needs `way_s` to come here."""
    stamp = (SOUNDS_FIRST + round(taken_s * SOUND_HZ)) % (1 << 32)
    return Course(SOUND, stamp, taken_s + way_s, delay_s)


def picture(taken_s: float, way_s: float, delay_s: float = 0.0) -> Course:
    stamp = PICTURES_FIRST + round(taken_s * PICTURE_HZ)
    return Course(PICTURE, stamp, taken_s + way_s, delay_s)


def test_streams_that_are_together_wait_for_nothing() -> None:
    lips = synced()
    assert lips.wait_s("video", picture(1.0, 0.10), 1.0) == 0.0
    assert lips.wait_s("audio", sound(1.0, 0.10, 0.03), 1.0) == 0.0
    assert lips.wait_s("video", picture(1.03, 0.10), 1.03) == 0.0


def test_sound_waits_for_pictures_that_are_held_up() -> None:
    lips = synced()
    lips.wait_s("video", picture(5.0, 0.10, 0.25), 5.0)
    assert lips.wait_s("audio", sound(5.0, 0.06), 5.0) == pytest.approx(
        0.29 - TOLERATED_S, abs=1e-5
    )


def test_it_waits_as_long_when_it_has_reason_to_wait_by_itself() -> None:
    lips = synced()
    lips.wait_s("video", picture(5.0, 0.10, 0.25), 5.0)
    alone = lips.wait_s("audio", sound(5.0, 0.10), 5.0)
    assert lips.wait_s("audio", sound(5.0, 0.10, 0.2), 5.0) == pytest.approx(alone)


def test_pictures_wait_for_sound_that_is_held_up() -> None:
    lips = synced()
    lips.wait_s("audio", sound(9.0, 0.10, 0.2), 9.0)
    assert lips.wait_s("video", picture(9.0, 0.05), 9.0) == pytest.approx(
        0.25 - TOLERATED_S, abs=1e-5
    )


def test_it_is_the_latest_report_that_counts() -> None:
    lips = synced()
    lips.reported("audio", SOUND, SENDERS_CLOCK_S + 60.0, SOUNDS_FIRST + 60 * SOUND_HZ - 4800)
    lips.wait_s("audio", sound(61.0, 0.1), 61.0)
    assert lips.wait_s("video", picture(61.0, 0.1), 61.0) == pytest.approx(0.0, abs=1e-5)
    lips.wait_s("video", picture(61.0, 0.1), 61.0)
    assert lips.wait_s("audio", sound(61.0, 0.1), 61.0) == pytest.approx(
        0.1 - TOLERATED_S, abs=1e-5
    )


def test_without_a_report_on_both_nobody_waits() -> None:
    lips = LipSync()
    lips.reported("video", PICTURE, SENDERS_CLOCK_S, PICTURES_FIRST)
    lips.wait_s("video", picture(1.0, 0.1, 0.3), 1.0)
    assert lips.wait_s("audio", sound(1.0, 0.1), 1.0) == 0.0
    assert lips.wait_s("video", picture(1.0, 0.1), 1.0) == 0.0


def test_nobody_waits_for_a_stream_that_has_stopped() -> None:
    lips = synced()
    lips.wait_s("video", picture(5.0, 0.1, 0.3), 5.0)
    assert lips.wait_s("audio", sound(5.5, 0.1), 5.5) > 0.2
    assert lips.wait_s("audio", sound(6.5, 0.1), 6.5) == 0.0


def test_nor_for_one_whose_source_is_another_now() -> None:
    lips = synced()
    lips.wait_s("video", picture(5.0, 0.1, 0.3), 5.0)
    lips.wait_s("video", Course(99, 0, 5.0, 0.3), 5.0)
    assert lips.wait_s("audio", sound(5.0, 0.1), 5.0) == 0.0


def test_streams_that_were_put_on_different_clocks_do_not_wait() -> None:
    lips = synced()
    lips.reported("video", PICTURE, SENDERS_CLOCK_S + 30.0, PICTURES_FIRST)
    lips.wait_s("video", picture(1.0, 0.1, 0.3), 1.0)
    assert lips.wait_s("audio", sound(1.0, 0.1), 1.0) == 0.0


STAMPS = st.integers(0, (1 << 32) - 1)
CLOCKS = st.integers(0, (1 << 64) - 1).map(lambda ntp: ntp / (1 << 32))
REPORTS = st.tuples(st.sampled_from(["audio", "video"]), st.integers(0, 20), CLOCKS, STAMPS)
COURSES = st.tuples(
    st.sampled_from(["audio", "video"]),
    st.builds(Course, st.integers(0, 20), STAMPS, st.floats(0, 1e6), st.floats(0, 0.5)),
)


@given(st.lists(REPORTS | COURSES, max_size=60))
def test_whatever_a_sender_claims_the_wait_is_bounded_and_little_is_kept(
    events: list[tuple[object, ...]],
) -> None:
    lips = LipSync()
    for number, event in enumerate(events):
        match event:
            case ("audio" | "video" as kind, Course() as course):
                assert 0.0 <= lips.wait_s(kind, course, number * 0.1) <= MOST_DELAY_S
            case ("audio" | "video" as kind, int(source), float(at_s), int(stamp)):
                lips.reported(kind, source, at_s, stamp)
        assert all(len(reports) <= 4 for reports in lips._reports.values())
