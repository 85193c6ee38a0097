"""Making clusters, instances and subnet groups: what RDS refuses, takes itself, and remembers.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from moto.ec2.models import ec2_backends
from moto.moto_api._internal import mock_random
from moto.rds.exceptions import (
    DBClusterNotFoundError,
    DBClusterParameterGroupNotFoundError,
    DBSubnetGroupNotFoundError,
)
from moto.rds.models import DBCluster, RDSBackend

from wizard.simulator.services import quotas
from wizard.simulator.services.errors import refusal
from wizard.simulator.services.patching import Method, put, wrap
from wizard.simulator.services.rds_offers import CERTIFICATES, family, offered, zones_of
from wizard.simulator.services.rds_parameters import DEFAULT_GROUP

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock

CLUSTER_SECONDS = 600.0
INSTANCE_SECONDS = 780.0
_ENOUGH_ZONES = 2
_INSIGHTS_DAYS = 7
_PASSWORD = re.compile(r"[!-~ ]{8,41}")
_NEVER_IN_PASSWORDS = re.compile(r'[/"@ ]')
# What moto's cluster does not keep of what it was made with.
_KEPT = ("database_insights_mode", "engine_lifecycle_support", "monitoring_role_arn")


def install(clock: AccountClock) -> None:
    """Make creation take account time, refuse what RDS refuses, and keep what it keeps."""
    # moto takes this for Aurora Serverless v1 only.
    put(DBCluster, "enable_http_endpoint", None)

    @wrap(RDSBackend, "create_subnet_group")
    def create_subnet_group(  # noqa: PLR0917  moto's own order
        original: Method, self: RDSBackend, name: str, description: str, subnets: Any, tags: Any
    ) -> Any:
        if name.lower() in self.subnet_groups:
            raise refusal("DBSubnetGroupAlreadyExists", f"DB subnet group {name} already exists.")
        _cover(subnets)
        return original(self, name.lower(), description, subnets, tags)

    @wrap(RDSBackend, "modify_db_subnet_group")
    def modify_db_subnet_group(
        original: Method, self: RDSBackend, name: str, description: str, subnets: Any
    ) -> Any:
        if name not in self.subnet_groups:
            raise DBSubnetGroupNotFoundError(name)
        _cover(subnets)
        return original(self, name, description, subnets)

    @wrap(RDSBackend, "create_db_cluster")
    def create_db_cluster(original: Method, self: RDSBackend, kwargs: dict[str, Any]) -> Any:
        kwargs["db_cluster_identifier"] = kwargs["db_cluster_identifier"].lower()
        if kwargs["db_cluster_identifier"] in self.clusters:
            raise refusal("DBClusterAlreadyExistsFault", "DB Cluster already exists")
        if len(self.clusters) >= _quota(self, "L-952B80B8", clock.now()):
            raise refusal("DBClusterQuotaExceededFault", "DB Cluster Quota Exceeded")
        _check_cluster(self, kwargs)
        made = original(self, kwargs)
        _complete_cluster(self, made, kwargs)
        made.available_at = clock.now() + CLUSTER_SECONDS
        return made

    @wrap(RDSBackend, "create_db_instance")
    def create_db_instance(original: Method, self: RDSBackend, db_kwargs: dict[str, Any]) -> Any:
        db_kwargs["db_instance_identifier"] = db_kwargs["db_instance_identifier"].lower()
        if len(self.databases) >= _quota(self, "L-7B6409FD", clock.now()):
            raise refusal("InstanceQuotaExceeded", "DB Instance quota exceeded")
        _check_instance(self, db_kwargs)
        made = original(self, db_kwargs)
        _complete_instance(self, made, db_kwargs)
        made.available_at = clock.now() + INSTANCE_SECONDS
        return made


def _quota(self: RDSBackend, code: str, now: float) -> float:
    return quotas.applied(self.account_id, self.region_name, code, now)


def _cover(subnets: list[Any]) -> None:
    zones = {subnet.availability_zone for subnet in subnets}
    if len(zones) < _ENOUGH_ZONES:
        raise refusal(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current "
            f"AZ coverage: {', '.join(sorted(zones))}. Add subnets to cover at least 2 AZs.",
        )
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise refusal("InvalidSubnet", "The requested subnets are not in a common VPC.")


def _check_cluster(self: RDSBackend, asked: dict[str, Any]) -> None:
    engine, version = str(asked["engine"]), asked.get("engine_version")
    known = [one for one, _ in offered(engine, self.region_name)]
    if version is not None and version not in known:
        raise refusal("InvalidParameterCombination", f"Cannot find version {version} for {engine}")
    if version is None and known:
        asked["engine_version"] = known[-1]
    group = asked.get("db_subnet_group_name")
    if group is not None and group not in self.subnet_groups:
        raise DBSubnetGroupNotFoundError(group)
    parameters = asked.get("db_cluster_parameter_group_name")
    if parameters is None:
        asked["db_cluster_parameter_group_name"] = DEFAULT_GROUP + family(
            engine, str(asked.get("engine_version"))
        )
    elif parameters not in self.db_cluster_parameter_groups and not parameters.startswith(
        DEFAULT_GROUP
    ):
        raise DBClusterParameterGroupNotFoundError(parameters)
    _check_password(asked)
    if engine.startswith("aurora"):
        # Aurora's volume grows by itself; RDS tells 1, and moto knows no such storage.
        asked["allocated_storage"] = 1
        asked["storage_type"] = asked.get("storage_type") or "aurora"
    if asked.get("kms_key_id"):
        asked["kms_key_id"] = self._validate_kms_key(asked["kms_key_id"])
    if bool(asked.get("monitoring_interval")) != bool(asked.get("monitoring_role_arn")):
        raise refusal(
            "InvalidParameterCombination",
            "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other "
            "than 0.",
        )


def _check_password(asked: dict[str, Any]) -> None:
    password = asked.get("master_user_password")
    if asked.get("manage_master_user_password"):
        if password:
            raise refusal(
                "InvalidParameterCombination",
                "You can't specify MasterUserPassword when ManageMasterUserPassword is enabled.",
            )
        return
    if password and (not _PASSWORD.fullmatch(password) or _NEVER_IN_PASSWORDS.search(password)):
        raise refusal(
            "InvalidParameterValue",
            "The parameter MasterUserPassword is not a valid password. Only printable ASCII "
            "characters besides '/', '@', '\"', ' ' may be used.",
        )


def _complete_cluster(self: RDSBackend, made: Any, asked: dict[str, Any]) -> None:
    """What RDS takes when nothing is said, and what it tells of a cluster afterwards."""
    if not made.storage_encrypted:
        made.kms_key_id = None
    elif not asked.get("kms_key_id"):
        made.kms_key_id = self.kms.describe_key("alias/aws/rds").arn
    if not made.vpc_security_group_ids:
        made.vpc_security_group_ids = [_default_group(self, made)]
    for name in _KEPT:
        setattr(made, name, asked.get(name))
    made.monitoring_interval = asked.get("monitoring_interval")
    made.performance_insights_enabled = bool(asked.get("enable_performance_insights"))
    if made.performance_insights_enabled:
        _insights(self, made, asked)


def _insights(self: RDSBackend, made: Any, asked: dict[str, Any]) -> None:
    days = asked.get("performance_insights_retention_period") or _INSIGHTS_DAYS
    made.performance_insights_retention_period = int(days)
    key = asked.get("performance_insights_kms_key_id") or "alias/aws/rds"
    made.performance_insights_kms_key_id = self._validate_kms_key(key)


def _default_group(self: RDSBackend, made: Any) -> str:
    ec2: Any = ec2_backends[self.account_id][self.region_name]
    group = self.subnet_groups.get(made.db_subnet_group_name)
    vpc = group.vpc_id if group else ec2.default_vpc.id
    return str(ec2.get_default_security_group(vpc).id)


def _check_instance(self: RDSBackend, asked: dict[str, Any]) -> None:
    name = asked.get("db_cluster_identifier")
    if name is None:
        return
    cluster: Any = self.clusters.get(name)
    if cluster is None:
        raise DBClusterNotFoundError(name)
    if not zones_of(str(asked["db_instance_class"]), self.region_name):
        raise refusal(
            "InvalidParameterCombination",
            "RDS does not support creating a DB instance with the following combination: "
            f"DBInstanceClass={asked['db_instance_class']}, Engine={cluster.engine}, "
            f"EngineVersion={cluster.engine_version}, LicenseModel=postgresql-license.",
        )
    certificate = asked.get("ca_certificate_identifier")
    if certificate is not None and certificate not in CERTIFICATES:
        raise refusal("CertificateNotFound", f"CertificateIdentifier {certificate} not found.")
    asked.setdefault("ca_certificate_identifier", CERTIFICATES[0])
    asked.setdefault("publicly_accessible", False)
    asked.setdefault("db_subnet_group_name", cluster.db_subnet_group_name)
    if asked["db_subnet_group_name"] not in self.subnet_groups:
        asked["db_subnet_group_name"] = None
    zones = zones_of(str(asked["db_instance_class"]), self.region_name)
    asked.setdefault("availability_zone", zones[len(cluster.members) % len(zones)])


def _complete_instance(self: RDSBackend, made: Any, asked: dict[str, Any]) -> None:
    made.dbi_resource_id = f"db-{mock_random.get_random_string(26).upper()}"
    made.performance_insights_enabled = bool(asked.get("enable_performance_insights"))
    if made.performance_insights_enabled:
        _insights(self, made, asked)
