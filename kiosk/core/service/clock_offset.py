"""The law of time: what the service's clock says, told on CLOCK_MONOTONIC."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kiosk.clock import Seconds
from kiosk.errors import ServiceError

DRIFT = 100e-6
"""How far two clocks may drift apart, as a share of the time that passes."""

RESOLUTION_S: Seconds = 0.001
"""What a service that tells milliseconds leaves untold."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The service's clock stood at `service_now` at `at_s`, give or take half the round trip."""

    service_now: datetime
    at_s: Seconds
    half_trip_s: Seconds

    def utc(self, at_s: Seconds) -> datetime:
        return self.service_now + timedelta(seconds=at_s - self.at_s)

    def uncertainty_s(self, at_s: Seconds) -> Seconds:
        return self.half_trip_s + DRIFT * abs(at_s - self.at_s)


class ServiceTime:
    """Relates the service's clock to ours by the request with the smallest round trip.

    A sample grows less certain as it ages, so that a fresh one takes its place in time. One that
    contradicts the sample we have takes it at once: the service's clock was set.
    """

    def __init__(self, best: Sample | None = None) -> None:
        """`best` is what a program before us knew: CLOCK_MONOTONIC goes on when a program does not."""
        self._best = best

    @property
    def best(self) -> Sample | None:
        """The sample that counts now; None before the service told its time."""
        return self._best

    def sample(self, service_now: datetime, sent_at_s: Seconds, got_at_s: Seconds) -> None:
        """The service said `service_now` (aware) between these two moments."""
        half_trip_s = (got_at_s - sent_at_s) / 2
        new = Sample(service_now.astimezone(UTC), sent_at_s + half_trip_s, half_trip_s)
        if self._best is None or _is_better(new, self._best):
            self._best = new

    def utc(self, at_s: Seconds) -> datetime | None:
        """The service's time at a moment of ours; None before the service told it."""
        return None if self._best is None else self._best.utc(at_s)

    def to_monotonic(self, moment: datetime) -> Seconds:
        """When our clock stands at a moment of the service's.

        Raises ServiceError before the service told its time.
        """
        if self._best is None:
            raise ServiceError("the service has not told its time yet")
        return self._best.at_s + (moment - self._best.service_now).total_seconds()

    def uncertainty_s(self, at_s: Seconds) -> Seconds | None:
        """How far `utc` may be off; None before the service told its time."""
        return None if self._best is None else self._best.uncertainty_s(at_s)


def _is_better(new: Sample, old: Sample) -> bool:
    old_uncertainty_s = old.uncertainty_s(new.at_s)
    apart_s = abs((new.service_now - old.utc(new.at_s)).total_seconds())
    contradicts = apart_s > new.half_trip_s + old_uncertainty_s + RESOLUTION_S
    return contradicts or new.half_trip_s <= old_uncertainty_s
