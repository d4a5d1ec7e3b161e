"""One language: its catalogue of sentences, and what Babel knows of its plurals, lists and days."""

import gettext
import logging
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.lists import format_list

from kiosk.catalogues import ENGLISH, TRANSLATIONS, compiled, opened
from kiosk.errors import CatalogueError
from kiosk.ui.endonyms import ENDONYMS
from kiosk.ui.names import plain
from kiosk.ui.words import Counted
from kiosk.wire.manner import nearest

_REGIONS: Final = {"en": "en_GB", "pt": "pt_PT"}
"""Where the language alone would mean another country's to Babel."""

_REGION_LETTERS: Final = 2
_NAME_LETTERS: Final = 32
_NAMES: Final = Locale(ENGLISH).languages

log = logging.getLogger(__name__)


class Tongue:
    """Says sentences in one language; one that its catalogue lacks stays English."""

    def __init__(self, language: str, catalogue: gettext.NullTranslations) -> None:
        self.language = language
        """As the catalogue is called: `en`, `cy`."""
        self.locale = Locale.parse(_REGIONS.get(language, language))
        self._catalogue = catalogue

    @classmethod
    def without_words(cls, language: str) -> "Tongue":
        """All but the sentences, which stay English."""
        return cls(language, gettext.NullTranslations())

    @property
    def right_to_left(self) -> bool:
        return self.locale.text_direction == "rtl"

    def say(self, sentence: str) -> str:
        """`sentence`, which is English, in this language."""
        return self._catalogue.gettext(sentence) if sentence else ""

    def count(self, forms: Counted, count: int) -> str:
        """The form for so many, with the number in it, in the digits that all clocks here have."""
        return self._catalogue.ngettext(forms.one, forms.more, count).format(count=count)

    def joined(self, parts: Sequence[str]) -> str:
        """`Mum, Ali and Jo`."""
        return _welsh_and(format_list(list(parts), locale=self.locale))

    def endonym(self, tag: str) -> str:
        """What a language is called by those who speak it, with a capital.

        Its English name where that is not known, or in letters that can not be drawn; empty without either.
        """
        language, _, region = tag.replace("_", "-").partition("-")
        known = ENDONYMS.get(language) if len(region) in (0, _REGION_LETTERS) else None
        return known or _endonym(tag)


class Tongues:
    """The languages that have a catalogue, each read when it is first spoken."""

    def __init__(self, translations: Path = TRANSLATIONS) -> None:
        self._translations = translations
        self._known = compiled(translations) | {ENGLISH}
        self._read: dict[str, Tongue] = {}

    def of(self, tag: str) -> Tongue:
        """The language of a BCP 47 tag, or the nearest that is known, which at the end is English."""
        language = nearest(tag, self._known) or ENGLISH
        if language not in self._read:
            self._read[language] = self._opened(language)
        return self._read[language]

    def _opened(self, language: str) -> Tongue:
        if language == ENGLISH:
            return Tongue.without_words(ENGLISH)
        try:
            return Tongue(language, opened(language, self._translations))
        except CatalogueError as error:
            log.warning("no %s: %s", language, error)
            return self.of(ENGLISH)


@lru_cache(maxsize=64)
def _endonym(tag: str) -> str:
    try:
        name = Locale.parse(tag.replace("_", "-"), sep="-").get_language_name()
    except (UnknownLocaleError, ValueError):
        name = None
    if not name or plain(name, _NAME_LETTERS) != name:
        name = _NAMES.get(tag.replace("_", "-").partition("-")[0].lower(), "")
    return name[:1].upper() + name[1:]


def _welsh_and(phrase: str) -> str:
    """Unicode's `a(c)` is written `ac` before a vowel and `a` elsewhere."""
    return re.sub(
        r"a\(c\) (\S)",
        lambda found: ("ac " if found[1].lower() in "aeiouwyâêîôûŵŷ" else "a ") + found[1],
        phrase,
    )
