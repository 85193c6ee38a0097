"""Refuses calls that come faster than AWS lets them.

The buckets fill by account time: three alarms a second are three account seconds' worth. An account
at speed 60 so lets through 60 times as many calls in a real second, as it does everything else 60
times as fast; a caller that paces itself reads the speed and does the same.
"""

import threading
from collections.abc import Mapping

from wizard.simulator.clock import AccountClock
from wizard.simulator.middleware.call import Answer, Call, Handler
from wizard.simulator.middleware.errors import refuse
from wizard.simulator.throttle_rates import RATES, REFUSALS, USUAL_REFUSAL, Rate


class Throttle:
    """A layer with a token bucket for each region and operation that has a rate."""

    def __init__(self, clock: AccountClock, rates: Mapping[tuple[str, str], Rate] = RATES) -> None:
        self._clock = clock
        self._rates = rates
        self._lock = threading.Lock()
        # (tokens left, account time when counted)
        self._buckets: dict[tuple[str, str, str], tuple[float, float]] = {}
        self.enabled = True

    def __call__(self, call: Call, inner: Handler) -> Answer:
        if self.enabled and not self._take(call):
            return throttled(call)
        return inner(call)

    def _take(self, call: Call) -> bool:
        rate = self._rates.get((call.service, call.operation))
        if rate is None:
            return True
        key = (call.service, call.operation, call.region)
        now = self._clock.now()
        with self._lock:
            left, counted = self._buckets.get(key, (rate.burst, now))
            left = min(rate.burst, left + (now - counted) * rate.per_second)
            allowed = left >= 1
            self._buckets[key] = (left - 1 if allowed else left, now)
        return allowed


def throttled(call: Call) -> Answer:
    """The service's own words for "slower, please"."""
    refusal = REFUSALS.get(call.service, USUAL_REFUSAL)
    return refuse(call, refusal.status, refusal.code, refusal.message)
