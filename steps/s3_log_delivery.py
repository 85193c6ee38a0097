"""What lets AWS deliver logs into the region's bucket for access logs, and who logs there."""

import fnmatch
from collections.abc import Mapping
from typing import Any, ClassVar

from steps.s3 import GONE, LOCATIONS, owned
from steps.s3_policy import PolicyStatements, Statement, statements
from steps.s3_settings import SETTINGS
from wizard.effects import Facts, Json, Read, Write
from wizard.errors import CallError
from wizard.step import Action, Difference, Differences, Reads, Writes, step

S3_SID = "st-wizard-s3-access-logs"
FLOW_SID = "st-wizard-flow-logs"
CHECK_SID = "st-wizard-flow-logs-check"
LOGGING = "logging.s3.amazonaws.com"
DELIVERY = "delivery.logs.amazonaws.com"


@step("s3.access_logs_policy")
class AccessLogsPolicy(PolicyStatements, frozen=True, kw_only=True):
    """S3 may deliver the access logs of `source` below `prefix`, and VPC flow logs may come below
    `flow_prefix`.

    Written before either is switched on: one AWS page says that CreateFlowLogs overwrites a policy
    that lacks its statements.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
    """

    region: str
    source: str
    prefix: str = "saas/"
    flow_prefix: str = "vpc-flow-logs"
    partition: str = "aws"

    def title(self) -> str:
        return f"Let S3 and VPC flow logs deliver into {self.bucket}"

    def wanted(self) -> tuple[Statement, ...]:
        s3 = f"arn:{self.partition}:s3:::"
        bucket = f"{s3}{self.bucket}"
        flows: Mapping[str, Any] = {
            "StringEquals": {"aws:SourceAccount": self.account_id},
            "ArnLike": {
                "aws:SourceArn": f"arn:{self.partition}:logs:{self.region}:{self.account_id}:*"
            },
        }
        folder = f"{self.flow_prefix.strip('/')}/" if self.flow_prefix.strip("/") else ""
        return (
            {
                "Sid": S3_SID,
                "Effect": "Allow",
                "Principal": {"Service": LOGGING},
                "Action": "s3:PutObject",
                "Resource": f"{bucket}/{self.prefix}*",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": self.account_id},
                    "ArnLike": {"aws:SourceArn": f"{s3}{self.source}"},
                },
            },
            {
                "Sid": FLOW_SID,
                "Effect": "Allow",
                "Principal": {"Service": DELIVERY},
                "Action": "s3:PutObject",
                "Resource": f"{bucket}/{folder}AWSLogs/{self.account_id}/*",
                "Condition": {
                    **flows,
                    "StringEquals": {
                        **flows["StringEquals"],
                        "s3:x-amz-acl": "bucket-owner-full-control",
                    },
                },
            },
            {
                "Sid": CHECK_SID,
                "Effect": "Allow",
                "Principal": {"Service": DELIVERY},
                "Action": ["s3:GetBucketAcl", "s3:ListBucket"],
                "Resource": bucket,
                "Condition": flows,
            },
        )


