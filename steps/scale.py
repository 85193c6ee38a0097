"""The company's scale API: the call, and the instances that it brings about.

The API is the company's own. What is known of it is the runbook and a sibling of it: `scaleTo`
must be greater than the number of instances, otherwise it answers OK and changes nothing (E39).
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from steps.fleet import INSTANCES, cores, state, zones
from wizard.effects import Again, Facts, Json, Made, Now, Read, Request, Secret, has_unknown
from wizard.errors import StepError
from wizard.step import Action, Difference, Differences, Patience, Probe, Reads, Writes, step

CLOCK_SKEW = 60.0
"""Seconds by which this machine's clock may be ahead of EC2's."""

_SAFE = re.compile(r"https://.+|http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?(/.*)?")


@step("scale.deployment")
class Deployment(Action, frozen=True, kw_only=True):
    """An app scaled to so many instances by a call to the scale API.

    Nothing in AWS shows at once that the call was made, so the journal is asked too: a call that
    is known to have happened is not made again.
    """

    momentary: ClassVar[str] = (
        "Nothing in AWS shows that the call was made; what it brought about is looked at "
        "by the item that waits for the instances."
    )

    url: str
    """Where the API is; https, or http on this machine."""
    endpoint: str
    password: str
    """The name of the secret, never the password."""
    app_id: str
    scale_to: int
    deployment: str

    def observe(self) -> Reads[Facts | None]:
        instances = yield INSTANCES
        mine = cores(instances, self.app_id, self.deployment)
        made = yield Made()
        calls = [call for call in made if self._is_this(call)]
        return {
            "instances": len(mine),
            "instance_ids": [one["InstanceId"] for one in mine],
            "zones": zones(mine),
            "called_at": calls[-1]["at"] if calls else None,
        }

    def differences(self, found: Facts | None) -> Differences:
        if _SAFE.fullmatch(self.url) is None:
            reason = "the password would travel in the clear: give an https address"
            return (Difference("url", self.url, "https://…", reason, fixable=False),)
        count = found["instances"] if found else 0
        if found and (count >= self.scale_to or found["called_at"] is not None):
            return ()
        reason = f"{self.app_id} has {count} instances in {self.deployment}"
        return (Difference("instances", count, self.scale_to, reason),)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        answer = yield Request(
            "POST",
            self.url.rstrip("/") + self.endpoint,
            json={
                "password": Secret(self.password),
                "appId": self.app_id,
                "scaleTo": self.scale_to,
                "deploymentToScale": self.deployment,
            },
            mutating=True,
            title=f"Scale {self.deployment} of {self.app_id} to {self.scale_to}",
            again=Again.ASK,
        )
        if has_unknown(answer):
            return
        status = int(answer["status"])
        if status in {401, 403}:
            raise StepError(
                f"The scale API refused the password ({status}).",
                todo=f"Give the right one with `st-wizard secret set {self.password}`, then retry.",
            )
        if not 200 <= status < 300:
            raise StepError(
                f"The scale API answered {status}: {answer['body']}",
                todo="Correct what it says, or ask the people who run it, then retry.",
            )

    def outputs(self, found: Facts | None) -> Facts:
        """`called_at` in account seconds since the epoch, 0 when no call was needed;
        `instance_ids` as they were right after the call."""
        if found is None:
            return {}
        return {
            "called_at": found["called_at"] or 0,
            "instance_ids": found["instance_ids"],
            "instances": found["instances"],
        }

    def _is_this(self, call: Mapping[str, Any]) -> bool:
        """Whether a call from the journal asked for this and was not refused."""
        response = call.get("response")
        if isinstance(response, Mapping) and not 200 <= int(response.get("status", 200)) < 300:
            return False
        params = call.get("params") or {}
        body = params.get("json", params)
        return (
            body.get("appId") == self.app_id
            and body.get("deploymentToScale") == self.deployment
            and int(body.get("scaleTo", 0)) >= self.scale_to
        )


@step("scale.instances")
class Instances(Probe, frozen=True, kw_only=True):
    """The app's instances after the call: as many as asked for, running, their checks passed.

    The runbook's five minutes are a least wait, not a proof.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceStatus.html
    """

    volatile: ClassVar[tuple[str, ...]] = ("waited", "new_instance_ids")

    patience: ClassVar[Patience] = Patience(every=15, limit=1200)

    app_id: str
    deployment: str
    scale_to: int
    called_at: float | str
    """Account seconds since the epoch; 0 when no call was needed. Text only in a preview."""
    before: tuple[str, ...] | str = ()
    """Ids of the instances that were there. Text only in a preview."""
    seconds: int
    """The least wait after the call."""

    def observe(self) -> Reads[Facts | None]:
        instances = yield INSTANCES
        mine = cores(instances, self.app_id, self.deployment)
        ids = [str(one["InstanceId"]) for one in mine]
        running = [str(one["InstanceId"]) for one in mine if state(one) == "running"]
        passed: list[str] = []
        if running:
            statuses = yield Read(
                "ec2",
                "DescribeInstanceStatus",
                {"InstanceIds": running},
                pages="InstanceStatuses",
                absent=("InvalidInstanceID.NotFound",),
            )
            passed = sorted(str(one["InstanceId"]) for one in statuses if _ok(one))
        now = yield Now()
        return {
            "waited": self._waited(now),
            "instance_ids": ids,
            "new_instance_ids": [str(one["InstanceId"]) for one in mine if self._is_new(one)],
            "zones": zones(mine),
            "running": running,
            "status_ok": passed,
        }

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            return (Difference("instances", None, self.scale_to, settles=True),)
        wrong = []
        if found["waited"] < self.seconds:
            reason = f"{self.seconds} seconds are to pass after the call"
            wrong.append(Difference("waited", found["waited"], self.seconds, reason, settles=True))
        there: list[Json] = found["instance_ids"]
        if len(there) < self.scale_to:
            reason = f"{len(there)} of {self.scale_to} instances are there"
            wrong.append(Difference("instances", len(there), self.scale_to, reason, settles=True))
        wrong += _lagging("running", there, found["running"], "still starting")
        wrong += _lagging("status_ok", found["running"], found["status_ok"], "status checks not ok")
        return tuple(wrong)

    def waiting_for(self, found: Facts | None) -> str:
        if found is None:
            return f"{self.scale_to} instances of {self.app_id}"
        return (
            f"{self.scale_to} instances of {self.app_id}: {len(found['instance_ids'])} there, "
            f"{len(found['status_ok'])} with status checks ok, "
            f"{found['waited']} of {self.seconds} seconds since the call"
        )

    def _is_new(self, instance: Facts) -> bool:
        """Whether the call brought it about. A quick deployment tool has started some before the
        look that follows the call, so when they were launched counts too."""
        if instance["InstanceId"] not in self.before:
            return True
        launched = instance.get("LaunchTime")
        if not launched or not self.called_at or isinstance(self.called_at, str):
            return False
        return datetime.fromisoformat(str(launched)).timestamp() >= self.called_at - CLOCK_SKEW

    def _waited(self, now: float) -> int:
        """Seconds since the call, at most as many as are asked for, so that it comes to rest."""
        if isinstance(self.called_at, str):
            return 0
        return min(self.seconds, max(0, int(now - self.called_at)))


def _lagging(
    field: str, wanted: Iterable[Json], found: Iterable[Json], words: str
) -> list[Difference]:
    missing = sorted(set(wanted) - set(found))
    if not missing:
        return []
    reason = f"{words}: {', '.join(missing)}"
    return [Difference(field, sorted(found), sorted(wanted), reason, settles=True)]


def _ok(status: Mapping[str, Any]) -> bool:
    return all(
        (status.get(kind) or {}).get("Status") == "ok"
        for kind in ("InstanceStatus", "SystemStatus")
    )
