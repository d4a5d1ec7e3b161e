"""What a visit on this machine measured, gathered from what the running programs tell."""

import json
import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import psutil

from kiosk.clock import Seconds
from kiosk.wire.messages import (
    CallEnded,
    Drawn,
    Message,
    PictureStats,
    RemoteDrawn,
    StageEntered,
    Touch,
    Touched,
)

Moment = TypeVar("Moment", Drawn, RemoteDrawn, Touched)


@dataclass(slots=True)
class Report:
    """The figures of one visit. A figure that no program gave stays None: nothing is assumed."""

    card_at_s: Seconds | None = None
    audio_rms_in: float | None = None
    audio_rms_out: float | None = None
    screenshots: list[str] = field(default_factory=list)
    processes: list[dict[str, float | str]] = field(default_factory=list)
    seen: list[Message] = field(default_factory=list)

    def take(self, message: Message) -> None:
        """Keep what a program told."""
        self.seen.append(message)

    def measure_processes(self, pids: Mapping[str, int | None]) -> None:
        """Processor time since their start, and memory now, of the programs that run."""
        for name, pid in pids.items():
            if pid is None:
                continue
            process = psutil.Process(pid)
            times = process.cpu_times()
            self.processes.append(
                {
                    "name": name,
                    "cpu_s": round(times.user + times.system, 3),
                    "pss_bytes": process.memory_full_info().pss,
                }
            )

    def figures(self) -> dict[str, object]:
        """All figures, as they are written down."""
        pictures = [message for message in self.seen if isinstance(message, PictureStats)]
        rates = [stats.fps for stats in pictures[1:-1]]
        ended = [message for message in self.seen if isinstance(message, CallEnded)]
        return {
            "card_to_screen_ms": _ms(self.card_at_s, self._welcome_drawn_at_s()),
            "join_ms": _ms(self._joined_at_s(), self._remote_drawn_at_s()),
            "remote_frames_shown": sum(_frames_of_calls(pictures).values()),
            "remote_fps": round(statistics.median(rates), 2) if rates else None,
            "audio_rms_in": self.audio_rms_in,
            "audio_rms_out": self.audio_rms_out,
            "ended_late_ms": round(ended[-1].late_s * 1000, 2) if ended else None,
            "stages": [
                {"stage": message.stage, "at_s": round(message.at_s, 4)}
                for message in self.seen
                if isinstance(message, StageEntered)
            ],
            "screenshots": self.screenshots,
            "processes": self.processes,
        }

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.figures(), indent=2) + "\n", encoding="utf-8")

    def _welcome_drawn_at_s(self) -> Seconds | None:
        drawn = self._since_card(Drawn)
        return next((m.at_s for m in drawn if m.screen == "WelcomeScreen"), None)

    def _joined_at_s(self) -> Seconds | None:
        touches = self._since_card(Touched)
        return next((m.at_s for m in touches if m.touch is Touch.JOIN), None)

    def _since_card(self, kind: type[Moment]) -> list[Moment]:
        """What came of that kind since the card was held to the reader; others were there before."""
        since_s = math.inf if self.card_at_s is None else self.card_at_s
        return [m for m in self.seen if isinstance(m, kind) and m.at_s >= since_s]

    def _remote_drawn_at_s(self) -> Seconds | None:
        return next((m.at_s for m in self._since_card(RemoteDrawn)), None)


def _frames_of_calls(pictures: list[PictureStats]) -> dict[int, int]:
    """The newest count for each call; a rejoined visit has several calls."""
    return {stats.call: stats.frames_drawn for stats in pictures}


def _ms(since_s: Seconds | None, until_s: Seconds | None) -> float | None:
    if since_s is None or until_s is None:
        return None
    return round((until_s - since_s) * 1000, 1)
