"""The catalogues of the screens' and the family page's languages: kept whole, and compiled.

`compile` makes what the programs read of each catalogue that is newer than it. `update` brings each
catalogue up to what is said today: sentences that are new wait for a translation, those that nobody
says any more go.
"""

import json
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from kiosk.ui.translating import sentences
from kiosk.ui.words import Counted

ROOT = Path(__file__).resolve().parents[1]
TRANSLATIONS = ROOT / "assets" / "translations"
WEB = ROOT / "kiosk" / "sandbox" / "web"
SCREENS, FAMILY = "kiosk", "family"

PLURALS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 :"
    " n%100>=11 && n%100<=99 ? 4 : 5);",
    "cy": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n==3 ? 3 : n==6 ? 4 : 5);",
    "es": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "ga": "nplurals=5; plural=(n==1 ? 0 : n==2 ? 1 : n>=3 && n<=6 ? 2 : n>=7 && n<=10 ? 3 : 4);",
    "hi": "nplurals=2; plural=(n > 1);",
    "lt": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 :"
    " n%10>=2 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "pl": "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
    "pt": "nplurals=2; plural=(n != 1);",
    "ro": "nplurals=3; plural=(n==1 ? 0 : n==0 || (n%100>=1 && n%100<=19) ? 1 : 2);",
    "sq": "nplurals=2; plural=(n != 1);",
    "uk": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 :"
    " n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
    "ur": "nplurals=2; plural=(n != 1);",
    "vi": "nplurals=1; plural=0;",
}
"""The languages there are, and which form of a sentence each has for a number."""

MACHINE = """\
# Made by a machine and read by nobody who speaks the language. A site switches a language on only
# after such a person has read its catalogue and has set X-Reviewed to their role and the date.
"""


class Marked(Catalog):
    """A catalogue that says in its header also who has read it; Babel reads and writes no such line."""

    def __init__(self, catalogue: Catalog, mark: str) -> None:
        super().__init__(catalogue.locale)
        self._mark = mark
        for message in catalogue:
            self[message.id] = message

    def __iter__(self) -> Iterator[Message]:
        header, *messages = super().__iter__()
        header.string = f"{header.string}X-Reviewed: {self._mark}\n"
        yield from (header, *messages)


def said(domain: str) -> dict[str | Counted, list[str]]:
    """Each English sentence of a domain, and where it is said."""
    return sentences() if domain == SCREENS else _family()


def path_of(language: str, domain: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / f"{domain}.po"


def read(path: Path) -> Catalog:
    """Raises PoFileError for one that is broken."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, abort_invalid=True)


def reviewed(path: Path) -> str:
    """Who has read it, as it says itself; `no` where nobody has."""
    lines = path.read_text().splitlines()
    marks = [line for line in lines if line.startswith('"X-Reviewed: ')]
    return marks[0].removeprefix('"X-Reviewed: ').removesuffix('\\n"')


def written(language: str, domain: str, known: dict[str, tuple[str, ...]], mark: str) -> str:
    """The text of a catalogue; `known` has the translations by the English (first) form."""
    lines = [MACHINE.rstrip()] if mark == "no" else []
    lines += ['msgid ""', 'msgstr ""']
    lines += [
        _quoted(f"{name}: {value}\n")
        for name, value in (
            ("Language", language),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", PLURALS[language]),
            ("X-Reviewed", mark),
        )
    ]
    for sentence, places in said(domain).items():
        lines += ["", f"#. {', '.join(places)}"]
        lines += _entry(sentence, known, int(PLURALS[language][len("nplurals=")]))
    return "\n".join(lines) + "\n"


def update() -> None:
    """Every catalogue says what is said today, in its order; what is not known yet is empty."""
    for language in PLURALS:
        for domain in (SCREENS, FAMILY):
            path = path_of(language, domain)
            known, mark = (_known(read(path)), reviewed(path)) if path.exists() else ({}, "no")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(written(language, domain, known, mark))


def compile_all() -> None:
    """Of each catalogue what the programs read, where it is not there, or older than it or than this."""
    for source in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po")):
        made = source.with_suffix(".mo" if source.stem == SCREENS else ".json")
        newest_s = max(file.stat().st_mtime for file in (source, Path(__file__)))
        if made.exists() and made.stat().st_mtime >= newest_s:
            continue
        catalogue = read(source)
        if source.stem == SCREENS:
            with made.open("wb") as file:
                write_mo(file, Marked(catalogue, reviewed(source)))
        else:
            known = {one: forms[0] for one, forms in _known(catalogue).items() if forms[0]}
            made.write_text(json.dumps(known, ensure_ascii=False, indent=0))


def _known(catalogue: Catalog) -> dict[str, tuple[str, ...]]:
    known = {}
    for message in catalogue:
        if message.id:
            one = message.id if isinstance(message.id, str) else message.id[0]
            string = message.string or ""
            known[one] = (string,) if isinstance(string, str) else tuple(string)
    return known


def _entry(sentence: str | Counted, known: dict[str, tuple[str, ...]], forms: int) -> list[str]:
    if isinstance(sentence, str):
        return [f"msgid {_quoted(sentence)}", f"msgstr {_quoted(known.get(sentence, ('',))[0])}"]
    other = known.get(sentence.one, ("",) * forms)
    return [
        f"msgid {_quoted(sentence.one)}",
        f"msgid_plural {_quoted(sentence.more)}",
        *(f"msgstr[{number}] {_quoted(form)}" for number, form in enumerate(other)),
    ]


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _family() -> dict[str | Counted, list[str]]:
    """What stands in the family's page, and in its scripts between `t("` or `mark("` and `"`."""
    found: dict[str | Counted, list[str]] = {}
    page = _Page()
    page.feed((WEB / "family.html").read_text())
    for sentence in page.sentences:
        found.setdefault(sentence, []).append("family.html")
    for script in ("family.js", "phrases.js", "words.js", "browser.js", "tongue.js"):
        for sentence in re.findall(r'\b(?:t|mark)\("([^"]+)"', (WEB / script).read_text()):
            if script not in found.setdefault(sentence, []):
                found[sentence].append(script)
    return found


class _Page(HTMLParser):
    """Collects the pieces of text of a page that are in its own language."""

    def __init__(self) -> None:
        super().__init__()
        self.sentences: list[str] = []
        self._own = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fields = dict(attrs)
        self._own = self._own or (tag == "label" and "data-own" in fields)
        if fields.get("aria-label"):
            self.sentences.append(str(fields["aria-label"]))

    def handle_endtag(self, tag: str) -> None:
        self._own = self._own and tag != "label"

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if not self._own and any(char.isalpha() for char in words):
            self.sentences.append(words)


if __name__ == "__main__":
    {"compile": compile_all, "update": update}[sys.argv[1]]()
