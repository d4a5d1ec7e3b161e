"""What a screen says, in one language and in the time of the site."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from kiosk.clock import Seconds
from kiosk.ui import times, words
from kiosk.ui.bidi import is_from_the_right, isolated
from kiosk.ui.names import listed
from kiosk.ui.tongue import Tongue, Tongues
from kiosk.ui.translating import translated
from kiosk.ui.words import Counted, Words

Table = TypeVar("Table")


class Phrasebook:
    """The words of the screens; a key that it does not know gets words that send to an officer."""

    def __init__(self, zone: ZoneInfo, tongue: Tongue) -> None:
        self._zone = zone
        self._tongue = tongue
        self._known: dict[int, tuple[object, object]] = {}
        self.phrases = self.of(words.PHRASES)

    @property
    def language(self) -> str:
        return self._tongue.language

    @property
    def right_to_left(self) -> bool:
        return self._tongue.right_to_left

    def of(self, table: Table) -> Table:
        """A table of one of the modules `words*`, in this language; it is translated once."""
        if id(table) not in self._known:
            self._known[id(table)] = (table, translated(table, self._tongue.say))
        return cast(Table, self._known[id(table)][1])

    def counted(self, forms: Counted, count: int) -> str:
        """The sentence for so many."""
        return self._tongue.count(forms, count)

    def refusal(self, reason: str) -> Words:
        """Words for a reason of RefusedScreen."""
        return self.of(words.REFUSALS).get(reason) or self.of(words.GENERAL)

    def ending(self, reason: str) -> Words:
        """Words for a reason of GoodbyeScreen."""
        return self.of(words.ENDINGS).get(reason) or self._general(self.phrases.visit_over_general)

    def out_of_service(self, reason: str) -> Words:
        """Words for a reason of OutOfServiceScreen."""
        return self.of(words.OUT_OF_SERVICE).get(reason) or self._general(self.phrases.closed)

    def hold(self, reason: str | None) -> Words:
        """Words for why a visit is held."""
        return self.of(words.HOLDS).get(reason or "") or self._general(self.phrases.paused)

    def notice(self, key: str) -> str:
        """One line for a notice."""
        return self.of(words.NOTICES).get(key, self.phrases.need_help)

    def down(self, devices: Sequence[str]) -> str:
        """One line for the devices of a call that do not work."""
        several = self.phrases.camera_or_sound
        return self.of(words.DOWN).get(devices[0], several) if len(devices) == 1 else several

    def monitoring(self, key: str) -> str:
        """One line on how the visit is overseen."""
        return self.of(words.MONITORING).get(key, self.phrases.maybe_watched)

    def weak(self, side: str) -> str:
        """Words for the side of VisitScreen whose connection is weak."""
        sides = {"here": self.phrases.weak_here, "there": self.phrases.weak_there}
        return sides.get(side, self.phrases.weak)

    def people(self, names: Sequence[str]) -> str:
        """The visitors' names in one phrase, never empty."""
        parts = listed(names, self._tongue.joined, self._more)
        return (
            self._tongue.joined([self.apart(part) for part in parts])
            or self.phrases.visitor_unnamed
        )

    def apart(self, given: str) -> str:
        """A name from outside, for a sentence: neither turns the other where one is read from the right."""
        turns = self.right_to_left or any(is_from_the_right(char) for char in given)
        return isolated(given) if turns and given else given

    def tries_left(self, count: int) -> str:
        """How many more PINs may be tried."""
        return self.counted(words.COUNTS.tries_left, count)

    def talked(self, length_s: Seconds) -> str:
        """`You talked for 25 minutes.`"""
        if length_s < times.MINUTE_S:
            return self.phrases.talked_little
        return self.counted(words.COUNTS.talked, times.minutes(length_s))

    def span(self, length_s: Seconds) -> str:
        """`25 minutes`, rounded to the nearest."""
        if length_s < times.MINUTE_S:
            return self.phrases.under_a_minute
        return self.counted(words.COUNTS.minutes, times.minutes(length_s))

    def clock(self, moment: datetime) -> str:
        """`14:05`."""
        return times.clock(moment, self._zone)

    def day(self, moment: datetime) -> str:
        """`Tuesday 24 November`."""
        return times.day(moment, self._zone, self._tongue.locale)

    def countdown(self, left_s: Seconds) -> str:
        """`4:09`, or `1:04:09` from an hour on."""
        return times.countdown(left_s)

    def endonym(self, tag: str) -> str:
        """What a language is called by those who speak it; empty where it has no name."""
        return self._tongue.endonym(tag)

    def _general(self, what: str) -> Words:
        return Words(what, self.phrases.ask)

    def _more(self, count: int) -> str:
        return self.counted(words.COUNTS.more, count)


class Phrasebooks:
    """The phrasebooks of a site, each made when its language is first spoken."""

    def __init__(self, zone: ZoneInfo, tongues: Tongues | None = None) -> None:
        self._zone = zone
        self._tongues = tongues or Tongues()
        self._made: dict[str, Phrasebook] = {}

    def of(self, tag: str) -> Phrasebook:
        """The one for the language of a BCP 47 tag; English where nothing nearer is known."""
        tongue = self._tongues.of(tag)
        if tongue.language not in self._made:
            self._made[tongue.language] = Phrasebook(self._zone, tongue)
        return self._made[tongue.language]
