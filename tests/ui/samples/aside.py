"""What lies over the screens and in their bar: languages, access modes, an officer asked, the countdown."""

from collections.abc import Iterator

from kiosk.sandbox.trial import LANGUAGES
from kiosk.wire.manner import MODES, Manner
from kiosk.wire.screens import IdleScreen, RefusedScreen
from tests.ui.samples.base import NOW_S, START, Sample
from tests.ui.samples.before import CONNECTING, WAITING
from tests.ui.samples.entry import WELCOME

ALL_ON = Manner("en", **dict.fromkeys(MODES, True))
IDLE = IdleScreen()


def plain() -> Iterator[Sample]:
    """All states with the data of an ordinary day."""
    offered = ("languages", LANGUAGES)
    yield Sample("bar_idle", IDLE, beside=(offered,))
    for state in ("asking", "asked", "coming", "unheard"):
        yield Sample(f"bar_officer_{state}", WELCOME, beside=(offered, ("officer", state)))
    closes = (offered, ("leaves_at_s", NOW_S + 17.3), ("can_stay", True))
    yield Sample("bar_closes", WELCOME, beside=closes)
    yield Sample("bar_closes_asked", WELCOME, beside=(*closes, ("officer", "asked")))
    yield Sample("bar_closes_unheard", WELCOME, beside=(*closes, ("officer", "unheard")))
    yield Sample("bar_closes_soon", WELCOME, beside=(("leaves_at_s", NOW_S + 0.6),))
    yield Sample("bar_closes_waiting", WAITING, beside=closes)
    yield Sample("bar_closes_connecting", CONNECTING, beside=closes)
    for count in (2, 6, 9, len(LANGUAGES)):
        open_ = (("languages", LANGUAGES[:count]), ("panel", "language"))
        yield Sample(f"languages_{count}", IDLE, beside=open_)
    unknown = (("languages", ("en", "tlh-x-imaginary")), ("panel", "language"))
    yield Sample("languages_without_a_name", IDLE, beside=unknown)
    yield Sample("languages_in_the_waiting_room", WAITING, beside=(offered, ("panel", "language")))
    yield Sample("access", IDLE, beside=(offered, ("panel", "access")))
    yield Sample("access_all_on", IDLE, manner=ALL_ON, beside=(offered, ("panel", "access")))
    for panel in ("language", "access"):
        over = (*closes, ("panel", panel))
        yield Sample(f"{panel}_closes", WELCOME, beside=over)
        yield Sample(f"{panel}_closes_asked", WELCOME, beside=(*over, ("officer", "asked")))
        yield Sample(f"{panel}_closes_soon", WELCOME, beside=(*over, ("can_stay", False)))
        for state in ("asked", "unheard"):
            asked = (offered, ("panel", panel), ("officer", state))
            yield Sample(f"{panel}_officer_{state}", IDLE, beside=asked)
    refused = RefusedScreen("too_early", None, START)
    yield Sample("access_refused", refused, beside=(offered, ("panel", "access")))
    yield Sample("access_core_gone", IDLE, linked=False, beside=(offered, ("panel", "access")))
    yield Sample("resting", IDLE, beside=(offered, ("resting", True)))


def nasty(text: str) -> Iterator[Sample]:
    """Where what others write is shown, and that is `text`."""
    yield Sample("bar", IDLE, beside=(("languages", LANGUAGES), ("officer", "unheard")))
