"""The file in which an OSDP reader's key is kept."""

import os
from pathlib import Path

import pytest

from firmware_bridge.readers.osdp import OsdpSettings
from firmware_bridge.readers.osdp_key import load_key, prepare_key, prepared_key, save_key
from kiosk.errors import BridgeError
from tests.bridge.osdp_rig import KEY


class TestTheKeyFile:
    def test_is_for_its_owner_only_from_the_start(self, tmp_path: Path) -> None:
        file = tmp_path / "a.key"
        before = os.umask(0)
        try:
            save_key(file, KEY)
        finally:
            os.umask(before)
        assert file.stat().st_mode & 0o777 == 0o600
        assert load_key(file) == KEY
        assert [path.name for path in tmp_path.iterdir()] == ["a.key"]

    def test_is_whole_or_as_it_was(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        file = tmp_path / "a.key"
        save_key(file, KEY)

        def full(_descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("os.fsync", full)
        with pytest.raises(BridgeError, match="No space left"):
            save_key(file, bytes(16))
        assert load_key(file) == KEY

    def test_of_half_a_key_that_was_prepared_is_none(self, tmp_path: Path) -> None:
        file = tmp_path / "a.key"
        assert prepared_key(file) is None
        prepare_key(file, KEY)
        assert prepared_key(file) == KEY
        beside = tmp_path / ".a.key.new"
        beside.write_bytes(beside.read_bytes()[:9])
        assert prepared_key(file) is None

    @pytest.mark.parametrize("text", ["", "00" * 15, "00" * 17, "zz" * 16, " " * 32])
    def test_that_holds_no_key_is_refused_without_quoting_it(
        self, tmp_path: Path, text: str
    ) -> None:
        file = tmp_path / "a.key"
        file.write_text(text)
        file.chmod(0o600)
        with pytest.raises(BridgeError, match="commission again") as raised:
            load_key(file)
        assert not text or text not in str(raised.value)
        assert raised.value.__cause__ is None

    @pytest.mark.parametrize("key", [bytes(16), b"0123456789:;<=>?"])
    def test_that_everybody_knows_is_refused(self, tmp_path: Path, key: bytes) -> None:
        file = tmp_path / "a.key"
        save_key(file, key)
        with pytest.raises(BridgeError, match="everybody knows"):
            load_key(file)

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
    def test_that_others_may_use_is_refused(self, tmp_path: Path, mode: int) -> None:
        file = tmp_path / "a.key"
        save_key(file, KEY)
        file.chmod(mode)
        with pytest.raises(BridgeError, match="chmod 600"):
            load_key(file)

    def test_is_named_by_the_reader_where_the_settings_do_not(self) -> None:
        named = OsdpSettings(name="front", port="/dev/ttyUSB0")
        assert str(named.key_path) == "/var/lib/visit-kiosk/bridge/front.key"
        set_ = OsdpSettings(name="front", port="/dev/ttyUSB0", key_file="/etc/front.key")
        assert str(set_.key_path) == "/etc/front.key"
