"""Every drawing on the screens, as shapes on a grid 100 units high."""

from collections.abc import Mapping
from types import MappingProxyType

from kiosk.ui.icons_help import HELP_ICONS
from kiosk.ui.shapes import Arc, Cut, Disc, Shape, Slab, Stroke, Wedge

_LINE = 8.0

_MICROPHONE: tuple[Shape, ...] = (
    Slab(37, 8, 26, 50, 13),
    Arc(50, 45, 27, _LINE, 0, 180),
    Stroke(((50, 72), (50, 90)), _LINE),
    Stroke(((34, 91), (66, 91)), _LINE),
)

ICONS: Mapping[str, tuple[Shape, ...]] = MappingProxyType(
    {
        **HELP_ICONS,
        "card": (
            Slab(8, 22, 84, 56, 8, _LINE),
            Disc(32, 46, 9),
            Slab(19, 58, 26, 8, 4),
            Stroke(((58, 42), (78, 42)), _LINE),
            Stroke(((58, 58), (72, 58)), _LINE),
        ),
        "language": (
            Arc(50, 50, 40, _LINE),
            Stroke(((12, 50), (88, 50)), 6),
            Stroke(((50, 12), (50, 88)), 6),
            Arc(96, 50, 62, 6, 141, 219),
            Arc(4, 50, 62, 6, -39, 39),
        ),
        "access": (
            Disc(50, 17, 11),
            Stroke(((16, 38), (50, 42), (84, 38)), 10),
            Stroke(((50, 42), (50, 62)), 14),
            Stroke(((50, 60), (34, 92)), 10),
            Stroke(((50, 60), (66, 92)), 10),
        ),
        "officer": (
            Disc(50, 38, 18),
            Cut(Slab(20, 14, 60, 18, 0)),
            Wedge(((22, 12), (78, 12), (70, 30), (30, 30))),
            Slab(15, 64, 70, 60, 30),
            Cut(Slab(0, 94, 100, 40, 0)),
        ),
        "switch_on": (Slab(2, 26, 96, 48, 24), Cut(Disc(74, 50, 17))),
        "switch_off": (Slab(6, 30, 88, 40, 20, _LINE), Disc(26, 50, 12)),
        "clock": (Arc(50, 50, 40, _LINE), Stroke(((50, 26), (50, 52), (66, 62)), _LINE)),
        "pause": (Stroke(((36, 24), (36, 76)), 15), Stroke(((64, 24), (64, 76)), 15)),
        "person": (Disc(50, 30, 19), Slab(15, 58, 70, 60, 30), Cut(Slab(0, 92, 100, 40, 0))),
        "link": (
            Arc(50, 50, 34, _LINE, -40, 250),
            Stroke(((56, 18), (40, 17), (44, 33)), _LINE),
        ),
        "sound": (
            Slab(8, 36, 22, 28, 4),
            Wedge(((24, 38), (50, 16), (50, 84), (24, 62))),
            Arc(50, 50, 20, _LINE, -45, 45),
            Arc(50, 50, 38, _LINE, -45, 45),
        ),
        "ask": (
            Slab(8, 14, 84, 58, 14, _LINE),
            Wedge(((26, 70), (52, 70), (28, 94))),
            Disc(30, 43, 6),
            Disc(50, 43, 6),
            Disc(70, 43, 6),
        ),
        "wave": (
            Stroke(((33, 30), (36, 58)), 12),
            Stroke(((48, 16), (49, 56)), 12),
            Stroke(((63, 19), (62, 56)), 12),
            Stroke(((77, 32), (73, 58)), 12),
            Slab(30, 46, 49, 46, 20),
            Stroke(((17, 54), (38, 74)), 12),
        ),
        "place": (
            Disc(50, 38, 30),
            Wedge(((23.5, 52), (76.5, 52), (50, 94))),
            Cut(Disc(50, 38, 11)),
        ),
        "closed": (Arc(50, 50, 40, _LINE), Stroke(((30, 50), (70, 50)), 11)),
        "microphone": _MICROPHONE,
        "microphone_off": (
            *_MICROPHONE,
            Cut(Stroke(((10, 17), (82, 89)), 10)),
            Stroke(((17, 10), (89, 82)), _LINE),
        ),
        "leave": (
            Stroke(((54, 12), (18, 12), (18, 88), (54, 88)), _LINE),
            Stroke(((42, 50), (88, 50)), _LINE),
            Stroke(((70, 31), (89, 50), (70, 69)), _LINE),
        ),
        "reader_back": (Slab(74, 4, 60, 92, 12),),
        "reader_body": (Slab(77, 7, 54, 86, 10),),
        "reader_light": (Slab(95, 15, 18, 5, 2.5),),
        "reader_waves": (
            Arc(120, 56, 8, 4.5, 128, 232),
            Arc(120, 56, 18, 4.5, 128, 232),
            Arc(120, 56, 28, 4.5, 128, 232),
        ),
        "card_body": (Slab(4, 34, 68, 44, 6),),
        "card_face": (
            Disc(20, 49, 6),
            Slab(11, 58, 18, 12, 6),
            Cut(Slab(8, 66, 24, 8, 0)),
            Stroke(((38, 48), (62, 48)), 4.5),
            Stroke(((38, 57), (62, 57)), 4.5),
            Stroke(((38, 66), (52, 66)), 4.5),
        ),
    }
)
