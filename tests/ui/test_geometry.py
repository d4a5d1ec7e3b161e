"""Where things go when there is less room than they want."""

import pytest

from kiosk.ui.geometry import squeezed


@pytest.mark.parametrize(
    ("room", "heights"),
    [
        (300, [100, 60, 40]),  # all the room that they want
        (220, [100, 60, 40]),
        (180, [60, 60, 40]),  # the picture gives way first
        (170, [50, 60, 40]),
        (120, [50, 30, 20]),  # then all the words alike
    ],
)
def test_a_picture_gives_way_before_words_do(room: float, heights: list[float]) -> None:
    assert squeezed([100, 60, 40], 10, room, least=50) == heights
