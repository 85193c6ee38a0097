"""Access logs: what Elastic Load Balancing checks of the bucket before it turns them on.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer
from moto.s3.models import s3_backends

from wizard.simulator.services.elbv2_zones import LOG_DELIVERY_ACCOUNTS
from wizard.simulator.services.errors import refusal, validation
from wizard.simulator.services.patching import Method, wrap
from wizard.simulator.services.policies import Request, allows

DELIVERY_SERVICE = "logdelivery.elasticloadbalancing.amazonaws.com"
_NUMBERS = {"idle_timeout.timeout_seconds": (1, 4000), "client_keep_alive.seconds": (60, 604800)}
_KINDS = {
    "access_logs.s3": "ELBAccessLogTestFile",
    "connection_logs.s3": "ELBConnectionLogTestFile",
    "health_check_logs.s3": "ELBHealthCheckLogTestFile",
}


def install() -> None:
    """Patch the modification of load balancer attributes."""

    @wrap(ELBv2Backend, "modify_load_balancer_attributes")
    def modify(original: Method, self: Any, arn: str, attrs: dict[str, Any]) -> Any:
        balancer = self.load_balancers.get(arn)
        if balancer is None:
            raise refusal("LoadBalancerNotFound", f"Load balancer '{arn}' not found")
        for key, value in attrs.items():
            _check_value(key, str(value))
        after = {**balancer.attrs, **attrs}
        tests = [
            _test_file(self, balancer, kind, after)
            for kind in _KINDS
            if after.get(f"{kind}.enabled") == "true" and any(key.startswith(kind) for key in attrs)
        ]
        result = original(self, arn, attrs)
        for bucket, key in tests:
            store = s3_backends[self.account_id][self.partition]
            store.put_object(bucket, key, b"Enable AccessLog for ELB: " + arn.encode())
        return result


def _check_value(key: str, value: str) -> None:
    if key not in FakeLoadBalancer.VALID_ATTRS:
        raise validation(f"Load balancer attribute key '{key}' is not recognized")
    if key.endswith("enabled") and value not in {"true", "false"}:
        raise validation(
            f"Load balancer attribute '{key}' value '{value}' must be 'true' or 'false'"
        )
    if key in _NUMBERS:
        least, most = _NUMBERS[key]
        if not value.isdigit() or not least <= int(value) <= most:
            raise validation(
                f"Load balancer attribute '{key}' value '{value}' must be between "
                f"'{least}-{most}' inclusive"
            )


def _test_file(
    backend: Any, balancer: Any, kind: str, attributes: dict[str, Any]
) -> tuple[str, str]:
    """The test file to write (bucket, key), once the bucket has passed every check."""
    name = attributes.get(f"{kind}.bucket") or ""
    prefix = attributes.get(f"{kind}.prefix") or ""
    if not name:
        raise refusal(
            "InvalidConfigurationRequest", f"The attribute '{kind}.bucket' must be specified"
        )
    if "AWSLogs" in prefix or prefix.startswith("/") or prefix.endswith("/"):
        raise refusal(
            "InvalidConfigurationRequest",
            f"The prefix '{prefix}' is not valid: it cannot contain 'AWSLogs', "
            "or begin or end with '/'",
        )
    bucket = s3_backends[backend.account_id][backend.partition].buckets.get(name)
    if bucket is None:
        raise refusal("InvalidConfigurationRequest", f"S3Bucket: {name} does not exist")
    if bucket.region_name != backend.region_name:
        raise refusal(
            "InvalidConfigurationRequest",
            f"S3Bucket: {name} is not located in the same region with ELB: {balancer.name}",
        )
    folder = f"{prefix}/" if prefix else ""
    key = f"{folder}AWSLogs/{backend.account_id}/{_KINDS[kind]}"
    # ELB cannot use a KMS key as default encryption: its test object fails like a denied one.
    if not _delivery_allowed(backend, balancer, bucket, key) or _algorithm(bucket) != "AES256":
        raise refusal(
            "InvalidConfigurationRequest",
            f"Access Denied for bucket: {name}. Please check S3bucket permission",
        )
    return name, key


def _delivery_allowed(backend: Any, balancer: Any, bucket: Any, key: str) -> bool:
    if not bucket.policy:
        return False
    policy = json.loads(bucket.policy)
    context = {
        "aws:SecureTransport": "true",
        "aws:SourceAccount": backend.account_id,
        "aws:SourceArn": balancer.arn,
        "s3:x-amz-acl": "bucket-owner-full-control",
    }
    callers = [frozenset({("Service", DELIVERY_SERVICE)})]
    legacy = LOG_DELIVERY_ACCOUNTS.get(backend.region_name)
    if legacy is not None:
        names = (legacy, f"arn:{backend.partition}:iam::{legacy}:root")
        callers.append(frozenset(("AWS", name) for name in names))
    resource = f"arn:{backend.partition}:s3:::{bucket.name}/{key}"
    # The real logs go below the account's folder, so one permission must cover both.
    logs = resource.rpartition("/")[0] + f"/elasticloadbalancing/{backend.region_name}/x.log.gz"
    return any(
        all(allows(policy, Request(one, "s3:PutObject", at, context)) for at in (resource, logs))
        for one in callers
    )


def _algorithm(bucket: Any) -> str:
    rules = (bucket.encryption or {}).get("Rule", {})
    rule = rules[0] if isinstance(rules, list) else rules
    applied = rule.get("ApplyServerSideEncryptionByDefault", {})
    return str(applied.get("SSEAlgorithm", "AES256"))
