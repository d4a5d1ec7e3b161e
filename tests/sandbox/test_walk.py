"""What the walk says of a screen that it has no picture of."""

import pytest

from kiosk.errors import KioskError
from kiosk.sandbox.walk import STAYING, over_too_soon


def test_a_screen_that_was_over_at_once_is_told(caplog: pytest.LogCaptureFixture) -> None:
    assert over_too_soon(STAYING) == ["connecting"]
    assert "connecting was over before its picture could be taken" in caplog.text


def test_a_walk_with_all_its_pictures_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    assert over_too_soon([*STAYING, "connecting", "outofservice"]) == []
    assert not caplog.text


@pytest.mark.parametrize("screen", STAYING)
def test_a_screen_that_stays_and_has_no_picture_fails_the_walk(screen: str) -> None:
    with pytest.raises(KioskError, match=f"no picture of the screen {screen}"):
        over_too_soon({*STAYING, "connecting"} - {screen})
