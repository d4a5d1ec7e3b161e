"""The spoken guide as `make guide` leaves it: a folder for each language, with a list of what it has."""

import json
import logging
from pathlib import Path
from typing import Final

SPEECH: Final = Path(__file__).resolve().parents[1] / "assets" / "speech"

_MANIFEST: Final = "manifest.json"

log = logging.getLogger(__name__)


def guides(speech: Path = SPEECH) -> dict[str, frozenset[str]]:
    """The keys of the prompts of each language; none where it has no voice, or a broken list."""
    found = {}
    for manifest in sorted(speech.glob(f"*/{_MANIFEST}")):
        language = manifest.parent.name
        try:
            found[language] = frozenset(json.loads(manifest.read_text()))
        except (OSError, ValueError, TypeError) as error:
            log.warning("no spoken guide in %s: %s", language, error)
            found[language] = frozenset()
    return found


def file_of(language: str, key: str, speech: Path = SPEECH) -> Path:
    """Where the sound of a prompt is."""
    return speech / language / f"{key}.ogg"


def voices(speech: Path = SPEECH) -> frozenset[str]:
    """The languages in which anything can be read out."""
    return frozenset(language for language, keys in guides(speech).items() if keys)
