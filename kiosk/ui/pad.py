"""The PIN pad: the only place in the terminal's screen that ever holds a digit of a PIN."""

from kiosk.wire.secret import Secret

CLEAR = "pin_clear"
OK = "pin_ok"
KEYS = (*(f"pin_{digit}" for digit in "123456789"), CLEAR, "pin_0", OK)
"""From left to right and top to bottom."""

DIGITS_AT_LEAST = 4
DIGITS_AT_MOST = 12
"""No PIN of fewer or more digits can be asked about (`pin` in the contract)."""


class PinPad:
    """Collects digits until they are taken once."""

    def __init__(self) -> None:
        self._digits: list[str] = []

    def __len__(self) -> int:
        return len(self._digits)

    def press(self, key: str) -> Secret | None:
        """Take a key; on OK the PIN, once it is long enough; the pad forgets it in the same moment."""
        if key == OK:
            return self._taken()
        if key == CLEAR:
            self.clear()
        elif len(self._digits) < DIGITS_AT_MOST:
            self._digits.append(key[-1])
        return None

    def clear(self) -> None:
        """Forget every digit."""
        self._digits.clear()

    def _taken(self) -> Secret | None:
        if len(self._digits) < DIGITS_AT_LEAST:
            return None
        pin = Secret("".join(self._digits))
        self.clear()
        return pin
