"""The screen's program as it runs on a terminal, but touched with a desk's mouse: there is no touchscreen.

`python -m tests.bench.terminal_screen --config FILE`
"""

import sys
from typing import Any
from unittest import mock

from kiosk.ui import app
from kiosk.ui.glass.loop import Loop


def on_terminal(*parts: Any, terminal: bool) -> Loop:
    """The loop of a terminal, whatever the settings say."""
    assert not terminal
    return Loop(*parts, terminal=True)


if __name__ == "__main__":
    with mock.patch.object(app, "Loop", on_terminal):
        sys.exit(app.main())
