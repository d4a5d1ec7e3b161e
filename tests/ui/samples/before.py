"""The screens between joining and the visit: the waiting room, connecting."""

from collections.abc import Iterator
from datetime import timedelta
from typing import cast

from kiosk.wire.own import OwnHint, OwnLevels
from kiosk.wire.screens import ConnectingScreen, WaitingScreen
from tests.ui.samples.base import CALL, MESSAGE, NOW_S, START, UTC_NOW, Sample, changed

WAITING = WaitingScreen(
    visitors=("Mum",),
    in_lobby=False,
    starts_at=START,
    waits_until_s=NOW_S + 900,
    ends_at_s=NOW_S + 2980,
    call=CALL,
    message=None,
    leave_asked=False,
    notice=None,
)
CONNECTING = ConnectingScreen(
    ("Mum",), NOW_S + 2700, CALL, message=None, leave_asked=False, notice=None
)


def plain() -> Iterator[Sample]:
    """All states with the data of an ordinary day."""
    yield Sample("waiting", WAITING)
    late = changed(WAITING, starts_at=UTC_NOW - timedelta(minutes=1))
    yield Sample("waiting_late", late)
    yield Sample("waiting_in_lobby", changed(WAITING, in_lobby=True))
    yield Sample("waiting_leave", changed(WAITING, leave_asked=True))
    yield Sample("waiting_notice", changed(WAITING, notice="other_card"))
    yield Sample("waiting_down", changed(WAITING, down=("microphone", "speaker")))
    yield Sample("waiting_message", changed(WAITING, message=MESSAGE))
    yield Sample("waiting_message_and_notice", changed(late, message=MESSAGE, notice="other_card"))
    for tone in ("played", "yes", "no"):
        yield Sample(f"waiting_tone_{tone}", changed(WAITING, tone=tone))
    yield Sample("waiting_quietest", changed(WAITING, volume=1))
    yield Sample("waiting_loudest", changed(WAITING, volume=5, tone="played"))
    for hint, level, light in (
        ("", 0.62, 0.5),
        ("silent", 0.0, 0.5),
        ("quiet", 0.2, 0.5),
        ("dark", 0.3, 0.05),
    ):
        own = OwnLevels(CALL, level, light, cast(OwnHint, hint), heard=not hint)
        yield Sample(f"waiting_own_{hint or 'well'}", WAITING, own=own)
    yield Sample("waiting_core_gone", WAITING, linked=False)
    yield Sample("connecting", CONNECTING)
    yield Sample("connecting_leave", changed(CONNECTING, leave_asked=True))
    yield Sample("connecting_notice", changed(CONNECTING, notice="other_card"))
    yield Sample("connecting_down", changed(CONNECTING, down=("speaker",)))
    three = ("Mum", "Grandmother", "Christopher")
    yield Sample("waiting_three", changed(late, visitors=three))
    yield Sample("connecting_three", changed(CONNECTING, visitors=three, volume=1))
    yield Sample("connecting_in_vain", changed(CONNECTING, in_vain=True))
    yield Sample("connecting_message", changed(CONNECTING, message=MESSAGE))


def nasty(text: str) -> Iterator[Sample]:
    """Where what others write is shown, and that is `text`."""
    names = (text, text, text)
    yield Sample("waiting", changed(WAITING, visitors=names, message=text, notice=text))
    yield Sample("waiting_leave", changed(WAITING, visitors=names, leave_asked=True))
    yield Sample("connecting", changed(CONNECTING, visitors=names, message=text, notice=text))
