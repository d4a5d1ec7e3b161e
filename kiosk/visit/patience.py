"""How long each screen waits for a person or a machine before it moves on by itself."""

CARD_CHECK_S = 3.0
"""The service is asked for 2 s and today's bookings are looked up after that."""

PIN_S = 60.0
WELCOME_S = 60.0
SOON_S = 180.0
"""Who comes so long before their visit can be joined waits at the terminal; who is earlier comes back."""

AWAY_S = 300.0
"""Who waits for their visitor may have walked off: after so long without a touch they are asked."""

PIN_CHECK_S = 6.0
JOIN_S = 6.0
"""Longer than the request's own total deadline, so that these are only the backstop."""

CONNECT_S = 15.0
"""An offer may wait 10 s for the visitor's answer; ICE and DTLS need a few more on a bad link."""

AGAIN_S = 0.7
"""Between a failed attempt at a call and the next."""

SILENT_S = 5.0
"""A call from which nothing has come for so long is made anew, where that is possible."""

HEAL_S = 1.0
"""Who can be reached again may be heard in the old call by then, which is quicker than a new one."""

HEALS_S = 25.0
"""No call heals after that: who gets no answer stops sending after 30 s (RFC 7675)."""

ANSWER_S = 1.5
"""What was on its way when the service came back arrives by then, or is lost."""

WORTH_TELLING_S = 0.5
"""Less lost time than this is not worth a request; it is told with what comes later."""

TELL_BEFORE_END_S = 5.0
"""What is still being lost is told so long before the end, so that the end can be moved."""

SLOW_TIMES = 2.0
"""All that waits for a person waits so much longer for who needs it."""

STAYS = 3
"""A person who touches the screen gets its time anew, up to so many times in all."""

WORTH_STAYING_S = 1.0
"""Less than this is not put off: a screen may be touched fifty times a second."""

CHOICE_S = 30.0
"""What was chosen on idle is forgotten when no card follows."""

REST_S = 300.0
"""An idle screen rests when nobody has come for so long."""

ASK_S = 12.0
ASK_AGAIN_S = 5.0
ASKED_S = 600.0
COMING_S = 120.0
UNHEARD_S = 60.0
"""Of asking an officer: the backstop of a question, the pause before one that failed is asked again, and
how long it is told that one knows, comes, or could not be told."""

LEAVE_QUESTION_S = 10.0
NOTICE_S = 6.0
MESSAGE_S = 30.0
REFUSED_S = 30.0
GOODBYE_S = 30.0
SUPPORT_S = 60.0
"""For reading which lines there are, finding a card or the handset, and what became of a call."""

SUPPORT_ASK_S = 6.0
"""Longer than the request's own total deadline, so that this is only the backstop."""

RING_S = 60.0
RING_AGAIN_S = 1.0
"""A call that nobody took yet rings at the service for several seconds each time."""

DOOR_S = 15.0
"""For holding a staff card to the reader, and again after one that is of no use."""

BAD_ENDING_S = 60.0
"""There is more to read and to decide, and the person may be upset."""

CUE_S = 8.0
PHRASE_S = 12.0
PHRASE_AGAIN_S = 1.0
"""A finger that stays, or shakes, says a phrase once."""
