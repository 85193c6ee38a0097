"""What the reference region has: read first, so that the operator sees it before anything is made.

Looking never stops a run: what is not there, or may not be read, is said so.
"""

from typing import ClassVar

from steps.regions import CLOSED, DENIED
from steps.sns_arn import name
from wizard.effects import Facts, Json, Read
from wizard.step import Differences, Patience, Probe, Reads, step

_NOT_READ = (*CLOSED, *DENIED, "NoSuchBucket", "404", "403", "PermanentRedirect", "301", "400")
GROUPS = (
    "supertokens-nginx-port",
    "dev-postgresql",
    "ping-ssh",
    "default",
    "ec2-internal-team-access",
)
BUCKETS = ("supertokens-saas-{}", "supertokens-s3-access-logs-{}")


@step("account.reference_region")
class ReferenceRegion(Probe, frozen=True, kw_only=True):
    """Counts and names of what a region that is in use already has."""

    momentary: ClassVar[str] = (
        "It shows what the reference region had then; nothing of it is asserted."
    )

    patience: ClassVar[Patience] = Patience(every=60, limit=3600)

    reference: str
    lambda_reference: str = ""
    """Where the functions are imported from; empty: the reference region."""
    account_id: str = ""
    """The owner that the buckets must have."""

    def observe(self) -> Reads[Facts | None]:
        topics = yield from self._list("sns", "ListTopics", "Topics")
        clusters = yield from self._list("rds", "DescribeDBClusters", "DBClusters")
        groups = yield from self._list(
            "ec2",
            "DescribeSecurityGroups",
            "SecurityGroups",
            {"Filters": [{"Name": "group-name", "Values": list(GROUPS)}]},
        )
        alarms = yield from self._list("cloudwatch", "DescribeAlarms", "MetricAlarms")
        documents = yield from self._list(
            "ssm",
            "ListDocuments",
            "DocumentIdentifiers",
            {"Filters": [{"Key": "Owner", "Values": ["Self"]}]},
        )
        logs = yield from self._list("logs", "DescribeLogGroups", "logGroups")
        balancers = yield from self._list("elbv2", "DescribeLoadBalancers", "LoadBalancers")
        where = self.lambda_reference or self.reference
        functions = yield Read(
            "lambda", "ListFunctions", pages="Functions", absent=_NOT_READ, region=where
        )
        zones = yield Read(
            "route53",
            "ListHostedZonesByName",
            {"DNSName": f"{self.reference}.dns.", "MaxItems": "1"},
            absent=_NOT_READ,
        )
        first = (zones or {}).get("HostedZones") or [{}]
        return {
            "region": self.reference,
            "alarm_topics": sorted(
                name(one["TopicArn"])
                for one in topics
                if name(one["TopicArn"]).startswith("CloudWatch")
            ),
            "buckets": (yield from self._buckets()),
            "clusters": {
                str(one["DBClusterIdentifier"]): (
                    f"{one['Engine']} {one.get('EngineVersion', '')}, "
                    f"{len(one.get('DBClusterMembers') or ())} instances"
                )
                for one in clusters
            },
            "security_groups": sorted({str(one["GroupName"]) for one in groups}),
            "private_zone": first[0].get("Name") == f"{self.reference}.dns.",
            "alarms": len(alarms),
            "load_balancers": len(balancers),
            "documents": len(documents),
            "log_groups": len(logs),
            "functions": {where: len(functions)},
        }

    def differences(self, found: Facts | None) -> Differences:
        return ()

    def _list(
        self, service: str, operation: str, entries: str, params: Facts | None = None
    ) -> Reads[list[Json]]:
        found: list[Json] = yield Read(
            service,
            operation,
            params or {},
            pages=entries,
            absent=_NOT_READ,
            region=self.reference,
        )
        return found

    def _buckets(self) -> Reads[dict[str, bool]]:
        """Bucket → whether it is there and ours."""
        found: dict[str, bool] = {}
        for pattern in BUCKETS:
            bucket = pattern.format(self.reference)
            owner = {"ExpectedBucketOwner": self.account_id} if self.account_id else {}
            answer = yield Read(
                "s3",
                "HeadBucket",
                {"Bucket": bucket, **owner},
                absent=_NOT_READ,
                region=self.reference,
            )
            found[bucket] = answer is not None
        return found
