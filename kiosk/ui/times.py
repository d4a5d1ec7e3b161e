"""Moments and spans as a person reads them: 24 hours, in the site's time zone.

The digits are 0 to 9 in every language. They are those of the clock on the wall, of the PIN pad
and of what an officer says or writes; who reads Arabic, Urdu or Hindi knows them, too, and Babel
takes them for the usual ones of all three.
"""

import math
import re
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, match_skeleton

from kiosk.clock import Seconds

MINUTE_S: Seconds = 60

_DAY = "MMMMEEEEd"


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """`14:05`."""
    return moment.astimezone(zone).strftime("%H:%M")


def day(moment: datetime, zone: ZoneInfo, locale: Locale) -> str:
    """`Tuesday 24 November`: the day of the week and the month in full, as in the locale's full date."""
    return format_date(moment.astimezone(zone), _pattern(locale), locale)


@lru_cache(maxsize=16)
def _pattern(locale: Locale) -> str:
    nearest = match_skeleton(_DAY, locale.datetime_skeletons)
    assert nearest is not None
    pattern = re.sub("E+", "EEEE", locale.datetime_skeletons[nearest].pattern)
    full = locale.date_formats["full"].pattern
    if _day_goes_first(pattern) != _day_goes_first(full):  # the pattern for Irish does
        pattern = re.sub(r"\W*\by+\b.*", "", full)
    return str(pattern)


def _day_goes_first(pattern: str) -> bool:
    return pattern.index("d") < pattern.index("M")


def countdown(left_s: Seconds) -> str:
    """`4:09`, or `1:04:09` from an hour on; a begun second counts, and never below zero."""
    whole = max(0, math.ceil(left_s))
    hours, rest = divmod(whole, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def minutes(length_s: Seconds) -> int:
    """Rounded to the nearest."""
    return round(length_s / MINUTE_S)
