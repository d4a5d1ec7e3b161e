"""A language is spoken where there is a catalogue of it; where there is none, English is."""

import logging
import subprocess
import sys
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from kiosk.ui.endonyms import ENDONYMS
from kiosk.ui.phrasebook import Phrasebooks
from kiosk.ui.tongue import Tongue, Tongues
from kiosk.ui.translating import sentences
from kiosk.ui.words import Counted
from tests.project import ROOT
from tests.ui.samples import LANGUAGES

Message: TypeAlias = str | tuple[str, ...]

MINUTES = Counted("{count} minute", "{count} minutes")
POLISH: dict[Message, Message] = {
    "Cancel": "Anuluj",
    (MINUTES.one, MINUTES.more): ("{count} minuta", "{count} minuty", "{count} minut"),
}


@pytest.fixture
def translations(tmp_path: Path) -> Path:
    write(tmp_path, "pl", POLISH)
    return tmp_path


def write(translations: Path, language: str, messages: dict[Message, Message]) -> None:
    catalogue = Catalog(locale=language)
    for english, other in messages.items():
        catalogue.add(english, other)
    path = translations / language / "LC_MESSAGES" / "kiosk.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)


def test_a_sentence_is_said_in_the_language(translations: Path) -> None:
    polish = Tongues(translations).of("pl")
    assert polish.say("Cancel") == "Anuluj"
    assert Phrasebooks(ZoneInfo("UTC"), Tongues(translations)).of("pl").phrases.cancel == "Anuluj"


def test_what_a_catalogue_lacks_stays_english(translations: Path) -> None:
    assert Tongues(translations).of("pl").say("Join") == "Join"


def test_nothing_is_said_for_nothing(translations: Path) -> None:
    """In a catalogue the empty sentence stands for what is known about the file."""
    assert Tongues(translations).of("pl").say("") == ""


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 minuta"), (3, "3 minuty"), (5, "5 minut"), (22, "22 minuty")]
)
def test_a_number_has_the_form_that_its_language_gives_it(
    translations: Path, count: int, said: str
) -> None:
    assert Tongues(translations).of("pl").count(MINUTES, count) == said


@pytest.mark.parametrize("tag", ["pl", "PL", "pl-PL", "pl_PL", "pl-Latn-PL"])
def test_the_nearest_language_is_spoken(translations: Path, tag: str) -> None:
    assert Tongues(translations).of(tag).language == "pl"


@pytest.mark.parametrize(
    "tag", ["", "tlh", "../pl", "p", "en-GB", "x" * 10_000, "\x00", "pl/../pl"]
)
def test_a_language_without_a_catalogue_is_english(translations: Path, tag: str) -> None:
    assert Tongues(translations).of(tag).language == "en"


@pytest.mark.parametrize("content", [b"", b"not a catalogue", b"\xde\x12\x04\x95" + b"\xff" * 60])
def test_a_broken_catalogue_is_english_and_told_in_one_line(
    translations: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (translations / "pl" / "LC_MESSAGES" / "kiosk.mo").write_bytes(content)
    tongues = Tongues(translations)
    assert tongues.of("pl").say("Cancel") == "Cancel"
    assert tongues.of("pl").language == "en"
    assert [(record.levelno, record.exc_info) for record in caplog.records] == [
        (logging.WARNING, None)
    ]


def test_strange_tags_make_no_phrasebook_of_their_own(translations: Path) -> None:
    books = Phrasebooks(ZoneInfo("UTC"), Tongues(translations))
    assert len({id(books.of(f"x-{number}")) for number in range(100)}) == 1


@pytest.mark.parametrize(
    ("language", "phrase"),
    [
        ("en", "Mum, Ali and Jo"),
        ("pl", "Mum, Ali i Jo"),
        ("ur", "Mum، Ali، اور Jo"),
        ("cy", "Mum, Ali, a Jo"),
    ],
)
def test_names_are_joined_as_the_language_does(language: str, phrase: str) -> None:
    assert Tongue.without_words(language).joined(("Mum", "Ali", "Jo")) == phrase


def test_welsh_says_and_as_the_next_letter_wants() -> None:
    welsh = Tongue.without_words("cy")
    assert welsh.joined(("Mum", "Ali")) == "Mum ac Ali"
    assert welsh.joined(("Mum", "Sam")) == "Mum a Sam"


@pytest.mark.parametrize(
    ("tag", "name"),
    [("pl", "Polski"), ("ar", "العربية"), ("ga", "Gaeilge"), ("pt-BR", "Português")],
)
def test_a_language_is_called_as_its_speakers_do(tag: str, name: str) -> None:
    assert Tongue.without_words("en").endonym(tag) == name


def test_what_the_languages_of_the_screens_are_called_is_what_babel_says() -> None:
    names = {tag: str(Locale.parse(tag).get_language_name()) for tag in LANGUAGES}
    assert {tag: name[:1].upper() + name[1:] for tag, name in names.items()} == ENDONYMS


def test_languages_to_choose_from_are_told_without_reading_all_about_them() -> None:
    told = (
        "from babel import localedata; from kiosk.ui.tongue import Tongue;"
        f"[Tongue.without_words('en').endonym(tag) for tag in {LANGUAGES}];"
        "print(*sorted(localedata._cache))"
    )
    read = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, check=True)
    assert read.stdout.split() == [b"en", b"root"]


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("tlh-x-imaginary", "Klingon"),
        ("syr", "Syriac"),
        ("zh", "Chinese"),
        ("pa-IN", "Punjabi"),
        ("rmy", ""),
        ("x" * 99, ""),
        ("", ""),
    ],
)
def test_a_language_whose_own_name_nobody_knows_has_its_english_one(tag: str, name: str) -> None:
    assert Tongue.without_words("pl").endonym(tag) == name


def test_arabic_and_urdu_are_written_from_right_to_left() -> None:
    to_left = {tag: Tongue.without_words(tag).right_to_left for tag in ("ar", "ur", "hi", "en")}
    assert to_left == {"ar": True, "ur": True, "hi": False, "en": False}


def test_every_table_of_words_is_among_the_sentences_to_translate() -> None:
    found = sentences()
    assert found["Hold your card here"] == ["PHRASES.hold_card"]
    assert "REFUSALS.no_booking.what" in found["There is no visit booked for you today."]
    assert Counted("{count} more", "{count} more") in found
    assert "" not in found
