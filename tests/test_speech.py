"""Which languages can be read out is told by the lists that the spoken guide comes with."""

from pathlib import Path

import pytest

from kiosk.speech import guides, voices


def manifest(speech: Path, language: str, text: str) -> None:
    (speech / language).mkdir()
    (speech / language / "manifest.json").write_text(text)


def test_a_language_has_a_voice_where_its_list_names_a_prompt(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    manifest(tmp_path, "pl", '{"idle": "1", "pin": "2"}')
    manifest(tmp_path, "cy", "{}")
    manifest(tmp_path, "ga", "no list")
    assert guides(tmp_path) == {"pl": {"idle", "pin"}, "cy": frozenset(), "ga": frozenset()}
    assert voices(tmp_path) == {"pl"}
    assert "no spoken guide in ga" in caplog.text


def test_without_a_guide_nothing_can_be_read_out(tmp_path: Path) -> None:
    assert voices(tmp_path / "missing") == frozenset()
