"""RDS parameter groups: a user's values over the engine's, and at most twenty changed at once.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBParameterGroup.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import DBParameterGroupNotFoundError
from moto.rds.models import RDSBackend
from moto.rds.responses import RDSResponse

from wizard.simulator.services.errors import refusal
from wizard.simulator.services.patching import Method, replace, wrap

# What an instance or a cluster of Aurora PostgreSQL has when nobody set anything.
INSTANCE_DEFAULTS = {
    "log_min_duration_statement": "-1",
    "max_connections": "LEAST({DBInstanceClassMemory/9531392},5000)",
    "shared_buffers": "SUM({DBInstanceClassMemory/12038},-50003)",
    "work_mem": "4096",
}
CLUSTER_DEFAULTS = {"rds.force_ssl": "1", "rds.logical_replication": "0", "timezone": "UTC"}
DEFAULT_GROUP = "default."
AT_ONCE = 20
# Parameters that an instance reads only when it starts.
_STATIC = frozenset({"max_connections", "rds.logical_replication", "shared_buffers"})


def install() -> None:
    """Answer for groups as RDS does."""

    @replace(RDSResponse, "describe_db_parameters")
    def describe_db_parameters(self: RDSResponse) -> ActionResult:
        name = str(self.params["DBParameterGroupName"])
        groups: Any = self.backend.db_parameter_groups
        return _parameters(self, name, groups, INSTANCE_DEFAULTS)

    @replace(RDSResponse, "describe_db_cluster_parameters")
    def describe_db_cluster_parameters(self: RDSResponse) -> ActionResult:
        name = str(self.params["DBClusterParameterGroupName"])
        groups: Any = self.backend.db_cluster_parameter_groups
        return _parameters(self, name, groups, CLUSTER_DEFAULTS)

    @wrap(RDSBackend, "describe_db_parameter_groups")
    def describe_db_parameter_groups(
        original: Method, self: RDSBackend, asked: dict[str, Any]
    ) -> list[Any]:
        found: list[Any] = original(self, asked)
        name = asked.get("db_parameter_group_name")
        if name and not found:
            raise DBParameterGroupNotFoundError(name)
        return found

    for name in ("modify_db_parameter_group", "modify_db_cluster_parameter_group"):
        _limit(name)


def _limit(name: str) -> None:
    @wrap(RDSBackend, name)
    def modify(
        original: Method, self: RDSBackend, group: str, parameters: Iterable[dict[str, Any]]
    ) -> Any:
        asked = list(parameters)
        if len(asked) > AT_ONCE:
            raise refusal(
                "InvalidParameterValue",
                f"The request contains {len(asked)} parameters; a maximum of {AT_ONCE} "
                "parameters can be modified in a single request.",
            )
        for one in asked:
            known = str(one.get("ParameterName"))
            if one.get("ApplyMethod") == "immediate" and known in _STATIC:
                raise refusal(
                    "InvalidParameterCombination",
                    "cannot use immediate apply method for static parameter",
                )
        if group.startswith(DEFAULT_GROUP):
            raise refusal(
                "InvalidDBParameterGroupState", "Modifying a default parameter group is not allowed"
            )
        return original(self, group, asked)


def _parameters(
    self: RDSResponse, name: str, groups: Any, defaults: dict[str, str]
) -> ActionResult:
    """The parameters of a group: what a user set over the engine's defaults."""
    if name not in groups and not name.startswith(DEFAULT_GROUP):
        raise DBParameterGroupNotFoundError(name)
    found: dict[str, dict[str, Any]] = {
        key: {
            "ParameterName": key,
            "ParameterValue": value,
            "Source": "engine-default",
            "DataType": "string",
            "IsModifiable": True,
        }
        for key, value in defaults.items()
    }
    for key, value in groups[name].parameters.items() if name in groups else ():
        changed = {field: text for field, text in dict(value).items() if text is not None}
        found[key] = {"IsModifiable": True, **found.get(key, {}), **changed, "Source": "user"}
    for key, one in found.items():
        one["ApplyType"] = "static" if key in _STATIC else "dynamic"
    source = self.params.get("Source")
    rows = [row for _, row in sorted(found.items()) if source in {None, row["Source"]}]
    return ActionResult({"Parameters": rows})
