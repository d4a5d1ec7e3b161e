"""Whether the board can be used, and what to do when it can not."""

from firmware_bridge.board.modbus import Answer, Read, Refused, Request, Silence, Values
from firmware_bridge.board.places import Place

SILENT = 3
"""So many requests in a row without an answer, and the board is away."""

NOT_YET = "has not answered yet"
NOTHING = (
    "does not answer: is it powered, are its wires A and B the right way round, "
    "and are `unit`, `baud` and `parity` as the board is set?"
)
GARBAGE = (
    "what it sends is no Modbus RTU: are `baud` and `parity` as the board is set, "
    "and is it the board that is at this port?"
)
OTHER_UNIT = "the unit that answers is {}: correct `unit`"

WHY = {
    1: "does not know how: is it another board?",
    2: "has none: correct the place in `board`",
    3: "does not take such a value: correct it in `board`",
    4: "failed to: replace the board if this stays",
}
OTHERWISE = "can not, as it says"
"""Codes that only some boards have."""

_LATER = (5, 6)
"""It is at work, or busy: it is asked again."""


class Health:
    """Counts what stays unanswered and remembers what was refused."""

    def __init__(self) -> None:
        self._silent = 0
        self._why_silent = NOT_YET
        self._answered = False
        self._refusals: dict[tuple[type[Request], Place], str] = {}

    def hear(self, request: Request, answer: Answer) -> None:
        """How a request went."""
        what = (type(request), request.place)
        match answer:
            case Silence(heard):
                self._silent += 1
                self._why_silent = _why_silent(heard)
                return
            case Refused(code) if code not in _LATER:
                self._refusals[what] = _why_refused(request, code)
            case Values():
                self._refusals.pop(what, None)
        self._silent = 0
        self._answered = True

    @property
    def is_away(self) -> bool:
        """Whether the board is not there, or never was."""
        return self._silent >= SILENT

    def fault(self) -> str | None:
        """Why the board can not be used."""
        if self.is_away:
            return self._why_silent
        if not self._answered:
            return NOT_YET
        return next(iter(self._refusals.values()), None)


def _why_silent(heard: str | int) -> str:
    match heard:
        case int():
            return OTHER_UNIT.format(heard)
        case "garbage":
            return GARBAGE
        case _:
            return NOTHING


def _why_refused(request: Request, code: int) -> str:
    doing = "to read" if isinstance(request, Read) else "to write"
    why = WHY.get(code, OTHERWISE)
    return f"refuses {doing} {request.place} (exception {code:02}): it {why}"
