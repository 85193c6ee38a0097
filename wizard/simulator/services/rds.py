"""RDS: clusters and instances take minutes, names are unique, and parameters have defaults.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult
from moto.moto_api._internal import mock_random
from moto.rds.exceptions import DBClusterNotFoundError, DBParameterGroupNotFoundError
from moto.rds.models import DBCluster, DBInstance, RDSBackend
from moto.rds.responses import RDSResponse

from wizard.simulator.services.errors import refusal
from wizard.simulator.services.patching import Method, put, replace, wrap

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World

CLUSTER_SECONDS = 300.0
INSTANCE_SECONDS = 480.0

# Engine → the versions that are offered, and their parameter group family.
VERSIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "aurora-postgresql": (
        ("13.12", "aurora-postgresql13"),
        ("14.9", "aurora-postgresql14"),
        ("15.4", "aurora-postgresql15"),
        ("15.5", "aurora-postgresql15"),
        ("16.1", "aurora-postgresql16"),
    ),
    "aurora-mysql": (("8.0.mysql_aurora.3.05.2", "aurora-mysql8.0"),),
    "postgres": (("15.5", "postgres15"), ("16.1", "postgres16")),
}
# What an instance or a cluster of Aurora PostgreSQL has when nobody set anything.
INSTANCE_DEFAULTS = {
    "log_min_duration_statement": "-1",
    "max_connections": "LEAST({DBInstanceClassMemory/9531392},5000)",
    "shared_buffers": "SUM({DBInstanceClassMemory/12038},-50003)",
    "work_mem": "4096",
}
CLUSTER_DEFAULTS = {"rds.force_ssl": "1", "rds.logical_replication": "0", "timezone": "UTC"}
DEFAULT_GROUP = "default."


def install(clock: AccountClock, _world: World) -> None:
    """Make creation take account time, and answer what moto does not."""
    _patch_states(clock)
    _patch_creation(clock)
    _patch_parameters()
    _patch_versions()


def _patch_states(clock: AccountClock) -> None:
    def instance_status(self: Any) -> str:
        kept: str = self.__dict__["status"]
        return "creating" if kept == "available" and clock.now() < self.available_at else kept

    def set_instance_status(self: Any, value: str) -> None:
        self.__dict__["status"] = value

    def cluster_status(self: Any) -> str:
        kept: str = self.__dict__["_status"]
        if kept != "creating":
            return kept
        return "creating" if clock.now() < self.available_at else "available"

    def set_cluster_status(self: Any, value: str) -> None:
        self.__dict__["_status"] = value

    put(DBInstance, "status", property(instance_status, set_instance_status))
    put(DBInstance, "available_at", 0.0)
    put(DBCluster, "status", property(cluster_status, set_cluster_status))
    put(DBCluster, "available_at", 0.0)


def _patch_creation(clock: AccountClock) -> None:
    @wrap(RDSBackend, "create_db_cluster")
    def create_db_cluster(original: Method, self: RDSBackend, kwargs: dict[str, Any]) -> Any:
        kwargs["db_cluster_identifier"] = kwargs["db_cluster_identifier"].lower()
        if kwargs["db_cluster_identifier"] in self.clusters:
            raise refusal("DBClusterAlreadyExistsFault", "DB Cluster already exists")
        made = original(self, kwargs)
        made.available_at = clock.now() + CLUSTER_SECONDS
        return made

    @wrap(RDSBackend, "create_db_instance")
    def create_db_instance(original: Method, self: RDSBackend, db_kwargs: dict[str, Any]) -> Any:
        db_kwargs["db_instance_identifier"] = db_kwargs["db_instance_identifier"].lower()
        cluster_id = db_kwargs.get("db_cluster_identifier")
        if cluster_id is not None and cluster_id not in self.clusters:
            raise DBClusterNotFoundError(cluster_id)
        made = original(self, db_kwargs)
        made.available_at = clock.now() + INSTANCE_SECONDS
        made.dbi_resource_id = f"db-{mock_random.get_random_string(26).upper()}"
        enabled = bool(db_kwargs.get("enable_performance_insights"))
        made.performance_insights_enabled = enabled
        if enabled:
            days = db_kwargs.get("performance_insights_retention_period") or 7
            made.performance_insights_retention_period = int(days)
            made.performance_insights_kms_key_id = db_kwargs.get("performance_insights_kms_key_id")
        return made


def _patch_parameters() -> None:
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
            "ApplyType": "dynamic" if key != "max_connections" else "static",
            "DataType": "string",
            "IsModifiable": True,
        }
        for key, value in defaults.items()
    }
    for key, value in groups[name].parameters.items() if name in groups else ():
        changed = {field: text for field, text in dict(value).items() if text is not None}
        found[key] = {**found.get(key, {}), **changed, "Source": "user"}
    source = self.params.get("Source")
    rows = [row for _, row in sorted(found.items()) if source in {None, row["Source"]}]
    return ActionResult({"Parameters": rows})


def _patch_versions() -> None:
    @replace(RDSResponse, "describe_db_engine_versions")
    def describe_db_engine_versions(self: RDSResponse) -> ActionResult:
        asked = self.params
        rows = [
            {
                "Engine": engine,
                "EngineVersion": version,
                "DBParameterGroupFamily": family,
                "DBEngineDescription": engine,
                "DBEngineVersionDescription": f"{engine} {version}",
                "Status": "available",
                "ValidUpgradeTarget": _upgrades(engine, version),
            }
            for engine, versions in VERSIONS.items()
            for version, family in (versions[-1:] if asked.get("DefaultOnly") else versions)
            if asked.get("Engine") in {None, engine}
            and asked.get("EngineVersion") in {None, version, version.split(".")[0]}
            and asked.get("DBParameterGroupFamily") in {None, family}
        ]
        return ActionResult({"DBEngineVersions": rows})


def _upgrades(engine: str, version: str) -> list[dict[str, Any]]:
    known = [offered for offered, _ in VERSIONS[engine]]
    return [
        {"Engine": engine, "EngineVersion": later, "AutoUpgrade": False}
        for later in known[known.index(version) + 1 :]
    ]
