"""Moments and spans as a person reads them: 24 hours, in the site's time zone."""

import math
from datetime import datetime
from zoneinfo import ZoneInfo

from kiosk.clock import Seconds

MINUTE_S: Seconds = 60

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """`14:05`."""
    return moment.astimezone(zone).strftime("%H:%M")


def day(moment: datetime, zone: ZoneInfo) -> str:
    """`Tuesday 24 November`."""
    local = moment.astimezone(zone)
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}"


def countdown(left_s: Seconds) -> str:
    """`4:09`, or `1:04:09` from an hour on; a begun second counts, and never below zero."""
    whole = max(0, math.ceil(left_s))
    hours, rest = divmod(whole, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def minutes(length_s: Seconds) -> int:
    """Rounded to the nearest."""
    return round(length_s / MINUTE_S)