@step("s3.server_access_logging")
class ServerAccessLogging(Action, frozen=True, kw_only=True):
    """The bucket logs who reads it to `target`, below `prefix`.

    The target must be of the same region and account, with AES256, without Object Lock and
    Requester Pays, and let the log service write. The first log may take hours.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
    """

    volatile: ClassVar[tuple[str, ...]] = ("target_bucket",)
    """Items of its own assert it."""

    bucket: str
    region: str
    account_id: str
    target: str
    prefix: str = "saas/"

    def observe(self) -> Reads[Facts | None]:
        answer = yield Read(
            "s3", "GetBucketLogging", owned(self.bucket, self.account_id), absent=(GONE,)
        )
        if answer is None:
            return None
        logging = answer.get("LoggingEnabled") or {}
        seen = yield from self._target()
        return {
            "target": logging.get("TargetBucket"),
            "prefix": logging.get("TargetPrefix"),
            "format": logging.get("TargetObjectKeyFormat"),
            "target_bucket": seen,
        }

    def compared(self, found: Facts | None) -> Facts | None:
        return found and {name: found[name] for name in ("target", "prefix", "format")}

    def planned(self, found: Facts | None) -> Facts | None:
        seen = found or {"format": None}
        return {"target": self.target, "prefix": self.prefix, "format": seen["format"]}

    def _target(self) -> Reads[Facts | None]:
        ours = owned(self.target, self.account_id)
        try:
            location = yield Read("s3", "GetBucketLocation", ours, absent=(GONE,))
        except CallError as error:
            if error.code in {"301", "PermanentRedirect", "AuthorizationHeaderMalformed"}:
                return {"region": "another region"}
            raise
        if location is None:
            return None
        constraint = location.get("LocationConstraint")
        found: dict[str, Json] = {"region": LOCATIONS.get(constraint, constraint)}
        for name in ("encryption", "request_payment", "object_lock", "policy"):
            setting = SETTINGS[name]
            answer = yield Read("s3", setting.read, ours, absent=(*setting.absent, GONE))
            found[name] = setting.unset if answer is None else setting.take(answer)
        return found

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            return (
                Difference(
                    "bucket",
                    None,
                    self.bucket,
                    reason=f"There is no bucket {self.bucket}: create it first.",
                    fixable=False,
                ),
            )
        wanted = {"target": self.target, "prefix": self.prefix}
        changed = tuple(
            Difference(name, found[name], value)
            for name, value in wanted.items()
            if found[name] != value
        )
        return tuple(self._unfit(found["target_bucket"])) or changed

    def _unfit(self, target: Facts | None) -> list[Difference]:
        def wrong(field: str, have: Json, want: Json, reason: str) -> Difference:
            return Difference(f"target.{field}", have, want, reason=reason, fixable=False)

        if target is None:
            why = f"There is no bucket {self.target}: create it first."
            return [wrong("bucket", None, self.target, why)]
        if target["region"] != self.region:
            why = f"{self.bucket} can log only to a bucket of its own region, {self.region}."
            return [wrong("region", target["region"], self.region, why)]
        found = []
        algorithm = (target["encryption"] or {}).get("SSEAlgorithm")
        if algorithm not in {None, "AES256"}:
            why = "Access logs are not delivered to a bucket with a KMS key: set it to AES256."
            found.append(wrong("encryption", algorithm, "AES256", why))
        if target["object_lock"]:
            why = "Access logs are not delivered to a bucket with Object Lock: use another bucket."
            found.append(wrong("object_lock", target["object_lock"], None, why))
        if target["request_payment"] != "BucketOwner":
            why = "Access logs are not delivered to a bucket whose requesters pay."
            found.append(wrong("request_payment", target["request_payment"], "BucketOwner", why))
        if not _delivers(target["policy"], f"{self.target}/{self.prefix}"):
            why = (
                f"The policy of {self.target} does not let {LOGGING} write below {self.prefix}: "
                "that is the item before this one."
            )
            found.append(wrong("policy", None, S3_SID, why))
        return found

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        enabled: dict[str, Json] = {"TargetBucket": self.target, "TargetPrefix": self.prefix}
        if found and found["format"]:
            enabled["TargetObjectKeyFormat"] = found["format"]
        yield Write(
            "s3",
            "PutBucketLogging",
            {
                **owned(self.bucket, self.account_id),
                "BucketLoggingStatus": {"LoggingEnabled": enabled},
            },
            title=f"Log access to {self.bucket} to {self.target}/{self.prefix}",
        )


def _delivers(policy: Json, path: str) -> bool:
    """Whether some statement lets the log service write below `path`; conditions are AWS's."""
    return any(
        statement.get("Effect") == "Allow"
        and LOGGING in _listed(_services(statement))
        and {"s3:PutObject", "s3:*", "*"} & set(_listed(statement.get("Action")))
        and any(
            fnmatch.fnmatchcase(f"{path}2026-log", resource.partition(":::")[2] or resource)
            for resource in _listed(statement.get("Resource"))
        )
        for statement in statements(policy or {})
    )


def _services(statement: Statement) -> Json:
    principal = statement.get("Principal")
    return principal.get("Service") if isinstance(principal, Mapping) else None


def _listed(value: Json) -> list[str]:
    return list(value) if isinstance(value, list) else [value] if value else []
