"""When the terminal says that it can not be used, and why."""

from kiosk.core.condition import Condition
from kiosk.visit.events import AllWell, Broken
from kiosk.visit.reasons import OutOfOrder


def working() -> Condition:
    condition = Condition()
    condition.reader("desk", up=True)
    condition.call(up=True)
    return condition


def test_nothing_is_believed_of_parts_that_have_not_spoken() -> None:
    condition = Condition()
    assert condition.survey() == Broken(OutOfOrder.STARTING)
    condition.reader("desk", up=True)
    assert condition.survey() == Broken(OutOfOrder.STARTING)
    condition.call(up=True)
    assert condition.survey() == AllWell()


def test_one_reader_that_works_is_enough() -> None:
    condition = working()
    condition.reader("other", up=False)
    assert condition.survey() == AllWell()
    assert condition.faults() == ["reader other is down"]
    condition.reader("desk", up=False)
    assert condition.survey() == Broken(OutOfOrder.READER_DOWN)


def test_a_bridge_that_went_takes_its_readers_with_it_until_it_is_back() -> None:
    condition = working()
    condition.bridge_gone()
    assert condition.survey() == Broken(OutOfOrder.READER_DOWN)
    assert condition.faults() == ["firmware-bridge is down"]
    condition.reader("desk", up=True)
    assert condition.survey() == AllWell()
    assert condition.faults() == []


def test_a_terminal_that_starts_says_what_it_waits_for() -> None:
    condition = Condition()
    assert condition.faults() == [
        "firmware-bridge has not been heard yet",
        "kiosk-call has not been heard yet",
    ]
    condition.reader("desk", up=True)
    assert condition.faults() == ["kiosk-call has not been heard yet"]


def test_without_kiosk_call_there_is_no_visit() -> None:
    condition = working()
    condition.call(up=False)
    assert condition.survey() == Broken(OutOfOrder.CALL_DOWN)
    assert condition.faults() == ["kiosk-call is down"]


def test_an_order_comes_before_all_else() -> None:
    condition = Condition()
    condition.ordered_out(True)
    assert condition.survey() == Broken(OutOfOrder.ORDERED)
    assert condition.faults()[0] == "ordered out of service"


def test_an_order_that_is_taken_back_is_no_fault() -> None:
    condition = working()
    condition.ordered_out(True)
    assert condition.faults() == ["ordered out of service"]
    condition.ordered_out(False)
    assert condition.faults() == []


def test_a_visit_can_do_without_a_camera_but_the_heartbeat_says_so() -> None:
    condition = working()
    assert not condition.device("camera", up=True)
    assert condition.device("camera", up=False)
    assert not condition.device("camera", up=False)
    assert condition.survey() == AllWell()
    assert condition.faults() == ["camera is down"]
    assert condition.device("camera", up=True)
    assert condition.faults() == []


def test_a_board_that_does_not_answer_is_told_and_closes_nothing() -> None:
    condition = working()
    assert condition.board("board", up=False)
    assert not condition.board("board", up=False)
    assert condition.survey() == AllWell()
    assert condition.faults() == ["board board is down"]
    assert condition.board("board", up=True)
    assert condition.faults() == []


def test_a_terminal_that_can_not_be_touched_is_told_and_not_closed() -> None:
    condition = working()
    assert not condition.touchscreen(up=True)
    assert condition.touchscreen(up=False)
    assert not condition.touchscreen(up=False)
    assert condition.survey() == AllWell()
    assert condition.faults() == ["touchscreen is down"]
    assert condition.devices_down == ()
    assert condition.touchscreen(up=True)
    assert condition.faults() == []


def test_a_tamper_is_told_until_staff_have_seen_to_it() -> None:
    condition = working()
    assert condition.tampered("board", "case_open")
    assert not condition.tampered("board", "case_open")
    assert condition.faults() == ["tamper: board, case_open"]
    condition.tamper_over("board", "case_open")
    assert condition.faults() == []
    assert condition.tampered("board", "case_open")


def test_a_tamper_that_a_bridge_tells_again_is_no_news() -> None:
    condition = working()
    condition.tampered("board", "case_open")
    condition.bridge_gone()
    assert not condition.tampered("board", "case_open")
    assert "tamper: board, case_open" in condition.faults()
