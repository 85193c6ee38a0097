"""Copies what was in a bucket before it replicated: a Batch Replication job."""

import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from steps.s3 import GONE, owned
from steps.s3_replication import configuration_of, destination, region_of
from wizard.effects import Facts, Json, Read, Write
from wizard.step import (
    Action,
    Difference,
    Differences,
    Option,
    Options,
    Patience,
    Reads,
    Writes,
    options,
    step,
)

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-job-status.html
OVER = {"Complete", "Failed", "Cancelled"}
# COMPLETED, too: so are the objects that went to the destinations of the other rules.
STATUSES = ("NONE", "FAILED", "COMPLETED")
SHOWN = 5


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


@step("s3.backfill")
class Backfill(Action, frozen=True, kw_only=True):
    """Every object of `source` that replicates to `bucket` is there; a job of S3 Batch Operations
    copies those from before the rule.

    Runs in the region of `source`. A job is found again by its description, and its token is the
    same for the same try, so that none is made twice.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-batch-replication-batch.html
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_CreateJob.html
    """

    patience: ClassVar[Patience] = Patience(every=30, limit=4 * 3600)

    source: str
    bucket: str
    region: str
    account_id: str
    now: Literal["yes", "no"]
    role: str | None = None
    """ARN of a role that S3 Batch Operations may take."""
    report_bucket: str | None = None
    partition: str = "aws"

    @property
    def description(self) -> str:
        """By which the job is found again."""
        return f"st-wizard: replicate {self.source} to {self.bucket}"

    def token(self, earlier: int) -> str:
        """The request token of the job after so many earlier ones."""
        text = f"{self.account_id} {self.description} {earlier}"
        return hashlib.sha256(text.encode()).hexdigest()

    def observe(self) -> Reads[Facts | None]:
        home = yield from region_of(self.source, self.account_id)
        if home is None:
            return None
        wanted = yield from keys_to_copy(self.source, self.bucket, self.account_id, home)
        have = yield from keys_of(self.bucket, self.account_id, self.region)
        missing = sorted(set(wanted) - set(have))
        jobs = yield from self._jobs(home) if missing else ()
        job = (yield from self._job(home, jobs[0]["JobId"])) if jobs else None
        return {
            "region": home,
            "objects": len(wanted),
            "copied": len(wanted) - len(missing),
            "missing": missing[:SHOWN],
            "jobs": len(jobs or ()),
            "job": job,
        }

    def _jobs(self, home: str) -> Reads[list[Any]]:
        """Ours, the newest first."""
        found = yield Read(
            "s3control", "ListJobs", {"AccountId": self.account_id}, pages="Jobs", region=home
        )
        ours = [one for one in found if one.get("Description") == self.description]
        return sorted(ours, key=lambda one: str(one.get("CreationTime", "")), reverse=True)

    def _job(self, home: str, job: str) -> Reads[Facts]:
        answer = yield Read(
            "s3control",
            "DescribeJob",
            {"AccountId": self.account_id, "JobId": job},
            region=home,
        )
        seen = answer["Job"]
        progress = seen.get("ProgressSummary") or {}
        report = seen.get("Report") or {}
        place = str(report.get("Bucket", "")).rpartition(":::")[2]
        return {
            "id": seen["JobId"],
            "status": seen["Status"],
            "total": progress.get("TotalNumberOfTasks", 0),
            "succeeded": progress.get("NumberOfTasksSucceeded", 0),
            "failed": progress.get("NumberOfTasksFailed", 0),
            "why": "; ".join(
                str(one.get("FailureReason", "")) for one in seen.get("FailureReasons") or ()
            ),
            "report": f"s3://{place}/{report.get('Prefix', '')}/job-{seen['JobId']}/",
        }

    def waiting_for(self, found: Facts | None) -> str:
        job = (found or {}).get("job")
        if not job:
            return f"the objects of {self.source} to be in {self.bucket}"
        return (
            f"job {job['id']}: {job['status']}, {job['succeeded']} of {job['total']} objects copied"
        )

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            why = f"There is no bucket {self.source} in this account."
            return (_stuck("source", None, self.source, why),)
        if self.now == "no" or found["copied"] == found["objects"]:
            return ()
        left = found["objects"] - found["copied"]
        job = found["job"]
        if job and job["status"] not in OVER:
            return (Difference("copied", found["copied"], found["objects"], settles=True),)
        wrong = [
            _stuck(name, None, f"a {name} for the job", why)
            for name, value, why in (
                (
                    "role",
                    self.role,
                    "Choose a role that batchoperations.s3.amazonaws.com may take.",
                ),
                ("report_bucket", self.report_bucket, "Choose a bucket for the job's report."),
            )
            if not value
        ]
        if wrong:
            return tuple(wrong)
        if job and job["status"] == "Complete" and not job["failed"]:
            # Its copies show at the destination a little later.
            return (Difference("copied", found["copied"], found["objects"], settles=True),)
        reason = f"{left} objects from before the rule"
        if job:
            reason = (
                f"Job {job['id']} ended {job['status']} with {job['failed']} failed of "
                f"{job['total']}. {job['why']} Its report is below {job['report']}. "
                "Mend the cause, then retry: that makes a new job."
            )
        return (Difference("copied", found["copied"], found["objects"], reason=reason),)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        seen: Facts = found or {}
        s3 = f"arn:{self.partition}:s3:::"
        params: dict[str, Json] = {
            "AccountId": self.account_id,
            "ConfirmationRequired": False,
            "Operation": {"S3ReplicateObject": {}},
            "Report": {
                "Bucket": f"{s3}{self.report_bucket}",
                "Format": "Report_CSV_20180820",
                "Enabled": True,
                "Prefix": f"batch-replication/{self.bucket}",
                "ReportScope": "FailedTasksOnly",
                "ExpectedBucketOwner": self.account_id,
            },
            "ClientRequestToken": self.token(seen["jobs"]),
            "ManifestGenerator": {
                "S3JobManifestGenerator": {
                    "ExpectedBucketOwner": self.account_id,
                    "SourceBucket": f"{s3}{self.source}",
                    "EnableManifestOutput": False,
                    "Filter": {
                        "EligibleForReplication": True,
                        "ObjectReplicationStatuses": list(STATUSES),
                    },
                }
            },
            "Description": self.description,
            "Priority": 10,
            "RoleArn": self.role,
        }
        yield Write(
            "s3control",
            "CreateJob",
            params,
            region=seen["region"],
            title=f"Copy {seen['objects'] - seen['copied']} objects of {self.source} "
            f"to {self.bucket}",
        )


def _stuck(field: str, found: Json, wanted: Json, reason: str) -> Difference:
    return Difference(field, found, wanted, reason=reason, fixable=False)
