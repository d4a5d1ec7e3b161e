"""Draws samples in one manner after another, and looks for faults in each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
from kivy.graphics.opengl import glFinish
from numpy.typing import NDArray
from PIL import Image

from kiosk.catalogues import ENGLISH
from kiosk.ui.elements import Scene
from kiosk.wire.manner import MODES, Manner
from tests.ui.kit import Stage
from tests.ui.lint import contrast_faults, drawing_faults, layout_faults, tongue_faults
from tests.ui.samples import NOW_S, PANEL, Sample

_COLOURS = 64


@dataclass(frozen=True)
class Shot:
    """One screen in one manner, and what is wrong with it."""

    sample: str
    manner: Manner
    faults: tuple[str, ...]

    @property
    def file(self) -> str:
        """Where its picture is, below the gallery."""
        return f"{self.manner.language}/{look_of(self.manner)}/{self.sample.replace(' ', '_')}.png"


def look_of(manner: Manner) -> str:
    """`dark`, or the modes that are on: `light+large_text`."""
    return "+".join(mode for mode in MODES if getattr(manner, mode)) or "dark"


def shots(
    stage: Stage,
    sample: Sample,
    manners: Iterable[Manner],
    to: Path | None = None,
    *,
    quick: bool = False,
) -> Iterator[Shot]:
    """The sample in each manner in which it looks different; pictures go below `to`.

    `quick`: only what is English and harmless is put on the glass.
    """
    seen = set()
    for manner in manners:
        asked = replace(sample, manner=_both(sample.manner, manner))
        scene = asked.scene()
        if scene not in seen:
            seen.add(scene)
            unseen = quick and (manner.language != ENGLISH or sample.is_nasty)
            pixels = _draw(stage, scene, unseen=unseen)
            shot = Shot(sample.name, manner, tuple(_faults(stage, asked, scene, pixels)))
            if to is not None and pixels is not None:
                _save(pixels, to / shot.file)
            yield shot


def _both(own: Manner, asked: Manner) -> Manner:
    """The manner asked for, with the modes that the sample is about."""
    return msgspec.structs.replace(asked, **{mode: True for mode in MODES if getattr(own, mode)})


def _draw(stage: Stage, scene: Scene, *, unseen: bool) -> NDArray[np.uint8] | None:
    stage.lay(scene)
    if unseen:
        glFinish()  # letters that are not drawn would pile up
        return None
    for _ in range(2):  # one's own picture comes after the visitor's first
        stage.painter.poll(NOW_S)
    return stage.pixels()


def _faults(
    stage: Stage, sample: Sample, scene: Scene, pixels: NDArray[np.uint8] | None
) -> Iterator[str]:
    nodes = stage.painter.nodes
    yield from layout_faults(scene, PANEL)
    yield from drawing_faults(scene, nodes, PANEL, nasty=sample.is_nasty)
    if pixels is not None:
        yield from contrast_faults(scene, nodes, PANEL, pixels, stage.pixels)
    if sample.manner.language != ENGLISH and not sample.is_nasty:  # the plain ones say the same
        english = replace(sample, manner=msgspec.structs.replace(sample.manner, language=ENGLISH))
        yield from tongue_faults(scene, english.scene(), sample.show)


def _save(pixels: NDArray[np.uint8], path: Path) -> None:
    """As a small file: the colours of a screen are few."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.fromarray(np.ascontiguousarray(pixels))
    small = picture.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    small.save(path, compress_level=3)
