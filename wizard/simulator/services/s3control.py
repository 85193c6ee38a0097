"""S3 Batch Operations: jobs that replicate the objects that were there before, in account time.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_CreateJob.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-job-status.html
"""
# ruff: noqa: SLF001  moto's own methods are private; patching is this module's job

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult
from moto.moto_api._internal import mock_random
from moto.s3.models import s3_backends
from moto.s3control import urls
from moto.s3control.models import s3control_backends
from moto.s3control.responses import S3ControlResponse

from wizard.simulator.services.errors import refusal
from wizard.simulator.services.paging import BadTokenError, page
from wizard.simulator.services.patching import replace
from wizard.simulator.services.s3control_jobs import Job, carry_on

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World


def install(clock: AccountClock, world: World) -> None:
    """Answer what moto lacks of S3 Control."""
    for path in ("jobs$", "jobs/(?P<id>[^/]+)$"):
        urls.url_paths.setdefault(f"{{0}}/v20180820/{path}", S3ControlResponse.dispatch)
    for path in ("jobs", "jobs/<id>"):
        urls.url_paths.setdefault(f"/v20180820/{path}", S3ControlResponse.dispatch)
    _create(clock)
    _look(clock)

    def due(now: float) -> None:
        for account in tuple(s3control_backends):
            for job in _jobs(account):
                carry_on(job, s3_backends[account]["aws"], now)

    world.due_hooks.append(due)


def _jobs(account: str) -> list[Job]:
    backend = s3control_backends[account]["aws"]
    kept: list[Job] = backend.__dict__.setdefault("jobs", [])
    return kept


def _create(clock: AccountClock) -> None:
    @replace(S3ControlResponse, "create_job")
    def create_job(self: Any) -> ActionResult:
        _check_account(self)
        asked = {
            name: self._get_param(name)
            for name in (
                "Operation",
                "Report",
                "ManifestGenerator",
                "Manifest",
                "Priority",
                "RoleArn",
                "Description",
                "ConfirmationRequired",
            )
        }
        token = str(self._get_param("ClientRequestToken"))
        jobs = _jobs(self.current_account)
        for job in jobs:
            if (job.token, job.region) == (token, self.region):
                if job.asked != asked:
                    raise refusal(
                        "IdempotencyException",
                        "A job with this ClientRequestToken exists with other parameters.",
                    )
                return ActionResult({"JobId": job.id})
        _check(self, asked)
        made = Job(
            id=str(mock_random.uuid4()),
            token=token,
            region=self.region,
            account=self.current_account,
            asked=asked,
            created=clock.now(),
        )
        jobs.append(made)
        return ActionResult({"JobId": made.id})


def _check_account(response: Any) -> None:
    if str(response._get_param("AccountId")) != response.current_account:
        raise refusal("AccessDenied", "Access Denied")


def _check(response: Any, asked: dict[str, Any]) -> None:
    operation = asked["Operation"] or {}
    if list(operation) != ["S3ReplicateObject"]:
        raise refusal("InvalidRequest", "The simulated account runs replication jobs only.")
    generator = (asked["ManifestGenerator"] or {}).get("S3JobManifestGenerator")
    if not generator:
        raise refusal("InvalidRequest", "A Manifest or a ManifestGenerator must be given.")
    report = asked["Report"] or {}
    if report.get("Enabled") in {True, "true"} and not report.get("Bucket"):
        raise refusal("InvalidRequest", "The report needs a bucket.")
    backend = s3_backends[response.current_account]["aws"]
    source = backend.buckets.get(str(generator["SourceBucket"]).rpartition(":::")[2])
    if source is None:
        raise refusal("InvalidRequest", "The source bucket does not exist.")
    if source.region_name != response.region:
        raise refusal("InvalidRequest", "The source bucket must be in the region of the job.")
    if not getattr(source, "replication", None):
        raise refusal("InvalidRequest", "The source bucket must have a replication configuration.")


def _look(clock: AccountClock) -> None:
    def settled(response: Any) -> list[Job]:
        _check_account(response)
        account = response.current_account
        found = [job for job in _jobs(account) if job.region == response.region]
        for job in found:
            carry_on(job, s3_backends[account]["aws"], clock.now())
        return found

    @replace(S3ControlResponse, "describe_job")
    def describe_job(self: Any) -> ActionResult:
        wanted = str(self._get_param("JobId"))
        for job in settled(self):
            if job.id == wanted:
                return ActionResult({"Job": job.described()})
        raise refusal("NoSuchJob", "The specified job does not exist.")

    @replace(S3ControlResponse, "list_jobs")
    def list_jobs(self: Any) -> ActionResult:
        wanted = self._get_param("JobStatuses") or []
        found = [job for job in settled(self) if not wanted or job.status in wanted]
        size = int(self._get_param("MaxResults") or 1000)
        try:
            shown, token = page([job.listed() for job in found], self._get_param("NextToken"), size)
        except BadTokenError as error:
            raise refusal("InvalidNextToken", f"The token is not valid: {error}") from error
        return ActionResult({"Jobs": shown, "NextToken": token})
