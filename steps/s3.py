"""S3 buckets: that they exist, in whose hands and where, and their own settings."""

from collections.abc import Mapping
from typing import Literal

from wizard.effects import Facts, Json, Read, Write
from wizard.errors import CallError
from wizard.step import Action, Difference, Differences, Reads, Writes, compare, step

# https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
LOCATIONS: Mapping[str | None, str] = {None: "us-east-1", "": "us-east-1", "EU": "eu-west-1"}

GONE = "NoSuchBucket"


def owned(bucket: str, account_id: str) -> dict[str, Json]:
    """Names a bucket and who must own it: S3 refuses the call when it became somebody else's."""
    return {"Bucket": bucket, "ExpectedBucketOwner": account_id}


def creation(bucket: str, region: str, *, object_lock: bool = False) -> Write:
    """The call that creates the bucket with ACLs off; only for one that is not there."""
    params: dict[str, Json] = {"Bucket": bucket, "ObjectOwnership": "BucketOwnerEnforced"}
    if region != "us-east-1":
        # us-east-1 is the one region that may not be named.
        params["CreateBucketConfiguration"] = {"LocationConstraint": region}
    if object_lock:
        params["ObjectLockEnabledForBucket"] = True
    return Write(
        "s3",
        "CreateBucket",
        params,
        region=region,
        title=f"Create bucket {bucket} in {region}",
    )


@step("s3.bucket")
class Bucket(Action, frozen=True, kw_only=True):
    """A bucket of ours in one region, with ACLs off (`BucketOwnerEnforced`).

    It is looked for before it is created: in us-east-1 a second CreateBucket answers 200 and
    resets the bucket's ACLs.
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
    """

    bucket: str
    region: str
    account_id: str

    def observe(self) -> Reads[Facts | None]:
        ours = owned(self.bucket, self.account_id)
        try:
            head = yield Read(
                "s3", "HeadBucket", ours, absent=("404", GONE, "NotFound"), region=self.region
            )
        except CallError as error:
            # A HEAD answers without a body, so that S3's code is the HTTP status.
            if error.code in {"403", "Forbidden", "AccessDenied"}:
                return {"bucket": self.bucket, "owner": "another account, or one you may not see"}
            if error.code in {"301", "PermanentRedirect"}:
                return {"bucket": self.bucket, "owner": self.account_id, "region": "another region"}
            raise
        if head is None:
            return None
        location = yield Read("s3", "GetBucketLocation", ours, region=self.region)
        constraint = location.get("LocationConstraint")
        return {
            "bucket": self.bucket,
            "owner": self.account_id,
            "region": LOCATIONS.get(constraint, constraint),
        }

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            return compare({"bucket": self.bucket, "region": self.region}, None)
        if found["owner"] != self.account_id:
            return (
                Difference(
                    "owner",
                    found["owner"],
                    self.account_id,
                    reason=f"The name {self.bucket} is taken, and not by a bucket of this account "
                    "that you may see: choose another name, or ask for s3:ListBucket on it.",
                    fixable=False,
                ),
            )
        if found["region"] != self.region:
            return (
                Difference(
                    "region",
                    found["region"],
                    self.region,
                    reason=f"{self.bucket} exists in {found['region']} and a bucket cannot move; "
                    f"it is needed in {self.region}: choose another name.",
                    fixable=False,
                ),
            )
        return ()

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        yield creation(self.bucket, self.region)

    def outputs(self, found: Facts | None) -> Facts:
        return {"bucket": self.bucket, "region": self.region, **(found or {})}


@step("s3.versioning")
class Versioning(Action, frozen=True, kw_only=True):
    """Versioning is on. It can later be suspended, never taken away.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html
    """

    bucket: str
    account_id: str

    def observe(self) -> Reads[Facts | None]:
        found = yield Read(
            "s3", "GetBucketVersioning", owned(self.bucket, self.account_id), absent=(GONE,)
        )
        return None if found is None else {"versioning": found.get("Status", "never enabled")}

    def differences(self, found: Facts | None) -> Differences:
        return compare({"versioning": "Enabled"}, found)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        yield Write(
            "s3",
            "PutBucketVersioning",
            {
                **owned(self.bucket, self.account_id),
                "VersioningConfiguration": {"Status": "Enabled"},
            },
            title=f"Enable versioning of {self.bucket}",
        )


@step("s3.encryption")
class Encryption(Action, frozen=True, kw_only=True):
    """Default encryption with the given algorithm; what else the rule says is kept.

    Load balancers log only to buckets encrypted with `AES256` (SSE-S3).
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html
    """

    bucket: str
    account_id: str
    algorithm: Literal["AES256", "aws:kms"] = "AES256"

    def observe(self) -> Reads[Facts | None]:
        answer = yield Read(
            "s3",
            "GetBucketEncryption",
            owned(self.bucket, self.account_id),
            absent=("ServerSideEncryptionConfigurationNotFoundError", GONE),
        )
        if answer is None:
            return None
        rules = answer["ServerSideEncryptionConfiguration"]["Rules"]
        default = rules[0].get("ApplyServerSideEncryptionByDefault", {}) if rules else {}
        return {
            "algorithm": default.get("SSEAlgorithm"),
            "key": default.get("KMSMasterKeyID"),
            "rule": rules[0] if rules else {},
        }

    def differences(self, found: Facts | None) -> Differences:
        return compare({"algorithm": self.algorithm}, found)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        rule = {
            **(found["rule"] if found else {}),
            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": self.algorithm},
        }
        yield Write(
            "s3",
            "PutBucketEncryption",
            {
                **owned(self.bucket, self.account_id),
                "ServerSideEncryptionConfiguration": {"Rules": [rule]},
            },
            title=f"Encrypt {self.bucket} by default with {self.algorithm}",
        )


FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


@step("s3.public_access_block")
class PublicAccessBlock(Action, frozen=True, kw_only=True):
    """All four ways to make the bucket public are blocked.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html
    """

    bucket: str
    account_id: str

    def observe(self) -> Reads[Facts | None]:
        answer = yield Read(
            "s3",
            "GetPublicAccessBlock",
            owned(self.bucket, self.account_id),
            absent=("NoSuchPublicAccessBlockConfiguration", GONE),
        )
        if answer is None:
            return None
        block = answer["PublicAccessBlockConfiguration"]
        return {flag: bool(block.get(flag)) for flag in FLAGS}

    def differences(self, found: Facts | None) -> Differences:
        return compare(dict.fromkeys(FLAGS, True), found)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        yield Write(
            "s3",
            "PutPublicAccessBlock",
            {
                **owned(self.bucket, self.account_id),
                "PublicAccessBlockConfiguration": dict.fromkeys(FLAGS, True),
            },
            title=f"Block all public access to {self.bucket}",
        )
