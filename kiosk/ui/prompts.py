"""Every prompt that can be read out, by its key: what the spoken guide is made from."""

from collections.abc import Mapping

from kiosk.ui import words, words_aside, words_before, words_help, words_spoken
from kiosk.ui.phrasebook import Phrasebook
from kiosk.ui.words import Words

_WITH_REASONS: Mapping[str, Mapping[str, Words]] = {
    "refused": words.REFUSALS,
    "goodbye": words.ENDINGS,
    "out_of_service": words.OUT_OF_SERVICE,
    "held": words.HOLDS,
    "support_over": words_help.CALL_ENDINGS,
}


def prompts(say: Phrasebook) -> dict[str, str]:
    """The sentences in one language; none of them names a person, a place or a time."""
    told = dict(say.of(words_spoken.PROMPTS))
    told["leave"] = f"{say.phrases.leave_visit} {say.phrases.leave_visit_then}"
    told["tone.no"] = say.of(words_before.BEFORE).tone_unheard
    for name, table in _WITH_REASONS.items():
        for reason, entry in say.of(table).items():
            told[f"{name}.{reason}"] = f"{entry.what} {entry.then}"
    for state, sentence in say.of(words_aside.OFFICER_CALLS).items():
        told[f"officer.{state}"] = sentence.replace("…", ".")
    return told
