"""What a screen says, in one language and in the time of the site."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from kiosk.clock import Seconds
from kiosk.ui import times, words
from kiosk.ui.names import listed
from kiosk.ui.words import Counted, Counts, Phrases, Words


class Phrasebook:
    """The words of the screens; a key that it does not know gets words that send to an officer."""

    def __init__(self, zone: ZoneInfo, language: str = "en") -> None:
        self._zone = zone
        self.language = language
        self.phrases = Phrases()
        self._counts = Counts()

    def refusal(self, reason: str) -> Words:
        """Words for a reason of RefusedScreen."""
        return words.REFUSALS.get(reason, words.GENERAL)

    def ending(self, reason: str) -> Words:
        """Words for a reason of GoodbyeScreen."""
        return words.ENDINGS.get(reason) or self._general(self.phrases.visit_over_general)

    def out_of_service(self, reason: str) -> Words:
        """Words for a reason of OutOfServiceScreen."""
        return words.OUT_OF_SERVICE.get(reason) or self._general(self.phrases.closed)

    def hold(self, reason: str | None) -> Words:
        """Words for why a visit is held."""
        return words.HOLDS.get(reason or "") or self._general(self.phrases.paused)

    def notice(self, key: str) -> str:
        """One line for a notice."""
        return words.NOTICES.get(key, self.phrases.need_help)

    def down(self, devices: Sequence[str]) -> str:
        """One line for the devices of a call that do not work."""
        several = self.phrases.camera_or_sound
        return words.DOWN.get(devices[0], several) if len(devices) == 1 else several

    def monitoring(self, key: str) -> str:
        """One line on how the visit is overseen."""
        return words.MONITORING.get(key, self.phrases.maybe_watched)

    def weak(self, side: str) -> str:
        """Words for the side of VisitScreen whose connection is weak."""
        sides = {"here": self.phrases.weak_here, "there": self.phrases.weak_there}
        return sides.get(side, self.phrases.weak)

    def people(self, names: Sequence[str]) -> str:
        """The visitors' names in one phrase, never empty."""
        return listed(names, self._and, self._more) or self.phrases.visitor_unnamed

    def tries_left(self, count: int) -> str:
        """How many more PINs may be tried."""
        return self._counted(self._counts.tries_left, count)

    def talked(self, length_s: Seconds) -> str:
        """`You talked for 25 minutes.`"""
        if length_s < times.MINUTE_S:
            return self.phrases.talked_little
        return self._counted(self._counts.talked, times.minutes(length_s))

    def span(self, length_s: Seconds) -> str:
        """`25 minutes`, rounded to the nearest."""
        if length_s < times.MINUTE_S:
            return self.phrases.under_a_minute
        return self._counted(self._counts.minutes, times.minutes(length_s))

    def clock(self, moment: datetime) -> str:
        """`14:05`."""
        return times.clock(moment, self._zone)

    def day(self, moment: datetime) -> str:
        """`Tuesday 24 November`."""
        return times.day(moment, self._zone)

    def countdown(self, left_s: Seconds) -> str:
        """`4:09`, or `1:04:09` from an hour on."""
        return times.countdown(left_s)

    def _general(self, what: str) -> Words:
        return Words(what, self.phrases.ask)

    def _more(self, count: int) -> str:
        return self._counted(self._counts.more, count)

    def _and(self, parts: Sequence[str]) -> str:
        head, last = parts[:-1], parts[-1]
        return f"{', '.join(head)} and {last}" if head else last

    def _counted(self, forms: Counted, count: int) -> str:
        return (forms.one if count == 1 else forms.more).format(count=count)


class Phrasebooks:
    """The phrasebooks of a site, each made when its language is first spoken."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._made: dict[str, Phrasebook] = {}

    def of(self, language: str) -> Phrasebook:
        if language not in self._made:
            self._made[language] = Phrasebook(self._zone, language)
        return self._made[language]
