"""Which of a site's languages its screens offer: English, and those that a person has reviewed."""

import logging
from collections.abc import Iterable
from pathlib import Path

import msgspec

from kiosk.catalogues import ENGLISH, REVIEWED, compiled, opened, review_of, source_of
from kiosk.core.settings import TerminalSettings
from kiosk.errors import CatalogueError
from kiosk.wire.manner import nearest

log = logging.getLogger(__name__)


def with_languages_to_offer(settings: TerminalSettings, translations: Path) -> TerminalSettings:
    """The settings without the languages that are withheld, each of which the log tells of."""
    told = withheld(settings.languages, translations, unreviewed_too=settings.unreviewed_languages)
    for tag, advice in told.items():
        log.warning("the screens do not offer the language %s: %s", tag, advice)
    offered = tuple(tag for tag in settings.languages if tag not in told)
    if not offered:
        log.warning("no language of terminal.languages is left: the screens speak English")
    return msgspec.structs.replace(settings, languages=offered or (ENGLISH,))


def withheld(
    languages: Iterable[str], translations: Path, *, unreviewed_too: bool
) -> dict[str, str]:
    """The languages that are not to be offered, each with the reason and what to do about it."""
    known = compiled(translations) | {ENGLISH}
    lacks = {tag: _lack(nearest(tag, known), translations, unreviewed_too) for tag in languages}
    return {tag: lack for tag, lack in lacks.items() if lack is not None}


def _lack(language: str | None, translations: Path, unreviewed_too: bool) -> str | None:
    if language == ENGLISH:
        return None
    if language is None:
        return (
            f"No catalogue of it is found in {translations}:"
            " run `make assets`, or take it out of terminal.languages."
        )
    try:
        review = review_of(opened(language, translations))
    except CatalogueError as error:
        return f"{error}. Delete that file and run `make assets`."
    if unreviewed_too or REVIEWED.fullmatch(review):
        return None
    return (
        f"Its catalogue says `X-Reviewed: {review}`. Let a person who speaks it read"
        f" {source_of(language, translations)} and set there their role and the date, as"
        " `interpreter, 2026-11-20`; then run `make assets`."
        " Until then take it out of terminal.languages."
    )
