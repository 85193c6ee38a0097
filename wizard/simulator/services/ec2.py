"""EC2 instances of the simulated account: they boot, pass their checks, and show up a little late.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html
"""

# ruff: noqa: SLF001  moto's own methods are private; patching is this module's job
from __future__ import annotations

import copy
import inspect
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from moto.ec2.exceptions import InvalidInstanceIdError
from moto.ec2.models import EC2Backend
from moto.ec2.models.instances import Instance
from moto.ec2.responses import EC2Response

from wizard.simulator.services import ec2_network
from wizard.simulator.services.patching import Method, exclusively, put, wrap

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World

BOOT_SECONDS = 20.0
CHECKS_SECONDS = 90.0
# Describe calls may not know an instance that was launched less than this ago.
VISIBLE_SECONDS = 1.5

_INITIALIZING = {
    "Details": [{"Name": "reachability", "Status": "initializing"}],
    "Status": "initializing",
}


def install(clock: AccountClock, world: World) -> None:
    """Patch moto's ec2."""
    _states(clock)
    _checks(clock)
    _launches()
    _visibility(clock)
    ec2_network.install(clock)
    _dry_runs()
    exclusively(
        world.lock,
        EC2Response,
        "run_instances",
        "create_vpc_endpoint",
        "modify_vpc_endpoint",
        "create_flow_logs",
        "create_security_group",
        "authorize_security_group_ingress",
    )


def _states(clock: AccountClock) -> None:
    def state(self: Any) -> Any:
        held = self.__dict__["_state"]
        if held.name == "pending" and clock.now() >= self.launched_at + BOOT_SECONDS:
            held.name, held.code = "running", 16
        return held

    def set_state(self: Any, value: Any) -> None:
        self.__dict__["_state"] = value

    def launch_time(self: Any) -> datetime:
        return datetime.fromtimestamp(self.launched_at, UTC)

    def ignore(self: Any, value: datetime) -> None:
        """moto writes the real time; the account's stands in `launched_at`."""

    put(Instance, "_state", property(state, set_state))
    put(Instance, "launch_time", property(launch_time, ignore))

    def boot(instance: Any) -> None:
        instance.launched_at = clock.now()
        instance._state.name, instance._state.code = "pending", 0

    @wrap(Instance, "__init__")
    def initialise(original: Method, self: Any, *args: Any, **kwargs: Any) -> None:
        self.launched_at = clock.now()
        original(self, *args, **kwargs)
        boot(self)

    @wrap(Instance, "start")
    def start(original: Method, self: Any) -> Any:
        before = original(self)
        boot(self)
        return before


def _checks(clock: AccountClock) -> None:
    def status(original: property) -> property:
        def found(self: Any) -> Any:
            if self.state_code == 16 and clock.now() < self.launched_at + CHECKS_SECONDS:
                return _INITIALIZING
            return original.__get__(self)

        return property(found)

    for name in ("instance_status", "system_status"):
        put(Instance, name, status(inspect.getattr_static(Instance, name)))


def _launches() -> None:
    @wrap(EC2Backend, "run_instances")
    def run_instances(original: Method, self: Any, *args: Any, **kwargs: Any) -> Any:
        token = kwargs.get("client_token")
        # moto's stand-in for a call without a token.
        if token and token != "ABCDE":  # noqa: S105
            for reservation in self.reservations.values():
                if any(one.client_token == token for one in reservation.instances):
                    return reservation
        return original(self, *args, **kwargs)


def _visibility(clock: AccountClock) -> None:
    def visible(instance: Any) -> bool:
        seen: bool = clock.now() >= instance.launched_at + VISIBLE_SECONDS
        return seen

    def seen(reservations: list[Any]) -> list[Any]:
        shown = []
        for reservation in reservations:
            held = copy.copy(reservation)
            held.instances = [one for one in reservation.instances if visible(one)]
            if held.instances:
                shown.append(held)
        return shown

    @wrap(EC2Backend, "describe_instances")
    def describe_instances(original: Method, self: Any, *args: Any, **kwargs: Any) -> Any:
        return seen(original(self, *args, **kwargs))

    @wrap(EC2Backend, "get_reservations_by_instance_ids")
    def by_ids(original: Method, self: Any, instance_ids: list[str], **kwargs: Any) -> Any:
        _must_be_visible(self, instance_ids)
        return original(self, instance_ids, **kwargs)

    @wrap(EC2Backend, "describe_instance_status")
    def describe_instance_status(
        original: Method, self: Any, instance_ids: list[str], *args: Any, **kwargs: Any
    ) -> Any:
        _must_be_visible(self, instance_ids)
        return [one for one in original(self, instance_ids, *args, **kwargs) if visible(one)]

    def _must_be_visible(backend: Any, instance_ids: list[str]) -> None:
        for reservation in backend.reservations.values():
            for instance in reservation.instances:
                if instance.id in instance_ids and not visible(instance):
                    raise InvalidInstanceIdError([instance.id])


def _dry_runs() -> None:
    """Have DryRun refused as AWS does by every operation where moto would carry it out."""
    for name, method in inspect.getmembers(EC2Response, inspect.isfunction):
        module = str(method.__module__)
        plain = inspect.unwrap(method)
        if name.startswith("_") or not module.startswith("moto.ec2.responses"):
            continue
        if name != "error_on_dryrun" and "error_on_dryrun" not in plain.__code__.co_names:
            _refuse_dry_run(name)


def _refuse_dry_run(name: str) -> None:
    @wrap(EC2Response, name)
    def guarded(original: Method, self: Any, *args: Any, **kwargs: Any) -> Any:
        self.error_on_dryrun()
        return original(self, *args, **kwargs)
