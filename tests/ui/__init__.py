"""Tests of the screen; they draw on an offscreen window, so the environment is set first."""

import os

import kiosk.ui.glass  # noqa: F401  # sets Kivy's environment before anything imports Kivy

os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
