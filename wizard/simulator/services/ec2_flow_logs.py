"""Flow logs into buckets: what AWS refuses inside a 200, what it does to the bucket's policy, and
whether the logs arrive.

https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-troubleshooting.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import FlowLogAlreadyExists
from moto.ec2.models import EC2Backend
from moto.ec2.models.flow_logs import FlowLogs as FlowLog
from moto.ec2.responses import EC2Response
from moto.s3.exceptions import MissingBucket
from moto.s3.models import s3_backends

from wizard.simulator.services.errors import refusal
from wizard.simulator.services.patching import Method, put, wrap
from wizard.simulator.services.policies import Request, allows, statements

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock

DELIVERY = "delivery.logs.amazonaws.com"
FIRST_DELIVERY_SECONDS = 300.0

OVERWRITES = "overwrites"
APPENDS = "appends"
# Two pages of AWS disagree on what CreateFlowLogs does to a policy that lacks its statements; a
# third possibility is that it overwrites one that has them. Tests set the harsher ones.
POLICY_HABIT = APPENDS


def install(clock: AccountClock) -> None:
    """Patch how flow logs are made, and what is told of their delivery."""
    _creation(clock)
    _delivery(clock)
    _once()


def _creation(clock: AccountClock) -> None:
    @wrap(FlowLog, "__init__")
    def initialise(original: Method, self: Any, *args: Any, **kwargs: Any) -> None:
        self.made_at = clock.now()
        original(self, *args, **kwargs)
        self.creation_time = clock.utc()

    @wrap(EC2Backend, "create_flow_logs")
    def create_flow_logs(original: Method, self: Any, **asked: Any) -> Any:
        destination = asked.get("log_destination")
        if asked.get("log_destination_type") != "s3" or not destination:
            return original(self, **asked)
        bucket, _, prefix = destination.partition("/")
        if prefix.strip("/").split("/")[0] == "AWSLogs":
            raise refusal(
                "InvalidParameterValue",
                f"LogDestination: {destination} is invalid: AWSLogs is a reserved term",
            )
        for existing in self.flow_logs.values():
            if (
                existing.resource_id in asked["resource_ids"]
                and existing.log_destination == destination
            ):
                raise FlowLogAlreadyExists
        if wrong := _undeliverable(self, bucket.rpartition(":")[2], prefix):
            return [], [(resource, "400", wrong) for resource in asked["resource_ids"]]
        # moto takes the whole of "bucket/prefix" for the name of a bucket.
        made, errors = original(self, **{**asked, "log_destination": bucket})
        for flow_log in made:
            flow_log.log_destination = destination
        return made, errors


def _undeliverable(backend: Any, name: str, prefix: str) -> str:
    """AWS's words for why logs cannot go there; empty when they can, with the policy adapted."""
    buckets = s3_backends[backend.account_id][backend.partition]
    try:
        bucket = buckets.get_bucket(name)
    except MissingBucket:
        return f"LogDestination: {name} does not exist."
    if _key_by_id(bucket):
        return f"LogDestination: {name} is undeliverable."
    policy = _policy(bucket)
    if not _delivers(backend, policy, name, prefix) or POLICY_HABIT == OVERWRITES:
        policy = _granted(backend, policy, name, prefix)
        if not _delivers(backend, policy, name, prefix):
            return (
                f"Access Denied for LogDestination: {name}. Please check LogDestination permission"
            )
        buckets.put_bucket_policy(name, json.dumps(policy).encode())
    return ""


def _key_by_id(bucket: Any) -> bool:
    """Whether the bucket names its KMS key by id: log delivery wants the ARN."""
    # moto keeps the configuration as it was parsed from XML, one rule for one mapping.
    rules = (bucket.encryption or {}).get("Rule") or []
    for rule in rules if isinstance(rules, list) else [rules]:
        key = rule.get("ApplyServerSideEncryptionByDefault", {}).get("KMSMasterKeyID")
        if key and not str(key).startswith("arn:"):
            return True
    return False


def _policy(bucket: Any) -> dict[str, Any]:
    return dict(json.loads(bucket.policy)) if bucket.policy else {}


