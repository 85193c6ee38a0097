"""Whether access logs arrive, in a bucket that is as it is to be, and all of it is tagged."""

import re
from collections.abc import Mapping
from typing import ClassVar

from steps.s3 import Encryption, Versioning
from steps.s3_tags import as_mapping, unusable
from wizard.effects import Facts, Json, Read
from wizard.step import Difference, Differences, Patience, Probe, Reads, step

MAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


@step("cover.logs_enabled")
class LogsEnabled(Probe, frozen=True, kw_only=True):
    """The load balancer writes access logs: its test file is in the bucket.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    """

    volatile: ClassVar[tuple[str, ...]] = ("first_log",)

    patience: ClassVar[Patience] = Patience(every=15, limit=600)

    load_balancer_arn: str
    bucket: str = ""
    """The bucket it is to log to; empty: whichever it does."""

    def observe(self) -> Reads[Facts | None]:
        answer = yield Read(
            "elbv2",
            "DescribeLoadBalancerAttributes",
            {"LoadBalancerArn": self.load_balancer_arn},
            absent=("LoadBalancerNotFound",),
        )
        if answer is None:
            return None
        attributes = {one["Key"]: one.get("Value", "") for one in answer["Attributes"]}
        facts: dict[str, Json] = {
            "enabled": attributes.get("access_logs.s3.enabled") == "true",
            "bucket": attributes.get("access_logs.s3.bucket", ""),
            "prefix": attributes.get("access_logs.s3.prefix", ""),
        }
        if not facts["enabled"] or not facts["bucket"]:
            return {**facts, "test_file": False, "first_log": None}
        account = self.load_balancer_arn.split(":")[4]
        folder = f"{facts['prefix']}/AWSLogs/{account}/".lstrip("/")
        head = yield Read(
            "s3",
            "HeadObject",
            {"Bucket": facts["bucket"], "Key": f"{folder}ELBAccessLogTestFile"},
            absent=("404", "NoSuchKey", "NotFound"),
        )
        listed = yield Read(
            "s3",
            "ListObjectsV2",
            {"Bucket": facts["bucket"], "Prefix": f"{folder}elasticloadbalancing/", "MaxKeys": 1},
        )
        logs = [one["Key"] for one in listed.get("Contents", [])]
        return {**facts, "test_file": head is not None, "first_log": logs[0] if logs else None}

    def differences(self, found: Facts | None) -> Differences:
        if found is None or not found["enabled"]:
            return (
                Difference(
                    "enabled",
                    found=False,
                    wanted=True,
                    reason="Access logs are not enabled on the load balancer.",
                ),
            )
        if self.bucket and found["bucket"] != self.bucket:
            return (
                Difference(
                    "bucket",
                    found["bucket"],
                    self.bucket,
                    reason=f"The load balancer logs to {found['bucket']}, not to {self.bucket}.",
                ),
            )
        if not found["test_file"]:
            return (
                Difference(
                    "test_file",
                    found=False,
                    wanted=True,
                    reason="ELBAccessLogTestFile is not in the bucket: look at the bucket's policy "
                    "and at its default encryption, which must be SSE-S3.",
                    settles=True,
                ),
            )
        return ()

    def instructions(self, found: Facts | None) -> str:
        return (
            "Enable access logs on the load balancer (Attributes, Edit, Monitoring); the wizard "
            "looks again by itself."
        )

    def waiting_for(self, found: Facts | None) -> str:
        return f"ELBAccessLogTestFile in {found['bucket'] if found else 'the bucket'}"


@step("cover.logs_bucket")
class LogsBucket(Probe, frozen=True, kw_only=True):
    """The log bucket is versioned, and encrypted with SSE-S3.

    SSE-S3 is encryption enabled; with a KMS key the load balancer's logs do not arrive.
    """

    bucket: str
    account_id: str

    @property
    def _wanted(self) -> tuple[Versioning, Encryption]:
        return (
            Versioning(bucket=self.bucket, account_id=self.account_id),
            Encryption(bucket=self.bucket, account_id=self.account_id),
        )

    def observe(self) -> Reads[Facts | None]:
        versioning, encryption = self._wanted
        return {
            "versioning": (yield from versioning.observe()),
            "encryption": (yield from encryption.observe()),
        }

    def differences(self, found: Facts | None) -> Differences:
        have: Facts = found or {"versioning": None, "encryption": None}
        versioning, encryption = self._wanted
        return (
            *versioning.differences(have["versioning"]),
            *(
                Difference(
                    difference.field,
                    difference.found,
                    difference.wanted,
                    reason=f"The default encryption of {self.bucket} is {difference.found}: load "
                    "balancers log only to buckets with AES256 (SSE-S3).",
                )
                for difference in encryption.differences(have["encryption"])
            ),
        )

    def instructions(self, found: Facts | None) -> str:
        return (
            f"Enable versioning of {self.bucket} and set its default encryption to SSE-S3; the "
            "wizard looks again by itself."
        )


@step("cover.tags")
class Tagged(Probe, frozen=True, kw_only=True):
    """The load balancer and its log bucket carry the tags, none empty, the owner an address.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html
    """

    load_balancer_arn: str
    bucket: str
    load_balancer_keys: tuple[str, ...] = ("VantaDescription", "VantaOwner")
    bucket_keys: tuple[str, ...] = ("VantaContainsUserData", "VantaDescription", "VantaOwner")
    owner_key: str = "VantaOwner"

    def observe(self) -> Reads[Facts | None]:
        described = yield Read(
            "elbv2",
            "DescribeTags",
            {"ResourceArns": [self.load_balancer_arn]},
            absent=("LoadBalancerNotFound",),
        )
        descriptions = described["TagDescriptions"] if described else []
        tagging = yield Read(
            "s3",
            "GetBucketTagging",
            {"Bucket": self.bucket},
            absent=("NoSuchTagSet", "NoSuchBucket"),
        )
        return {
            "load_balancer": as_mapping(descriptions[0]["Tags"]) if descriptions else {},
            "bucket": as_mapping(tagging["TagSet"]) if tagging else {},
        }

    def differences(self, found: Facts | None) -> Differences:
        have: Facts = found or {"load_balancer": {}, "bucket": {}}
        return (
            *self._wrong("load balancer", have["load_balancer"], self.load_balancer_keys),
            *self._wrong(f"bucket {self.bucket}", have["bucket"], self.bucket_keys),
        )

    def _wrong(
        self, thing: str, tags: Mapping[str, str], keys: tuple[str, ...]
    ) -> tuple[Difference, ...]:
        wrong = []
        for key in keys:
            value = tags.get(key)
            why = "It is not there." if value is None else unusable(value)
            if not why and key == self.owner_key and not MAIL.match(value or ""):
                why = f"{value!r} is no e-mail address."
            if why:
                wrong.append(
                    Difference(
                        f"{thing}: {key}", value, "a value", reason=f"{key} of the {thing}: {why}"
                    )
                )
        return tuple(wrong)

    def instructions(self, found: Facts | None) -> str:
        return "Add the tags that are missing or wrong; the wizard looks again by itself."
