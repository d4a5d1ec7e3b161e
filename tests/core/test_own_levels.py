"""How loud and bright it is here goes to the screen before the visit, and to nobody else."""

from kiosk.core.hearing import may_say
from kiosk.wire.messages import Message, Program
from kiosk.wire.outbox import Outbox
from kiosk.wire.own import OwnLevels
from tests.core.desk import Desk
from tests.visit.samples import CALL, connecting, in_visit, waiting

LEVELS = OwnLevels(7, 0.5, 0.5)


def told_to_screen(desk: Desk) -> list[Message]:
    return [each for each in desk.sent_to(Program.UI) if isinstance(each, OwnLevels)]


def test_only_kiosk_call_may_say_it() -> None:
    assert [program for program in Program if may_say(program, LEVELS)] == [Program.CALL]


def test_of_what_waits_for_a_slow_screen_only_the_newest_is_left() -> None:
    waiting = Outbox[OwnLevels]()
    newest = OwnLevels(7, 0.9, 0.5)
    for levels in (LEVELS, newest):
        waiting.put(levels)
    assert (waiting.take(), waiting.take()) == (newest, None)


async def test_the_screen_gets_it_in_the_waiting_room_and_nowhere_else() -> None:
    for stage, goes_on in ((waiting(), True), (connecting(), True), (in_visit(), False)):
        desk = Desk(stage)
        desk.said(Program.CALL, OwnLevels(CALL, 0.5, 0.5))
        assert (OwnLevels(CALL, 0.5, 0.5) in told_to_screen(desk)) is goes_on, stage


async def test_another_calls_levels_are_nobodys() -> None:
    desk = Desk(waiting())
    desk.said(Program.CALL, OwnLevels(CALL - 1, 0.5, 0.5))
    assert told_to_screen(desk) == []
