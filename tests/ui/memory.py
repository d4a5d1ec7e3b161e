"""Looks for a text in everything that this process holds."""

import gc


def holders_of(name: str) -> list[str]:
    """The kinds of objects that hold a text with `name` in it, other than the test's own."""
    gc.collect()
    found, seen = [], set()
    waiting = gc.get_objects()
    while waiting:
        thing = waiting.pop()
        for held in gc.get_referents(thing):
            if issubclass(type(held), str):  # a weak proxy would answer for a dead thing
                if name in held and held is not name:
                    found.append(type(thing).__name__)
            elif not gc.is_tracked(held) and id(held) not in seen:
                seen.add(id(held))
                waiting.append(held)
    return found
