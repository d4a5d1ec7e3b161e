"""What is said to a line to find out which reader is there, and how it is set."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Greeting:
    """A question that one kind of reader answers; `tells` are the settings of one that does."""

    asks: bytes
    tells: Mapping[str, object] = field(default_factory=dict)
    is_answer: Callable[[bytes], bool] = lambda _: True
    """Whether sound frames that were heard since then are the answer to this one."""
