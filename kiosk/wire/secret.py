"""A value that may cross the wire but never a log, a traceback or a screen."""


class Secret:
    """Text that prints as dots; `reveal()` is the one way to read it.

    It is no dataclass, because an encoder that knows dataclasses would write out its text unasked.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "•••"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)
