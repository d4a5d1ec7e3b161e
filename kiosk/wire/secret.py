"""A value that may cross the wire but never a log, a traceback or a screen."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """Text that prints as dots; `reveal()` is the one way to read it."""

    _text: str

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "•••"
