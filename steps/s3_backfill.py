"""Copies what was in a bucket before it replicated: a Batch Replication job."""

import hashlib
from datetime import datetime
from typing import Any, ClassVar, Literal

from steps.s3_objects import keys_of, keys_to_copy
from steps.s3_replication import region_of
from wizard.effects import Facts, Json, Now, Read, Secret, Write
from wizard.step import (
    Action,
    Deed,
    Difference,
    Differences,
    Patience,
    Reads,
    Writes,
    step,
)

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-job-status.html
OVER = {"Complete", "Failed", "Cancelled"}
# COMPLETED, too: so are the objects that went to the destinations of the other rules.
STATUSES = ("NONE", "FAILED", "COMPLETED")
SHOWN = 5
# How long after the end of a job its copies may take to be listed.
SHOWING_SECONDS = 600.0


@step("s3.backfill")
class Backfill(Action, frozen=True, kw_only=True):
    """Every object of `source` that replicates to `bucket` is there; a job of S3 Batch Operations
    copies those from before the rule.

    Runs in the region of `source`. A job is found again by its description, and its token is the
    same for the same try, so that none is made twice.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-batch-replication-batch.html
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_CreateJob.html
    """

    volatile: ClassVar[tuple[str, ...]] = ("copied", "objects", "jobs", "job")
    """Certificates are added every day; those not copied are a difference."""

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
        ended = seen.get("TerminationDate")
        late = False
        if ended:
            now: float = yield Now()
            late = now - datetime.fromisoformat(str(ended)).timestamp() > SHOWING_SECONDS
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
            "late": late,
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
        if job is None:
            reason = f"{left} objects from before the rule"
            return (Difference("copied", found["copied"], found["objects"], reason=reason),)
        if _went_well(job) and not job["late"]:
            # Its copies show at the destination a little later.
            return (Difference("copied", found["copied"], found["objects"], settles=True),)
        return (
            Difference(
                "copied",
                found["copied"],
                found["objects"],
                reason=f"Job {job['id']} ended {job['status']}, {job['failed']} of {job['total']} "
                f"failed, and {left} objects are not in {self.bucket}. {job['why']} Its report is "
                f"below {job['report']}. Mend the cause, then have a new job made, or copy them.",
                fixable=False,
                person=True,
            ),
        )

    def deeds(self, found: Facts | None) -> tuple[Deed, ...]:
        job = (found or {}).get("job")
        if not job or job["status"] not in OVER:
            return ()
        return (Deed(name="again", label="Make a new job"),)

    def act(
        self,
        deed: str,
        found: Facts | None,
        given: Facts,
        secret: Secret | None,
    ) -> Reads[str]:
        yield from self.converge(found, ())
        return ""

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


def _went_well(job: Facts) -> bool:
    return bool(job["status"] == "Complete" and not job["failed"])


def _stuck(field: str, found: Json, wanted: Json, reason: str) -> Difference:
    return Difference(field, found, wanted, reason=reason, fixable=False)
