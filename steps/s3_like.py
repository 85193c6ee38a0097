"""A bucket with the settings of another one, copied one by one, and what must not be copied."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from steps.s3 import Bucket, creation, owned
from steps.s3_settings import AES256, NEW, SETTINGS, read_settings
from wizard.effects import Facts, Json, Read, Write
from wizard.step import (
    Action,
    Difference,
    Differences,
    Option,
    Options,
    Reads,
    Writes,
    options,
    step,
)

Purpose = Literal["replica", "logs"]

# Whatever their value is: they belong to one region, or to a line of their own.
NEVER: Mapping[str, str] = {
    "acl": "New buckets have no ACLs; what one allowed for log delivery, the bucket policy allows.",
    "analytics": "Its exports go to a bucket of its own region: set it up by hand if it is wanted.",
    "inventory": "Its reports go to a bucket of its own region: set it up by hand if it is wanted.",
    "logging": "A bucket logs to a bucket of its own region: that is a line of its own.",
    "policy": "It names its own bucket, VPC and region: the policy is a line of its own.",
    "replication": "It would copy from the new bucket on to others; what fills the new bucket is "
    "the rule on supertokens-ssl, a line of its own.",
}
_OWN_TAGS = ("aws:", "Vanta")


def copied(name: str, value: Json) -> Json:
    """What of a setting is copied: tags that AWS or the runbook's own line sets are not."""
    if name == "tagging" and value:
        return {k: v for k, v in value.items() if not k.startswith(_OWN_TAGS)} or None
    return value


def refusal(name: str, value: Json, purpose: Purpose) -> str:
    """Why the setting must not be copied as it is; empty when it may be."""
    if name in NEVER:
        return NEVER[name]
    if name == "encryption" and value["SSEAlgorithm"] != "AES256":
        return (
            f"{value['SSEAlgorithm']}: a KMS key belongs to its region, and neither log delivery "
            "nor readers without credentials can use one: the new bucket has AES256."
        )
    if name == "public_access_block" and not all(value.values()):
        return "The new bucket stays closed: all four are blocked."
    if name == "notification" and set(value) - {"EventBridgeConfiguration"}:
        return "Queues, topics and functions belong to their region: they cannot be notified."
    if purpose == "logs" and name == "object_lock":
        return "Logs cannot be delivered to a bucket with Object Lock or a default retention."
    if purpose == "logs" and name == "request_payment" and value != "BucketOwner":
        return "Logs cannot be delivered to a bucket whose requesters pay."
    if purpose == "replica" and name == "versioning" and value != "Enabled":
        return "The destination of a replication must be versioned: it is enabled here."
    return ""


def _doubt(name: str, value: Json) -> str:
    """Why it may be copied but is not ticked; empty when it is ticked."""
    if name == "object_lock":
        return "it can never be switched off again"
    if name == "accelerate":
        return "it costs, and not every region has it"
    if name == "ownership" and value != "BucketOwnerEnforced":
        return "it would switch ACLs on, which AWS advises against"
    return ""


@options("s3.settings")
def settings(bucket: str, region: str, account_id: str, purpose: Purpose) -> Options:
    """The settings of the bucket to copy from, each with its value; those that may and should be
    copied are ticked, those that must not be say why."""
    found = yield Read(
        "s3", "HeadBucket", owned(bucket, account_id), absent=("404",), region=region
    )
    if found is None:
        return []
    values = yield from read_settings(bucket, account_id, region)
    return [
        _option(name, copied(name, value), purpose)
        for name, value in values.items()
        if copied(name, value) is not None
    ]


def _option(name: str, value: Json, purpose: Purpose) -> Option:
    doubt = _doubt(name, value)
    return Option(
        name,
        SETTINGS[name].label,
        detail=f"{_shown(value)} ({doubt})" if doubt else _shown(value),
        suggested=not doubt and not refusal(name, value, purpose),
        disabled=refusal(name, value, purpose),
    )


def _shown(value: Json) -> str:
    match value:
        case Mapping():
            return ", ".join(f"{key}: {_shown(part)}" for key, part in value.items())
        case list():
            return "; ".join(_shown(part) for part in value)
        case _:
            return str(value)


