"""CloudWatch Logs: retention only in the days that AWS knows.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.models import LogsBackend

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


def install(_clock: AccountClock, _world: World) -> None:
    """Validate retention; moto pages the groups by 50 as AWS does."""

    @wrap(LogsBackend, "put_retention_policy")
    def put_retention_policy(
        original: Method, self: LogsBackend, log_group_name: str, retention_in_days: int
    ) -> None:
        if log_group_name not in self.groups:
            raise ResourceNotFoundException
        if int(retention_in_days) not in RETENTION_DAYS:
            allowed = ", ".join(str(days) for days in RETENTION_DAYS)
            raise InvalidParameterException(
                constraint=f"Member must satisfy enum value set: [{allowed}]",
                parameter="retentionInDays",
                value=str(retention_in_days),
            )
        original(self, log_group_name, retention_in_days)
