"""The call log, and the request id and date that each of AWS's answers carries."""

import re
import threading
from dataclasses import asdict, dataclass
from email.utils import formatdate
from typing import Any

from wizard.simulator.clock import AccountClock
from wizard.simulator.middleware.call import Answer, Call, Dropped, Handler

_REQUEST_ID = re.compile(rb"(<([Rr]equestI[dD])>)[^<]*(</\2>)")
_HEADER_OF = {"s3": "x-amz-request-id"}
_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """One line of the log; `seconds` are real ones, status 0 means that no answer was given."""

    number: int
    service: str
    operation: str
    region: str
    account_time: float
    seconds: float
    status: int
    error_code: str | None
    request_id: str


class CallLog:
    """Every call to the account in order of its answer; also a layer, the outermost one."""

    def __init__(self, clock: AccountClock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._calls: list[LoggedCall] = []
        self._number = 0

    def __call__(self, call: Call, inner: Handler) -> Answer:
        try:
            answer = inner(call)
        except Dropped:
            self._write(call, 0, "Dropped")
            raise
        self._write(call, answer.status, answer.error_code)
        return _signed(call, answer, self._clock.now())

    def since(self, number: int) -> list[dict[str, Any]]:
        """The calls after that number, as plain data."""
        with self._lock:
            return [asdict(line) for line in self._calls if line.number > number]

    def clear(self) -> None:
        """Forget all and count from one again."""
        with self._lock:
            self._calls.clear()
            self._number = 0

    def _write(self, call: Call, status: int, code: str | None) -> None:
        passed = self._clock.real_seconds(self._clock.now() - call.arrived)
        with self._lock:
            self._number += 1
            self._calls.append(
                LoggedCall(
                    number=self._number,
                    service=call.service,
                    operation=call.operation,
                    region=call.region,
                    account_time=call.arrived,
                    seconds=round(passed, 4),
                    status=status,
                    error_code=code,
                    request_id=call.request_id,
                )
            )
            del self._calls[:-_KEPT]


def _signed(call: Call, answer: Answer, account_time: float) -> Answer:
    """The answer with one request id in header and body, and AWS's Date by the account's clock."""
    header = _HEADER_OF.get(call.service, "x-amzn-RequestId")
    replaced = {header.lower(), "x-amzn-requestid", "x-amz-request-id", "date"}
    kept = [(name, value) for name, value in answer.headers if name.lower() not in replaced]
    kept += [(header, call.request_id), ("Date", formatdate(account_time, usegmt=True))]
    body = answer.body
    if call.protocol in {"query", "ec2"}:
        body = _REQUEST_ID.sub(rb"\g<1>" + call.request_id.encode() + rb"\g<3>", body)
    return Answer(answer.status, tuple(kept), body, answer.error_code, answer.truncate)
