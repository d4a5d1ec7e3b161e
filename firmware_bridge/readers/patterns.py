"""Regular expressions that a site may write: those only that no line can make slow.

A pattern that repeats what repeats can take longer than anyone waits. So what is repeated is one
character, and the ways in which a pattern may take a line are counted before it is used.
"""

import re
from collections.abc import Collection, Iterator

LONGEST_PATTERN = 200
MOST_STEPS = 2_500_000
"""Ways to take a line, each as long as the longest: some 10 ms, and two free repeats in 128."""

FORMS = (
    frozenset({"credential"}),
    frozenset({"facility", "number"}),
    frozenset({"hex"}),
    frozenset({"bits"}),
)
"""The named groups of a pattern: exactly one of these sets."""

FORMS_OF_TEXT = (frozenset({"credential"}), frozenset[str]())
"""Of a pattern for text, which may be the card as a whole."""

_PARTS = re.compile(
    r"""
    (?P<one> \\[dDwWsS] | \\[^a-zA-Z0-9]
        | \[\^?(?:\\.|(?!--|&&|~~|\|\|)[^\\\[\]])+\] | [^\\\[\](){}|*+?^$] )
    | (?P<open> \((?:\?:|\?P<[a-z]+>)? )
    | (?P<close> \) )
    | (?P<bar> \| )
    | (?P<repeat> [*+?] | \{\d{1,3}(?:,\d{0,3})?\} )
    """,
    re.VERBOSE | re.DOTALL,
)


def faults_of(pattern: str, longest: int, forms: Collection[frozenset[str]] = FORMS) -> list[str]:
    """Why a pattern may not be used on lines of up to `longest` characters; empty when it may."""
    if len(pattern) > LONGEST_PATTERN:
        return [f"longer than {LONGEST_PATTERN} characters"]
    if faults := list(_faults_of_parts(pattern, longest)):
        return faults
    try:
        groups = frozenset(re.compile(pattern).groupindex)
    except re.error as error:
        return [f"no regular expression: {error}"]
    if groups in forms:
        return []
    names = " or ".join("+".join(sorted(form)) or "none" for form in forms)
    return [f"has to have the named groups {names}"]


def _faults_of_parts(pattern: str, longest: int) -> Iterator[str]:
    ways, before, at = 1, "", 0
    while at < len(pattern):
        found = _PARTS.match(pattern, at)
        if found is None:
            yield (
                f"character {at + 1} ({pattern[at]}) is not for patterns here: they fit the whole "
                "line, and have characters, sets, groups, choices and repeats"
            )
            return
        part = found.lastgroup or ""
        if part == "bar":
            ways *= 2
        elif part == "repeat":
            if not (before == "one" or (before == "close" and found[0] == "?")):
                yield f"character {at + 1}: only one character or one set can be repeated"
            ways *= _ways_of(found[0], longest)
        before, at = part, found.end()
    if ways * longest > MOST_STEPS:
        yield "fits a line in too many ways: say how often what repeats may come, as in {1,8}"


def _ways_of(repeat: str, longest: int) -> int:
    """In how many lengths a repeated character may come."""
    match repeat:
        case "?":
            return 2
        case "*" | "+":
            return longest + 1
        case _:
            least, comma, most = repeat[1:-1].partition(",")
            if not comma:
                return 1
            return max(1, min(int(most or longest), longest) - int(least) + 1)
