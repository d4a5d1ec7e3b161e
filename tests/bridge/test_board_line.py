"""The board's line, moved on by hand: what it asks, what it keeps in the board, what it tells."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.board.health import GARBAGE, NOT_YET, NOTHING
from firmware_bridge.board.line import SETTING_UP, BoardLine
from firmware_bridge.board.places import Place
from firmware_bridge.board.settings import (
    BacklightSettings,
    BoardSettings,
    CaseSettings,
    HookSettings,
    LedSettings,
    PresetSettings,
)
from firmware_bridge.board.upkeep import HEARTBEAT_S, KEEP_TRIES
from kiosk.wire.devices import BoardStatus, HandsetStatus, Indication, Tamper
from tests.bridge.boards import (
    BACKLIGHT,
    CASE,
    HOOK,
    INPUTS,
    LIGHTS,
    SAFE_BACKLIGHT,
    SAFE_LIGHTS,
    SETTINGS,
    WATCHDOG,
    AnsweringBoard,
)

UP = BoardStatus("board", up=True)
ON_HOOK = HandsetStatus(lifted=False)
LIFTED = HandsetStatus(lifted=True)
CLOSED_CASE = Tamper("board", "case_open", active=False)
OPENED_CASE = Tamper("board", "case_open", active=True)
GREEN, RED = 1, 2


@pytest.fixture
def board() -> AnsweringBoard:
    """As it is a second after it was plugged in."""
    board = AnsweringBoard()
    board.run(1.0)
    return board


def test_at_first_how_everything_is_is_told() -> None:
    board = AnsweringBoard()
    assert board.line.status(board.now) == BoardStatus("board", up=False, reason=NOT_YET)
    assert board.run(1.0) == [CLOSED_CASE, ON_HOOK]
    assert board.line.status(board.now) == UP


def test_the_board_is_not_up_before_its_watchdog_is_armed() -> None:
    board = AnsweringBoard()
    while not board.line.status(board.now).up:
        board.run(0.001)
    assert (board.values[WATCHDOG], board.values[SAFE_LIGHTS]) == (3, RED)
    assert (board.values[LIGHTS], board.values[BACKLIGHT]) == (RED, 3000)


def test_the_board_is_not_up_before_its_switches_are_known() -> None:
    board = AnsweringBoard()
    board.values |= {WATCHDOG: 3, SAFE_LIGHTS: 2, SAFE_BACKLIGHT: 5000}
    while len(board.run(0.001)) == 0:
        assert not board.line.status(board.now).up
    board.refuses[INPUTS] = 6
    board.line = BoardLine(SETTINGS)
    board.run(2.0)
    assert board.reason == SETTING_UP


def test_what_stands_in_the_board_is_not_written_again(board: AnsweringBoard) -> None:
    places = [place for place, _ in board.writes]
    assert sorted(map(str, places)) == sorted(
        map(str, (LIGHTS, BACKLIGHT, WATCHDOG, SAFE_LIGHTS, SAFE_BACKLIGHT))
    )
    board.run(10.0)
    assert len(board.writes) == len(places)


def test_a_memory_that_is_right_is_not_written_at_all() -> None:
    board = AnsweringBoard()
    board.values |= {WATCHDOG: 3, SAFE_LIGHTS: 2, SAFE_BACKLIGHT: 5000}
    board.run(5.0)
    assert board.writes == [(LIGHTS, RED), (BACKLIGHT, 3000)]


def test_a_light_that_the_board_has_not_does_not_keep_the_watchdog_from_being_armed() -> None:
    board = AnsweringBoard()
    board.refuses[LIGHTS] = 2
    board.run(1.0)
    assert board.values[WATCHDOG] == 3
    assert board.values[BACKLIGHT] == 3000


def test_a_slow_board_is_set_up_and_its_switches_are_seen() -> None:
    board = AnsweringBoard()
    board.answers_after_s = 0.04
    assert set(board.run(2.0)) == {CLOSED_CASE, ON_HOOK}
    assert board.line.status(board.now) == UP
    board.values[INPUTS] |= HOOK
    assert board.run(0.25) == [LIFTED]


def test_a_switch_is_told_once_and_within_a_tenth_of_a_second(board: AnsweringBoard) -> None:
    board.values[INPUTS] = CASE | HOOK
    assert board.run(0.1) == [LIFTED]
    assert board.run(1.0) == []
    board.values[INPUTS] = CASE
    assert board.run(0.1) == [ON_HOOK]


def test_a_contact_that_bounces_says_nothing(board: AnsweringBoard) -> None:
    for _ in range(20):
        board.values[INPUTS] ^= HOOK
        assert board.run(0.0205) == []


def test_an_opened_case_is_a_tamper_and_a_cut_loop_is_one_too(board: AnsweringBoard) -> None:
    board.values[INPUTS] = 0
    assert board.run(0.1) == [OPENED_CASE]
    board.values[INPUTS] = CASE
    assert board.run(0.1) == [CLOSED_CASE]


def test_an_indication_is_shown_at_once(board: AnsweringBoard) -> None:
    board.writes.clear()
    board.line.indicate(Indication.READY)
    board.run(0.1)
    assert board.writes == [(LIGHTS, GREEN), (BACKLIGHT, 10000)]


def test_a_screen_that_rests_is_dimmed_where_the_site_says_so_and_else_is_as_ready() -> None:
    undimmed = msgspec.structs.replace(SETTINGS.show, resting=None)
    for show, backlight in ((SETTINGS.show, 2000), (undimmed, 10000)):
        board = AnsweringBoard(msgspec.structs.replace(SETTINGS, show=show))
        board.run(1.0)
        board.line.indicate(Indication.RESTING)
        board.run(0.1)
        assert (board.values[LIGHTS], board.values[BACKLIGHT]) == (GREEN, backlight)


def test_what_is_already_shown_is_not_written(board: AnsweringBoard) -> None:
    board.line.indicate(Indication.READY)
    board.run(0.1)
    board.writes.clear()
    board.line.indicate(Indication.VISIT)
    board.run(0.1)
    assert board.writes == [(BACKLIGHT, 8000)]


def test_a_board_that_was_reset_is_set_up_again_within_the_heartbeat(board: AnsweringBoard) -> None:
    board.values.update({LIGHTS: 0, BACKLIGHT: 0, WATCHDOG: 0})
    board.run(HEARTBEAT_S + 0.3)
    assert board.values[LIGHTS] == RED
    assert board.values[BACKLIGHT] == 3000
    assert board.values[WATCHDOG] == 3
    assert board.line.status(board.now) == UP


def test_a_board_that_falls_silent_is_down_within_a_second_and_a_half(
    board: AnsweringBoard,
) -> None:
    board.silent = True
    assert board.run(1.5) == []
    assert board.reason == NOTHING


def test_one_answer_that_is_lost_is_no_matter(board: AnsweringBoard) -> None:
    board.silent = True
    board.run(0.2)
    board.silent = False
    assert board.run(1.0) == []
    assert board.line.status(board.now) == UP


def test_a_board_that_is_back_is_told_and_set_up_anew(board: AnsweringBoard) -> None:
    board.silent = True
    board.run(2.0)
    board.values.update({INPUTS: CASE | HOOK, LIGHTS: 0, WATCHDOG: 0})
    board.silent = False
    said = []
    while not board.line.status(board.now).up:
        said += board.run(0.001)
    assert (board.values[LIGHTS], board.values[WATCHDOG]) == (RED, 3)
    assert set(said + board.run(0.1)) == {LIFTED, CLOSED_CASE}


def test_another_unit_that_answers_is_named() -> None:
    board = AnsweringBoard(unit=7)
    board.run(2.0)
    assert board.reason == "the unit that answers is 7: correct `unit`"


def test_a_line_that_only_babbles_is_told_as_no_modbus() -> None:
    line = BoardLine(SETTINGS)
    for tenth in range(20):
        line.feed(b"\x00\xf8\x80 not a board", 1.0 + tenth / 10)
        line.to_send()
    assert line.status(3.0).reason == GARBAGE


@pytest.mark.parametrize(
    ("place", "code", "reason"),
    [
        (INPUTS, 2, "refuses to read input_register 15 (exception 02): it has none: correct"),
        (INPUTS, 1, "refuses to read input_register 15 (exception 01): it does not know how"),
        (LIGHTS, 2, "refuses to write holding_register 17 (exception 02): it has none"),
        (LIGHTS, 9, "refuses to write holding_register 17 (exception 09): it can not"),
        (WATCHDOG, 2, "refuses to read holding_register 140 (exception 02): it has none"),
    ],
)
def test_what_the_board_refuses_is_told_with_its_place(
    board: AnsweringBoard, place: Place, code: int, reason: str
) -> None:
    board.refuses[place] = code
    board.line.indicate(Indication.READY)
    board.run(2.0)
    assert board.reason.startswith(reason)
    board.refuses.clear()
    board.run(2.0)
    assert board.line.status(board.now) == UP


def test_a_board_that_is_busy_is_asked_again_and_not_down(board: AnsweringBoard) -> None:
    board.refuses[LIGHTS] = 6
    board.line.indicate(Indication.READY)
    board.run(2.0)
    assert board.line.status(board.now) == UP
    board.refuses.clear()
    board.run(1.5)
    assert board.values[LIGHTS] == GREEN


def test_a_board_that_keeps_no_watchdog_is_told_and_its_memory_is_spared() -> None:
    board = AnsweringBoard()
    board.forgets.add(WATCHDOG)
    board.run(20.0)
    assert board.reason.startswith("does not keep what is written to holding_register 140")
    assert board.writes.count((WATCHDOG, 3)) == KEEP_TRIES


def with_coils() -> tuple[BoardSettings, AnsweringBoard]:
    """A board that has nothing but single bits, as ICP DAS' tM modules."""
    assert SETTINGS.watchdog is not None
    settings = msgspec.structs.replace(
        SETTINGS,
        hook=HookSettings(table="discrete_input", address=3, lifted_when=False),
        case=CaseSettings(table="coil", address=32),
        leds={
            "green": LedSettings(table="coil", address=0),
            "red": LedSettings(table="coil", address=1),
            "yellow": LedSettings(table="coil", address=2),
        },
        backlight=BacklightSettings("coil", 3),
        watchdog=msgspec.structs.replace(
            SETTINGS.watchdog,
            arm=(PresetSettings("holding_register", 488, 20),),
            safe=(PresetSettings("coil", 129, 1),),
            pet=PresetSettings("coil", 269, 1),
        ),
    )
    board = AnsweringBoard(settings)
    board.values = {Place("coil", address): 0 for address in (0, 1, 2, 3, 129, 269)}
    board.values |= {
        Place("coil", 32): 1,
        Place("discrete_input", 3): 1,
        Place("holding_register", 488): 0,
    }
    return settings, board


