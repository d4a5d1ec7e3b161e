"""The spoken guide has words for every screen, and none of them says what a hall must not hear."""

import re

from kiosk.core.speaking import prompt_of
from kiosk.ui.prompts import prompts
from kiosk.wire.messages import CHOICE_LETTERS
from kiosk.wire.screens import VisitScreen
from kiosk.wire.support import SupportCallScreen
from tests.ui.samples import SAY, plain_samples


def test_every_screen_can_be_read_out_but_those_on_which_people_talk() -> None:
    told = prompts(SAY)
    for sample in plain_samples():
        if sample.screen is None or "a new reason" in sample.name:
            continue
        key = prompt_of(sample.screen)
        if key is None:
            silent = isinstance(sample.screen, VisitScreen | SupportCallScreen)
            assert silent or sample.name.endswith(("joining", "checking")), sample.name
        else:
            assert key in told, sample.name


def test_nothing_that_is_read_out_is_woven_into() -> None:
    for key, sentence in prompts(SAY).items():
        assert "{" not in sentence, key
        assert sentence.endswith("."), key


def test_every_key_is_a_file_name_and_short_enough_for_the_wire() -> None:
    for key in prompts(SAY):
        assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", key)
        assert len(f"xxx-xxxxxxxx/{key}") <= CHOICE_LETTERS
