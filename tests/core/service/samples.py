"""One good sample of everything that the service may say, as the contract's own schemas have it."""

from typing import Any

NOW = "2026-03-01T13:58:00.123Z"
LATER = "2026-03-01T14:00:00Z"
END = "2026-03-01T14:20:00Z"

PERSON = {"prisoner_number": "A1234BC", "first_name": "Sam", "access": ["slow", "large_text"]}
BOOKING = {
    "reference": "v9-d7",
    "prison": "MDI",
    "hall": "Hall A",
    "opens_at": NOW,
    "starts_at": LATER,
    "ends_at": END,
    "status": "booked",
    "privacy": "social",
    "monitoring": "possible",
    "language": "cy",
    "visitors": [{"display_name": "Mum"}],
}
IDENTIFICATION: dict[str, Any] = {
    "now": NOW,
    "identification": "i-1_a",
    "person": PERSON,
    "pin_required": False,
    "tries_left": 3,
    "bookings": [BOOKING],
}
TODAYS_BOOKINGS = {
    "now": NOW,
    "digest_key": "0f" * 32,
    "people": [{"digest": "a0" * 32, "person": PERSON, "bookings": [BOOKING]}],
}
JOIN: dict[str, Any] = {
    "now": NOW,
    "visit": "v9-d7",
    "starts_at": LATER,
    "ends_at": END,
    "latest_end_at": END,
    "wait_until": END,
    "visitor_came": True,
    "privacy": "social",
    "monitoring": "possible",
    "visitors": [{"display_name": "Mum"}],
    "media": [{"url": "/terminal/v1/media", "direction": "sendrecv", "offerer": "terminal"}],
    "ice_servers": [{"urls": ["turn:t.example:3478"], "username": "u", "credential": "c"}],
    "relay_only": False,
    "unsupervised_limit_s": 120,
}
PROBLEM_BODY = {
    "code": "wrong_hall",
    "title": "Another hall",
    "detail": "words",
    "status": 409,
    "place": "Hall B",
    "at": LATER,
    "tries_left": 2,
}
REPLIES = {
    "Identification": IDENTIFICATION,
    "TodaysBookings": TODAYS_BOOKINGS,
    "Join": JOIN,
    "Credit": {"now": NOW, "ends_at": END, "given_s": 12.5},
    "AuditAccepted": {"accepted": ["6b6f2d5e-1a43-4d52-8f5a-2f6c6c3a9d11"]},
    "OfficerCall": {"request": "17", "seen": True},
    "HeartbeatReply": {"now": NOW, "out_of_service": True},
    "Problem": PROBLEM_BODY,
}
EVENTS: dict[str, dict[str, Any]] = {
    "visitor_came": {"visit": "v9-d7"},
    "visitor_ready": {"visit": "v9-d7", "join_id": "j1", "camera": True, "microphone": False},
    "visitor_left": {"visit": "v9-d7", "join_id": "j1"},
    "visitor_in_lobby": {"visit": "v9-d7", "present": True},
    "visitor_line": {"visit": "v9-d7", "slow": True},
    "visitor_phrase": {"visit": "v9-d7", "phrase": "i_love_you"},
    "message": {"visit": "v9-d7", "text": "Five minutes left."},
    "hold": {"visit": "v9-d7", "reason": "officer"},
    "release": {"visit": "v9-d7"},
    "monitoring": {"visit": "v9-d7", "monitoring": "watching"},
    "extend": {"visit": "v9-d7", "ends_at": END},
    "booking_changed": {"booking": BOOKING},
    "end": {"visit": "v9-d7", "reason": "officer"},
    "officer_comes": {"request": "17"},
    "settings": {},
    "update": {},
    "out_of_service": {"ordered": True},
}
