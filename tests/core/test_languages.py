"""A site's screens offer the languages whose catalogue a person has reviewed, and no other."""

import errno
import os
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from kiosk.catalogues import REVIEWED, TRANSLATIONS, compiled, opened, review_of
from kiosk.core.languages import with_languages_to_offer
from kiosk.core.settings import TerminalSettings
from kiosk.sandbox.files import Table
from kiosk.wire.screens import OutOfServiceScreen
from tests.core.program import started_core
from tests.translations import write_catalogue

READ = "interpreter, 2026-11-20"
NOBODY = "http://127.0.0.1:9"
"""Where no service is."""


def offered(
    translations: Path, *languages: str, unreviewed_languages: bool = False
) -> tuple[str, ...]:
    """What the screens of a site offer that lists these languages."""
    settings = TerminalSettings(
        "T1",
        "Terminal 1",
        "MDI",
        "Hall A",
        languages=languages,
        unreviewed_languages=unreviewed_languages,
    )
    return with_languages_to_offer(settings, translations).languages


@pytest.fixture
def translations(tmp_path: Path) -> Path:
    write_catalogue(tmp_path, "cy", READ)
    write_catalogue(tmp_path, "pl", "no")
    write_catalogue(tmp_path, "pt", READ)
    write_catalogue(tmp_path, "ro", "no")
    return tmp_path


def test_a_language_that_nobody_has_reviewed_is_not_offered_and_told_once_with_what_to_do(
    translations: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert offered(translations, "en", "pl") == ("en",)
    [told] = caplog.messages
    assert "the language pl: Its catalogue says `X-Reviewed: no`" in told
    assert str(translations / "pl" / "LC_MESSAGES" / "kiosk.po") in told
    assert "make assets" in told


def test_a_language_that_a_person_has_reviewed_is_offered_where_the_site_lists_it(
    translations: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert offered(translations, "cy", "pl", "en") == ("cy", "en")
    assert offered(translations, "en") == ("en",)
    assert len(caplog.messages) == 1


def test_english_needs_no_review_and_is_left_where_nothing_else_is(
    translations: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert offered(translations, "en-GB") == ("en-GB",)
    assert caplog.messages == []
    assert offered(translations, "pl", "ro") == ("en",)
    assert "English" in caplog.messages[-1]


@pytest.mark.parametrize(("tag", "kept"), [("pt-PT", True), ("pl-PL", False), ("ro-Latn", False)])
def test_a_region_is_reviewed_with_its_language(translations: Path, tag: str, kept: bool) -> None:
    assert offered(translations, "en", tag) == (("en", tag) if kept else ("en",))


@pytest.mark.parametrize(
    "review", ["", "No", "yes", "pending", "FULL NAME", "2026-11-20", ", 2026-11-20", "nurse, soon"]
)
def test_only_a_role_and_a_date_are_a_review(translations: Path, review: str) -> None:
    write_catalogue(translations, "pl", review)
    assert offered(translations, "en", "pl") == ("en",)


def test_a_catalogue_that_says_nothing_of_a_review_has_none(translations: Path) -> None:
    with write_catalogue(translations, "pl", "no").open("wb") as file:
        write_mo(file, Catalog("pl"))
    assert offered(translations, "en", "pl") == ("en",)


@pytest.mark.parametrize("unreviewed_too", [False, True])
@pytest.mark.parametrize("content", [b"", b"not a catalogue", b"\xde\x12\x04\x95" + b"\xff" * 60])
def test_a_language_of_a_broken_catalogue_is_not_offered_and_told(
    translations: Path, content: bytes, unreviewed_too: bool, caplog: pytest.LogCaptureFixture
) -> None:
    broken = write_catalogue(translations, "cy", READ)
    broken.write_bytes(content)
    assert offered(translations, "cy", "en", unreviewed_languages=unreviewed_too) == ("en",)
    [told] = caplog.messages
    assert f"the language cy: {broken} can not be read" in told


@pytest.mark.parametrize("unreviewed_too", [False, True])
def test_a_language_without_a_catalogue_is_not_offered_and_told(
    translations: Path, unreviewed_too: bool, caplog: pytest.LogCaptureFixture
) -> None:
    assert offered(translations, "en", "tlh", unreviewed_languages=unreviewed_too) == ("en",)
    [told] = caplog.messages
    assert "the language tlh: No catalogue of it is found" in told


def test_a_demo_says_that_it_offers_also_what_nobody_has_reviewed(
    translations: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert offered(translations, "en", "pl", "cy", unreviewed_languages=True) == ("en", "pl", "cy")
    assert caplog.messages == []


@pytest.mark.asyncio
async def test_the_program_at_a_site_offers_what_is_reviewed_of_the_catalogues_that_there_are(
    tmp_path: Path,
) -> None:
    others = sorted(compiled(TRANSLATIONS))
    reviewed = [
        each for each in others if REVIEWED.fullmatch(review_of(opened(each, TRANSLATIONS)))
    ]
    async with started_core(tmp_path, NOBODY, {"languages": ("en", *others)}) as core:
        await core.sees(OutOfServiceScreen)
        assert core.is_offered() == ("en", *reviewed)
    log = (tmp_path / "core.log").read_text()
    assert log.count("do not offer the language") == len(others) - len(reviewed)


@pytest.mark.asyncio
async def test_the_screens_of_the_program_offer_no_language_that_is_withheld(
    tmp_path: Path,
) -> None:
    terminal: Table = {"languages": ("en", "pl", "tlh"), "unreviewed_languages": True}
    async with started_core(tmp_path, NOBODY, terminal) as core:
        await core.sees(OutOfServiceScreen)
        assert core.is_offered() == ("en", "pl")
    log = (tmp_path / "core.log").read_text()
    assert log.count("do not offer the language tlh") == 1


def test_a_folder_of_catalogues_that_may_not_be_looked_at_ends_nothing(
    translations: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Root may look at all, so that the look is refused."""

    def refused(path: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refused)
    monkeypatch.setattr(Path, "stat", refused)
    assert offered(translations, "en", "cy") == ("en",)
    assert "No catalogue of it is found" in caplog.text
