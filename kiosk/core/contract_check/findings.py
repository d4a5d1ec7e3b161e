"""What a check of a visit service found."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """A clause that the service breaks, or (`checked` False) that could not be tried, and why."""

    clause: str
    words: str
    checked: bool = True

    def __str__(self) -> str:
        return f"{'FAIL' if self.checked else 'not tried'}  {self.clause}: {self.words}"


@dataclass(slots=True)
class Findings:
    """Collects findings; a clause that passes leaves no trace but its name."""

    all: list[Finding] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)

    def expect(self, holds: bool, clause: str, words: str) -> bool:
        """Note that `clause` fails unless it `holds`; returns whether it does."""
        self.tried.append(clause)
        if not holds:
            self.all.append(Finding(clause, words))
        return holds

    def not_tried(self, clause: str, why: str) -> None:
        self.all.append(Finding(clause, why, checked=False))
