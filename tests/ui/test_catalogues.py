"""Every language says every sentence, whole, with what is woven into it, and nothing else."""

import re
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

import catalogues
from kiosk.catalogues import REVIEWED, opened, review_of
from kiosk.ui.fit import SOFT_HYPHEN
from kiosk.ui.tongue import Tongues
from kiosk.ui.translating import sentences
from kiosk.ui.words import Counted

LANGUAGES = sorted(catalogues.PLURALS)
DOMAINS = (catalogues.SCREENS, catalogues.FAMILY)

OFFICER = {
    "ar": "ضابط",
    "cy": "swyddog",
    "es": "funcionario",
    "fr": "surveillant",
    "ga": "oifig",
    "hi": "अधिकारी",
    "lt": "pareigūn",
    "pl": "funkcjonariusz",
    "pt": "guarda",
    "ro": "ofițer",
    "sq": "oficer",
    "uk": "офіцер",
    "ur": "افسر",
    "vi": "cán bộ",
}
"""What is the same in all forms of the word."""


@pytest.fixture(params=DOMAINS)
def domain(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=LANGUAGES)
def catalogue(request: pytest.FixtureRequest, domain: str) -> Catalog:
    return catalogues.read(catalogues.path_of(request.param, domain))


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def forms(message: Message) -> tuple[str, ...]:
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def woven(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def ids(sentence: str | Counted) -> str | tuple[str, str]:
    return sentence if isinstance(sentence, str) else (sentence.one, sentence.more)


def test_there_are_the_fourteen_languages_beside_english() -> None:
    assert len(LANGUAGES) == 14


def test_a_catalogue_has_every_sentence_and_no_other(catalogue: Catalog, domain: str) -> None:
    wanted = {ids(sentence) for sentence in catalogues.said(domain)}
    assert {message.id for message in messages(catalogue)} == wanted
    assert not catalogue.obsolete


def test_no_translation_is_empty_or_unsure(catalogue: Catalog) -> None:
    assert [message.id for message in messages(catalogue) if message.fuzzy] == []
    assert [message.id for message in messages(catalogue) if not all(forms(message))] == []


def test_a_translation_weaves_in_what_the_sentence_does(catalogue: Catalog) -> None:
    """A form for one number need not name it: "You can try one more time."""
    for message in messages(catalogue):
        if isinstance(message.id, str):
            assert woven(forms(message)[0]) == woven(message.id), message.id
        else:
            assert all(woven(form) <= {"count"} for form in forms(message)), message.id
            assert woven(forms(message)[-1]) == {"count"}, message.id


def test_an_officer_is_called_by_one_word(catalogue: Catalog) -> None:
    word = OFFICER[str(catalogue.locale)]
    others = [
        form
        for message in messages(catalogue)
        for form in forms(message)
        if "officer" in str(message.id).lower()
        and word not in form.replace(SOFT_HYPHEN, "").lower()
    ]
    assert others == []


def test_there_is_a_form_for_each_kind_of_number(catalogue: Catalog) -> None:
    for message in messages(catalogue):
        if not isinstance(message.id, str):
            assert len(forms(message)) == catalogue.num_plurals, message.id


def test_a_translation_ends_as_the_sentence_does(catalogue: Catalog) -> None:
    """Who hears it read out, and who reads it, is told the same way that it is a whole sentence."""
    for message in messages(catalogue):
        if isinstance(message.id, str) and message.id.endswith("."):
            assert re.search(r"[.\u06d4\u0964]$", forms(message)[0]), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_says_what_the_catalogue_says(language: str) -> None:
    tongue = Tongues().of(language)
    assert tongue.language == language, "make assets was not run"
    read = catalogues.read(catalogues.path_of(language, catalogues.SCREENS))
    for message in messages(read):
        if isinstance(message.id, str):
            assert tongue.say(message.id) == message.string


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_never_fails_to_be_said(language: str) -> None:
    tongue = Tongues().of(language)
    for sentence in sentences():
        if isinstance(sentence, Counted):
            assert all(tongue.count(sentence, count) for count in range(130))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_says_that_a_machine_made_it_until_somebody_has_read_it(language: str) -> None:
    for domain in DOMAINS:
        path = catalogues.path_of(language, domain)
        mark = catalogues.reviewed(path)
        assert path.read_text().startswith(catalogues.MACHINE) == (mark == "no")
        assert mark == "no" or REVIEWED.fullmatch(mark)


@pytest.mark.parametrize("mark", ["no", "tłumaczka, Żary, 2026-11-20"])
def test_what_is_compiled_says_also_who_has_read_it(
    mark: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogues, "TRANSLATIONS", tmp_path)
    path = catalogues.path_of("pl", catalogues.SCREENS)
    path.parent.mkdir(parents=True)
    path.write_text(catalogues.written("pl", catalogues.SCREENS, {"Cancel": ("Anuluj",)}, mark))
    catalogues.compile_all()
    catalogue = opened("pl", tmp_path)
    assert review_of(catalogue) == mark
    assert catalogue.gettext("Cancel") == "Anuluj"


def test_the_sentences_of_the_family_page_are_found_in_the_page_and_its_scripts() -> None:
    found = catalogues.said(catalogues.FAMILY)
    assert "family.html" in found["Check your camera and sound"]
    assert found["The visit goes on."] == ["family.js"]
    assert "words.js" in found["Your visit with {name} begins at {at}."]
    assert "English" not in found
