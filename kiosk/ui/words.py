"""Every word a person reads on the screen, in English, as plain data keyed by the values on the wire.

The public constants of the modules `words*` are what the catalogues translate. A screen takes them
from its Phrasebook: `view.say.phrases.join`, or for any other table `view.say.of(TABLE)`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Words:
    """What happened and what to do next; `place` and `at` are said where they are known."""

    what: str
    then: str
    place: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """A sentence about `{count}` things; a language may have more than these two forms of it."""

    one: str
    more: str


def _table(words: dict[str, Words]) -> Mapping[str, Words]:
    return MappingProxyType(words)


_ASK = "Please speak to an officer."

GENERAL = Words("Something is not right.", _ASK)
"""For a reason this screen does not know."""

REFUSALS = _table(
    {
        "unknown_card": Words(
            "We do not know this card.", "Try once more. If it still fails, speak to an officer."
        ),
        "pin_wrong": Words(
            "There were too many wrong PINs.", "Speak to an officer. They can unlock your PIN."
        ),
        "card_not_trusted": Words(
            "This kind of card cannot be used here.", "Please show your card to an officer."
        ),
        "no_booking": Words(
            "There is no visit booked for you today.",
            "If you think there should be, speak to an officer.",
        ),
        "too_early": Words(
            "You are too early.",
            "Hold your card here again when it is time.",
            at="Come back at {at}.",
        ),
        "too_late": Words(
            "You are too late for your visit.",
            "Speak to an officer about another visit.",
            at="It ended at {at}.",
        ),
        "wrong_hall": Words(
            "Your visit is in another hall.",
            "An officer can show you the way.",
            place="Go to {place}.",
            at="It starts at {at}.",
        ),
        "wrong_prison": Words(
            "Your visit is booked in another prison.",
            "Speak to an officer to have it changed.",
            place="It is booked at {place}.",
        ),
        "moved": Words(
            "You were moved after this visit was booked.", "Speak to an officer about a new visit."
        ),
        "released": Words("Our records say you were released.", _ASK),
        "visitor_not_approved": Words(
            "Your visitor is not approved for this visit.", "Speak to an officer to find out why."
        ),
        "booking_changed": Words(
            "Your visit was changed.",
            "Speak to an officer if you did not know.",
            place="It is now in {place}.",
            at="It is now at {at}.",
        ),
        "booking_cancelled": Words(
            "Your visit was cancelled.", "Speak to an officer to find out why."
        ),
        "no_privacy_class": Words(
            "Your booking is not complete.", "Ask an officer to have it put right."
        ),
        "taken": Words(
            "This visit is open on another terminal.",
            "Go back there, or speak to an officer.",
            place="It is open at {place}.",
        ),
        "not_allowed": Words(
            "You cannot join this visit now.", "Speak to an officer to find out why."
        ),
        "service_away": Words(
            "We cannot reach the booking system.",
            "Try again in a few minutes, or speak to an officer.",
        ),
        "service_fault": Words(
            "The booking system has a fault.", "Please tell an officer. It is not your fault."
        ),
        "media_fault": Words(
            "The camera or sound does not work here.",
            "Please tell an officer, or use another terminal.",
        ),
    }
)

ENDINGS = _table(
    {
        "time_up": Words("Your visit time is over.", "Take care."),
        "left": Words("You left the visit.", "Take care."),
        "officer": Words("An officer ended your visit.", "Speak to an officer to find out why."),
        "visitor_ended": Words("Your visitor ended the visit.", "Take care."),
        "visitor_did_not_come": Words(
            "Your visitor did not come.", "Speak to an officer about another visit."
        ),
        "ended": Words("Your visit is over.", "Take care."),
        "not_wanted": Words("You did not join your visit.", "Hold your card here to try again."),
        "connection_lost": Words(
            "The connection was lost.", "Please tell an officer that your visit was cut off."
        ),
        "never_met": Words(
            "Your visit time is over.", "You could not meet. Please tell an officer."
        ),
    }
)

OUT_OF_SERVICE = _table(
    {
        "starting": Words("This terminal is starting.", "Please wait a moment."),
        "reader_down": Words(
            "The card reader does not work.", "Please use another terminal, or tell an officer."
        ),
        "ordered": Words(
            "This terminal is closed.", "Please use another terminal, or ask an officer."
        ),
        "call_down": Words(
            "Video does not work on this terminal.",
            "Please use another terminal, or tell an officer.",
        ),
        "updating": Words("This terminal is being updated.", "Please come back in a few minutes."),
    }
)

HOLDS = _table(
    {
        "officer": Words("An officer will speak with you.", "Please wait here."),
        "unsupervised": Words(
            "Your visit is paused.", "We cannot reach the visit system. Please wait here."
        ),
        "rules": Words("Your visit is paused by its rules.", _ASK),
    }
)

NOTICES: Mapping[str, str] = MappingProxyType(
    {
        "booking_changed": "Your visit was changed. Please read it again.",
        "booking_cancelled": "A visit was cancelled. These are your visits now.",
        "other_card": "Another card was held here. Please take it away.",
        "card_in_call": "To join a visit, hang up, then show your card.",
        "card_unreadable": "We could not read the card. Hold it still.",
        "time_safe": "The connection is back. Your time is safe.",
        "service_away": "We cannot reach the visit system now.",
        "phrase_unsaid": "Your phrase did not get through. Try again.",
        "last_minute": "This is the last minute. Say goodbye.",
        "message": "You have a message from an officer.",
    }
)
DOWN: Mapping[str, str] = MappingProxyType(
    {
        "camera": "Tell an officer: this camera does not work.",
        "microphone": "Tell an officer: this microphone does not work.",
        "speaker": "Tell an officer: this loudspeaker does not work.",
    }
)
MONITORING: Mapping[str, str] = MappingProxyType(
    {
        "none": "Not watched or recorded",
        "possible": "May be watched",
        "watching": "An officer is watching now",
        "recorded": "Being recorded",
        "recorded_and_watching": "Being recorded and watched",
    }
)


@dataclass(frozen=True, slots=True)
class Phrases:
    """The fixed words of the screens; `{…}` are woven in."""

    visitor_unnamed: str = "your visitor"
    need_help: str = "If you need help, speak to an officer."
    one_moment: str = "One moment"
    one_moment_then: str = "Please wait here."
    untouchable: str = "Touch does not work here. Tell an officer."
    alone: str = "Tell an officer: a fault here stopped the sound."
    hold_card: str = "Hold your card here"
    hold_card_then: str = "at the card reader, to join your visit"
    checking_card: str = "Checking your card"
    checking_card_then: str = "You can take your card away."
    enter_pin: str = "Enter your PIN"
    enter_pin_then: str = "Then touch OK."
    pin_wrong: str = "That PIN was not right."
    checking_pin: str = "Checking your PIN"
    pin_clear: str = "Clear"
    pin_ok: str = "OK"
    cancel: str = "Cancel"
    hello: str = "Hello {name}"
    hello_unnamed: str = "Hello"
    visit_will_start: str = "Your visit with {names} is at {at}."
    visit_has_started: str = "Your visit with {names} started at {at}."
    visit_ends: str = "It ends at {at}."
    join: str = "Join"
    not_now: str = "Not now"
    joining: str = "Joining…"
    waiting_for: str = "Waiting for {names}"
    until_start: str = "until your visit starts"
    until_given_up: str = "before we stop waiting"
    own_picture: str = "Your camera"
    no_own_picture: str = "No picture from this camera"
    leave: str = "Leave"
    is_here: str = "{names} is here"
    are_here: str = "{names} are here"
    officer_lets_in: str = "An officer will let them in."
    connecting: str = "Your visit is about to start."
    connecting_in_vain: str = "This takes too long. Please tell an officer."
    time_left: str = "Time left"
    time_left_given: str = "Time left (+{given})"
    visit_over: str = "Your visit time is over."
    mute: str = "Mute"
    unmute: str = "Unmute"
    muted: str = "You are muted."
    muted_then: str = "{names} cannot hear you."
    leave_visit: str = "Do you want to leave?"
    leave_visit_then: str = "This will end your visit."
    leave_yes: str = "Yes, leave"
    leave_no: str = "No, stay"
    picture_coming: str = "The picture is coming back"
    picture_coming_then: str = "Your time is safe. Please wait here."
    picture_coming_in_vain: str = "Your time is safe. Please tell an officer."
    weak_here: str = "The connection here is weak."
    weak_there: str = "Their connection is weak."
    weak: str = "The connection is weak."
    no_picture: str = "No picture right now"
    visitor_away_then: str = "They can come back to the call. Your time is safe."
    sound_only: str = "Sound only"
    sound_only_then: str = "Their camera is off. You can talk as usual."
    not_heard: str = "You cannot hear {names}: their microphone is off."
    nothing_comes: str = "You cannot see or hear them"
    nothing_comes_then: str = "They can hear you. Their camera and sound are off."
    message_from_officer: str = "Message from an officer"
    talked_little: str = "You talked for less than a minute."
    under_a_minute: str = "less than a minute"
    done: str = "Done"
    ok: str = "OK"
    camera_or_sound: str = "Tell an officer: camera or sound has a fault."
    maybe_watched: str = "May be watched"
    visit_over_general: str = "Your visit is over."
    closed: str = "This terminal cannot be used now."
    paused: str = "Your visit is paused."
    ask: str = "Please speak to an officer."


@dataclass(frozen=True, slots=True)
class Counts:
    """The sentences whose form depends on a number."""

    more: Counted = Counted("{count} more", "{count} more")
    tries_left: Counted = Counted("You can try one more time.", "You can try {count} more times.")
    minutes: Counted = Counted("{count} minute", "{count} minutes")
    talked: Counted = Counted("You talked for {count} minute.", "You talked for {count} minutes.")


PHRASES = Phrases()
COUNTS = Counts()
