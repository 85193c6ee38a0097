"""CloudWatch Logs: retention only in the days that AWS knows, and the classes of groups.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.models import LogGroup, LogsBackend
from moto.logs.responses import LogsResponse

from wizard.simulator.services.errors import refusal
from wizard.simulator.services.patching import Method, wrap

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World

# A year is 365 days here, not 360 and not 366.
# fmt: off
RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
)
# fmt: on


STANDARD, DELIVERY = "STANDARD", "DELIVERY"
DELIVERY_DAYS = 2


def class_of(group: Any) -> str:
    """The class that a group was made with."""
    return str(group.__dict__.get("log_class", STANDARD))


def set_class(group: Any, name: str) -> None:
    """Give a group its class, which never changes afterwards."""
    group.__dict__["log_class"] = name
    if name == DELIVERY:
        group.retention_in_days = DELIVERY_DAYS


def _patch_classes() -> None:
    @wrap(LogsResponse, "create_log_group")
    def create_log_group(original: Method, self: LogsResponse) -> str:
        made: str = original(self)
        group = self.logs_backend.groups[self._get_param("logGroupName")]
        set_class(group, self._get_param("logGroupClass") or STANDARD)
        return made

    @wrap(LogGroup, "to_describe_dict")
    def to_describe_dict(original: Method, self: Any) -> dict[str, Any]:
        return {**original(self), "logGroupClass": class_of(self)}


def install(_clock: AccountClock, _world: World) -> None:
    """Validate retention and keep classes; moto pages the groups by 50 as AWS does."""
    _patch_classes()

    @wrap(LogsBackend, "put_retention_policy")
    def put_retention_policy(
        original: Method, self: LogsBackend, log_group_name: str, retention_in_days: int
    ) -> None:
        if log_group_name not in self.groups:
            raise ResourceNotFoundException
        if class_of(self.groups[log_group_name]) == DELIVERY:
            # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html
            raise refusal(
                "InvalidParameterException",
                "Retention policy cannot be changed for log groups of the DELIVERY class.",
            )
        if int(retention_in_days) not in RETENTION_DAYS:
            allowed = ", ".join(str(days) for days in RETENTION_DAYS)
            raise InvalidParameterException(
                constraint=f"Member must satisfy enum value set: [{allowed}]",
                parameter="retentionInDays",
                value=str(retention_in_days),
            )
        original(self, log_group_name, retention_in_days)
