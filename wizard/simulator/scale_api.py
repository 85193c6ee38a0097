"""The company's scale API, as its operators call it: password, then new cores after a while.

`POST /0/manual/app/scale/deployment` answers OK and changes nothing when `scaleTo` is no more than
the app has instances already: a sibling runbook says so (erratum E39), and the demo shows it.
"""

import hmac
from collections.abc import Iterable
from typing import Any

import msgspec
from werkzeug.wrappers import Request, Response

from wizard.simulator.clock import AccountClock
from wizard.simulator.deployment import LaunchError, placement, running_cores
from wizard.simulator.save_gate import SaveGate
from wizard.simulator.world import World

DEMO_SCALE_PASSWORD = "demo-scale-password"  # noqa: S105  opens nothing but the demo
SCALE_PATH = "/0/manual/app/scale/deployment"
# The first instance appears this many account seconds after the call, the last one at the end.
FIRST_AFTER = 60.0
LAST_AFTER = 150.0
_MOST = 50


class ScaleOrder(msgspec.Struct, frozen=True, rename="camel"):
    """The body of the call, as the runbook names its parameters."""

    app_id: str
    scale_to: int
    deployment_to_scale: str
    password: str = ""


class ScaleApi:
    """The WSGI application of the company's API."""

    def __init__(self, clock: AccountClock, world: World, gate: SaveGate, client: Any) -> None:
        self._clock = clock
        self._world = world
        self._gate = gate
        self._client = client

    def application(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """WSGI entry."""
        return self._respond(Request(environ))(environ, start_response)

    def _respond(self, request: Request) -> Response:
        if request.path != SCALE_PATH or request.method != "POST":
            return _say(404, f"{request.method} {request.path} is not POST {SCALE_PATH}")
        try:
            order = msgspec.json.decode(request.data, type=ScaleOrder)
        except (msgspec.ValidationError, msgspec.DecodeError) as problem:
            return _say(400, f"bad body: {problem}")
        if not hmac.compare_digest(order.password.encode(), DEMO_SCALE_PASSWORD.encode()):
            return _say(401, "wrong password")
        wrong = _problem(order)
        if wrong is not None:
            return _say(400, wrong)
        with self._gate.working():
            answer = self._scale(order)
        self._gate.changed()
        return answer

    def _scale(self, order: ScaleOrder) -> Response:
        with self._world.lock:
            now = self._clock.now()
            self._world.settle(now)
            waiting = sum(
                launch.count for launch in self._world.launches if launch.app_id == order.app_id
            )
            more = (
                order.scale_to
                - len(running_cores(self._client, self._world, order.app_id))
                - waiting
            )
            if more <= 0:
                return _say(200, "OK")
            try:
                placement(self._client, self._world, order.app_id)
            except LaunchError as problem:
                return _say(404, str(problem))
            step = (LAST_AFTER - FIRST_AFTER) / max(1, more - 1)
            for number in range(more):
                self._world.register_instances_later(
                    order.app_id, order.deployment_to_scale, 1, now + FIRST_AFTER + number * step
                )
        return _say(200, "OK")


def _problem(order: ScaleOrder) -> str | None:
    if not 0 < order.scale_to <= _MOST:
        return f"scaleTo is {order.scale_to}; it must be from 1 to {_MOST}"
    if order.deployment_to_scale not in {"production", "development"}:
        return "deploymentToScale must be production or development"
    return None


def _say(status: int, message: str) -> Response:
    body = {"status": message} if status == 200 else {"status": "ERROR", "message": message}
    return Response(msgspec.json.encode(body), status, mimetype="application/json")
