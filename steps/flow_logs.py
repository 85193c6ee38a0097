"""VPC flow logs into a bucket, and the bucket's policy kept whole while they are switched on.

https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-create-flow-log.html
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Literal

from steps.s3 import owned
from steps.s3_log_delivery import AccessLogsPolicy
from steps.s3_policy import Statement, merged, same, statements
from steps.vpc_endpoint import token
from wizard.effects import Facts, Json, Made, Now, Read, Write
from wizard.errors import CallError, StepError
from wizard.step import Action, Difference, Differences, Patience, Reads, Writes, step

QUIET = 900.0
"""Account seconds after which a flow log that says nothing of its delivery has nothing to
deliver: a VPC without network interfaces has no traffic."""

NEXT_BY_REFUSAL: Mapping[str, str] = {
    "undeliverable": "Where the bucket is encrypted with a KMS key, it must be named by its ARN, "
    "and its policy must let delivery.logs.amazonaws.com use it. Then retry.",
    "does not exist": "Create the bucket first (item region.s3.logs.create), then retry.",
    "access denied": "Something in the bucket's policy denies delivery.logs.amazonaws.com, or you "
    "lack logs:CreateLogDelivery or s3:PutBucketPolicy. Mend it, then retry.",
}
"""What to do next, by words of AWS's refusal."""


