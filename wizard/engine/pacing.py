"""How often each AWS operation may leave: known rates, and slower once AWS asks for it."""

from dataclasses import dataclass

from wizard.engine.rates import BURST, RATES, SHARED

OperationKey = tuple[str, str, str]
"""Service, operation, region."""

SLOWEST = 0.2
"""Calls a second below which asking to slow down changes nothing more."""

RECOVERY = 1.05
"""Factor by which an operation that was slowed speeds up again with each call that is taken."""


@dataclass(slots=True)
class _Bucket:
    rate: float
    known: float
    tokens: float
    at: float
    throttled: bool = False


class Pace:
    """Token buckets in account time: `speed` account seconds pass in a real second."""

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._buckets: dict[OperationKey, _Bucket] = {}

    def wait(self, key: OperationKey, now: float) -> float:
        """Real seconds until a call of this operation may leave; 0 takes its token."""
        bucket = self._bucket(key, now)
        if bucket is None:
            return 0.0
        elapsed = (now - bucket.at) * self._speed
        bucket.tokens = min(BURST * max(bucket.rate, 1.0), bucket.tokens + elapsed * bucket.rate)
        bucket.at = now
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0.0
        return (1 - bucket.tokens) / bucket.rate / self._speed

    def due(self, key: OperationKey, now: float) -> float:
        """Real seconds until a call of this operation may leave; takes nothing."""
        bucket = self._bucket(key, now)
        if bucket is None:
            return 0.0
        tokens = bucket.tokens + (now - bucket.at) * self._speed * bucket.rate
        return max(0.0, (1 - tokens) / bucket.rate / self._speed)

    def slow_down(self, key: OperationKey, now: float) -> None:
        """AWS asked for it: half the rate, and none left to spend at once."""
        bucket = self._bucket(key, now)
        if bucket is None:
            bucket = _Bucket(rate=10.0, known=10.0, tokens=0.0, at=now)
            self._buckets[_of(key)] = bucket
        bucket.rate = max(SLOWEST, bucket.rate / 2)
        bucket.tokens = 0.0
        bucket.at = now
        bucket.throttled = True

    def taken(self, key: OperationKey) -> None:
        """A call was answered without complaint: an operation that was slowed recovers."""
        bucket = self._buckets.get(_of(key))
        if bucket is not None and bucket.throttled:
            bucket.rate = min(bucket.known, bucket.rate * RECOVERY)
            bucket.throttled = bucket.rate < bucket.known

    def rate(self, key: OperationKey) -> float | None:
        """Calls a second in account time; None when the operation is not paced."""
        bucket = self._buckets.get(_of(key))
        return bucket.rate if bucket else None

    def is_throttled(self, key: OperationKey) -> bool:
        """Whether AWS asked to slow this operation down and it has not recovered."""
        bucket = self._buckets.get(_of(key))
        return bucket is not None and bucket.throttled

    def _bucket(self, key: OperationKey, now: float) -> _Bucket | None:
        bucket = self._buckets.get(_of(key))
        if bucket is None:
            rate = RATES.get((key[0], key[1])) or SHARED.get(key[0])
            if rate is None:
                return None
            bucket = _Bucket(rate=rate, known=rate, tokens=BURST * max(rate, 1.0), at=now)
            self._buckets[_of(key)] = bucket
        return bucket


def _of(key: OperationKey) -> OperationKey:
    """Whose bucket it is: its own, or the one that it shares with others of its service."""
    service, operation, region = key
    shared = service in SHARED and (service, operation) not in RATES
    return (service, "*", region) if shared else key
