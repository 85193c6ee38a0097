"""The account and the region a session acts on: who, where, and whether there is room."""

from collections.abc import Iterable
from typing import Any, ClassVar

from steps.regions import home
from wizard.effects import Facts, Json, Read
from wizard.step import Difference, Differences, Patience, Probe, Reads, compare, step

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeAccountLimits.html
_BALANCERS = "application-load-balancers"
_GROUPS = "target-groups"


@step("account.identity")
class Identity(Probe, frozen=True, kw_only=True):
    """Who the caller is. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"""

    volatile: ClassVar[tuple[str, ...]] = ("caller_arn", "aliases")
    """Whoever looks again, and may see the alias or not."""

    account_id: str
    """What the operator confirmed at the start."""
    partition: str

    def observe(self) -> Reads[Facts | None]:
        # The session's region may not be enabled yet, and would know nobody.
        me = yield Read("sts", "GetCallerIdentity", region=home(self.partition))
        # An account is told by its alias, but a role may do its work without seeing it.
        aliases = yield Read(
            "iam", "ListAccountAliases", pages="AccountAliases", absent=("AccessDenied",)
        )
        return {
            "account_id": me["Account"],
            "caller_arn": me["Arn"],
            "partition": str(me["Arn"]).split(":")[1],
            "aliases": list(aliases or []),
        }

    def differences(self, found: Facts | None) -> Differences:
        return compare({"account_id": self.account_id, "partition": self.partition}, found)

    def instructions(self, found: Facts | None) -> str:
        have = found["account_id"] if found else "none"
        return (
            f"The credentials in use belong to account {have}, and this session is for account "
            f"{self.account_id}. Log in to {self.account_id}: the wizard looks again by itself."
        )


@step("account.region")
class Region(Probe, frozen=True, kw_only=True):
    """A region that is enabled for the account.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html"""

    # Enabling a region takes minutes, sometimes hours.
    patience = Patience(every=30, limit=14400)

    region: str

    def observe(self) -> Reads[Facts | None]:
        regions = yield Read(
            "ec2", "DescribeRegions", {"AllRegions": True, "RegionNames": [self.region]}
        )
        for one in regions["Regions"]:
            if one["RegionName"] == self.region:
                return {"region": self.region, "opt_in": one.get("OptInStatus", "")}
        return None

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            return (Difference("region", None, self.region, "AWS knows no region of this name"),)
        if found["opt_in"] == "not-opted-in":
            return (
                Difference(
                    "opt_in",
                    found["opt_in"],
                    "opted-in",
                    "the region is not enabled for this account",
                ),
            )
        return ()

    def instructions(self, found: Facts | None) -> str:
        return (
            f"Enable {self.region} in the console under Account, AWS Regions. It takes minutes, "
            "sometimes hours; the wizard looks every 30 seconds and goes on by itself."
        )


@step("account.quotas")
class Quotas(Probe, frozen=True, kw_only=True):
    """Room for one more load balancer and target group.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeAccountLimits.html"""

    momentary: ClassVar[str] = "There was room for what was to be made; it has been made since."

    patience = Patience(every=60, limit=86400)

    load_balancer: str
    target_group: str

    def observe(self) -> Reads[Facts | None]:
        limits = yield Read("elbv2", "DescribeAccountLimits", pages="Limits")
        balancers = yield Read("elbv2", "DescribeLoadBalancers", pages="LoadBalancers")
        groups = yield Read("elbv2", "DescribeTargetGroups", pages="TargetGroups")
        most = {one["Name"]: int(one["Max"]) for one in limits if str(one["Max"]).isdigit()}
        applications = [one for one in balancers if one.get("Type") == "application"]
        return {
            "load_balancers": len(applications),
            "load_balancers_limit": most.get(_BALANCERS),
            "load_balancer_exists": _has(applications, "LoadBalancerName", self.load_balancer),
            "target_groups": len(groups),
            "target_groups_limit": most.get(_GROUPS),
            "target_group_exists": _has(groups, "TargetGroupName", self.target_group),
        }

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            return ()
        wrong = (
            _full(found, "load_balancers", "load_balancer_exists", "load balancers (L-53DA6B97)"),
            _full(found, "target_groups", "target_group_exists", "target groups (L-B22855CB)"),
        )
        return tuple(difference for difference in wrong if difference is not None)

    def instructions(self, found: Facts | None) -> str:
        names = ", ".join(difference.reason for difference in self.differences(found))
        return (
            f"{names}. Ask for more in the console under Service Quotas, Elastic Load Balancing, "
            "or delete what is not used. The wizard looks every minute and goes on by itself."
        )


def _has(things: Iterable[Any], key: str, name: str) -> bool:
    return any(one.get(key) == name for one in things)


def _full(found: Facts, field: str, exists: str, words: str) -> Difference | None:
    limit: Json = found[f"{field}_limit"]
    if found[exists] or limit is None or found[field] < limit:
        return None
    reason = f"all {limit} {words} of this region are in use"
    return Difference(field, found[field], limit - 1, reason)


@step("account.reference")
class Reference(Probe, frozen=True, kw_only=True):
    """How a load balancer that is in use already is set: to compare with, never to copy.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeLoadBalancers.html"""

    momentary: ClassVar[str] = (
        "It shows how others were set then, to compare with; nothing of it is asserted."
    )

    load_balancer: str
    """The one to be made: it is no reference for itself."""
    port: int

    def observe(self) -> Reads[Facts | None]:
        balancers = yield Read("elbv2", "DescribeLoadBalancers", pages="LoadBalancers")
        candidates = sorted(
            (
                one
                for one in balancers
                if one.get("Type") == "application"
                and one.get("Scheme") == "internet-facing"
                and one["LoadBalancerName"] != self.load_balancer
            ),
            key=lambda one: str(one.get("CreatedTime", "")),
            reverse=True,
        )
        # The newest few say how it is done today; an account may have a hundred.
        for balancer in candidates[:5]:
            arn = balancer["LoadBalancerArn"]
            listeners = yield Read(
                "elbv2", "DescribeListeners", {"LoadBalancerArn": arn}, pages="Listeners"
            )
            listener = next((one for one in listeners if one.get("Port") == self.port), None)
            if listener is None:
                continue
            attributes = yield Read(
                "elbv2", "DescribeLoadBalancerAttributes", {"LoadBalancerArn": arn}
            )
            tags = yield Read("elbv2", "DescribeTags", {"ResourceArns": [arn]})
            return _settings(balancer, listener, attributes, tags)
        return None

    def differences(self, found: Facts | None) -> Differences:
        return ()


def _settings(balancer: Facts, listener: Facts, attributes: Facts, tags: Facts) -> Facts:
    kept = {one["Key"]: one["Value"] for one in attributes["Attributes"]}
    described = tags["TagDescriptions"]
    return {
        "load_balancer": balancer["LoadBalancerName"],
        "zones": sorted(one["ZoneName"] for one in balancer.get("AvailabilityZones", ())),
        "security_groups": sorted(balancer.get("SecurityGroups", ())),
        "ssl_policy": listener.get("SslPolicy"),
        "log_bucket": kept.get("access_logs.s3.bucket", ""),
        "log_prefix": kept.get("access_logs.s3.prefix", ""),
        "deletion_protection": kept.get("deletion_protection.enabled") == "true",
        "tags": {one["Key"]: one["Value"] for one in described[0]["Tags"]} if described else {},
    }
