"""The objects of a bucket and those that replicate; dropdowns for copying what was there before."""

from collections.abc import Mapping
from typing import Any

from steps.s3 import GONE, owned
from steps.s3_replication import configuration_of, destination, region_of
from wizard.effects import Read
from wizard.step import Option, Options, Reads, options


def keys_to_copy(source: str, bucket: str, account_id: str, region: str) -> Reads[list[str]]:
    """The keys in `source`, of `region`, that its rules to `bucket` apply to."""
    known = yield from configuration_of(source, account_id, region)
    prefixes = [
        _prefix(rule) for rule in known.get("Rules", ()) if destination(rule) == bucket
    ] or [""]
    keys = yield from keys_of(source, account_id, region)
    return [key for key in keys if key.startswith(tuple(prefixes))]


def keys_of(bucket: str, account_id: str, region: str) -> Reads[list[str]]:
    """All keys of a bucket.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
    """
    found = yield Read(
        "s3",
        "ListObjectsV2",
        owned(bucket, account_id),
        pages="Contents[].Key",
        absent=(GONE,),
        region=region,
    )
    return list(found)


def _prefix(rule: Mapping[str, Any]) -> str:
    chosen = rule.get("Filter", rule)
    return str(chosen.get("And", chosen).get("Prefix", ""))


@options("s3.backfill")
def backfill(source: str, bucket: str, region: str, account_id: str) -> Options:
    """Whether to copy the objects that are there already, with their number."""
    home = yield from region_of(source, account_id)
    if home is None:
        return []
    keys = yield from keys_to_copy(source, bucket, account_id, home)
    there = yield from keys_of(bucket, account_id, region)
    left = len(set(keys) - set(there))
    return [
        Option(
            "yes",
            "Copy them now",
            detail=f"{left} of {len(keys)} objects are not in {bucket}",
            suggested=left > 0,
        ),
        Option("no", "Leave them", detail="only new objects are copied", suggested=left == 0),
    ]


@options("s3.report_buckets")
def report_buckets(source: str, account_id: str) -> Options:
    """The buckets in the region of `source`, where a job's report may go; the one for access logs
    is suggested."""
    home = yield from region_of(source, account_id)
    if home is None:
        return []
    found = yield Read("s3", "ListBuckets", {"BucketRegion": home}, pages="Buckets")
    names = [str(one["Name"]) for one in found]
    logs = f"supertokens-s3-access-logs-{home}"
    return [Option(name, name, suggested=name == logs) for name in sorted(names) if name != source]
