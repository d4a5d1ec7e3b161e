"""Numbers as they are written on the command line: one that can not be meant is refused in words."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from math import isfinite


def _number(fits: Callable[[float], bool], expected: str) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not (isfinite(number) and fits(number)):
            raise ArgumentTypeError(f"{text!r} is invalid: expected {expected}")
        return number

    return read


span = _number(lambda seconds: seconds > 0, "seconds, more than 0")
wait = _number(lambda seconds: seconds >= 0, "seconds, 0 or more")
factor = _number(lambda times: times > 0, "a number above 0")
