"""What a sample is: a screen, and all that decides how it is drawn."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from kiosk.catalogues import ENGLISH, TRANSLATIONS, compiled
from kiosk.ui.elements import Scene
from kiosk.ui.geometry import Panel
from kiosk.ui.own_view import UNTOUCHED, OwnView
from kiosk.ui.phrasebook import Phrasebooks
from kiosk.ui.scenes import View, scene_of
from kiosk.ui.theme import look_of
from kiosk.wire.manner import Manner
from kiosk.wire.messages import Show
from kiosk.wire.own import OwnLevels
from kiosk.wire.screens import Screen

PANEL = Panel(1280, 800, 149.0)
PANELS = (
    PANEL,
    Panel(1920, 1080, 141.0),
    Panel(1280, 720, 125.0),
    Panel(1920, 1200, 160.0),
    Panel(1280, 800, 165.0),
)
UTC_NOW = datetime(2026, 11, 24, 13, 55, 20, tzinfo=UTC)
NOW_S = 5000.0
ZONE = ZoneInfo("Europe/London")
BOOKS = Phrasebooks(ZONE)
SAY = BOOKS.of("en")
PLAIN = Manner()
LANGUAGES = (ENGLISH, *sorted(compiled(TRANSLATIONS)))
"""What the screens speak, English first."""
CALL = 7

NASTY = (
    "x" * 10_000,
    "[b][color=ff0000]Mum[/color][/b] &bl; [ref=x]",
    "\u202eevil\u202c \u2066iso\u2069 \x00\x1b[31m \u200b",
    "Z" + "\u0301" * 500 + "algo",
    "محمد",
    "W" * 60 + " " + "M" * 60,
    "",
    "\n\n\r\n\t",
    "😀😀",
    "Bartholomew-Maximilian " * 13,
    "Zoë 👩\u200d👧\u200d👦 \u202eO\u2019Neill\u202c 🏴\U000e0067\U000e0062",
    "n\u0303\u0323o\u0308\u0300 \u0928\u092e\u0938\u094d\u0924\u0947",
)


@dataclass(frozen=True)
class Sample:
    """A screen by name, as it is shown with a link, without one, alone for long, or with digits typed."""

    name: str
    screen: Screen | None
    linked: bool = True
    alone: bool = False
    typed: int = 0
    terminal: str = "Terminal 3"
    hall: str = "Hall A"
    manner: Manner = PLAIN
    is_nasty: bool = False
    touchable: bool = True
    beside: tuple[tuple[str, object], ...] = ()
    """Other fields of Show, with their values."""
    own: OwnLevels | None = None
    own_view: OwnView = UNTOUCHED
    shape: tuple[int, int] | None = None
    """Of the visitor's picture."""

    @property
    def show(self) -> Show | None:
        if self.screen is None:
            return None
        plain = Show(1, self.terminal, self.hall, self.screen, manner=self.manner)
        return msgspec.structs.replace(plain, **dict(self.beside))

    def view(self, panel: Panel = PANEL) -> View:
        return View(
            panel,
            BOOKS.of(self.manner.language),
            NOW_S,
            UTC_NOW,
            linked=self.linked,
            alone=self.alone,
            typed=self.typed,
            look=look_of(self.manner),
            own=self.own,
            own_view=self.own_view,
            shape=self.shape,
            touchable=self.touchable,
        )

    def scene(self, panel: Panel = PANEL) -> Scene:
        return scene_of(self.show, self.view(panel))


START = UTC_NOW.replace(hour=14, minute=0, second=0)
END = START + timedelta(minutes=45)
MESSAGE = "Please move a little closer to the screen so that we can see your face. Thank you."


def changed(screen: Screen, **changes: object) -> Screen:
    """The screen with other data in some fields."""
    return msgspec.structs.replace(screen, **changes)
