"""Catalogues of a test's own, in a folder as the programs expect it."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from catalogues import Marked
from kiosk.catalogues import source_of


def write_catalogue(translations: Path, language: str, review: str) -> Path:
    """A compiled catalogue that says so of who has read it."""
    path = source_of(language, translations).with_suffix(".mo")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_mo(file, Marked(Catalog(language), review))
    return path
