"""S3 of the simulated account: what buckets start with, who may reach them, and from where.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult
from moto.s3.models import PublicAccessBlock, S3Backend
from moto.s3.responses import S3Response

from wizard.simulator.services import (
    s3_logging,
    s3_object_lock,
    s3_policy,
    s3_replication,
    s3_stored,
)
from wizard.simulator.services.paging import BadTokenError, page
from wizard.simulator.services.patching import Method, replace, wrap
from wizard.simulator.services.regions import known_regions
from wizard.simulator.services.s3_refusals import S3Refusal

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World

# Bucket names are one namespace for everybody; these belong to somebody else.
FOREIGN = frozenset({"access-logs", "supertokens", "supertokens-logs", "logs", "test"})
# A read of the versioning state may give the old one for this long after a change.
VERSIONING_SECONDS = 1.0
_SSE_S3 = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
_DEFAULT_ENCRYPTION = {"Rule": {**_SSE_S3, "BucketKeyEnabled": "false"}}
_TAG = re.compile(r"[\w\s_.:/=+\-@]*")


def install(clock: AccountClock, world: World) -> None:
    """Patch moto's s3."""
    s3_stored.install()
    _reach()
    _creation(clock)
    _versioning(clock)
    _tagging()
    _listing()
    s3_policy.install()
    s3_logging.install()
    s3_replication.install(clock, world)
    s3_object_lock.install(clock)


def _reach() -> None:
    def guarded(original: Method, self: Any, request: Any, full_url: str) -> Any:
        try:
            name = self.parse_bucket_name_from_url(request, full_url)
            if name:
                _check_reach(self, request, name, self._get_querystring(request, full_url))
            return original(self, request, full_url)
        except S3Refusal as refused:
            return refused.answer(request.method)

    for entrance in ("_bucket_response", "_key_response"):
        wrap(S3Response, entrance)(guarded)


def _check_reach(response: Any, request: Any, name: str, query: dict[str, Any]) -> None:
    bucket = response.backend.buckets.get(name)
    creating = request.method == "PUT" and not query and not response.parse_key_name()
    if bucket is None:
        if name in FOREIGN and not creating:
            raise S3Refusal("AccessDenied", "Access Denied")
        return
    owner = request.headers.get("x-amz-expected-bucket-owner")
    if owner and owner != bucket.account_id:
        raise S3Refusal("AccessDenied", "Access Denied")
    asked_where = "location" in query and response.region == "us-east-1"
    if response.region != bucket.region_name and not creating and not asked_where:
        endpoint = f"{name}.s3.{bucket.region_name}.amazonaws.com"
        raise S3Refusal(
            "PermanentRedirect",
            "The bucket you are attempting to access must be addressed using the specified "
            "endpoint. Please send all future requests to this endpoint.",
            {"x-amz-bucket-region": bucket.region_name},
            Endpoint=endpoint,
            Bucket=name,
        )


def _creation(clock: AccountClock) -> None:
    @wrap(S3Backend, "create_bucket")
    def create_bucket(
        original: Method, self: Any, bucket_name: str, region_name: str, **asked: Any
    ) -> Any:
        _check_name(bucket_name)
        if bucket_name in FOREIGN:
            raise S3Refusal(
                "BucketAlreadyExists",
                "The requested bucket name is not available. The bucket namespace is shared by "
                "all users of the system. Please select a different name and try again.",
                BucketName=bucket_name,
            )
        if region_name not in known_regions():
            raise S3Refusal(
                "InvalidLocationConstraint", "The specified location-constraint is not valid"
            )
        bucket = original(self, bucket_name, region_name, **asked)
        bucket.creation_date = clock.utc()
        # As every new bucket since April 2023.
        bucket.public_access_block = PublicAccessBlock(*["true"] * 4)
        bucket.ownership_rule = "BucketOwnerEnforced"
        bucket.encryption = {**_DEFAULT_ENCRYPTION}
        return bucket

    @wrap(S3Backend, "delete_bucket_encryption")
    def delete_bucket_encryption(original: Method, self: Any, bucket_name: str) -> None:
        original(self, bucket_name)
        self.get_bucket(bucket_name).encryption = {**_DEFAULT_ENCRYPTION}

    @wrap(S3Backend, "put_bucket_acl")
    def put_bucket_acl(original: Method, self: Any, bucket_name: str, acl: Any) -> None:
        bucket = self.get_bucket(bucket_name)
        if bucket.ownership_rule == "BucketOwnerEnforced" and acl and len(acl.grants) > 1:
            raise S3Refusal("AccessControlListNotSupported", "The bucket does not allow ACLs")
        original(self, bucket_name, acl)


