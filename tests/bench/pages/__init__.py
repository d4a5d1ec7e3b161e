"""The pages that Chromium is shown in the benches, and what they are made of."""

import base64
from pathlib import Path
from typing import Final

PLACE: Final = Path(__file__).parent

FACE: Final = PLACE / "face.jpg"


def film_script() -> str:
    """What paints the film and speaks, with its picture inside."""
    picture = base64.b64encode(FACE.read_bytes()).decode()
    return f'const FACE = "{picture}";\n' + _text("film.js")


def family_script() -> str:
    """What runs before the family's page, so that it shows the film."""
    return film_script() + _text("family.js")


def page_text(name: str) -> str:
    """A whole page, the scripts that it asks for inside."""
    text = _text(name)
    for asked, script in (("<!-- film -->", film_script()), ("<!-- peers -->", _text("peers.js"))):
        text = text.replace(asked, f"<script>{script}</script>")
    return text


def _text(name: str) -> str:
    return (PLACE / name).read_text(encoding="utf-8")
