"""Why something is as it is; the values are also the keys of the words on the screens."""

from enum import StrEnum


class Refusal(StrEnum):
    """Why a person who showed a card can not have a visit now."""

    UNKNOWN_CARD = "unknown_card"
    CARD_NOT_TRUSTED = "card_not_trusted"
    PIN_WRONG = "pin_wrong"
    NO_BOOKING = "no_booking"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    WRONG_HALL = "wrong_hall"
    WRONG_PRISON = "wrong_prison"
    MOVED = "moved"
    RELEASED = "released"
    VISITOR_NOT_APPROVED = "visitor_not_approved"
    BOOKING_CHANGED = "booking_changed"
    BOOKING_CANCELLED = "booking_cancelled"
    NO_PRIVACY_CLASS = "no_privacy_class"
    TAKEN = "taken"
    NOT_ALLOWED = "not_allowed"
    SERVICE_AWAY = "service_away"
    SERVICE_FAULT = "service_fault"


class Ending(StrEnum):
    """Why a visit is over. `ENDED` says no more, so that a visitor can end it in private."""

    TIME_UP = "time_up"
    LEFT = "left"
    OFFICER = "officer"
    VISITOR_ENDED = "visitor_ended"
    VISITOR_DID_NOT_COME = "visitor_did_not_come"
    ENDED = "ended"
    NOT_WANTED = "not_wanted"


class Rating(StrEnum):
    """How a person found the picture or the sound of a visit."""

    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"


class Wish(StrEnum):
    """What a person asks the prison for after a visit that went badly."""

    REBOOKING = "rebooking"
    FAULT = "fault"
    """That somebody looks at what did not work."""


class WishState(StrEnum):
    """What became of a wish."""

    ASKING = "asking"
    ASKED = "asked"
    UNHEARD = "unheard"


class SupportEnding(StrEnum):
    """Why a call to a line is over, or why none came about."""

    LEFT = "left"
    ENDED = "ended"
    """The line hung up."""

    TIME_UP = "time_up"
    NO_ANSWER = "no_answer"
    AWAY = "away"
    """The service can not be asked, or knows no such line."""

    BROKEN = "broken"


class OutOfOrder(StrEnum):
    """Why the terminal can not be used."""

    STARTING = "starting"
    READER_DOWN = "reader_down"
    CALL_DOWN = "call_down"
    ORDERED = "ordered"


class Notice(StrEnum):
    """A short remark on a screen that stays as it is."""

    OTHER_CARD = "other_card"
    CARD_UNREADABLE = "card_unreadable"
    CARD_IN_CALL = "card_in_call"
    BOOKING_CHANGED = "booking_changed"
    BOOKING_CANCELLED = "booking_cancelled"
    TIME_SAFE = "time_safe"
    """Sound and picture are back after they were away."""
    PHRASE_UNSAID = "phrase_unsaid"
    """A prepared phrase did not get to the other side."""


class HeldReason(StrEnum):
    """Why sound and picture are stopped while the visit goes on."""

    OFFICER = "officer"
    RULES = "rules"
    UNSUPERVISED = "unsupervised"


class Tone(StrEnum):
    """What is to be heard of the time that is left; the values are also the keys of the sounds."""

    TEN = "tone_10"
    FIVE = "tone_5"
    TWO = "tone_2"
    ONE = "tone_1"
    COUNT = "tone_count"
    END = "tone_end"
    TEST = "tone_test"
    """To try whether the loudspeaker is heard, before a visit."""


class Prepared(StrEnum):
    """What can be said without a voice; the words are each side's own."""

    YES = "yes"
    NO = "no"
    PLEASE_WAIT = "please_wait"
    SAY_AGAIN = "say_again"
    CANNOT_HEAR = "cannot_hear"
    CANNOT_SEE = "cannot_see"
    PLEASE_WRITE = "please_write"
    PLEASE_SIGN = "please_sign"
    HOW_ARE_YOU = "how_are_you"
    I_AM_WELL = "i_am_well"
    I_LOVE_YOU = "i_love_you"
    GOODBYE = "goodbye"


class NoAnswer(StrEnum):
    """Why an offer got no answer; the service's own words but for `SILENCE`."""

    SILENCE = "silence"
    VISITOR_GONE = "visitor_gone"
    VISIT_OVER = "visit_over"


class Touch(StrEnum):
    """What a person can ask for at the screen."""

    CHOOSE = "choose"
    MORE = "more"
    BACK = "back"
    JOIN = "join"
    MUTE = "mute"
    UNMUTE = "unmute"
    LEAVE = "leave"
    LEAVE_YES = "leave_yes"
    LEAVE_NO = "leave_no"
    DONE = "done"
    STAY = "stay"
    LANGUAGE = "language"
    ACCESS = "access"
    CLOSE = "close"
    HEAR = "hear"
    ASK_OFFICER = "ask_officer"
    WAKE = "wake"
    RATE_PICTURE = "rate_picture"
    RATE_SOUND = "rate_sound"
    REPORT_FAULT = "report_fault"
    ASK_REBOOKING = "ask_rebooking"
    VOLUME_DOWN = "volume_down"
    VOLUME_UP = "volume_up"
    PHRASE = "phrase"
    TONE = "tone"
    SUPPORT = "support"
    MAINTENANCE = "maintenance"
