"""How long to wait before a read is made again: full jitter, and what the service asks for."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Backoff:
    """Up to `attempts` tries; waits are real seconds. `sleep` and `fraction` are injectable.

    https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
    """

    attempts: int = 4
    first: float = 0.2
    longest: float = 5.0
    sleep: Callable[[float], None] = time.sleep
    fraction: Callable[[], float] = field(default=random.random)
    """A number from 0 to 1."""

    def wait(self, attempt: int, retry_after: float = 0.0) -> None:
        """Wait after the failed `attempt` (the first is 1); `retry_after` is the least."""
        most = min(self.longest, self.first * 2 ** (attempt - 1))
        self.sleep(max(most * self.fraction(), min(retry_after, 6 * self.longest)))


def retry_after(headers: object) -> float:
    """Seconds of a Retry-After header, 0 without one (its date form is not used by AWS)."""
    value = headers.get("retry-after", "") if isinstance(headers, dict) else ""
    try:
        return max(0.0, float(value))
    except ValueError:
        return 0.0