@step("ec2.flow_log")
class FlowLog(Action, frozen=True, kw_only=True):
    """A flow log of the VPC to `bucket`, below `prefix`.

    A flow log cannot be changed: one of this VPC to the same bucket with other settings is shown,
    never replaced. Two pages of AWS disagree on whether CreateFlowLogs appends to the bucket's
    policy or overwrites it: what must be in there is written before, read again after, and put
    back by a merge.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html
    """

    volatile: ClassVar[tuple[str, ...]] = ("flow_logs.*.quiet",)
    """How long it has said nothing."""

    patience: ClassVar[Patience] = Patience(every=30, limit=1800)

    vpc_id: str
    region: str
    account_id: str
    session: int
    """Its number: with the VPC it makes the ClientToken, known before the call."""
    bucket: str
    source: str
    """The bucket whose access logs go to `bucket` too: its statement must survive."""
    source_prefix: str = "saas/"
    prefix: str = "vpc-flow-logs"
    traffic: Literal["ALL", "ACCEPT", "REJECT"] = "ALL"
    interval: Literal[60, 600] = 600
    """Seconds over which packets are counted together."""
    partition: str = "aws"

    def lock(self) -> str:
        return f"s3 policy {self.bucket}"

    @property
    def destination(self) -> str:
        """As AWS takes it, with the slash that makes the last part a folder."""
        folder = f"{self.prefix.strip('/')}/" if self.prefix.strip("/") else ""
        return f"arn:{self.partition}:s3:::{self.bucket}/{folder}"

    @property
    def policy(self) -> tuple[Statement, ...]:
        """The statements that the bucket's policy must have, before and after."""
        return AccessLogsPolicy(
            bucket=self.bucket,
            account_id=self.account_id,
            region=self.region,
            source=self.source,
            prefix=self.source_prefix,
            flow_prefix=self.prefix,
            partition=self.partition,
        ).wanted()

    def observe(self) -> Reads[Facts | None]:
        logs = yield Read(
            "ec2",
            "DescribeFlowLogs",
            {
                "Filter": [
                    {"Name": "resource-id", "Values": [self.vpc_id]},
                    {"Name": "log-destination-type", "Values": ["s3"]},
                ]
            },
            pages="FlowLogs",
        )
        now = yield Now()
        home = self.destination.partition("/")[0]
        return {
            "flow_logs": [
                _told(one, now)
                for one in sorted(logs, key=lambda one: str(one["FlowLogId"]))
                if str(one.get("LogDestination") or "").partition("/")[0] == home
            ],
            "policy": (yield from self._read_policy()),
        }

    def _read_policy(self) -> Reads[Json]:
        answer = yield Read(
            "s3",
            "GetBucketPolicy",
            owned(self.bucket, self.account_id),
            absent=("NoSuchBucketPolicy", "NoSuchBucket"),
        )
        return json.loads(answer["Policy"]) if answer else {}

    def differences(self, found: Facts | None) -> Differences:
        lost = self._lost(found["policy"] if found else {}, ())
        wrong = [Difference(f"policy {one['Sid']}", None, dict(one)) for one in lost]
        if found is None or not found["flow_logs"]:
            return (Difference("flow log", None, self.destination), *wrong)
        mine = self._mine(found)
        if mine is None:
            return tuple(self._other(one) for one in found["flow_logs"])
        return tuple(wrong) or self._delivering(mine)

    def _mine(self, found: Facts) -> Facts | None:
        """The flow log that is as it should be, if there is one."""
        wanted = self._settings
        return next(
            (one for one in found["flow_logs"] if {key: one[key] for key in wanted} == wanted),
            None,
        )

    @property
    def _settings(self) -> dict[str, Json]:
        return {
            "destination": self.destination.rstrip("/"),
            "traffic": self.traffic,
            "interval": self.interval,
        }

    def _other(self, one: Facts) -> Difference:
        have = {key: one[key] for key in self._settings}
        reason = (
            f"{one['id']} logs {self.vpc_id} to this bucket already, with other settings "
            f"({one['traffic']}, every {one['interval']} s, to {one['destination']}). A flow log "
            "cannot be changed, and a second one would deliver everything twice: delete it in the "
            "VPC console and retry, or skip this item and say why it may stay."
        )
        return Difference("flow log", have, self._settings, reason, fixable=False)

    def _delivering(self, mine: Facts) -> Differences:
        if mine["status"] != "ACTIVE":
            return (Difference("FlowLogStatus", mine["status"], "ACTIVE", settles=True),)
        if mine["delivery"] == "SUCCESS" or (mine["delivery"] is None and mine["quiet"]):
            return ()
        reason = ""
        if mine["delivery"] == "FAILED":
            # AWS tries again, so that what was mended shows after a while.
            reason = (
                f"AWS says {mine['error'] or 'nothing more'}: the bucket's policy, or the policy "
                f"of its KMS key, must let delivery.logs.amazonaws.com write to {self.bucket}"
            )
        return (Difference("DeliverLogsStatus", mine["delivery"], "SUCCESS", reason, settles=True),)

    def waiting_for(self, found: Facts | None) -> str:
        mine = self._mine(found) if found else None
        if mine is None:
            return f"the first flow logs of {self.vpc_id}"
        said = mine["error"] or mine["delivery"] or "nothing delivered yet"
        return f"{mine['id']} to deliver to {self.bucket} (now {mine['status']}, {said})"

    def _lost(self, policy: Mapping[str, Any], before: Sequence[Statement]) -> list[Statement]:
        """What must be in the policy, or was there `before`, and is not in it now."""
        have = statements(policy)
        return [
            one for one in (*self.policy, *before) if not any(same(one, other) for other in have)
        ]

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        policy = found["policy"] if found else {}
        if self._lost(policy, ()):
            policy = yield from self._mend(policy, self.policy)
        if found and found["flow_logs"]:
            return
        try:
            yield from self._create()
        except CallError as error:
            # Somebody was quicker: the next look tells whether theirs is as it should be.
            if error.code != "FlowLogAlreadyExists":
                raise
        after = yield from self._read_policy()
        lost = self._lost(after, statements(policy))
        if lost:
            yield from self._mend(after, lost)

    def _create(self) -> Writes:
        made = yield Made()
        # After an answer, be it a failure, AWS would repeat it for the same token.
        before = sum(1 for call in made if call["operation"] == "CreateFlowLogs")
        answer = yield Write(
            "ec2",
            "CreateFlowLogs",
            {
                "ResourceType": "VPC",
                "ResourceIds": [self.vpc_id],
                "TrafficType": self.traffic,
                "LogDestinationType": "s3",
                "LogDestination": self.destination,
                "MaxAggregationInterval": self.interval,
                "ClientToken": token(self.session, self.destination, self.vpc_id, before),
            },
            title=f"Log the traffic of {self.vpc_id} to {self.bucket}/{self.prefix}",
        )
        for failed in answer.get("Unsuccessful") or ():
            error = failed["Error"]
            said = f"{error.get('Code')}: {error.get('Message')}"
            raise StepError(
                f"AWS answered 200 and made no flow log of {failed.get('ResourceId')}. {said}",
                where=f"ec2:CreateFlowLogs of {self.vpc_id}",
                todo=next(
                    (todo for word, todo in NEXT_BY_REFUSAL.items() if word in said.lower()),
                    "Mend what AWS names, then retry: nothing was made.",
                ),
            )

    def _mend(self, policy: Mapping[str, Any], wanted: Sequence[Statement]) -> Reads[Json]:
        """Writes the policy with the statements in it; the policy as written."""
        named = [one for one in wanted if one.get("Sid")]
        whole = merged(policy, named)
        nameless = [one for one in wanted if not one.get("Sid")]
        whole = {**whole, "Statement": [*whole["Statement"], *nameless]}
        yield Write(
            "s3",
            "PutBucketPolicy",
            {**owned(self.bucket, self.account_id), "Policy": json.dumps(whole)},
            title=f"Keep the statements for log delivery in the policy of {self.bucket}",
        )
        return whole

    def outputs(self, found: Facts | None) -> Facts:
        mine = self._mine(found) if found else None
        return {
            "flow_log_id": mine["id"] if mine else None,
            "destination": self.destination,
            "delivery": (mine["delivery"] or "no traffic to deliver yet") if mine else None,
            "statements": [str(one["Sid"]) for one in self.policy],
        }

    def compared(self, found: Facts | None) -> Facts | None:
        logs = found["flow_logs"] if found else []
        if not logs:
            return None
        return {key: [one[key] for one in logs] for key in (*self._settings, "status")}

    def planned(self, found: Facts | None) -> Facts | None:
        if found and found["flow_logs"]:
            return self.compared(found)
        return {**{key: [value] for key, value in self._settings.items()}, "status": ["ACTIVE"]}


def _told(one: Mapping[str, Any], now: float) -> dict[str, Json]:
    made = one.get("CreationTime")
    age = now - datetime.fromisoformat(made).timestamp() if made else 0.0
    return {
        "id": one["FlowLogId"],
        "destination": str(one["LogDestination"]).rstrip("/"),
        "traffic": one.get("TrafficType"),
        "interval": one.get("MaxAggregationInterval"),
        "status": one.get("FlowLogStatus"),
        "delivery": one.get("DeliverLogsStatus"),
        "error": str(one.get("DeliverLogsErrorMessage") or ""),
        "quiet": age > QUIET,
    }
