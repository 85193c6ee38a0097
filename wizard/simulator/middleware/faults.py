"""Faults on order: what networks, services and credentials do to a run sooner or later."""

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

from wizard.simulator.middleware.actions import Needed, needed
from wizard.simulator.middleware.authorization import denied
from wizard.simulator.middleware.call import Answer, Call, Dropped, Handler
from wizard.simulator.middleware.errors import refuse
from wizard.simulator.middleware.throttle import throttled

Kind = Literal[
    "drop_before",  # cut before the work: nothing was done
    "drop_after",  # the work was done, the answer is lost
    "error_before",  # 500, nothing was done
    "error_after",  # 500 although the work was done
    "truncate",  # the work was done, half an answer comes
    "delay",  # the answer comes `seconds` late
    "throttle",
    "deny",
    "expired",
]
KINDS: tuple[str, ...] = get_args(Kind)
_EXPIRED = "The security token included in the request is expired"


@dataclass(frozen=True, slots=True)
class Fault:
    """The next `times` calls that match meet it. "*" matches every service or operation."""

    service: str
    operation: str
    kind: Kind
    times: int = 1
    seconds: float = 0.0

    def matches(self, call: Call) -> bool:
        """Whether this call is meant."""
        return self.service in {"*", call.service} and self.operation in {"*", call.operation}


class Faults:
    """The layer that meets calls with the ordered faults, in the order they were ordered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ordered: list[Fault] = []

    def order(self, fault: Fault) -> None:
        """Have the fault happen to the next calls that match."""
        if fault.kind not in KINDS:
            raise ValueError(f"kind is {fault.kind!r}; it must be one of {', '.join(KINDS)}")
        if fault.times < 1:
            raise ValueError(f"times is {fault.times}; it must be 1 or more")
        with self._lock:
            self._ordered.append(fault)

    def clear(self) -> None:
        """No more faults."""
        with self._lock:
            self._ordered.clear()

    def waiting(self) -> list[dict[str, Any]]:
        """The faults that have yet to happen."""
        with self._lock:
            return [asdict(fault) for fault in self._ordered]

    def _next(self, call: Call) -> Fault | None:
        with self._lock:
            for place, fault in enumerate(self._ordered):
                if fault.matches(call):
                    if fault.times > 1:
                        self._ordered[place] = replace(fault, times=fault.times - 1)
                    else:
                        del self._ordered[place]
                    return fault
        return None

    def __call__(self, call: Call, inner: Handler) -> Answer:
        fault = self._next(call)
        if fault is None:
            return inner(call)
        if fault.kind in _INSTEAD:
            return _INSTEAD[fault.kind](call)
        if fault.kind == "drop_before":
            raise Dropped
        answer = inner(call)
        match fault.kind:
            case "drop_after":
                raise Dropped
            case "error_after":
                answer = _broken(call)
            case "truncate":
                answer = replace(answer, truncate=True)
            case "delay":
                time.sleep(fault.seconds)
        return answer


def _broken(call: Call) -> Answer:
    return refuse(call, 500, "InternalFailure", "We encountered an internal error. Try again.")


def _expired(call: Call) -> Answer:
    if call.service == "ec2":
        return refuse(call, 400, "RequestExpired", "Request has expired.")
    is_json = call.protocol in {"json", "rest-json"}
    code = "ExpiredTokenException" if is_json else "ExpiredToken"
    return refuse(call, 400 if is_json else 403, code, _EXPIRED)


# Faults for which no work is done at all.
_INSTEAD: dict[str, Callable[[Call], Answer]] = {
    "error_before": _broken,
    "throttle": throttled,
    "deny": lambda call: denied(call, next(iter(needed(call)), Needed("")).action),
    "expired": _expired,
}