def _check_name(name: str) -> None:
    fits = (
        re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name) is not None
        and ".." not in name
        and not name.startswith(("xn--", "sthree-", "amzn-s3-demo-"))
        and not name.endswith(("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"))
    )
    if not fits or _is_address(name):
        raise S3Refusal("InvalidBucketName", "The specified bucket is not valid.", BucketName=name)


def _is_address(name: str) -> bool:
    try:
        ipaddress.IPv4Address(name)
    except ValueError:
        return False
    return True


def _versioning(clock: AccountClock) -> None:
    @wrap(S3Backend, "put_bucket_versioning")
    def put_bucket_versioning(original: Method, self: Any, bucket_name: str, status: str) -> None:
        if status not in {"Enabled", "Suspended"}:
            raise S3Refusal(
                "MalformedXML",
                "The XML you provided was not well-formed or did not validate against our "
                "published schema",
            )
        bucket = self.get_bucket(bucket_name)
        bucket.versioning_before = (clock.now() + VERSIONING_SECONDS, bucket.versioning_status)
        original(self, bucket_name, status)

    @wrap(S3Backend, "get_bucket_versioning")
    def get_bucket_versioning(original: Method, self: Any, bucket_name: str) -> str | None:
        until, before = self.get_bucket(bucket_name).__dict__.get("versioning_before", (0.0, None))
        current: str | None = original(self, bucket_name)
        return before if clock.now() < until else current


def _tagging() -> None:
    @wrap(S3Backend, "put_bucket_tagging")
    def put_bucket_tagging(
        original: Method, self: Any, bucket_name: str, tags: dict[str, str | None]
    ) -> None:
        if len(tags) > 50:
            raise S3Refusal("InvalidTag", "Bucket tag count cannot be greater than 50")
        for key, value in tags.items():
            text = value or ""
            if not 1 <= len(key) <= 128 or _TAG.fullmatch(key) is None:
                raise S3Refusal("InvalidTag", "The TagKey you have provided is invalid", TagKey=key)
            if len(text) > 256 or _TAG.fullmatch(text) is None:
                raise S3Refusal(
                    "InvalidTag",
                    "The TagValue you have provided is invalid",
                    TagKey=key,
                    TagValue=text,
                )
        original(self, bucket_name, {key: value or "" for key, value in tags.items()})


def _listing() -> None:
    @replace(S3Response, "all_buckets")
    def all_buckets(self: Any) -> Any:
        self.data["Action"] = "ListAllMyBuckets"
        self._authenticate_and_authorize_s3_action()
        prefix, region = self._get_param("prefix"), self._get_param("bucket-region")
        found = sorted(
            self.backend.list_buckets(prefix=prefix, bucket_region=region, max_buckets=None),
            key=lambda bucket: str(bucket.name),
        )
        size = int(self._get_param("max-buckets") or 10_000)
        if not 1 <= size <= 10_000:
            raise S3Refusal("InvalidArgument", "MaxBuckets must be between 1 and 10000")
        try:
            shown, token = page(found, self._get_param("continuation-token"), size)
        except BadTokenError as error:
            raise S3Refusal(
                "InvalidArgument", "The continuation token provided is incorrect"
            ) from error
        self.data["Action"] = "ListBuckets"
        return self.serialized(
            ActionResult(
                {
                    "Owner": {"ID": "bcaf1ffd86f41161ca5fb16fd081034f"},
                    "Buckets": [
                        {
                            "Name": bucket.name,
                            "CreationDate": bucket.creation_date_ISO8601,
                            "BucketRegion": bucket.region_name,
                        }
                        for bucket in shown
                    ],
                    "ContinuationToken": token,
                    "Prefix": prefix,
                }
            )
        )
