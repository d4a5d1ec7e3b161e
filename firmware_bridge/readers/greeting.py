"""How a reader at a line is found out: by what it is asked, or by what it may be set to say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Greeting:
    """A question that one kind of reader answers; `tells` are the settings of one that does."""

    asks: bytes
    tells: Mapping[str, object] = field(default_factory=dict)
    is_answer: Callable[[bytes], bool] = lambda _: True
    """Whether sound frames that were heard since then are the answer to this one."""


@dataclass(frozen=True, slots=True)
class Guise:
    """One way in which a kind that only talks may be set: `said` are the settings to listen with.

    `untold` are those that can not be heard, with a word of what to write there.
    """

    said: Mapping[str, object] = field(default_factory=dict)
    untold: Mapping[str, str] = field(default_factory=dict)
