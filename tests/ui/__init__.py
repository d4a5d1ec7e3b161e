"""Tests of the screen."""

import kiosk.ui.glass  # noqa: F401  # sets Kivy's environment before anything imports Kivy