@step("s3.bucket_like")
class BucketLike(Action, frozen=True, kw_only=True):
    """A bucket of ours in one region, with those settings of `like` that `copy` names.

    A `replica` ends up versioned, as the destination of a replication must be; a bucket for `logs`
    has AES256, no Object Lock and an owner who pays, as log delivery needs. Settings beyond `copy`
    stay as they are.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    """

    volatile: ClassVar[tuple[str, ...]] = ("logging", "policy", "tagging", "source")
    """Items of their own assert them; the source is another bucket."""

    bucket: str
    region: str
    account_id: str
    like: str
    like_region: str
    copy: tuple[str, ...]
    purpose: Purpose = "replica"

    @property
    def _itself(self) -> Bucket:
        return Bucket(bucket=self.bucket, region=self.region, account_id=self.account_id)

    def observe(self) -> Reads[Facts | None]:
        itself = yield from self._itself.observe()
        there = itself is not None and not self._itself.differences(itself)
        own: Facts = dict.fromkeys(SETTINGS)
        if there:
            own = yield from read_settings(self.bucket, self.account_id, self.region)
        source: Facts | None = own
        if (self.like, self.like_region) != (self.bucket, self.region):
            known = yield Read(
                "s3",
                "HeadBucket",
                owned(self.like, self.account_id),
                absent=("404",),
                region=self.like_region,
            )
            source = None
            if known is not None:
                source = yield from read_settings(self.like, self.account_id, self.like_region)
        return {"exists": itself is not None, **(itself or {}), **own, "source": source}

    def compared(self, found: Facts | None) -> Facts | None:
        if found is None or not found["exists"]:
            return None
        return {name: copied(name, found[name]) for name in SETTINGS}

    def planned(self, found: Facts | None) -> Facts | None:
        seen: Facts = found or {"exists": False, "source": None}
        have = seen if seen["exists"] else NEW
        after = {name: copied(name, have[name]) for name in SETTINGS}
        for name, value in self.wanted(seen).items():
            if not _has(name, after[name], value):
                after[name] = _beside(name, after[name], value)
        return after

    def wanted(self, found: Facts) -> dict[str, Json]:
        """Each setting that is to be some value."""
        source = found["source"] or {}
        values = {name: copied(name, source.get(name)) for name in self.copy}
        values = {name: value for name, value in values.items() if value is not None}
        if self.purpose == "replica":
            return {**values, "versioning": "Enabled"}
        return {"encryption": AES256, **values, "request_payment": "BucketOwner"}

    def differences(self, found: Facts | None) -> Differences:
        seen: Facts = found or {"exists": False, "source": None}
        if seen["exists"]:
            misplaced = self._itself.differences(seen)
            if misplaced:
                return misplaced
        wrong = tuple(self._refused(seen))
        if wrong:
            return wrong
        have = seen if seen["exists"] else NEW
        missing: Differences = ()
        if not seen["exists"]:
            missing = (
                Difference("bucket", None, self.bucket),
                Difference("region", None, self.region),
            )
        return missing + tuple(
            Difference(
                name,
                have[name] if seen["exists"] else None,
                value,
                reason=f"as {self.like} has it" if name in self.copy else "",
            )
            for name, value in self.wanted(seen).items()
            if not _has(name, have[name], value)
        )

    def _refused(self, found: Facts) -> list[Difference]:
        source = found["source"]
        if source is None and self.copy:
            return [
                Difference(
                    "like",
                    None,
                    self.like,
                    reason=f"There is no bucket {self.like} in {self.like_region} to copy from: "
                    "choose another reference region, or tick no setting.",
                    fixable=False,
                )
            ]
        refused = [
            Difference(name, found.get(name), value, reason=why, fixable=False)
            for name in self.copy
            if name in SETTINGS and (value := copied(name, source[name])) is not None
            if (why := refusal(name, value, self.purpose))
        ]
        refused += [
            Difference(name, None, name, reason=f"S3 has no setting {name}.", fixable=False)
            for name in self.copy
            if name not in SETTINGS
        ]
        if self.purpose == "logs" and found["exists"] and found["object_lock"]:
            why = refusal("object_lock", found["object_lock"], "logs")
            refused.append(
                Difference("object_lock", found["object_lock"], None, reason=why, fixable=False)
            )
        return refused

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        fields = {one.field: one.wanted for one in differences}
        if "bucket" in fields:
            yield creation(self.bucket, self.region, object_lock="object_lock" in fields)
        for name, value in fields.items():
            setting = SETTINGS.get(name)
            if setting is None or setting.puts is None:
                continue
            whole = _beside(name, (found or {}).get(name), value)
            for operation, params in setting.puts(whole):
                yield Write(
                    "s3",
                    operation,
                    {**owned(self.bucket, self.account_id), **params},
                    region=self.region,
                    title=f"{setting.label} of {self.bucket} as {self.like} has it",
                )

    def outputs(self, found: Facts | None) -> Facts:
        return {"bucket": self.bucket, "region": self.region}


def _beside(name: str, have: Json, wanted: Json) -> Json:
    """What is written, where S3 replaces the whole: what somebody else put there stays."""
    match name:
        case "tagging" | "notification":
            return {**(have or {}), **wanted}
        case "cors":
            return [*(have or ()), *(one for one in wanted if one not in (have or ()))]
        case "lifecycle":
            ids = {one.get("ID") for one in wanted}
            return [*(one for one in have or () if one.get("ID") not in ids), *wanted]
        case _:
            return wanted


def _has(name: str, have: Json, wanted: Json) -> bool:
    match name:
        case "tagging" | "notification":
            return all((have or {}).get(key) == value for key, value in wanted.items())
        case "cors" | "lifecycle" | "metrics" | "analytics" | "intelligent_tiering":
            return all(one in (have or ()) for one in wanted)
        case "versioning" if have == "Enabled":
            # It is never suspended where it is on: what is deleted then is gone.
            return True
        case "encryption" if wanted == AES256:
            # A bucket key changes nothing without KMS.
            return bool(have and have["SSEAlgorithm"] == "AES256")
        case _:
            return bool(have == wanted)
