"""Whether a region has what the run needs: services, instance classes, and room in the quotas.

https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-global-infrastructure.html
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeOrderableDBInstanceOptions.html
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar

from steps.fleet import state
from steps.quotas import Quota, increase, lacks, link, measured
from steps.rds_source import place
from steps.regions import DENIED, PUBLIC, home
from wizard.effects import Facts, Json, Read, Secret
from wizard.errors import StepError
from wizard.step import Deed, Difference, Differences, Patience, Probe, Reads, step

SERVICES = (
    "acm",
    "cloudwatch",
    "ec2",
    "elb",
    "lambda",
    "logs",
    "rds",
    "route53",
    "s3",
    "sns",
    "ssm",
)
ZONES = 2
RULES_A_GROUP = ("default", "dev-postgresql", "ec2-internal-team-access")
GROUPS_OF_AN_INSTANCE = 4
"""The runbook's four, which instances and load balancers carry."""
UNRESERVED = 100
"""Concurrent executions that Lambda keeps for functions without a reservation of their own.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html"""
_POSTGRES = "postgres"


@step("account.fit")
class Fit(Probe, frozen=True, kw_only=True):
    """A region that can hold what the reference region holds."""

    momentary: ClassVar[str] = "There was room for what was to be made; it has been made since."

    patience: ClassVar[Patience] = Patience(every=60, limit=14 * 86400)

    region: str
    reference: str
    """Whose instance types and database classes are looked for."""
    partition: str = "aws"
    cluster: str = ""
    """ARN, or identifier in the reference region, of the database cluster that is the pattern;
    empty: all of PostgreSQL there."""
    database_class: str = ""
    """The instance class that was chosen for the new cluster; empty: those of the pattern."""

    def observe(self) -> Reads[Facts | None]:
        services = yield Read(
            "ssm",
            "GetParametersByPath",
            {"Path": f"{PUBLIC}/{self.region}/services"},
            pages="Parameters",
            absent=DENIED,
            region=home(self.partition),
        )
        there = {str(one["Value"]) for one in services}
        members = yield from self._members()
        types = yield from self._types()
        return {
            # An empty answer says nothing: not every partition and caller has these parameters.
            "services_missing": sorted(set(SERVICES) - there) if there else [],
            "database_classes": (yield from self._orderable(members)),
            "instance_types": (yield from self._offered(types)),
            "quotas": (yield from self._quotas(len(members), types)),
        }

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            return ()
        wrong = []
        if missing := found["services_missing"]:
            reason = f"{self.region} does not have {', '.join(missing)}"
            wrong.append(Difference("services_missing", missing, [], reason))
        for name, has in found["database_classes"].items():
            if not has:
                reason = f"no {name} can be ordered in {self.region}: choose another class"
                wrong.append(Difference("database_classes", name, "orderable", reason))
        usual = next(iter(found["instance_types"].items()), None)
        if usual is not None and len(usual[1]) < ZONES:
            reason = f"{usual[0]}, the usual instance type, is not offered in two zones"
            wrong.append(Difference("instance_types", usual[1], "two zones", reason))
        wrong += [
            Difference(
                f"quota {entry['code']}",
                entry["limit"],
                entry["used"] + entry["adds"],
                _short(entry, self.region),
            )
            for entry in found["quotas"]
            if lacks(entry)
        ]
        return tuple(wrong)

    def instructions(self, found: Facts | None) -> str:
        return (
            f"{self.region} has no room yet for what this run adds. An increase takes minutes to "
            "days; the wizard looks every minute and goes on by itself. What the region cannot "
            "have at all is for you to decide: skip this item with the reason, and choose "
            "something else where it is asked for."
        )

    def waiting_for(self, found: Facts | None) -> str:
        return f"room in {self.region}"

    def deeds(self, found: Facts | None) -> tuple[Deed, ...]:
        if not _to_request(found):
            return ()
        return (Deed(name="increase", label="Request the increase"),)

    def act(
        self, deed: str, found: Facts | None, given: Facts, secret: Secret | None
    ) -> Reads[str]:
        todo = _to_request(found)
        if not todo:
            raise StepError("There is nothing to request any more.", todo="Wait for AWS's answer.")
        for entry in todo:
            yield increase(entry, self.region)
        return ""

    def _members(self) -> Reads[list[Any]]:
        """The instances of the reference cluster, or of every PostgreSQL cluster there."""
        region, identifier = place(self.cluster)
        filters = [{"Name": "db-cluster-id", "Values": [identifier]}] if identifier else []
        found = yield Read(
            "rds",
            "DescribeDBInstances",
            {"Filters": filters} if filters else {},
            pages="DBInstances",
            absent=("DBClusterNotFoundFault",),
            region=region or self.reference,
        )
        return [
            one
            for one in found
            if _POSTGRES in str(one.get("Engine")) and one.get("DBClusterIdentifier")
        ]

    def _orderable(self, members: list[Any]) -> Reads[dict[str, bool]]:
        found: dict[str, bool] = {}
        wanted = {
            (str(one["Engine"]), self.database_class or str(one["DBInstanceClass"]))
            for one in members
        }
        for engine, kind in sorted(wanted):
            listed = yield Read(
                "rds",
                "DescribeOrderableDBInstanceOptions",
                {"Engine": engine, "DBInstanceClass": kind},
                pages="OrderableDBInstanceOptions",
                region=self.region,
            )
            found[f"{engine} {kind}"] = any(one["DBInstanceClass"] == kind for one in listed)
        return found

    def _types(self) -> Reads[list[str]]:
        """The types of the instances that run in the reference region, the usual one first."""
        instances = yield Read(
            "ec2",
            "DescribeInstances",
            {"Filters": [{"Name": "instance-state-name", "Values": ["running"]}]},
            pages="Reservations[].Instances[]",
            region=self.reference,
        )
        counted = Counter(str(one["InstanceType"]) for one in instances)
        return sorted(counted, key=lambda one: (-counted[one], one))

    def _offered(self, types: list[str]) -> Reads[dict[str, list[str]]]:
        """Instance type → the zones of the region that offer it."""
        if not types:
            return {}
        offers = yield Read(
            "ec2",
            "DescribeInstanceTypeOfferings",
            {
                "LocationType": "availability-zone",
                "Filters": [{"Name": "instance-type", "Values": types}],
            },
            pages="InstanceTypeOfferings",
            region=self.region,
        )
        return {
            one: sorted(str(o["Location"]) for o in offers if o["InstanceType"] == one)
            for one in types
        }

    def _quotas(self, members: int, types: list[str]) -> Reads[list[dict[str, Json]]]:
        where = self.region
        balancers = yield Read(
            "elbv2", "DescribeLoadBalancers", pages="LoadBalancers", region=where
        )
        groups = yield Read("elbv2", "DescribeTargetGroups", pages="TargetGroups", region=where)
        endpoints = yield Read(
            "ec2",
            "DescribeVpcEndpoints",
            {"Filters": [{"Name": "vpc-endpoint-type", "Values": ["Gateway"]}]},
            pages="VpcEndpoints",
            region=where,
        )
        clusters = yield Read("rds", "DescribeDBClusters", pages="DBClusters", region=where)
        instances = yield Read("rds", "DescribeDBInstances", pages="DBInstances", region=where)
        rules = yield Read(
            "ec2",
            "DescribeSecurityGroups",
            {"Filters": [{"Name": "group-name", "Values": list(RULES_A_GROUP)}]},
            pages="SecurityGroups",
            region=self.reference,
        )
        cpus, one_more = yield from self._cpus(types)
        applications = sum(one.get("Type") == "application" for one in balancers)
        s3_there = any(str(one["ServiceName"]).endswith(".s3") for one in endpoints)
        vpc, elb = "vpc", "elasticloadbalancing"
        list_ = (
            (elb, "L-53DA6B97", "Application Load Balancers", applications, 0),
            (elb, "L-B22855CB", "target groups", len(groups), 0),
            (vpc, "L-0EA8095F", "rules in a security group", max(map(_rules, rules), default=0), 0),
            (vpc, "L-2AFB9258", "security groups on an instance", GROUPS_OF_AN_INSTANCE, 0),
            (vpc, "L-1B52E74A", "gateway endpoints", len(endpoints), 0 if s3_there else 1),
            ("rds", "L-952B80B8", "DB clusters", len(clusters), 0 if clusters else 1),
            ("rds", "L-7B6409FD", "DB instances", len(instances), 0 if instances else members or 1),
            ("lambda", "L-B99A9384", "concurrent executions of functions", UNRESERVED, 0),
            ("ec2", "L-1216C47A", "vCPUs of On-Demand Standard instances", cpus, one_more),
        )
        return (
            yield from measured(
                (
                    Quota(service=service, code=code, of=of, used=used, adds=adds)
                    for service, code, of, used, adds in list_
                ),
                where,
            )
        )

    def _cpus(self, types: list[str]) -> Reads[tuple[int, int]]:
        """vCPUs that run in the region, and those of one more instance of the usual type: the dev
        instance, where there is none yet."""
        running = yield Read(
            "ec2", "DescribeInstances", pages="Reservations[].Instances[]", region=self.region
        )
        mine = [str(one["InstanceType"]) for one in running if state(one) in {"pending", "running"}]
        asked = sorted({*mine, *types[:1]})
        if not asked:
            return 0, 0
        described = yield Read(
            "ec2",
            "DescribeInstanceTypes",
            {"Filters": [{"Name": "instance-type", "Values": asked}]},
            pages="InstanceTypes",
            region=self.region,
        )
        cpus = {str(one["InstanceType"]): int(one["VCpuInfo"]["DefaultVCpus"]) for one in described}
        used = sum(cpus.get(one, 0) for one in mine)
        return used, 0 if mine or not types else cpus.get(types[0], 0)


def _rules(group: Mapping[str, Any]) -> int:
    """How many rules AWS counts: one for each source of each opening."""
    return sum(
        len(opening.get(kind) or ())
        for opening in group.get("IpPermissions") or ()
        for kind in ("IpRanges", "Ipv6Ranges", "UserIdGroupPairs", "PrefixListIds")
    )


def _to_request(found: Facts | None) -> list[Mapping[str, Any]]:
    if found is None:
        return []
    return [entry for entry in found["quotas"] if lacks(entry) and not entry.get("requested")]


def _short(entry: Mapping[str, Any], region: str) -> str:
    asked = entry.get("requested")
    after = (
        f"; {asked:g} have been requested" if asked else f": ask for more at {link(entry, region)}"
    )
    wanted = entry["used"] + entry["adds"]
    return f"{entry['limit']:g} {entry['of']} are allowed, and {wanted} are needed{after}"
