"""Words for help: the lines that can be called, the call, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kiosk.ui.words import Words


@dataclass(frozen=True, slots=True)
class HelpPhrases:
    """The fixed words of the screens of help; `{…}` are woven in."""

    support: str = "Help lines"
    choose: str = "Who would you like to talk to?"
    call: str = "Call"
    confidential: str = "Confidential."
    with_card: str = "You need your card."
    with_handset: str = "You need the handset."
    hold_card: str = "Hold your card at the reader"
    hold_card_then: str = "{line} is for people who live here. Your name is not passed on."
    lift_handset: str = "Lift the handset"
    lift_handset_then: str = "The call to {line} begins then. Nobody near you hears the other side."
    back: str = "Back"
    calling: str = "Calling {line}"
    calling_then: str = "This can take a minute. Please wait here."
    talking: str = "You are talking to {line}"
    talked_for: str = "{span} so far"
    ends_in: str = "This call ends in {left}."
    private: str = "This call is private and not recorded."
    not_private: str = "This call may be recorded."
    hang_up: str = "Hang up"
    quieter: str = "Quieter"
    louder: str = "Louder"
    put_down: str = "You can also put the handset down."
    call_again: str = "Call again"
    other_lines: str = "Other lines"
    visit_soon: str = "Your visit is at {at}. A call can take longer."
    visit_due: str = "Your visit starts at {at}. Hang up in time."
    visit_now: str = "It is time for your visit. Hang up, then show your card."


HELP = HelpPhrases()

CALL_ENDINGS: Mapping[str, Words] = MappingProxyType(
    {
        "left": Words("Your call is over.", "You can call again at any time."),
        "ended": Words("Your call is over.", "You can call again at any time."),
        "time_up": Words("The time for this call is over.", "You can call again at any time."),
        "no_answer": Words(
            "Nobody answered.", "Try again in a few minutes, or talk to an officer."
        ),
        "away": Words(
            "We cannot call this line now.", "Try again in a few minutes, or talk to an officer."
        ),
        "broken": Words("The call was cut off.", "Call again, or talk to an officer."),
    }
)
