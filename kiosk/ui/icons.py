"""Every drawing on the screens, as shapes on a grid 100 units high."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from kiosk.ui.icons_help import HELP_ICONS
from kiosk.ui.shapes import GRID, Arc, Cut, Disc, Shape, Slab, Stroke, Wedge

_LINE = 8.0

RING: Final = Arc(50, 50, 44, 9.6)
"""What is left of a time."""

RING_BEGINS: Final = -90.0
"""At the top."""

_MICROPHONE: tuple[Shape, ...] = (
    Slab(37, 8, 26, 50, 13),
    Arc(50, 45, 27, _LINE, 0, 180),
    Stroke(((50, 72), (50, 90)), _LINE),
    Stroke(((34, 91), (66, 91)), _LINE),
)

_HAND: tuple[Stroke | Slab, ...] = (
    Stroke(((33, 30), (36, 58)), 12),
    Stroke(((48, 16), (49, 56)), 12),
    Stroke(((63, 19), (62, 56)), 12),
    Stroke(((77, 32), (73, 58)), 12),
    Slab(30, 46, 49, 46, 20),
    Stroke(((17, 54), (38, 74)), 12),
)
_STRAIGHT = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))
_ASLANT = ((0.7, 0.7), (-0.7, 0.7), (-0.7, -0.7), (0.7, -0.7))


def _turned(shape: Stroke | Slab) -> Stroke | Slab:
    """As it looks in a mirror."""
    if isinstance(shape, Slab):
        return replace(shape, left=GRID - shape.left - shape.width)
    return replace(shape, points=tuple((GRID - x, y) for x, y in shape.points))


def _smaller(shape: Stroke | Slab, scale: float, left: float, top: float) -> Shape:
    """As it looks from afar, at another place."""
    if isinstance(shape, Slab):
        return Slab(
            left + scale * shape.left,
            top + scale * shape.top,
            scale * shape.width,
            scale * shape.height,
            scale * shape.radius,
        )
    points = tuple((left + scale * x, top + scale * y) for x, y in shape.points)
    return Stroke(points, scale * shape.width)


_SPEAKER: tuple[Shape, ...] = (
    Slab(8, 36, 22, 28, 4),
    Wedge(((24, 38), (50, 16), (50, 84), (24, 62))),
)
_EYE: tuple[Shape, ...] = (
    Arc(50, 78, 52, _LINE, 212.6, 327.4),
    Arc(50, 22, 52, _LINE, 32.6, 147.4),
    Disc(50, 50, 14),
)
_PERSON: tuple[Shape, ...] = (
    Disc(50, 30, 19),
    Slab(15, 58, 70, 60, 30),
    Cut(Slab(0, 92, 100, 40, 0)),
)
_OFF: tuple[Shape, ...] = (
    Cut(Stroke(((10, 17), (82, 89)), 10)),
    Stroke(((17, 10), (89, 82)), _LINE),
)

ICONS: Mapping[str, tuple[Shape, ...]] = MappingProxyType(
    {
        **HELP_ICONS,
        "access": (
            Disc(50, 17, 11),
            Stroke(((16, 38), (50, 42), (84, 38)), 10),
            Stroke(((50, 42), (50, 62)), 14),
            Stroke(((50, 60), (34, 92)), 10),
            Stroke(((50, 60), (66, 92)), 10),
        ),
        "switch_on": (Slab(2, 26, 96, 48, 24), Cut(Disc(74, 50, 17))),
        "switch_off": (Slab(6, 30, 88, 40, 20, _LINE), Disc(26, 50, 12)),
        "card": (
            Slab(8, 22, 84, 56, 8, _LINE),
            Disc(32, 46, 9),
            Slab(19, 58, 26, 8, 4),
            Stroke(((58, 42), (78, 42)), _LINE),
            Stroke(((58, 58), (72, 58)), _LINE),
        ),
        "clock": (Arc(50, 50, 40, _LINE), Stroke(((50, 26), (50, 52), (66, 62)), _LINE)),
        "pause": (Stroke(((36, 24), (36, 76)), 15), Stroke(((64, 24), (64, 76)), 15)),
        "person": _PERSON,
        "person_off": (*_PERSON, *_OFF),
        "link": (
            Arc(50, 50, 34, _LINE, -40, 250),
            Stroke(((56, 18), (40, 17), (44, 33)), _LINE),
        ),
        "sound": (*_SPEAKER, Arc(50, 50, 20, _LINE, -45, 45), Arc(50, 50, 38, _LINE, -45, 45)),
        "tone": (
            Disc(28, 78, 16),
            Disc(74, 68, 16),
            Stroke(((40, 78), (40, 24)), _LINE),
            Stroke(((86, 68), (86, 14)), _LINE),
            Stroke(((40, 26), (86, 16)), 14),
        ),
        "louder": (
            *_SPEAKER,
            Stroke(((62, 50), (92, 50)), _LINE),
            Stroke(((77, 35), (77, 65)), _LINE),
        ),
        "eye": _EYE,
        "eye_off": (*_EYE, *_OFF),
        "record": (Arc(50, 50, 40, _LINE), Disc(50, 50, 23)),
        "officer": (
            Disc(50, 38, 19),
            Cut(Slab(0, 0, 100, 33, 0)),
            Slab(30, 8, 40, 16, 6),
            Stroke(((27, 27), (73, 27)), 7),
            Slab(15, 62, 70, 60, 28),
            Cut(Slab(0, 92, 100, 40, 0)),
            Cut(Wedge(((62, 68), (76, 68), (69, 82)))),
        ),
        "language": (
            Slab(6, 8, 58, 48, 11, _LINE),
            Wedge(((16, 56), (34, 56), (16, 74))),
            Stroke(((25, 46), (35, 20), (45, 46)), 6),
            Stroke(((29, 37), (41, 37)), 5),
            Cut(Slab(36, 40, 62, 48, 14)),
            Slab(42, 46, 52, 38, 10),
            Wedge(((66, 82), (84, 82), (84, 97))),
            Cut(Stroke(((54, 58), (82, 58)), 5)),
            Cut(Stroke(((68, 53), (68, 58)), 5)),
            Cut(Stroke(((76, 60), (56, 77)), 5)),
            Cut(Stroke(((60, 60), (80, 77)), 5)),
        ),
        "contrast": (Disc(50, 50, 40), Cut(Slab(0, 0, 50, 100, 0)), Arc(50, 50, 40, _LINE)),
        "slow": (
            Stroke(((22, 12), (78, 12)), _LINE),
            Stroke(((22, 88), (78, 88)), _LINE),
            Stroke(((30, 14), (30, 26), (48, 50), (30, 74), (30, 86)), _LINE),
            Stroke(((70, 14), (70, 26), (52, 50), (70, 74), (70, 86)), _LINE),
            Wedge(((36, 30), (64, 30), (50, 50))),
            Wedge(((50, 66), (68, 86), (32, 86))),
        ),
        "light": (
            Disc(50, 50, 19),
            *(
                Stroke(((50 + 30 * x, 50 + 30 * y), (50 + 42 * x, 50 + 42 * y)), _LINE)
                for x, y in (*_STRAIGHT, *_ASLANT)
            ),
        ),
        "check": (Stroke(((14, 54), (40, 80), (86, 24)), 13),),
        "phrases": (
            Slab(8, 12, 84, 58, 14, _LINE),
            Wedge(((26, 68), (52, 68), (28, 92))),
            Stroke(((26, 33), (74, 33)), 7),
            Stroke(((26, 50), (58, 50)), 7),
        ),
        "quieter": (
            Slab(8, 36, 22, 28, 4),
            Wedge(((24, 38), (50, 16), (50, 84), (24, 62))),
            Arc(50, 50, 20, _LINE, -45, 45),
        ),
        "ring": (RING,),
        "letters": (
            Stroke(((8, 18), (62, 18)), 12),
            Stroke(((35, 18), (35, 86)), 12),
            Stroke(((62, 50), (94, 50)), 9),
            Stroke(((78, 50), (78, 87)), 9),
        ),
        "ask": (
            Slab(8, 14, 84, 58, 14, _LINE),
            Wedge(((26, 70), (52, 70), (28, 94))),
            Disc(30, 43, 6),
            Disc(50, 43, 6),
            Disc(70, 43, 6),
        ),
        "signing": (
            *(_smaller(_turned(shape), 0.62, -5, 32) for shape in _HAND),
            *(_smaller(shape, 0.62, 43, 2) for shape in _HAND),
            Arc(22, 26, 13, 6, 180, 290),
            Arc(78, 76, 13, 6, 0, 110),
        ),
        "left_hand": tuple(_turned(shape) for shape in _HAND),
        "place": (
            Disc(50, 38, 30),
            Wedge(((23.5, 52), (76.5, 52), (50, 94))),
            Cut(Disc(50, 38, 11)),
        ),
        "lamp": (
            Disc(50, 46, 25),
            Slab(39, 74, 22, 8, 3),
            Slab(42, 85, 16, 8, 3),
            *(
                Stroke(((50 + 34 * x, 46 + 34 * y), (50 + 45 * x, 46 + 44 * y)), _LINE)
                for x, y in ((-1, 0), (1, 0), (0, -0.9), (-0.75, -0.7), (0.75, -0.7))
            ),
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

MISSING: tuple[Shape, ...] = (Arc(50, 50, 40, _LINE), Disc(50, 50, 9))
"""Stands where a drawing is asked for that there is not."""

DIRECTED = frozenset({"leave"})
"""What points to where one goes on reading, and turns with the direction of reading."""
