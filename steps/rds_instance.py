"""Instances of an Aurora cluster: one that is made through the API has none.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

from steps.rds_copy import AWS_KEY
from steps.rds_orderable import orderable, told
from steps.rds_source import member
from steps.rds_status import unready
from wizard.effects import UNKNOWN, Facts, Json, Read, Write
from wizard.errors import CallError, StepError
from wizard.step import Action, Difference, Differences, Patience, Reads, Writes, compare, step

# Found field → parameter of ModifyDBInstance, for what is changed without a restart.
_MODIFIED = {
    "AutoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
    "PromotionTier": "PromotionTier",
}
_NO_CAPACITY = frozenset({"InsufficientDBInstanceCapacity", "InsufficientDBInstanceCapacityFault"})


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """An instance as `rds.cluster` gives it out in `members`."""

    key: str
    source: str
    """The identifier of the source's instance."""
    instance_class: str
    promotion_tier: int | None = None
    parameter_group: str | None = None
    auto_minor_version_upgrade: bool = True
    monitoring_interval: int = 0
    """Seconds between the figures of Enhanced Monitoring; 0: off."""
    monitoring_role_arn: str | None = None
    performance_insights: bool = False
    insights_days: int | None = None
    certificate: str | None = None


@step("rds.instance")
class Instance(Action, frozen=True, kw_only=True):
    """One instance of a cluster, made as a member of the source cluster is."""

    volatile: ClassVar[tuple[str, ...]] = ("certificate_offered", "status")
    """Backups and maintenance come and go; what AWS offers changes."""

    # Instances take 5 to 15 minutes; RDS's own waiter gives up after 30.
    patience: ClassVar[Patience] = Patience(every=30, limit=3600)

    identifier: str
    cluster: str
    engine: str
    engine_version: str
    member: Member
    publicly_accessible: bool
    key: str
    """Of Performance Insights: `alias/aws/rds`, or the ARN of a customer's key in this region."""

    def lock(self) -> str:
        """One after another, in the order of the source's: the first is the writer."""
        return f"rds members of {self.cluster}"

    def observe(self) -> Reads[Facts | None]:
        versions = yield Read(
            "rds",
            "DescribeDBEngineVersions",
            {"Engine": self.engine, "EngineVersion": self.engine_version},
            pages="DBEngineVersions",
        )
        offered = [
            str(name)
            for version in versions
            for name in version.get("SupportedCACertificateIdentifiers") or ()
        ]
        found = yield Read(
            "rds",
            "DescribeDBInstances",
            {"DBInstanceIdentifier": self.identifier},
            pages="DBInstances",
            absent=("DBInstanceNotFound", "DBInstanceNotFoundFault"),
        )
        certificate = self.member.certificate if self.member.certificate in offered else None
        if not found:
            return {"arn": None, "certificate_offered": certificate}
        described = _described(found[0])
        wanted = self._wanted(certificate)
        return {
            **described,
            "certificate_offered": certificate,
            "kept": {
                one.field: {"found": one.found, "wanted": one.wanted}
                for one in compare(wanted, described["settings"])
                if one.field not in {*_MODIFIED, "PubliclyAccessible"}
            },
        }

    def _wanted(self, certificate: Json) -> dict[str, Json]:
        one = self.member
        wanted: dict[str, Json] = {
            "DBInstanceClass": one.instance_class,
            "PromotionTier": one.promotion_tier,
            "PubliclyAccessible": self.publicly_accessible,
            "DBParameterGroup": one.parameter_group,
            "AutoMinorVersionUpgrade": one.auto_minor_version_upgrade,
            "MonitoringInterval": one.monitoring_interval,
            "MonitoringRoleArn": one.monitoring_role_arn if one.monitoring_interval else None,
            "PerformanceInsightsEnabled": one.performance_insights,
            "PerformanceInsightsRetentionPeriod": (
                one.insights_days if one.performance_insights else None
            ),
            "CACertificateIdentifier": certificate,
        }
        optional = {"PromotionTier", "CACertificateIdentifier"}
        return {
            field: value
            for field, value in wanted.items()
            if value is not None or field not in optional
        }

    def differences(self, found: Facts | None) -> Differences:
        have: Facts = found or {"arn": None, "certificate_offered": None}
        wanted = self._wanted(have["certificate_offered"])
        if have["arn"] is None:
            return compare({key: value for key, value in wanted.items() if value is not None}, None)
        if have["cluster"] != self.cluster:
            owner = f"cluster {have['cluster']}" if have["cluster"] else "no cluster"
            reason = (
                f"an instance {self.identifier} is here already and belongs to {owner}: rename "
                "one of the two"
            )
            one = Difference("DBClusterIdentifier", have["cluster"], self.cluster, reason)
            return (msgspec.structs.replace(one, fixable=False),)
        state = unready("instance", have["status"])
        if state is not None:
            return (state,)
        mended = compare({key: wanted[key] for key in _MODIFIED if key in wanted}, have["settings"])
        return (*mended, *self._exposure(have))

    def _exposure(self, found: Facts) -> Differences:
        public = found["settings"]["PubliclyAccessible"]
        if public == self.publicly_accessible:
            return ()
        how = "reachable from the internet" if public else "not reachable from the internet"
        reason = (
            f"{self.identifier} is {how} (PubliclyAccessible): to change that cuts connections or "
            "opens it, so a person does it in the RDS console, or answers otherwise"
        )
        return (
            Difference(
                "PubliclyAccessible", public, self.publicly_accessible, reason, fixable=False
            ),
        )

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        if found is not None and found["arn"] is not None:
            wanted = {one.field: one.wanted for one in differences if one.field in _MODIFIED}
            yield Write(
                "rds",
                "ModifyDBInstance",
                {
                    "DBInstanceIdentifier": self.identifier,
                    # Both take effect at once by themselves. ApplyImmediately would bring forward
                    # whatever else is pending, restarts among it.
                    **{_MODIFIED[field]: value for field, value in wanted.items()},
                },
                title=f"Change instance {self.identifier}: {', '.join(sorted(wanted))}",
            )
            return
        try:
            yield self._create(found["certificate_offered"] if found else None)
        except CallError as error:
            if error.code not in _NO_CAPACITY:
                raise
            options = yield from orderable(self.engine, self.engine_version)
            raise StepError(
                f"AWS has no capacity for {self.member.instance_class} in the zones of the "
                "cluster's subnets now.",
                where=error.where,
                todo="Retry later, or make the instance with another class: "
                f"{told(options, without=self.member.instance_class)}.",
            ) from error

    def _create(self, certificate: Json) -> Write:
        one = self.member
        parameters: dict[str, Any] = {
            "DBInstanceIdentifier": self.identifier,
            "DBClusterIdentifier": self.cluster,
            "Engine": self.engine,
            "DBInstanceClass": one.instance_class,
            "PubliclyAccessible": self.publicly_accessible,
            "DBParameterGroupName": one.parameter_group,
            "PromotionTier": one.promotion_tier,
            "AutoMinorVersionUpgrade": one.auto_minor_version_upgrade,
            "CACertificateIdentifier": certificate,
        }
        if one.monitoring_interval:
            parameters["MonitoringInterval"] = one.monitoring_interval
            parameters["MonitoringRoleArn"] = one.monitoring_role_arn
        if one.performance_insights:
            parameters["EnablePerformanceInsights"] = True
            parameters["PerformanceInsightsRetentionPeriod"] = one.insights_days
            parameters["PerformanceInsightsKMSKeyId"] = None if self.key == AWS_KEY else self.key
        return Write(
            "rds",
            "CreateDBInstance",
            {key: value for key, value in parameters.items() if value is not None},
            title=f"Create instance {self.identifier} of {self.cluster}",
        )

    def waiting_for(self, found: Facts | None) -> str:
        status = found["status"] if found and found["arn"] else "not there yet"
        return f"instance {self.identifier} to be available: it is {status}"

    def compared(self, found: Facts | None) -> Facts | None:
        return None if found is None or found["arn"] is None else found["settings"]

    def planned(self, found: Facts | None) -> Facts | None:
        have: Facts = found or {"arn": None, "certificate_offered": UNKNOWN}
        wanted = self._wanted(have["certificate_offered"])
        if have["arn"] is not None:
            mended = {field: wanted[field] for field in _MODIFIED if field in wanted}
            return {**have["settings"], **mended}
        # Left out, RDS takes the region's own certificate, and the last to be promoted.
        return {"PromotionTier": UNKNOWN, "CACertificateIdentifier": UNKNOWN, **wanted}

    def outputs(self, found: Facts | None) -> Facts:
        have: Facts = found or {}
        return {
            "id": self.identifier,
            **{key: have.get(key) for key in ("arn", "endpoint", "zone", "kept")},
        }


def _described(instance: Mapping[str, Any]) -> dict[str, Json]:
    one = member(instance)
    return {
        "arn": instance["DBInstanceArn"],
        "status": instance["DBInstanceStatus"],
        "cluster": instance.get("DBClusterIdentifier"),
        "endpoint": (instance.get("Endpoint") or {}).get("Address"),
        "zone": instance.get("AvailabilityZone"),
        "settings": {
            "DBInstanceClass": one["instance_class"],
            "PromotionTier": one["promotion_tier"],
            "PubliclyAccessible": one["publicly_accessible"],
            "DBParameterGroup": one["parameter_group"],
            "AutoMinorVersionUpgrade": one["auto_minor_version_upgrade"],
            "MonitoringInterval": one["monitoring_interval"],
            "MonitoringRoleArn": one["monitoring_role_arn"],
            "PerformanceInsightsEnabled": one["performance_insights"],
            "PerformanceInsightsRetentionPeriod": one["insights_days"],
            "CACertificateIdentifier": one["certificate"],
        },
    }
