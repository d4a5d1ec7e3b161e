"""The handset: who is told of it, and what is made of one that nobody knows of."""

import pytest

from kiosk.visit import events
from kiosk.visit.actions import CallSupport
from kiosk.visit.helplines import HelpDesk, Support, SupportLine
from kiosk.visit.reasons import Touch
from kiosk.visit.stages import Idle
from kiosk.wire.devices import BoardStatus, HandsetStatus
from kiosk.wire.messages import Program, UseHandset
from tests.core.desk import NOW_S, Desk, ready


def told_of_handset(desk: Desk) -> list[bool]:
    return [m.on for m in desk.sent_to(Program.CALL) if isinstance(m, UseHandset)]


async def test_kiosk_call_is_told_of_the_handset_at_every_change_and_when_it_comes_back() -> None:
    desk = ready()
    assert told_of_handset(desk) == [False]
    desk.said(Program.BRIDGE, *(HandsetStatus(lifted) for lifted in (True, True, False, True)))
    assert told_of_handset(desk) == [False, True, False, True]
    assert desk.terminal.stage == Idle()
    desk.terminal.on_gone(Program.CALL)
    desk.terminal.on_peer(Program.CALL)
    assert told_of_handset(desk) == [False, True, False, True, True]


@pytest.mark.parametrize("lost", ["the board", "the bridge"])
async def test_a_handset_that_nobody_knows_of_is_taken_to_hang(lost: str) -> None:
    desk = ready()
    desk.said(Program.BRIDGE, BoardStatus("board", up=True), HandsetStatus(lifted=True))
    if lost == "the board":
        desk.said(Program.BRIDGE, BoardStatus("board", up=False, reason="no answer"))
    else:
        desk.terminal.on_bridge_gone()
    assert told_of_handset(desk) == [False, True, False]


@pytest.mark.parametrize("lost", ["the board", "the bridge"])
async def test_a_line_that_needs_the_handset_is_not_called_while_nobody_knows_of_it(
    lost: str,
) -> None:
    line = SupportLine(
        "private",
        "Samaritans",
        "",
        confidential=True,
        needs_card=False,
        needs_handset=True,
        unrecorded=True,
    )
    desk = Desk(Support(HelpDesk((line,), lifted=True), NOW_S + 60))
    if lost == "the board":
        desk.said(Program.BRIDGE, BoardStatus("board", up=False, reason="no answer"))
    else:
        desk.terminal.on_bridge_gone()
    desk.terminal.post(events.Touched(Touch.SUPPORT, "private"))
    assert desk.errands.begun == []
    assert isinstance(desk.terminal.stage, Support)
    desk.said(Program.BRIDGE, HandsetStatus(lifted=True))
    assert [type(errand) for errand in desk.errands.begun] == [CallSupport]
    desk.terminal.stop()


async def test_only_the_bridge_speaks_of_the_handset() -> None:
    desk = ready()
    for program in (Program.UI, Program.CALL):
        desk.said(program, HandsetStatus(lifted=True))
    assert told_of_handset(desk) == [False]
