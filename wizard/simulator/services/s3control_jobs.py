"""One job of S3 Batch Operations: from New to its end, and what it copies.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-batch-replication-batch.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from wizard.simulator.services.iam_roles import role_allows, role_trusts
from wizard.simulator.services.s3_replication import replicate, targets_of

SERVICE = "batchoperations.s3.amazonaws.com"
PREPARING_SECONDS = 20.0
ACTIVE_SECONDS = 60.0
OVER = frozenset({"Complete", "Failed", "Cancelled"})


@dataclass
class Job:
    """What was asked for, and how far it is."""

    id: str
    token: str
    region: str
    account: str
    asked: dict[str, Any]
    created: float
    status: str = "New"
    ended: float = 0.0
    total: int = 0
    succeeded: int = 0
    failed: int = 0
    reasons: list[dict[str, str]] = field(default_factory=list)
    tasks: list[Any] = field(default_factory=list)

    @property
    def source(self) -> str:
        """The name of the bucket whose objects it copies."""
        generator = self.asked["ManifestGenerator"]["S3JobManifestGenerator"]
        return str(generator["SourceBucket"]).rpartition(":::")[2]

    def listed(self) -> dict[str, Any]:
        """As ListJobs shows it."""
        found = {
            "JobId": self.id,
            "Description": self.asked["Description"],
            "Operation": "S3ReplicateObject",
            "Priority": self.asked["Priority"],
            "Status": self.status,
            "CreationTime": datetime.fromtimestamp(self.created, UTC),
            "ProgressSummary": {
                "TotalNumberOfTasks": self.total,
                "NumberOfTasksSucceeded": self.succeeded,
                "NumberOfTasksFailed": self.failed,
            },
        }
        if self.ended:
            found["TerminationDate"] = datetime.fromtimestamp(self.ended, UTC)
        return found

    def described(self) -> dict[str, Any]:
        """As DescribeJob shows it."""
        return {
            **self.listed(),
            "JobArn": f"arn:aws:s3:{self.region}:{self.account}:job/{self.id}",
            "ConfirmationRequired": False,
            "Operation": {"S3ReplicateObject": {}},
            "RoleArn": self.asked["RoleArn"],
            "Report": self.asked["Report"],
            "FailureReasons": self.reasons,
        }


def carry_on(job: Job, s3: Any, now: float) -> None:
    """Bring the job to where it is at account time `now`."""
    if job.status in OVER:
        return
    if job.status == "New":
        job.status = "Preparing"
    if job.status == "Preparing" and now >= job.created + PREPARING_SECONDS:
        _prepare(job, s3, now)
    if job.status == "Active" and now >= job.created + PREPARING_SECONDS + ACTIVE_SECONDS:
        _finish(job, s3, now)


def _prepare(job: Job, s3: Any, now: float) -> None:
    role, source = str(job.asked["RoleArn"]), job.source
    arn = f"arn:aws:s3:::{source}"
    if not role_trusts(job.account, role, SERVICE):
        _fail(job, now, "AccessDenied", f"The role {role} cannot be assumed by {SERVICE}.")
        return
    for action, resource in (
        ("s3:GetReplicationConfiguration", arn),
        ("s3:PutInventoryConfiguration", arn),
        ("s3:InitiateReplication", f"{arn}/any"),
    ):
        if not role_allows(job.account, role, action, resource):
            _fail(job, now, "AccessDenied", f"The role {role} does not allow {action}.")
            return
    bucket = s3.buckets[source]
    asked = job.asked["ManifestGenerator"]["S3JobManifestGenerator"].get("Filter") or {}
    statuses = asked.get("ObjectReplicationStatuses") or []
    job.tasks = [
        key.name
        for key in bucket.keys.values()
        if any(targets_of(bucket, key.name))
        and (not statuses or key.__dict__.get("replication", "NONE") in statuses)
    ]
    job.total = len(job.tasks)
    job.status = "Active"


def _finish(job: Job, s3: Any, now: float) -> None:
    bucket = s3.buckets[job.source]
    lines = []
    for name in job.tasks:
        key = bucket.keys.get(name)
        if key is not None and replicate(s3, bucket, key):
            job.succeeded += 1
        else:
            job.failed += 1
            lines.append(f"{job.source},{name},,failed,AccessDenied,403,Access Denied")
    job.status, job.ended = "Complete", now
    _report(job, s3, lines, now)


def _report(job: Job, s3: Any, lines: list[str], now: float) -> None:
    report = job.asked["Report"]
    name = str(report.get("Bucket", "")).rpartition(":::")[2]
    wanted = report.get("Enabled") in {True, "true"} and (
        lines or report.get("ReportScope") == "AllTasks"
    )
    if not wanted:
        return
    key = f"{report.get('Prefix', '')}/job-{job.id}/results/failed.csv".lstrip("/")
    allowed = role_allows(
        job.account, str(job.asked["RoleArn"]), "s3:PutObject", f"arn:aws:s3:::{name}/{key}"
    )
    if name not in s3.buckets or not allowed:
        _fail(job, now, "ReportFailed", f"The report could not be written to {name}.")
        return
    s3.put_object(name, key, "\n".join(lines).encode())


def _fail(job: Job, now: float, code: str, reason: str) -> None:
    job.status, job.ended = "Failed", now
    job.reasons = [{"FailureCode": code, "FailureReason": reason}]
