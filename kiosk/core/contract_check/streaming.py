"""Does the event stream stay alive, and does it resume where it was broken off?"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import requests

from kiosk.clock import Seconds
from kiosk.core.contract_check.findings import Findings
from kiosk.core.contract_check.probe import Probe

PING_S: Seconds = 3.0
_TOLERANCE_S: Seconds = 0.5
_MAX_LINE_BYTES = 65_536
_MAX_REPLAYED = 100_000
_REPLAY_S: Seconds = 2 * PING_S
_PINGS = 3


@dataclass(frozen=True, slots=True)
class _Event:
    id: str
    name: str
    data: str


def check_stream(probe: Probe) -> None:
    """Pings come in time, and a broken stream goes on after Last-Event-ID, in order, each once."""
    if not _check_pings(probe):
        return
    replayed = _replay(probe, 0)
    if replayed is None:
        return
    for event in replayed:
        _check_event(probe, event)
    numbers = [int(event.id) for event in replayed if event.id.isdecimal()]
    if not numbers:
        why = "this terminal was sent no event in the last hour"
        probe.findings.not_tried("events.replay", why)
        return
    growing = all(a < b for a, b in pairwise(numbers))
    probe.findings.expect(growing, "events.order", "ids do not grow from event to event")
    resumed = _replay(probe, numbers[0])
    if resumed is not None:
        complete = resumed[: len(replayed) - 1] == replayed[1:]
        words = f"{len(replayed) - 1} events should come after the first, {len(resumed)} did"
        probe.findings.expect(complete, "events.replay", words)
    latest = _replay(probe, numbers[-1])
    if latest is not None:
        again = [event for event in latest if event in replayed]
        words = f"{len(again)} events came again after their own id"
        probe.findings.expect(not again, "events.once", words)


def _check_pings(probe: Probe) -> bool:
    """Some signs of life, each soon enough after the one before; without them nothing is learned."""
    try:
        with probe.open_stream(None) as response:
            return _is_stream(probe, response) and _time_pings(probe, response)
    except requests.RequestException as error:
        words = f"the stream broke off ({type(error).__name__}) before a ping came"
        return probe.findings.expect(False, "events.ping", words)


def _time_pings(probe: Probe, response: requests.Response) -> bool:
    """Stops at the first one that is late, also when other lines keep coming."""
    last_s, pings = probe.clock.monotonic(), 0
    for line in _lines(response, probe.findings):
        waited_s = probe.clock.monotonic() - last_s
        in_time = waited_s <= PING_S + _TOLERANCE_S
        words = f"{waited_s:.1f} s without a sign of life"
        if not probe.findings.expect(in_time, "events.ping", words):
            return False
        if line.startswith(":"):
            last_s, pings = probe.clock.monotonic(), pings + 1
        if pings == _PINGS:
            return True
    return probe.findings.expect(False, "events.ping", "the stream ended by itself")


def _replay(probe: Probe, after: int) -> list[_Event] | None:
    """What comes at once after `after`: everything until the first quiet moment, a ping."""
    events: list[_Event] = []
    fields: dict[str, str] = {}
    began_s, pings = probe.clock.monotonic(), 0
    try:
        with probe.open_stream(after) as response:
            if not _is_stream(probe, response):
                return None
            for line in _lines(response, probe.findings):
                if line.startswith(":"):
                    pings += 1
                    # A service may greet with a ping: only one that comes later ends the replay.
                    if pings > 1 or probe.clock.monotonic() - began_s > PING_S / 4:
                        return events
                elif line:
                    name, _, value = line.partition(":")
                    fields[name] = value.removeprefix(" ")
                elif fields:
                    events.append(_event(fields))
                    fields = {}
                waited_s = probe.clock.monotonic() - began_s
                if waited_s > _REPLAY_S or len(events) > _MAX_REPLAYED:
                    return events
    except requests.RequestException as error:
        words = f"the stream broke off ({type(error).__name__})"
        probe.findings.expect(False, "events.replay", words)
        return None
    return events


def _event(fields: dict[str, str]) -> _Event:
    return _Event(fields.get("id", ""), fields.get("event", ""), fields.get("data", ""))


def _check_event(probe: Probe, event: _Event) -> None:
    is_number = event.id.isdecimal() and event.id.isascii()
    probe.findings.expect(is_number, "events.id", "an id is not a decimal number")
    for fault in probe.contract.faults_of_event(event.name, event.data):
        clause, _, words = fault.partition(": ")
        probe.findings.expect(False, clause, words)


def _is_stream(probe: Probe, response: requests.Response) -> bool:
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    words = f"answered {response.status_code} {kind}"
    good = response.status_code == 200 and kind == "text/event-stream"
    return probe.findings.expect(good, "events.stream", words)


def _lines(response: requests.Response, findings: Findings) -> Iterator[str]:
    """Lines as they come: read byte by byte, since anything larger would wait for more."""
    line = bytearray()
    for byte in response.iter_content(1):
        if byte == b"\n":
            yield line.decode(errors="replace").removesuffix("\r")
            line.clear()
            continue
        line += byte
        if not findings.expect(len(line) <= _MAX_LINE_BYTES, "events.line", "a line is too long"):
            return
