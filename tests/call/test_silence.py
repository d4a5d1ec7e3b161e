"""A line that says nothing is noticed in time, and nothing else is."""

from kiosk.call.silence import LOOK_S, QUIET_S, SILENT_S, Line, Silence


def looked(silence: Silence, received: int, since: float, until: float) -> list[tuple[float, Line]]:
    """What is new, and when, while no more than that is received."""
    found: list[tuple[float, Line]] = []
    for number in range(1, round((until - since) / LOOK_S) + 1):
        now = since + number * LOOK_S
        if (line := silence.look(received, now)) is not Line.SAME:
            found.append((now, line))
    return found


def test_a_line_that_speaks_is_the_same() -> None:
    silence = Silence(0.0)
    assert all(silence.look(n * 100, n * 1.0) is Line.SAME for n in range(1, 60))
    assert silence.since is None


def test_a_silence_is_noticed_once_and_is_known_to_have_begun_before() -> None:
    silence = Silence(0.0)
    silence.look(100, 10.0)
    assert looked(silence, 100, 10.0, 14.75)[1:] == [(10.0 + SILENT_S, Line.SILENT)]
    assert silence.since == 10.0


def test_a_line_that_speaks_again_is_heard_once() -> None:
    silence = Silence(0.0)
    silence.look(100, 10.0)
    looked(silence, 100, 10.0, 13.0)
    assert silence.look(200, 13.1) is Line.HEARD
    assert silence.look(300, 13.2) is Line.SAME
    assert silence.since is None


def test_a_line_from_which_nothing_ever_came_is_silent_as_soon() -> None:
    assert looked(Silence(7.0), 0, 7.0, 60.0) == [
        (7.0 + QUIET_S, Line.QUIET),
        (7.0 + SILENT_S, Line.SILENT),
    ]


def test_a_line_is_quiet_before_it_is_silent_and_again_after_it_was_heard() -> None:
    silence = Silence(0.0)
    silence.look(100, 10.0)
    assert looked(silence, 100, 10.0, 12.0) == [(10.0 + QUIET_S, Line.QUIET)]
    assert silence.look(200, 12.0) is Line.SAME
    assert looked(silence, 200, 12.0, 13.0) == [(12.0 + QUIET_S, Line.QUIET)]


def steady(silence: Silence, since: float, until: float) -> int:
    """Something new at every look; how much there is at the end."""
    count = round((until - since) / LOOK_S)
    said = [silence.look(1000 + n, since + n * LOOK_S) for n in range(1, count + 1)]
    assert set(said) == {Line.SAME}
    return 1000 + count


def test_a_line_that_pauses_and_never_does_is_said_to_be_back_once() -> None:
    silence = Silence(0.0)
    received = steady(silence, 0.0, 5.0)
    assert looked(silence, received, 5.0, 6.0) == [(5.0 + QUIET_S, Line.QUIET)]
    assert silence.look(received + 1, 6.1) is Line.BACK
    assert silence.look(received + 2, 6.2) is Line.SAME


def test_a_line_on_which_nothing_comes_but_reports_does_not_pause() -> None:
    silence = Silence(0.0)
    said = [silence.look(n // 4, n * LOOK_S) for n in range(1, 400)]
    assert set(said) == {Line.SAME, Line.QUIET}


def test_a_line_that_was_silent_is_heard_and_not_back() -> None:
    silence = Silence(0.0)
    received = steady(silence, 0.0, 5.0)
    looked(silence, received, 5.0, 8.0)
    assert silence.look(received + 1, 8.1) is Line.HEARD
