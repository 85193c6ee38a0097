"""SSM: documents are Creating at first; instances are Online when they have booted.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeInstanceInformation.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends
from moto.ssm.responses import SimpleSystemManagerResponse

from wizard.simulator.services import ssm_documents
from wizard.simulator.services.patching import replace
from wizard.simulator.services.ssm_documents import paged

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World


def install(clock: AccountClock, world: World) -> None:
    """Patch documents, and answer what moto does not."""
    ssm_documents.install(clock)
    _patch_instances(clock, world)


def _patch_instances(clock: AccountClock, world: World) -> None:
    @replace(SimpleSystemManagerResponse, "describe_instance_information")
    def describe_instance_information(self: SimpleSystemManagerResponse) -> ActionResult:
        wanted = _wanted_ids(self)
        backend = ec2_backends[self.current_account][self.region]
        rows = [
            {
                "InstanceId": instance.id,
                "PingStatus": "Online",
                "LastPingDateTime": clock.utc(),
                "AgentVersion": "3.3.987.0",
                "PlatformType": "Linux",
                "PlatformName": "Ubuntu",
                "PlatformVersion": "22.04",
                "ResourceType": "EC2Instance",
                "IPAddress": instance.private_ip,
                "ComputerName": f"ip-{instance.private_ip}".replace(".", "-"),
            }
            for reservation in backend.reservations.values()
            for instance in reservation.instances
            if (not wanted or instance.id in wanted) and booted(instance)
        ]
        return paged(self, "InstanceInformationList", rows)

    def booted(instance: Any) -> bool:
        core = world.cores.get(instance.id)
        ready = core is None or clock.now() >= core.ready_at
        return bool(instance.state == "running" and ready)


def _wanted_ids(self: SimpleSystemManagerResponse) -> set[str]:
    """The ids of both kinds of filter; empty for every instance."""
    wanted: set[str] = set()
    for one in self._get_param("Filters") or []:
        if one["Key"] == "InstanceIds":
            wanted.update(one["Values"])
    for one in self._get_param("InstanceInformationFilterList") or []:
        if one["key"] == "InstanceIds":
            wanted.update(one["valueSet"])
    return wanted
