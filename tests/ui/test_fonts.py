"""The fonts hold every letter that a screen may have to draw, and are built from Debian's Noto."""

import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from kiosk.ui.names import plain

ROOT = Path(__file__).parents[2]
FONTS = ROOT / "assets" / "fonts"
NAMES = ("Noto-Regular.ttf", "Noto-Bold.ttf")

ALPHABETS = {
    "en": "AaBbZz0123456789 .,:;!?“”…·()%&/+-\u2018\u2019\u2013",
    "cy": "ÂâÊêÎîÔôÛûŴŵŶŷÁáÉéÍíÓóÚúẀẁẂẃỲỳÄäËëÏïÖöÜüẄẅŸÿ",
    "pl": "Ąą Ćć Ęę Łł Ńń Óó Śś Źź Żż",
    "ro": "ĂăÂâÎîȘșȚț„”",
    "sq": "ÇçËë",
    "lt": "ĄąČčĘęĖėĮįŠšŲųŪūŽž",
    "vi": "ĂăÂâĐđÊêÔôƠơƯưẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặẸẹẺẻẼẽẾếỀềỂểỄễỆệỈỉỊịỌọ"
    "ỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỤụỦủỨứỪừỬửỮữỰựỲỳỴỵỶỷỸỹ",
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئىة،؛؟ًٌٍَُِّْ٠١٢٣٤٥٦٧٨٩",
    "ur": "ٹڈڑںھہۂۃےۓگچپژکی۔۰۱۲۳۴۵۶۷۸۹",  # noqa: RUF001
    "hi": "अआइईउऊऋएऐओऔकखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसहािीुूृेैोौंःँ़्।०१२३४५६७८९",
    "es": "ÁáÉéÍíÑñÓóÚúÜü¿¡",
    "fr": "ÀàÂâÆæÇçÉéÈèÊêËëÎîÏïÔôŒœÙùÛûÜüŸÿ«»\u202f\u00a0",
    "pt": "ÁáÂâÃãÀàÇçÉéÊêÍíÓóÔôÕõÚú",
    "uk": "АаБбВвГгҐґДдЕеЄєЖжЗзИиІіЇїЙйКкЛлМмНнОоПпРрСсТтУуФфХхЦцЧчШшЩщЬьЮюЯя",
    "ga": "ÁáÉéÍíÓóÚú",
}


@pytest.fixture(scope="module", params=NAMES)
def letters(request: pytest.FixtureRequest) -> set[int]:
    return set(TTFont(FONTS / request.param).getBestCmap())


@pytest.mark.parametrize("language", ALPHABETS)
def test_every_letter_of_a_language_can_be_drawn(letters: set[int], language: str) -> None:
    assert [char for char in ALPHABETS[language] if ord(char) not in letters] == []


def test_every_letter_of_every_catalogue_can_be_drawn(letters: set[int]) -> None:
    catalogues = sorted((ROOT / "assets").rglob("*.po"))
    words = "".join(path.read_text() for path in catalogues)
    assert {char for char in words if char.isprintable() and ord(char) not in letters} == set()


def test_what_is_left_of_a_name_can_be_drawn(letters: set[int]) -> None:
    every = [chr(code) for code in range(0x20, 0x11000) if not 0xD800 <= code < 0xE000]
    shown = {char for each in every for char in plain(f"a{each}", 4)}
    assert {hex(ord(char)) for char in shown if ord(char) not in letters} == set()
    assert {"é", "ł", "ж", "م", "ڑ", "न"} <= shown


def test_the_license_lies_beside_the_fonts_and_in_them() -> None:
    text = (FONTS / "OFL.txt").read_text()
    for name in NAMES:
        assert name in text
        assert "SIL Open Font License" in str(TTFont(FONTS / name)["name"].getDebugName(13))


@pytest.mark.slow
def test_make_assets_builds_the_very_same_fonts(tmp_path: Path) -> None:
    made = [sys.executable, str(ROOT / ".ci" / "make_fonts.py"), str(tmp_path)]
    subprocess.run(made, check=True, capture_output=True, timeout=150)
    for name in NAMES:
        assert (tmp_path / name).read_bytes() == (FONTS / name).read_bytes(), name
