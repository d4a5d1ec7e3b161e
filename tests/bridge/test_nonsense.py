"""A device that only ever talks nonsense is told apart from a reader on a disturbed line."""

from firmware_bridge.nonsense import ENOUGH_BYTES, PATIENCE_S, PAUSE_S, Nonsense


def talked(seconds: int, count_bytes: int) -> Nonsense:
    nonsense = Nonsense()
    for second in range(seconds + 1):
        nonsense.hear(count_bytes, float(second), sensible=False)
    return nonsense


def test_a_device_that_reports_something_else_each_second_is_no_card_reader() -> None:
    nonsense = talked(11, 70)
    assert nonsense.is_all(11)


def test_judgement_takes_its_time() -> None:
    assert not talked(9, 1000).is_all(9)
    assert talked(int(PATIENCE_S), 1000).is_all(PATIENCE_S)


def test_a_line_with_a_wrong_byte_each_second_is_only_disturbed() -> None:
    nonsense = talked(60, 1)
    assert ENOUGH_BYTES > 60
    assert not nonsense.is_all(60)


def test_one_card_is_enough_to_be_believed_again() -> None:
    nonsense = talked(60, 70)
    nonsense.hear(14, 60.5, sensible=True)
    assert not nonsense.is_all(60.5)
    assert nonsense.next_deadline() is None


def test_silence_is_enough_to_be_believed_again() -> None:
    nonsense = talked(60, 70)
    assert nonsense.next_deadline() == 60 + PAUSE_S
    assert nonsense.is_all(60 + PAUSE_S - 0.01)
    assert not nonsense.is_all(60 + PAUSE_S)


def test_two_disturbances_with_a_pause_between_are_not_one() -> None:
    nonsense = talked(9, 70)
    nonsense.hear(70, 9 + PAUSE_S, sensible=False)
    assert not nonsense.is_all(9 + PAUSE_S)


def test_after_a_silence_nothing_is_due_any_more() -> None:
    nonsense = talked(60, 70)
    nonsense.tick(60 + PAUSE_S)
    assert nonsense.next_deadline() is None
