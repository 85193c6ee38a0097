"""The control endpoints under `/_st-wizard/` on the AWS port: for the wizard, demos and tests."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from werkzeug.wrappers import Request, Response

from wizard.simulator.account import ACCOUNT_ID
from wizard.simulator.aws_server import CONTROL_PREFIX, AwsServer
from wizard.simulator.loopback import WSGI
from wizard.simulator.middleware.faults import Fault, Kind

CODE = "code/"


class Advance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST advance: jump by account seconds."""

    seconds: float


class LatencyOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST latency: real seconds that each call takes longer."""

    seconds: float


class Throttling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST throttling."""

    enabled: bool


class FaultOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST faults: the next `times` matching calls meet `kind`."""

    service: str
    operation: str
    kind: Kind
    times: int = 1
    seconds: float = 0.0


class PoliciesOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST policies: from now on these IAM policies are all that callers have; null: no check."""

    policies: list[dict[str, Any]] | None


class DevInstanceOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST dev-instance: the company starts a core of its development deployment there."""

    vpc_id: str


class Network(msgspec.Struct, frozen=True):
    """GET network: how the names of the account are reached, and how fast its time runs."""

    speed: float
    account_id: str
    account_time: float
    proxy_url: str
    ca_pem: str


class Control:
    """Routes `METHOD name` to what it does; every answer is JSON."""

    def __init__(
        self, server: AwsServer, proxy_url: str, start_development: Callable[[str], str]
    ) -> None:
        """`start_development` starts an instance in a VPC and gives its id."""
        self._server = server
        self._start_development = start_development
        self._proxy_url = proxy_url
        self._routes: dict[tuple[str, str], Callable[[Request], Any]] = {
            ("GET", "network"): self._network,
            ("GET", "calls"): self._calls,
            ("DELETE", "calls"): self._forget_calls,
            ("POST", "advance"): self._advance,
            ("POST", "latency"): self._latency,
            ("POST", "throttling"): self._throttling,
            ("GET", "faults"): lambda _: self._server.faults.waiting(),
            ("POST", "faults"): self._order_fault,
            ("DELETE", "faults"): self._clear_faults,
            ("GET", "policies"): lambda _: self._server.authorization.seen(),
            ("POST", "policies"): self._enforce,
            ("GET", "world"): self._world,
            ("POST", "dev-instance"): self._dev_instance,
        }

    @property
    def application(self) -> WSGI:
        """The WSGI application, for paths below the prefix."""

        def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            return self._respond(Request(environ))(environ, start_response)

        return answer

    def _respond(self, request: Request) -> Response:
        name = request.path.removeprefix(CONTROL_PREFIX)
        if name.startswith(CODE):
            return self._code(request, name.removeprefix(CODE))
        route = self._routes.get((request.method, name))
        if route is None:
            known = ", ".join(f"{method} {path}" for method, path in self._routes)
            return _json({"error": f"{request.method} {name} is not one of: {known}"}, 404)
        if request.method == "POST" and request.mimetype != "application/json":
            # A foreign web page cannot send this type without the browser asking first.
            return _json({"error": "send Content-Type: application/json"}, 415)
        try:
            return _json(route(request), 200)
        except (msgspec.ValidationError, msgspec.DecodeError, ValueError) as problem:
            return _json({"error": str(problem)}, 400)

    def _code(self, request: Request, path: str) -> Response:
        """What a presigned URL of Lambda's points to, as S3 answers."""
        from wizard.simulator.services.lambda_code import content  # noqa: PLC0415  moto

        with self._server.gate.working():
            found = content(path, request.args, self._server.clock.now())
        if found is None:
            denied = (
                "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"
            )
            return Response(denied, 403, mimetype="application/xml")
        return Response(found, 200, mimetype="application/zip")

    def _network(self, _: Request) -> Network:
        return Network(
            speed=self._server.clock.speed,
            account_id=ACCOUNT_ID,
            account_time=self._server.clock.now(),
            proxy_url=self._proxy_url,
            ca_pem=self._server.world.authority.pem,
        )

    def _calls(self, request: Request) -> list[dict[str, Any]]:
        return self._server.log.since(int(request.args.get("since", "0")))

    def _forget_calls(self, _: Request) -> dict[str, bool]:
        self._server.log.clear()
        return {"cleared": True}

    def _advance(self, request: Request) -> dict[str, float]:
        order = msgspec.json.decode(request.data, type=Advance)
        now = self._server.clock.advance(order.seconds)
        with self._server.gate.working():
            self._server.world.settle(now)
        self._server.gate.changed()
        return {"account_time": now}

    def _dev_instance(self, request: Request) -> dict[str, str]:
        order = msgspec.json.decode(request.data, type=DevInstanceOrder)
        with self._server.gate.working():
            instance_id = self._start_development(order.vpc_id)
        self._server.gate.changed()
        return {"instance_id": instance_id}

    def _latency(self, request: Request) -> dict[str, float]:
        order = msgspec.json.decode(request.data, type=LatencyOrder)
        if not 0 <= order.seconds <= 60:
            raise ValueError(f"seconds is {order.seconds}; it must be from 0 to 60")
        self._server.latency.seconds = order.seconds
        return {"seconds": order.seconds}

    def _throttling(self, request: Request) -> dict[str, bool]:
        order = msgspec.json.decode(request.data, type=Throttling)
        self._server.throttle.enabled = order.enabled
        return {"enabled": order.enabled}

    def _order_fault(self, request: Request) -> list[dict[str, Any]]:
        order = msgspec.json.decode(request.data, type=FaultOrder)
        self._server.faults.order(
            Fault(order.service, order.operation, order.kind, order.times, order.seconds)
        )
        return self._server.faults.waiting()

    def _enforce(self, request: Request) -> dict[str, dict[str, int]]:
        order = msgspec.json.decode(request.data, type=PoliciesOrder)
        self._server.authorization.enforce(order.policies)
        return self._server.authorization.seen()

    def _clear_faults(self, _: Request) -> list[dict[str, Any]]:
        self._server.faults.clear()
        return []

    def _world(self, _: Request) -> dict[str, Any]:
        world = self._server.world
        with world.lock:
            return {
                "account_time": self._server.clock.now(),
                "mails": len(world.mails),
                "pending_subscriptions": len(world.pending),
                "cores": len(world.cores),
                "launches_waiting": len(world.launches),
                "requests_served": {name: len(all_) for name, all_ in world.requests.items()},
            }


def _json(body: Any, status: int) -> Response:
    return Response(msgspec.json.encode(body), status, mimetype="application/json")
