"""An Aurora PostgreSQL cluster made after one of another region: there is no call that copies one.

https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html
"""

from collections.abc import Iterator
from typing import ClassVar

from steps import rds_groups
from steps.rds_copy import AWS_KEY, FOREIGN, MODIFIED, creation, worse
from steps.rds_source import (
    place,
    read_cluster_parameters,
    read_instance_parameters,
    read_members,
    read_source,
)
from steps.rds_status import unready
from steps.rds_target import (
    compared,
    modified,
    outputs,
    parameters,
    read_cluster,
    to_be_made,
)
from wizard.effects import Facts, Json, Read, Secret, Write
from wizard.errors import CallError
from wizard.step import Action, Difference, Differences, Patience, Reads, Writes, compare, step

DEV_GROUP = "dev-postgresql"
DEV = "dev"


@step("rds.cluster")
class Cluster(Action, frozen=True, kw_only=True):
    """A cluster with a source's settings, in this region's VPC, and what it needs there.

    `source` is the ARN of the cluster to copy, `region` the one this cluster is in. A cluster of
    this name that is there already is adopted: what can be changed without harm is, and what
    cannot is told as `kept`.
    """

    # Creation takes 10 to 20 minutes; RDS's own waiter gives up after 30.
    patience: ClassVar[Patience] = Patience(every=30, limit=3600)
    volatile: ClassVar[tuple[str, ...]] = ("source", "instances")

    source: str
    identifier: str
    region: str
    engine_version: str
    instance_class: str
    """Of all instances, or `as the source`: each its own."""
    vpc: str
    subnets: tuple[str, ...]
    key: str
    """`alias/aws/rds`, or the ARN of a customer's key in this region."""
    managed_password: bool
    master_password: str | None = None
    """Name of the secret, for a password that is not managed."""
    deletion_protection: bool = True

    def observe(self) -> Reads[Facts | None]:
        source = yield from read_source(self.source)
        if source is None:
            return None
        group = rds_groups.subnet_group_name(source["subnet_group"], self.identifier)
        wanted_parameters = source["cluster_parameters"]
        parameters: dict[str, Json] = {}
        for one in source["instance_parameters"]:
            parameters[one["name"]] = yield from read_instance_parameters(one["name"])
        subnet_group = yield from rds_groups.read_subnet_group(group)
        cluster_parameters: Facts | None = None
        if wanted_parameters:
            cluster_parameters = yield from read_cluster_parameters(wanted_parameters["name"])
        groups = yield Read(
            "ec2",
            "DescribeSecurityGroups",
            {"Filters": [{"Name": "vpc-id", "Values": [self.vpc]}]},
            pages="SecurityGroups",
        )
        cluster = yield from read_cluster(self.identifier)
        present = (yield from read_members(self.identifier)) if cluster else []
        found = {
            "source": source,
            "subnet_group": subnet_group,
            "cluster_parameters": cluster_parameters,
            "instance_parameters": parameters,
            "security_groups": {
                str(one["GroupName"]): str(one["GroupId"])
                for one in sorted(groups, key=lambda one: str(one["GroupName"]))
            },
            "cluster": cluster,
            "instances": [{"id": one["DBInstanceIdentifier"]} for one in present],
        }
        return {**found, "kept": self._kept(found)}

    def _wanted(self, found: Facts) -> dict[str, Json]:
        source = found["source"]
        parameters = source["cluster_parameters"]
        # What is made new is encrypted, whatever the source is; later it cannot be.
        encrypted = found["cluster"] is None or source["settings"]["StorageEncrypted"]
        return {
            **source["settings"],
            "StorageEncrypted": encrypted,
            "EngineVersion": self.engine_version,
            "DeletionProtection": self.deletion_protection,
            "DBSubnetGroup": rds_groups.subnet_group_name(
                source["subnet_group"], self.identifier
            ).lower(),
            "DBClusterParameterGroup": parameters["name"] if parameters else None,
            "VpcSecurityGroups": self._groups(found),
            "KmsKeyId": self.key if encrypted else None,
            "ManagedMasterPassword": self.managed_password,
        }

    def _groups(self, found: Facts) -> list[str]:
        """The source's security groups by name. The one that opens dev databases stays behind,
        whatever the source has, unless this is a dev database (E9)."""
        names: list[str] = found["source"]["security_groups"]
        return [name for name in names if name != DEV_GROUP or DEV in self.identifier]

    def _kept(self, found: Facts) -> dict[str, Json]:
        """Where a cluster that is there differs in what is not changed on it."""
        if found["cluster"] is None:
            return {}
        have, wanted = found["cluster"]["settings"], self._wanted(found)
        return {
            one.field: {"found": one.found, "wanted": one.wanted}
            for one in compare(wanted, have)
            if one.field not in FOREIGN and one.found != one.wanted
            if one.field not in MODIFIED or worse(one.field, one.found, one.wanted)
        }

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            region, name = place(self.source)
            reason = f"there is no cluster {name} in {region}: choose another source"
            return (Difference("source", None, self.source, reason, fixable=False),)
        return (*self._around(found), *self._itself(found))

    def _around(self, found: Facts) -> Iterator[Difference]:
        """Of what the cluster needs before it is made."""
        if found["cluster"] is not None:
            return
        source = found["source"]
        name = rds_groups.subnet_group_name(source["subnet_group"], self.identifier)
        yield from rds_groups.subnet_group_differences(
            found["subnet_group"], name, self.vpc, self.subnets
        )
        yield from rds_groups.parameter_differences(
            found["cluster_parameters"], source["cluster_parameters"]
        )
        for wanted in source["instance_parameters"]:
            have = found["instance_parameters"][wanted["name"]]
            yield from rds_groups.parameter_differences(have, wanted)
        yield from self._missing_groups(found)
        if not self.managed_password and not self.master_password:
            reason = "a password that is not managed must be typed: answer the question for it"
            yield Difference("MasterUserPassword", None, "typed", reason, fixable=False)

    def _missing_groups(self, found: Facts) -> Iterator[Difference]:
        source = found["source"]
        attached = found["cluster"]["groups"] if found["cluster"] else {}
        missing = sorted({*self._groups(found)} - {*found["security_groups"], *attached})
        if missing:
            reason = (
                f"{self.vpc} has no security group {', '.join(missing)}: make it as in "
                f"{source['region']}, then retry"
            )
            yield Difference("VpcSecurityGroups", None, missing, reason, fixable=False)

    def _itself(self, found: Facts) -> Iterator[Difference]:
        wanted, cluster = self._wanted(found), found["cluster"]
        if cluster is None:
            yield from compare(
                {key: wanted[key] for key in wanted if wanted[key] is not None}, None
            )
            return
        have = cluster["settings"]
        if cluster["vpc"] != self.vpc:
            reason = (
                f"a cluster {self.identifier} is here already in {cluster['vpc']}: choose that "
                "VPC, or another identifier"
            )
            yield Difference("Vpc", cluster["vpc"], self.vpc, reason, fixable=False)
            return
        for field in sorted(FOREIGN):
            if have.get(field) != wanted.get(field):
                reason = (
                    f"a cluster {self.identifier} is here already with {field} {have.get(field)}, "
                    "which cannot be changed: choose another identifier"
                )
                yield Difference(field, have.get(field), wanted.get(field), reason, fixable=False)
                return
        state = unready("cluster", cluster["status"])
        if state is not None:
            # What was asked for at creation shows in full only when that has ended.
            yield state
            return
        if cluster["pending"]:
            reason = f"RDS is about to apply {', '.join(cluster['pending'])}"
            yield Difference("PendingModifiedValues", cluster["pending"], [], reason, settles=True)
            return
        for group in rds_groups.groups_for_new_members(found):
            yield from rds_groups.parameter_differences(None, group)
        yield from self._missing_groups(found)
        for one in compare({key: wanted[key] for key in sorted(MODIFIED & set(wanted))}, have):
            if isinstance(one.wanted, list):
                both = sorted({*(one.found or ()), *one.wanted})
                if both != one.found:
                    yield Difference(one.field, one.found, both)
            elif not worse(one.field, one.found, one.wanted):
                yield one

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        if found is None:
            return
        if found["cluster"] is not None:
            for wanted in rds_groups.groups_for_new_members(found):
                yield from rds_groups.write_instance_parameters(None, wanted)
            if any(one.field in MODIFIED for one in differences):
                yield modified(self.identifier, found, differences)
            return
        source = found["source"]
        name = rds_groups.subnet_group_name(source["subnet_group"], self.identifier)
        if found["subnet_group"] is None:
            yield rds_groups.create_subnet_group(name, self.identifier, self.subnets)
        if source["cluster_parameters"]:
            yield from rds_groups.write_cluster_parameters(
                found["cluster_parameters"], source["cluster_parameters"]
            )
        for wanted in source["instance_parameters"]:
            have = found["instance_parameters"][wanted["name"]]
            yield from rds_groups.write_instance_parameters(have, wanted)
        try:
            yield self._create(found, name)
        except CallError as error:
            if error.code != "DBClusterAlreadyExistsFault":
                raise
            # Somebody was faster: the next look adopts it, or says why it cannot be.

    def _create(self, found: Facts, subnet_group: str) -> Write:
        source, wanted = found["source"], self._wanted(found)
        parameters: dict[str, Json] = {
            "DBClusterIdentifier": self.identifier,
            **creation(wanted),
            "EngineVersion": self.engine_version,
            "DBSubnetGroupName": subnet_group,
            "VpcSecurityGroupIds": [found["security_groups"][name] for name in self._groups(found)],
            "DeletionProtection": self.deletion_protection,
        }
        if source["cluster_parameters"]:
            parameters["DBClusterParameterGroupName"] = wanted["DBClusterParameterGroup"]
        if wanted["KmsKeyId"] not in (None, AWS_KEY):
            parameters["KmsKeyId"] = self.key
            if parameters.get("EnablePerformanceInsights"):
                parameters["PerformanceInsightsKMSKeyId"] = self.key
        if self.managed_password:
            parameters["ManageMasterUserPassword"] = True
        else:
            parameters["MasterUserPassword"] = Secret(str(self.master_password))
        return Write(
            "rds", "CreateDBCluster", parameters, title=f"Create database {self.identifier}"
        )

    def waiting_for(self, found: Facts | None) -> str:
        cluster = found["cluster"] if found else None
        if cluster is None:
            return f"database {self.identifier} to be there"
        done = f", {cluster['progress']} %" if cluster["progress"] else ""
        return f"database {self.identifier} to be available: it is {cluster['status']}{done}"

    def compared(self, found: Facts | None) -> Facts | None:
        return None if found is None or found["cluster"] is None else compared(found)

    def planned(self, found: Facts | None) -> Facts | None:
        if found is None:
            return None
        wanted = {one.field: one.wanted for one in self.differences(found) if one.fixable}
        if found["cluster"] is not None:
            return {**compared(found), **wanted}
        group = found["subnet_group"] or {"subnets": []}
        settings = {**parameters(found), **self._wanted(found)}
        return {"Subnets": group["subnets"], **settings, **wanted}

    def promised(self, found: Facts | None) -> Facts:
        if found is None:
            return {}
        made = to_be_made(self.identifier, self.region, self._wanted(found), found)
        return outputs(self.identifier, self.region, self.instance_class, made)

    def outputs(self, found: Facts | None) -> Facts:
        """Among them `members`, the instances to be, for fanning out over."""
        if found is None or found["cluster"] is None:
            return {}
        return outputs(self.identifier, self.region, self.instance_class, found)
