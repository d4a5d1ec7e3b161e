"""Cameras without a camera, for a desk, the demo and tests; the release of a terminal omits them."""

from kiosk.call.settings import Camera
from kiosk.call.synthetic.film import Film
from kiosk.call.synthetic.pattern import Pattern
from kiosk.clock import Clock


def source(kind: str, place: str, camera: Camera, clock: Clock) -> Film | Pattern:
    """The film at `place`, or the pattern."""
    if kind == "file":
        return Film(place, clock)
    return Pattern(camera.width_px, camera.height_px, camera.fps, clock)
