"""Bucket policies: what S3 calls malformed, and what BlockPublicPolicy keeps out.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from moto.core.responses import ActionResult
from moto.s3.exceptions import NoSuchBucketPolicy
from moto.s3.models import S3Backend
from moto.s3.responses import S3Response
from moto.sts.models import sts_backends

from wizard.simulator.services.patching import Method, replace, wrap
from wizard.simulator.services.policies import is_public, listed, statements
from wizard.simulator.services.s3_refusals import S3Refusal

_LARGEST = 20 * 1024
_FIELDS = {"Version", "Id", "Statement"}
_STATEMENT_FIELDS = {
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
}
_AWS_PRINCIPAL = re.compile(
    r"\*|\d{12}|arn:aws:(iam|sts)::\d{12}:(root|user/.+|role/.+|assumed-role/.+)|A[A-Z0-9]{15,}"
)


def install() -> None:
    """Patch how a bucket policy is put, and how its status is told."""

    @wrap(S3Backend, "put_bucket_policy")
    def put_bucket_policy(original: Method, self: Any, bucket_name: str, policy: Any) -> None:
        bucket = self.get_bucket(bucket_name)
        raw = policy.encode() if isinstance(policy, str) else bytes(policy)
        document = parsed(raw, bucket_name)
        block = bucket.public_access_block
        if block is not None and block.block_public_policy and is_public(document):
            caller = sts_backends[self.account_id][self.partition].get_caller_identity(
                "", bucket.region_name
            )[1]
            raise S3Refusal(
                "AccessDenied",
                f"User: {caller} is not authorized to perform: s3:PutBucketPolicy on resource: "
                f'"arn:aws:s3:::{bucket_name}" because public policies are blocked by the '
                "BlockPublicPolicy block public access setting.",
            )
        original(self, bucket_name, raw)

    @replace(S3Response, "get_bucket_policy_status")
    def get_bucket_policy_status(self: Any) -> Any:
        policy = self.backend.get_bucket_policy(self.bucket_name)
        if not policy:
            raise NoSuchBucketPolicy(bucket_name=self.bucket_name)
        self.data["Action"] = "GetBucketPolicyStatus"
        public = is_public(json.loads(policy))
        return self.serialized(ActionResult({"PolicyStatus": {"IsPublic": public}}))


def parsed(raw: bytes, bucket: str) -> Mapping[str, Any]:
    """The policy of a bucket, or S3's MalformedPolicy for what is wrong with it."""
    if len(raw) > _LARGEST:
        raise _malformed("The policy is too large: it may hold 20480 bytes")
    if not raw.strip().startswith(b"{"):
        raise _malformed("Policies must be valid JSON and the first byte must be '{'")
    try:
        document = json.loads(raw)
    except ValueError as error:
        raise _malformed("This policy contains invalid Json") from error
    for name in document:
        if name not in _FIELDS:
            raise _malformed(f"Unknown field {name}")
    if document.get("Version", "2008-10-17") not in {"2008-10-17", "2012-10-17"}:
        raise _malformed("The policy must contain a valid version string")
    if "Statement" not in document:
        raise _malformed("Missing required field Statement")
    found = statements(document)
    if not found:
        raise _malformed("Could not parse the policy: Statement is empty!")
    for statement in found:
        _check_statement(statement, bucket)
    sids = [one["Sid"] for one in found if one.get("Sid")]
    if len(set(sids)) < len(sids):
        raise _malformed("Statement IDs (SID) in a single policy must be unique.")
    return dict(document)


def _malformed(message: str) -> S3Refusal:
    return S3Refusal("MalformedPolicy", message)


def _check_statement(statement: Mapping[str, Any], bucket: str) -> None:
    if not isinstance(statement, Mapping):
        raise _malformed("Could not parse the policy: Statement is not an object")
    for name in statement:
        if name not in _STATEMENT_FIELDS:
            raise _malformed(f"Unknown field {name}")
    if "Effect" not in statement:
        raise _malformed("Missing required field Effect")
    if statement["Effect"] not in {"Allow", "Deny"}:
        raise _malformed(f"Invalid effect: {statement['Effect']}")
    for name in ("Principal", "Action", "Resource"):
        if name not in statement and f"Not{name}" not in statement:
            raise _malformed(f"Missing required field {name}")
    _check_principal(statement.get("Principal", statement.get("NotPrincipal")))
    actions = [str(one) for one in listed(statement.get("Action", statement.get("NotAction")))]
    if not actions or not all(re.fullmatch(r"\*|s3:[A-Za-z*?]+", one) for one in actions):
        raise _malformed("Policy has invalid action")
    resources = [
        str(one) for one in listed(statement.get("Resource", statement.get("NotResource")))
    ]
    for resource in resources:
        name = resource.removeprefix("arn:aws:s3:::").partition("/")[0]
        if not resource.startswith("arn:aws:s3:::") or name != bucket:
            raise _malformed("Policy has invalid resource")
    if "Action" in statement and "Resource" in statement:
        _check_pairs(actions, resources)


def _check_principal(principal: Any) -> None:
    if principal == "*":
        return
    if not isinstance(principal, Mapping) or not principal:
        raise _malformed("Invalid principal in policy")
    for kind, values in principal.items():
        for value in (str(one) for one in listed(values)):
            fits = {
                "AWS": _AWS_PRINCIPAL.fullmatch(value) is not None,
                "Service": re.fullmatch(r"[a-z0-9.-]+\.amazonaws\.com", value) is not None,
                "CanonicalUser": re.fullmatch(r"[0-9a-f]{64}", value) is not None,
                "Federated": True,
            }.get(kind, False)
            if not fits:
                raise _malformed("Invalid principal in policy")


def _check_pairs(actions: list[str], resources: list[str]) -> None:
    """Each action needs a resource of its kind: objects have a slash, buckets have none."""
    objects = any("/" in one or one.endswith("*") for one in resources)
    buckets = any("/" not in one for one in resources)
    for action in actions:
        if "*" in action or "?" in action:
            continue
        name = action.removeprefix("s3:")
        on_object = "Object" in name and not name.startswith(("ListBucket", "GetBucketObject"))
        on_bucket = name.startswith(("ListBucket", "GetBucket", "PutBucket", "DeleteBucket"))
        if (on_object and not objects) or (on_bucket and not buckets):
            raise _malformed("Action does not apply to any resource(s) in statement")
