"""How the terminal speaks to the person in front of it: what was booked, and what they touched."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Mode(StrEnum):
    """What makes a terminal easier to use for somebody."""

    LARGE_TEXT = "large_text"
    HIGH_CONTRAST = "high_contrast"
    LIGHT = "light"
    LEFT_HANDED = "left_handed"
    SLOW = "slow"
    SIGNING = "signing"
    SPOKEN = "spoken"
    PHRASES = "phrases"


@dataclass(frozen=True, slots=True)
class Site:
    """What is switched on where the terminal stands; the first language is the site's own."""

    languages: tuple[str, ...] = ("en",)


@dataclass(frozen=True, slots=True)
class Manner:
    """A language of the site's and the modes that are on."""

    language: str
    modes: frozenset[Mode] = frozenset()


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the service said of the person and their booking, and what they touched, which comes first."""

    booked: str | None = None
    needs: frozenset[Mode] = frozenset()
    chosen: str | None = None
    switched_on: frozenset[Mode] = frozenset()
    switched_off: frozenset[Mode] = frozenset()

    def manner(self, site: Site) -> Manner:
        """What follows from them where the terminal stands."""
        language = _spoken(self.chosen, site) or _spoken(self.booked, site) or site.languages[0]
        return Manner(language, (self.needs | self.switched_on) - self.switched_off)

    def speak(self, language: str, site: Site) -> "Wishes":
        """The person touched a language; one that is not the site's changes nothing."""
        return replace(self, chosen=language) if language in site.languages else self

    def switch(self, name: str, site: Site) -> "Wishes":
        """The person touched a mode: it goes on, or off; a name that is none changes nothing."""
        if name not in _NAMES:
            return self
        mode = frozenset({Mode(name)})
        if mode <= self.manner(site).modes:
            return replace(
                self, switched_on=self.switched_on - mode, switched_off=self.switched_off | mode
            )
        return replace(
            self, switched_on=self.switched_on | mode, switched_off=self.switched_off - mode
        )

    def touched_only(self) -> "Wishes":
        """Without what was said of a person who may not be this one."""
        return replace(self, booked=None, needs=frozenset())

    def of_a_person(self) -> "Wishes":
        """The same manner, all of it known of a person: what is touched from now on is told apart."""
        return Wishes(
            self.chosen or self.booked, (self.needs | self.switched_on) - self.switched_off
        )


_NAMES = frozenset(Mode)


def modes_of(names: tuple[str, ...]) -> frozenset[Mode]:
    """The modes among these names; the service may know more than this release."""
    return frozenset(Mode(name) for name in names if name in _NAMES)


def _spoken(tag: str | None, site: Site) -> str | None:
    """The language of the site's that serves who speaks `tag`: itself, else that of its first part."""
    if tag is None:
        return None
    ours = {language.lower(): language for language in site.languages}
    return ours.get(tag.lower()) or ours.get(tag.lower().partition("-")[0])
