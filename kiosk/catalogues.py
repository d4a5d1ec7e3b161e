"""The catalogues of the screens' languages: where they lie, and who has read them."""

import gettext
import re
import struct
from glob import glob
from pathlib import Path
from typing import Final

from kiosk.errors import CatalogueError

ENGLISH: Final = "en"
"""What the words are written in; it needs no catalogue."""

TRANSLATIONS: Final = Path(__file__).resolve().parents[1] / "assets" / "translations"

REVIEWED: Final = re.compile(r"\w.*, \d{4}-\d{2}-\d{2}")
"""What `X-Reviewed` says once a person has read a catalogue: their role, and the date."""

_NOBODY: Final = "no"


def compiled(translations: Path) -> frozenset[str]:
    """The languages of the compiled catalogues; none where the folder may not be looked at."""
    found = glob("*/LC_MESSAGES/kiosk.mo", root_dir=translations)  # noqa: PTH207 - it never raises
    return frozenset(Path(each).parts[0] for each in found)


def source_of(language: str, translations: Path) -> Path:
    """What a person reads and mends."""
    return translations / language / "LC_MESSAGES" / "kiosk.po"


def opened(language: str, translations: Path) -> gettext.GNUTranslations:
    """A language's catalogue. Raises CatalogueError when it is not there, or broken."""
    path = source_of(language, translations).with_suffix(".mo")
    try:
        with path.open("rb") as file:
            return gettext.GNUTranslations(file)
    except (OSError, ValueError, LookupError, struct.error) as error:
        raise CatalogueError(f"{path} can not be read: {error}") from error


def review_of(catalogue: gettext.GNUTranslations) -> str:
    """Who has read it, as it says itself; `no` where nobody has."""
    return catalogue.info().get("x-reviewed") or _NOBODY