def _delivers(backend: Any, policy: Mapping[str, Any], bucket: str, prefix: str) -> bool:
    account = backend.account_id
    folder = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
    who = frozenset({("Service", DELIVERY)})
    context = {
        "aws:SourceAccount": account,
        "aws:SourceArn": f"arn:aws:logs:{backend.region_name}:{account}:delivery-source:flow",
        "s3:x-amz-acl": "bucket-owner-full-control",
    }
    arn = f"arn:aws:s3:::{bucket}"
    written = f"{arn}/{folder}AWSLogs/{account}/vpcflowlogs/log.gz"
    return allows(policy, Request(who, "s3:PutObject", written, context)) and allows(
        policy, Request(who, "s3:GetBucketAcl", arn, context)
    )


def _granted(backend: Any, policy: Mapping[str, Any], bucket: str, prefix: str) -> dict[str, Any]:
    account = backend.account_id
    folder = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
    tied = {"aws:SourceAccount": account}
    source = {"aws:SourceArn": f"arn:aws:logs:{backend.region_name}:{account}:*"}
    added = [
        {
            "Sid": "AWSLogDeliveryWrite",
            "Effect": "Allow",
            "Principal": {"Service": DELIVERY},
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{bucket}/{folder}AWSLogs/{account}/*",
            "Condition": {
                "StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", **tied},
                "ArnLike": source,
            },
        },
        {
            "Sid": "AWSLogDeliveryAclCheck",
            "Effect": "Allow",
            "Principal": {"Service": DELIVERY},
            "Action": ["s3:GetBucketAcl", "s3:ListBucket"],
            "Resource": f"arn:aws:s3:::{bucket}",
            "Condition": {"StringEquals": tied, "ArnLike": source},
        },
    ]
    ours = {str(one["Sid"]) for one in added}
    kept = [one for one in statements(policy) if one.get("Sid") not in ours]
    before = [] if POLICY_HABIT == OVERWRITES else kept
    return {"Version": "2012-10-17", "Statement": [*before, *added]}


def _delivery(clock: AccountClock) -> None:
    def arrived(flow_log: Any) -> bool | None:
        """Whether logs arrive; None before the first would, and for what moto tells itself."""
        if clock.now() < flow_log.made_at + FIRST_DELIVERY_SECONDS:
            return None
        name, _, prefix = str(flow_log.log_destination).rpartition(":")[2].partition("/")
        backend = flow_log.ec2_backend
        try:
            bucket = s3_backends[backend.account_id][backend.partition].get_bucket(name)
        except MissingBucket:
            return False
        return _delivers(backend, _policy(bucket), name, prefix)

    def status(self: Any) -> str | None:
        if self.log_destination_type != "s3":
            return str(self.__dict__["deliver_logs_status"])
        return {None: None, True: "SUCCESS", False: "FAILED"}[arrived(self)]

    def message(self: Any) -> str | None:
        if self.log_destination_type != "s3":
            told: str | None = self.__dict__["deliver_logs_error_message"]
            return told
        return "Access error" if arrived(self) is False else None

    _kept(FlowLog, "deliver_logs_status", status)
    _kept(FlowLog, "deliver_logs_error_message", message)


def _kept(owner: type, name: str, tell: Method) -> None:
    """An attribute that moto goes on setting and that is told by `tell`."""

    def keep(self: Any, value: Any) -> None:
        self.__dict__[name] = value

    put(owner, name, property(tell, keep))


def _once() -> None:
    @wrap(EC2Response, "create_flow_logs")
    def once(original: Method, self: Any) -> ActionResult:
        token = self._get_param("ClientToken")
        asked = {
            name: self._get_param(name)
            for name in ("ResourceIds", "TrafficType", "LogDestination", "MaxAggregationInterval")
        }
        answered = self.ec2_backend.__dict__.setdefault("flow_log_answers", {})
        if token and token in answered:
            before, answer = answered[token]
            if before != asked:
                raise refusal(
                    "IdempotentParameterMismatch",
                    "The request uses the same client token as a previous, but non-identical "
                    f"request: {token}",
                )
            return ActionResult(answer)
        result: ActionResult = original(self)
        if token:
            answered[token] = (asked, result.result)
        return result
