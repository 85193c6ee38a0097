"""SSM: documents are Creating at first; instances are Online when they have booted.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeInstanceInformation.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends
from moto.ssm.models import Document, SimpleSystemManagerBackend
from moto.ssm.responses import SimpleSystemManagerResponse

from wizard.simulator.services.errors import refusal
from wizard.simulator.services.paging import BadTokenError, page
from wizard.simulator.services.patching import Method, put, replace, wrap

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World

CREATING_SECONDS = 5.0
PAGE = 50


def install(clock: AccountClock, world: World) -> None:
    """Make documents take account time, and answer what moto does not."""
    _patch_documents(clock)
    _patch_instances(clock, world)


def _patch_documents(clock: AccountClock) -> None:
    def status(self: Any) -> str:
        kept: str = self.__dict__["status"]
        return "Creating" if kept == "Active" and clock.now() < self.active_at else kept

    def set_status(self: Any, value: str) -> None:
        self.__dict__["status"] = value

    put(Document, "status", property(status, set_status))
    put(Document, "active_at", 0.0)

    @wrap(SimpleSystemManagerBackend, "create_document")
    def create_document(original: Method, self: SimpleSystemManagerBackend, **asked: Any) -> Any:
        made = original(self, **asked)
        for version in made.versions.values():
            version.__dict__["active_at"] = clock.now() + CREATING_SECONDS
        return made

    @replace(SimpleSystemManagerResponse, "list_document_versions")
    def list_document_versions(self: SimpleSystemManagerResponse) -> ActionResult:
        name = str(self._get_param("Name"))
        documents = self.ssm_backend._get_documents(name)  # noqa: SLF001
        rows = [
            {
                "Name": document.name,
                "DocumentVersion": document.document_version,
                "CreatedDate": document.created_date,
                "IsDefaultVersion": document is documents.get_default_version(),
                "DocumentFormat": document.document_format,
                "Status": document.status,
            }
            for document in documents.versions.values()
        ]
        return _paged(self, "DocumentVersions", rows)


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
        return _paged(self, "InstanceInformationList", rows)

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


def _paged(self: SimpleSystemManagerResponse, field: str, rows: list[Any]) -> ActionResult:
    size = min(int(self._get_param("MaxResults") or PAGE), PAGE)
    try:
        part, token = page(rows, self._get_param("NextToken"), size)
    except BadTokenError as error:
        raise refusal("InvalidNextToken", "The specified token is not valid.") from error
    return ActionResult({field: part, "NextToken": token})
