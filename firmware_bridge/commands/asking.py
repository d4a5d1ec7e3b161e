"""Asks whoever is at a port who it is: a reader that answers, or a board."""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from firmware_bridge.board.modbus import Exchange, Read, Silence
from firmware_bridge.board.places import Place
from firmware_bridge.readers import READERS, ReaderKind
from firmware_bridge.readers.greeting import Greeting
from firmware_bridge.readers.reading import BadFrame, Reading
from firmware_bridge.readers.settings import ReaderSettings
from firmware_bridge.serial_port import Parity, SerialPort
from kiosk.clock import Clock, Seconds

BAUDS = (9600, 115200, 19200, 38400, 57600)
ANSWER_S: Seconds = 0.25
"""Several times what the slowest reader that is asked takes, and it is asked at each speed."""

DETAIL_S: Seconds = 0.1
"""Of who answered already it is known that it is quick, and there may be 127 to ask."""

UNITS = range(1, 5)
BOARD_BAUDS = (9600, 19200, 115200)
PARITIES: tuple[Parity, ...] = ("even", "none")
UNIT_S: Seconds = 0.12
"""A board that was not told to wait answers within some 20 ms."""

NAME = "front"


@dataclass(frozen=True, slots=True)
class FoundReader:
    """A kind of reader that was understood, set so; `untold` is what a person has to write."""

    kind: ReaderKind
    settings: ReaderSettings
    untold: Mapping[str, str] = field(default_factory=dict)

    def toml(self) -> str:
        """The reader's part of bridge.toml: what is not as the kind is sold."""
        lines = ["[[reader]]", f'name = "{self.settings.name}"', f'kind = "{self.kind.name}"']
        lines.append(f'port = "{self.settings.port}"')
        lines += [f"{name} = {json.dumps(value)}" for name, value in self._unusual()]
        lines += [f"# {name} = …   # {what}" for name, what in self.untold.items()]
        return "\n".join(lines)

    def _unusual(self) -> Iterator[tuple[str, object]]:
        said = msgspec.to_builtins(self.settings)
        for setting in msgspec.structs.fields(self.kind.settings):
            name = setting.name
            is_told = not setting.required and name not in self.untold
            if is_told and getattr(self.settings, name) != setting.default:
                yield name, said[name]


@dataclass(frozen=True, slots=True)
class FoundBoard:
    """A board that speaks Modbus; what it has where, nobody can ask it."""

    port: str
    baud: int
    parity: Parity
    unit: int

    def toml(self) -> str:
        """The beginning of the board's part of bridge.toml."""
        return "\n".join(
            (
                "# Not complete: what is where on the board, its manual says. It needs",
                "# [board.case], [board.leds] and [board.show] at least: docs/board.md.",
                "[board]",
                f'port = "{self.port}"',
                f"baud = {self.baud}",
                f'parity = "{self.parity}"',
                f"unit = {self.unit}",
            )
        )


async def reader_at(port: str, clock: Clock) -> FoundReader | None:
    """Which reader answers. Raises BridgeError when the port can not be used."""
    for kind in READERS.values():
        for baud in _speeds(kind) if kind.greetings else ():
            tell(f"asking for {kind.name} at {baud} baud")
            with SerialPort(port, baud) as line:
                asked = _Asked(line, kind, port, baud, clock)
                if (settings := await asked.first(kind.greetings, ANSWER_S)) is not None:
                    return await _in_detail(asked, settings)
    return None


async def board_at(port: str, clock: Clock) -> FoundBoard | None:
    """Which board answers. Raises BridgeError when the port can not be used."""
    for baud in BOARD_BAUDS:
        for parity in PARITIES:
            tell(f"asking for a board at {baud} baud, parity {parity}")
            with SerialPort(port, baud, parity) as line:
                for unit in UNITS:
                    if await _unit_answers(line, Exchange(unit, baud), clock):
                        return FoundBoard(port, baud, parity, unit)
    return None


def tell(words: str) -> None:
    """Say what is being done, beside what is printed."""
    print(words, file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One line at one speed, and the kind of reader that may be there."""

    line: SerialPort
    kind: ReaderKind
    port: str
    baud: int
    clock: Clock
    known: dict[str, object] = field(default_factory=dict)
    """What it told before."""

    async def first(
        self, greetings: tuple[Greeting, ...], within_s: Seconds
    ) -> ReaderSettings | None:
        """What is known after the first of these that is answered."""
        for greeting in greetings:
            told = {**self.known, **greeting.tells}
            settings = as_sold(self.kind, self.port, baud=self.baud, **told)
            if await self._answers(greeting, settings, within_s):
                self.known.update(greeting.tells)
                return settings
        return None

    async def _answers(
        self, greeting: Greeting, settings: ReaderSettings, within_s: Seconds
    ) -> bool:
        """Whether a sound frame comes back."""
        heard = b""
        until_s = self.clock.monotonic() + within_s
        self.line.write(greeting.asks)
        while (left_s := until_s - self.clock.monotonic()) > 0:
            heard += await self.line.read(left_s)
            # What an adapter gives back of our own words is no answer.
            answer = b"" if greeting.asks.startswith(heard) else heard.removeprefix(greeting.asks)
            readings = self.kind.decoder(settings).feed(answer)
            if any(map(_is_sound, readings)) and greeting.is_answer(answer):
                return True
        return False


async def _in_detail(asked: _Asked, settings: ReaderSettings) -> FoundReader:
    if not asked.kind.details:
        return FoundReader(asked.kind, settings)
    tell(f"it answers: asking for its {', '.join(asked.kind.details[0].tells)}")
    detailed = await asked.first(asked.kind.details, DETAIL_S)
    if detailed is None:
        untold = dict.fromkeys(asked.kind.details[0].tells, "as the reader is set, it did not tell")
        return FoundReader(asked.kind, settings, untold)
    return FoundReader(asked.kind, detailed)


async def _unit_answers(line: SerialPort, exchange: Exchange, clock: Clock) -> bool:
    """Whether there is such a unit: a refusal tells of it as well as a value."""
    exchange.ask(Read(Place("holding_register", 0)), clock.monotonic())
    line.write(exchange.to_send())
    until_s = clock.monotonic() + UNIT_S
    while (left_s := until_s - clock.monotonic()) > 0:
        found = exchange.feed(await line.read(left_s), clock.monotonic())
        if found is not None:
            return not isinstance(found[1], Silence)
    return False


def _speeds(kind: ReaderKind) -> Iterator[int]:
    own = as_sold(kind, "/").baud
    yield own
    yield from (baud for baud in BAUDS if baud != own)


def as_sold(kind: ReaderKind, port: str, **said: object) -> ReaderSettings:
    """The settings of a kind as it is sold, but for what was said."""
    known = {"kind": kind.name, "name": NAME, "port": port, **said}
    return msgspec.convert(known, kind.settings)


def _is_sound(reading: Reading) -> bool:
    return not isinstance(reading, BadFrame)
