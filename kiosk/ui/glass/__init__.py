"""All that touches Kivy. Kivy reads its environment when it is imported, so it is set here.

It must not read or write files of its own, take over the log, the command line or SIGTERM.
"""

import os

os.environ.update(
    KIVY_NO_ARGS="1",
    KIVY_NO_CONFIG="1",
    KIVY_NO_ENV_CONFIG="1",
    KIVY_NO_FILELOG="1",
    KIVY_LOG_MODE="PYTHON",
    KIVY_HOME="/nonexistent/kivy",
    KIVY_WINDOW="sdl2",
    KIVY_TEXT="sdl2",
    SDL_NO_SIGNAL_HANDLERS="1",
)

from kivy.config import Config

# Its clock reads this when it is imported, and would make the screen's loop wait.
Config.set("graphics", "maxfps", "0")
