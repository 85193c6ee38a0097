"""Replication: which configurations S3 takes, and the objects that it copies in account time.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import xmltodict
from moto.moto_api._internal import mock_random
from moto.s3.models import FakeKey, S3Backend
from moto.s3.responses import S3Response

from wizard.simulator.services.iam_roles import role_allows
from wizard.simulator.services.patching import Method, put, replace, wrap
from wizard.simulator.services.s3_refusals import S3Refusal

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World

COPYING_SECONDS = 15.0


def install(clock: AccountClock, world: World) -> None:
    """Check configurations, and copy what is put while one is there."""
    _configuration()
    _statuses()

    @wrap(S3Backend, "put_object")
    def put_object(
        original: Method, self: Any, bucket_name: str, key_name: str, *rest: Any, **named: Any
    ) -> Any:
        key = original(self, bucket_name, key_name, *rest, **named)
        bucket = self.get_bucket(bucket_name)
        targets = list(targets_of(bucket, key_name))
        if targets:
            key.__dict__["replication"] = "PENDING"
            due = clock.now() + COPYING_SECONDS
            bucket.__dict__.setdefault("replicating", []).append((due, key))
            _waiting(self).add(bucket_name)
        return key

    def copy_due(now: float) -> None:
        from moto.s3.models import s3_backends  # noqa: PLC0415  at each request: it is made late

        for account in tuple(s3_backends):
            for backend in s3_backends[account].values():
                for name in tuple(_waiting(backend)):
                    _copy_due(backend, name, now)

    world.due_hooks.append(copy_due)


def targets_of(bucket: Any, key_name: str) -> Iterator[str]:
    """The names of the buckets that an object of this name is copied to."""
    configuration = getattr(bucket, "replication", None) or {}
    for rule in configuration.get("Rule", ()):
        prefix = _prefix(rule)
        if rule["Status"] == "Enabled" and key_name.startswith(prefix):
            yield str(rule["Destination"]["Bucket"]).rpartition(":::")[2]


def replicate(backend: Any, bucket: Any, key: Any) -> bool:
    """Copy an object version to all its destinations; False when one of them failed."""
    role = (getattr(bucket, "replication", None) or {}).get("Role", "")
    done = True
    for name in targets_of(bucket, key.name):
        target = backend.buckets.get(name)
        allowed = role_allows(
            backend.account_id, role, "s3:ReplicateObject", f"arn:aws:s3:::{name}/{key.name}"
        ) and role_allows(
            backend.account_id,
            role,
            "s3:GetObjectVersionForReplication",
            f"arn:aws:s3:::{bucket.name}/{key.name}",
        )
        if target is None or not target.is_versioned or not allowed:
            done = False
            continue
        held = target.keys.getlist(key.name, [])
        # A copy keeps its version: one that is there already is not made again.
        if any(one.version_id == key.version_id for one in held):
            continue
        made = copy.copy(key)
        made.bucket_name = name
        made.__dict__["replication"] = "REPLICA"
        target.keys.setlist(key.name, [*held, made])
    key.__dict__["replication"] = "COMPLETED" if done else "FAILED"
    return done


def _waiting(backend: Any) -> set[str]:
    names: set[str] = backend.__dict__.setdefault("buckets_replicating", set())
    return names


def _copy_due(backend: Any, name: str, now: float) -> None:
    bucket = backend.buckets.get(name)
    entries = bucket.__dict__.get("replicating", []) if bucket else []
    left = []
    for due, key in entries:
        if due > now:
            left.append((due, key))
        else:
            replicate(backend, bucket, key)
    if left:
        bucket.__dict__["replicating"] = left
    else:
        _waiting(backend).discard(name)
        if bucket:
            bucket.__dict__.pop("replicating", None)


def _statuses() -> None:
    whole: Method = FakeKey.__dict__["response_dict"].fget

    def response_dict(self: Any) -> dict[str, Any]:
        found: dict[str, Any] = whole(self)
        if "replication" in self.__dict__:
            found["x-amz-replication-status"] = self.__dict__["replication"]
        return found

    put(FakeKey, "response_dict", property(response_dict))


def _configuration() -> None:
    @replace(S3Backend, "put_bucket_replication")
    def put_bucket_replication(self: Any, bucket_name: str, replication: dict[str, Any]) -> None:
        rules = replication.get("Rule") or []
        replication["Rule"] = rules if isinstance(rules, list) else [rules]
        _check(self, replication)
        for rule in replication["Rule"]:
            if not rule.get("ID"):
                rule["ID"] = mock_random.get_random_hex(36)
        self.get_bucket(bucket_name).replication = replication

    @replace(S3Response, "get_bucket_replication")
    def get_bucket_replication(self: Any) -> Any:
        self.data["Action"] = "GetBucketReplication"
        found = self.backend.get_bucket_replication(self.bucket_name)
        if not found:
            raise S3Refusal(
                "ReplicationConfigurationNotFoundError",
                "The replication configuration was not found",
            )
        body = xmltodict.unparse({"ReplicationConfiguration": found})
        return 200, {"content-type": "application/xml"}, body


def _check(backend: Any, replication: dict[str, Any]) -> None:
    rules = replication["Rule"]
    if not rules or not str(replication.get("Role", "")).startswith("arn:"):
        raise _malformed()
    newer = ["Filter" in rule for rule in rules]
    if any(newer) and not all(newer):
        raise _invalid("All rules must be of one version of the replication configuration schema.")
    buckets = {rule["Destination"]["Bucket"] for rule in rules}
    if not any(newer):
        if len(buckets) > 1:
            raise _invalid("Number of distinct destination bucket ARNs cannot exceed 1")
        if any("Priority" in rule for rule in rules):
            raise _invalid(
                "Priority cannot be used for this version of the replication configuration schema. "
                "Please refer to S3 Developer Guide for more information."
            )
    else:
        _check_newer(rules)
    ids = [rule["ID"] for rule in rules if rule.get("ID")]
    if len(set(ids)) < len(ids):
        raise _invalid("Rule Id must be unique. Found same Id for more than one rule")
    for arn in buckets:
        target = backend.buckets.get(str(arn).rpartition(":::")[2])
        if target is None:
            raise _invalid("Destination bucket must exist.")
        if not target.is_versioned:
            raise _invalid("Destination bucket must have versioning enabled.")


def _check_newer(rules: list[dict[str, Any]]) -> None:
    for rule in rules:
        for name in ("Priority", "DeleteMarkerReplication"):
            if name not in rule:
                raise _invalid(
                    f"{name} must be specified for this version of Cross Region Replication "
                    "configuration schema. Please refer to S3 Developer Guide for more information."
                )
    priorities = [rule["Priority"] for rule in rules]
    if len(set(priorities)) < len(priorities):
        raise _invalid("Found more than one rule with the same priority")


def _prefix(rule: dict[str, Any]) -> str:
    chosen = (rule["Filter"] or {}) if "Filter" in rule else rule
    chosen = chosen.get("And") or chosen
    return str(chosen.get("Prefix") or "")


def _invalid(message: str) -> S3Refusal:
    return S3Refusal("InvalidRequest", message)


def _malformed() -> S3Refusal:
    return S3Refusal(
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
    )
