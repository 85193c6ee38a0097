"""The AWS endpoint: the wire on one side, the stack of layers around moto on the other."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from werkzeug.datastructures import Headers

from wizard.simulator.clock import AccountClock
from wizard.simulator.loopback import WSGI, cut
from wizard.simulator.middleware.authorization import Authorization
from wizard.simulator.middleware.call import Answer, Call, Dropped, Handler, stack
from wizard.simulator.middleware.faults import Faults
from wizard.simulator.middleware.identify import identify
from wizard.simulator.middleware.latency import Latency
from wizard.simulator.middleware.log import CallLog
from wizard.simulator.middleware.throttle import Throttle
from wizard.simulator.middleware.trail import Trail
from wizard.simulator.middleware.work import Moto, internal
from wizard.simulator.save_gate import SaveGate
from wizard.simulator.world import World

CONTROL_PREFIX = "/_st-wizard/"


class AwsServer:
    """All that the endpoint consists of, and its WSGI application.

    Outermost to innermost: call log, latency, faults, throttling, CloudTrail, the caller's
    policies, what has become due, moto.
    """

    def __init__(self, clock: AccountClock, world: World, gate: SaveGate) -> None:
        self.clock = clock
        self.world = world
        self.gate = gate
        self.log = CallLog(clock)
        self.latency = Latency()
        self.faults = Faults()
        self.throttle = Throttle(clock)
        self.authorization = Authorization()
        work = Moto()
        self._handler = stack(
            [
                self.log,
                self.latency,
                self.faults,
                self.throttle,
                Trail(clock, world),
                self.authorization,
                self._due,
                gate.layer,
            ],
            work,
        )
        # The company itself: not logged, not throttled, not disturbed.
        self.inside: Handler = stack([gate.layer], work)
        self.control: WSGI | None = None

    def _due(self, call: Call, inner: Handler) -> Answer:
        try:
            with self.gate.working():
                self.world.settle(self.clock.now())
        except Exception as problem:  # noqa: BLE001  a fault of the simulation must be an answer
            return internal(call, problem)
        return inner(call)

    def application(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """WSGI entry: control requests aside, everything is a call to AWS."""
        if self.control is not None and environ.get("PATH_INFO", "").startswith(CONTROL_PREFIX):
            return self.control(environ, start_response)
        call = identify(environ, self.clock.now())
        try:
            answer = self._handler(call)
        except Dropped:
            cut(environ)
            start_response("500 Dropped", [])
            return [b""]
        return _send(environ, start_response, answer)


def _send(environ: dict[str, Any], start_response: Any, answer: Answer) -> Iterable[bytes]:
    headers = Headers(list(answer.headers))
    if environ.get("REQUEST_METHOD") != "HEAD":
        headers["Content-Length"] = str(len(answer.body))
    try:
        phrase = HTTPStatus(answer.status).phrase
    except ValueError:
        phrase = "Unknown"
    start_response(f"{answer.status} {phrase}", headers.to_wsgi_list())
    if not answer.truncate:
        return [answer.body]
    return _half(environ, answer.body)


def _half(environ: dict[str, Any], body: bytes) -> Iterable[bytes]:
    yield body[: len(body) // 2]
    cut(environ)
