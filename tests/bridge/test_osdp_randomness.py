"""That a secure channel is challenged with the operating system's randomness, and why it must be."""

import subprocess
import sys

import pytest

from firmware_bridge.readers import osdp_randomness
from firmware_bridge.readers.osdp_panel import Panel
from kiosk.errors import BridgeError
from tests.bridge.osdp_session import KEY, played, reader_with_a_card
from tests.bridge.process import ROOT


def session(role: str, answers: str = "") -> list[str]:
    """What a program of its own prints."""
    command = [sys.executable, "-m", "tests.bridge.osdp_session", role]
    return subprocess.run(
        command, input=answers, capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split()


@pytest.fixture(scope="module")
def recorded() -> str:
    """What a reader answered to a panel that was not given any randomness."""
    return "\n".join(session("record"))


def test_without_our_randomness_a_recorded_session_is_taken_for_the_reader(recorded: str) -> None:
    first, second = session("libosdp", recorded), session("libosdp", recorded)
    assert first == second
    assert first[1:] == ["True", "1"]


def test_with_it_a_recorded_session_is_refused(recorded: str) -> None:
    assert session("ours", recorded)[1:] == ["False", "0"]


def test_the_challenge_differs_at_each_start_of_the_program(recorded: str) -> None:
    challenges = [session("challenge", recorded)[0] for _ in range(3)]
    challenges.append(session("libosdp", recorded)[0])
    assert len(set(challenges)) == 4


def test_the_challenge_differs_for_each_panel_of_a_program_and_the_reader_is_believed() -> None:
    sessions = [played(Panel(0, KEY), reader_with_a_card()) for _ in range(8)]
    assert len({challenge for challenge, _, _ in sessions}) == 8
    assert {(secure, cards) for _, secure, cards in sessions} == {(True, 1)}


def test_the_challenge_differs_when_a_panel_begins_again() -> None:
    panel = Panel(0, KEY)
    first = played(panel, reader_with_a_card())
    panel.restart()
    assert played(panel, reader_with_a_card())[0] != first[0]


def test_each_byte_of_a_challenge_has_bits_of_its_own_from_the_operating_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    library = osdp_randomness._library()
    begins = set()
    # rand() adds each word of its state to the sum before: a bit of the n-th word is in the draws
    # from then on. The first two words are in the first draw, or in the look whether it is told.
    for word in range(2, 10):
        monkeypatch.setattr(
            "os.urandom", lambda count, word=word: (1 << 32 * word + 9).to_bytes(count, "little")
        )
        osdp_randomness.renew()
        draws = [library.rand() for _ in range(8)]
        begins.add(next(place for place, drawn in enumerate(draws) if drawn))
    assert begins == set(range(8))


def test_a_c_library_that_keeps_its_own_randomness_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(osdp_randomness, "_fill", lambda data: None)
    with pytest.raises(BridgeError, match="OSDP would not be safe"):
        osdp_randomness.renew()
