"""How often a still screen is drawn again."""

from kiosk.ui.beat import Beat


def drawn(beat: Beat, begin_s: int, end_s: int) -> list[int]:
    return [at_s for at_s in range(begin_s, end_s) if beat.is_due(at_s)]


def test_a_still_screen_is_drawn_again_for_each_buffer_and_then_seldom() -> None:
    assert drawn(Beat(100), 100, 120) == [101, 102, 103, 108, 113, 118]


def test_a_change_begins_anew() -> None:
    beat = Beat(100)
    drawn(beat, 100, 120)
    beat.changed(120)
    assert drawn(beat, 120, 130) == [121, 122, 123, 128]


def test_what_changes_all_the_time_is_not_drawn_more_often() -> None:
    beat = Beat(100)
    for at_s in range(100, 200):
        beat.changed(at_s)
        assert not beat.is_due(at_s + 0.5)
