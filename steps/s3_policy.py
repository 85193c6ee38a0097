"""The bucket policy under which load balancers deliver their access logs."""

import json
from collections.abc import Mapping
from typing import Any, Literal

from wizard.effects import Facts, Json, Read, Write
from wizard.errors import StepError
from wizard.step import Action, Difference, Differences, Reads, Writes, step

SID = "st-wizard-elb-logs"
SERVICE = "logdelivery.elasticloadbalancing.amazonaws.com"

# Elastic Load Balancing's own accounts, which regions launched before August 2022 still accept.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
LEGACY_ACCOUNTS: Mapping[str, str] = {
    "af-south-1": "098369216593",
    "ap-east-1": "754344448648",
    "ap-northeast-1": "582318560864",
    "ap-northeast-2": "600734575887",
    "ap-northeast-3": "383597477331",
    "ap-south-1": "718504428378",
    "ap-southeast-1": "114774131450",
    "ap-southeast-2": "783225319266",
    "ap-southeast-3": "589379963580",
    "ca-central-1": "985666609251",
    "cn-north-1": "638102146993",
    "cn-northwest-1": "037604701340",
    "eu-central-1": "054676820928",
    "eu-north-1": "897822967062",
    "eu-south-1": "635631232127",
    "eu-west-1": "156460612806",
    "eu-west-2": "652711504416",
    "eu-west-3": "009996457667",
    "me-south-1": "076674570225",
    "sa-east-1": "507241528517",
    "us-east-1": "127311923021",
    "us-east-2": "033677994240",
    "us-gov-east-1": "190560391635",
    "us-gov-west-1": "048591011584",
    "us-west-1": "027434742980",
    "us-west-2": "797873946194",
}

Statement = Mapping[str, Any]


def statements(policy: Mapping[str, Any]) -> list[Statement]:
    """The statements of a policy document: IAM's grammar lets a lone one stand without a list."""
    found = policy.get("Statement", [])
    return [found] if isinstance(found, Mapping) else list(found)


def canonical(value: Json, key: str = "") -> Json:
    """A statement in one spelling: IAM takes a lone text for a list of one, in any order."""
    match value:
        case Mapping():
            return {name: canonical(part, name) for name, part in sorted(value.items())}
        case list() | tuple():
            parts = (part if isinstance(part, str) else canonical(part) for part in value)
            return sorted(parts, key=json.dumps)
        case str() if key not in {"Sid", "Effect"}:
            return [value]
        case _:
            return value


def same(one: Statement, other: Statement) -> bool:
    """Whether two statements grant the same, whatever they are called."""
    left, right = ({**statement, "Sid": ""} for statement in (one, other))
    return bool(canonical(left) == canonical(right))


def merged(policy: Mapping[str, Any], wanted: Statement) -> dict[str, Any]:
    """The policy with `wanted` in the place of the statement of its Sid; all others untouched."""
    before = statements(policy)
    sids = [statement.get("Sid") for statement in before]
    if wanted["Sid"] in sids:
        at = sids.index(wanted["Sid"])
        after = [*before[:at], wanted, *before[at + 1 :]]
    else:
        after = [*before, wanted]
    return {"Version": "2012-10-17", **policy, "Statement": after}


@step("s3.elb_log_policy")
class ElbLogPolicy(Action, frozen=True, kw_only=True):
    """Load balancers of this account and region may write their logs; all else stays as it is.

    `legacy` names the region's own ELB account instead of the service, for a bucket to which
    the service does not deliver.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    """

    bucket: str
    account_id: str
    region: str
    prefix: str = ""
    partition: str = "aws"
    principal: Literal["service", "legacy"] = "service"

    def lock(self) -> str:
        return f"s3 policy {self.bucket}"

    @property
    def statement(self) -> Statement:
        """The one statement that is ours. StepError where a region has no legacy account."""
        folder = f"{self.prefix.strip('/')}/" if self.prefix.strip("/") else ""
        grant = {
            "Sid": SID,
            "Effect": "Allow",
            "Action": "s3:PutObject",
            "Resource": f"arn:{self.partition}:s3:::{self.bucket}/{folder}"
            f"AWSLogs/{self.account_id}/*",
        }
        if self.principal == "legacy":
            if self.region not in LEGACY_ACCOUNTS:
                raise StepError(
                    f"{self.region} has no ELB account of its own.",
                    where=f"bucket policy of {self.bucket}",
                    todo="Use the service principal: it is the only one that works there.",
                )
            root = f"arn:{self.partition}:iam::{LEGACY_ACCOUNTS[self.region]}:root"
            return {**grant, "Principal": {"AWS": root}}
        source = (
            f"arn:{self.partition}:elasticloadbalancing:{self.region}:{self.account_id}"
            ":loadbalancer/*"
        )
        return {
            **grant,
            "Principal": {"Service": SERVICE},
            "Condition": {"ArnLike": {"aws:SourceArn": source}},
        }

    def observe(self) -> Reads[Facts | None]:
        answer = yield Read(
            "s3",
            "GetBucketPolicy",
            {"Bucket": self.bucket},
            absent=("NoSuchBucketPolicy", "NoSuchBucket"),
        )
        if answer is None:
            return None
        status = yield Read(
            "s3",
            "GetBucketPolicyStatus",
            {"Bucket": self.bucket},
            absent=("NoSuchBucketPolicy",),
        )
        public = bool(status and status["PolicyStatus"].get("IsPublic"))
        return {"policy": json.loads(answer["Policy"]), "public": public}

    def differences(self, found: Facts | None) -> Differences:
        policy = found["policy"] if found else {}
        wanted = self.statement
        if "AWSLogs" in self.prefix:
            return (
                Difference(
                    "prefix",
                    self.prefix,
                    self.prefix.replace("AWSLogs", "").strip("/"),
                    reason="The prefix must not hold AWSLogs: the load balancer adds it itself.",
                    fixable=False,
                ),
            )
        if not any(same(statement, wanted) for statement in statements(policy)):
            mine = next((s for s in statements(policy) if s.get("Sid") == SID), None)
            return (Difference(f"statement {SID}", mine, dict(wanted)),)
        if found and found["public"]:
            return (
                Difference(
                    "public",
                    found=True,
                    wanted=False,
                    reason="Another statement of the policy makes the bucket public; the wizard "
                    "does not touch statements that it did not write: take it out by hand.",
                    fixable=False,
                ),
            )
        return ()

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        policy = merged(found["policy"] if found else {}, self.statement)
        yield Write(
            "s3",
            "PutBucketPolicy",
            {"Bucket": self.bucket, "Policy": json.dumps(policy)},
            title=f"Let load balancers of {self.region} write their logs to {self.bucket}",
        )