def test_a_board_of_coils_and_discrete_inputs_works_in_the_same_way() -> None:
    _, board = with_coils()
    assert set(board.run(1.0)) == {CLOSED_CASE, ON_HOOK}
    assert board.line.status(board.now) == UP
    board.line.indicate(Indication.ACCEPTED)
    board.run(0.3)
    assert [board.values[Place("coil", address)] for address in range(4)] == [1, 0, 1, 1]
    board.values[Place("discrete_input", 3)] = 0
    assert board.run(0.15) == [LIFTED]


def test_the_watchdog_is_petted_each_second_and_before_anything_else_is_written() -> None:
    _, board = with_coils()
    board.run(5.1)
    pet = (Place("coil", 269), 1)
    assert board.writes[0] == pet
    assert board.writes.count(pet) in (5, 6)


@pytest.mark.parametrize("late_s", [None, 0.22, 0.25, 0.3, 0.35, 0.4])
def test_whichever_answer_is_lost_or_late_a_switch_that_did_not_move_is_not_told_as_moved(
    late_s: float | None,
) -> None:
    for number in range(40):
        _, board = with_coils()
        board.delays = iter([*[0.005] * number, late_s])
        assert set(board.run(2.0)) == {CLOSED_CASE, ON_HOOK}
        assert board.line.status(board.now) == UP


@given(
    st.lists(st.tuples(st.binary(max_size=80), st.floats(0, 0.5)), max_size=40),
)
def test_noise_never_raises_and_a_board_behind_it_is_found(
    noise: list[tuple[bytes, float]],
) -> None:
    board = AnsweringBoard()
    for data, wait_s in noise:
        board.now += wait_s
        board.line.feed(data, board.now)
        board.line.to_send()
    board.run(3.0)
    assert board.line.status(board.now) == UP


def test_a_board_is_cut_off_while_nobody_answers_and_not_while_it_is_set_up() -> None:
    board = AnsweringBoard()
    assert board.line.is_cut_off(board.now)
    board.answers_after_s = 0.001
    board.run(0.02)
    assert board.reason == SETTING_UP
    assert not board.line.is_cut_off(board.now)
    board.run(1.0)
    board.silent = True
    board.run(2.0)
    assert board.line.is_cut_off(board.now)
