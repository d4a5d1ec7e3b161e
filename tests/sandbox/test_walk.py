"""What the walk says of a screen that it has no picture of."""

import pytest

from kiosk.errors import KioskError
from kiosk.sandbox.walk import SCREENS, look_for_all


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_that_has_no_picture_fails_the_walk(screen: str) -> None:
    with pytest.raises(KioskError, match=f"no picture of the screen {screen}"):
        look_for_all({*SCREENS} - {screen})
