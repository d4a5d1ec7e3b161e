"""The drawings of the goodbye and of the screens of help."""

from collections.abc import Mapping
from types import MappingProxyType

from kiosk.ui.shapes import Arc, Cut, Disc, Shape, Slab, Stroke

_LINE = 8.0

_FACE: tuple[Shape, ...] = (Arc(50, 50, 42, _LINE), Disc(35, 40, 6), Disc(65, 40, 6))
_HANDSET: tuple[Shape, ...] = (
    Slab(22, 8, 18, 84, 9),
    Slab(26, 8, 28, 24, 8),
    Slab(26, 68, 28, 24, 8),
)

HELP_ICONS: Mapping[str, tuple[Shape, ...]] = MappingProxyType(
    {
        "face_good": (*_FACE, Arc(50, 50, 23, _LINE, 25, 155)),
        "face_fair": (*_FACE, Stroke(((34, 66), (66, 66)), _LINE)),
        "face_bad": (*_FACE, Arc(50, 82, 22, _LINE, 215, 325)),
        "handset": _HANDSET,
        "phone": (
            *_HANDSET,
            Arc(52, 50, 16, 7, -50, 50),
            Arc(52, 50, 34, 7, -50, 50),
        ),
        "hang_up": (
            Arc(50, 92, 44, 16, 222, 318),
            Slab(6, 50, 26, 24, 8),
            Slab(68, 50, 26, 24, 8),
        ),
        "lock": (
            Slab(20, 44, 60, 48, 9),
            Arc(50, 44, 20, _LINE, 180, 360),
            Cut(Disc(50, 66, 8)),
        ),
        "help": (
            Arc(50, 50, 40, _LINE),
            Arc(50, 50, 17, _LINE),
            Stroke(((22, 22), (38, 38)), _LINE),
            Stroke(((78, 22), (62, 38)), _LINE),
            Stroke(((22, 78), (38, 62)), _LINE),
            Stroke(((78, 78), (62, 62)), _LINE),
        ),
    }
)
