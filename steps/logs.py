"""CloudWatch Logs: log groups, and for how long they keep their events."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta

from wizard.effects import Facts, Json, Read, Write
from wizard.step import Action, Difference, Differences, Reads, Writes, step

GROUPS = Read("logs", "DescribeLogGroups", pages="logGroups", keeps=60.0)
"""All log groups of the region: one listing for everybody who asks within a minute."""

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
# fmt: off
DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
)
# fmt: on


def group_named(name: str) -> Reads[Facts | None]:
    """The log group of exactly this name, looked up by itself.

    Groups are listed in the order of their names, so the first of those that begin so is it.
    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html
    """
    answer = yield Read("logs", "DescribeLogGroups", {"logGroupNamePrefix": name, "limit": 1})
    for group in answer["logGroups"]:
        if group["logGroupName"] == name:
            return dict(group)
    return None


def in_listing(groups: Sequence[Facts], name: str) -> Facts | None:
    """The group of this name; the listing is in the order of names, and may be long."""
    at = bisect_left(groups, name, key=lambda one: str(one["logGroupName"]))
    if at < len(groups) and groups[at]["logGroupName"] == name:
        return groups[at]
    return None


def class_of(group: Facts) -> str:
    """STANDARD, INFREQUENT_ACCESS or DELIVERY."""
    return str(group.get("logGroupClass") or "STANDARD")


def kept(days: Json) -> str:
    """How long a group keeps its events, in words."""
    return "for ever" if days is None else f"{days} days"


@step("logs.retention")
class Retention(Action, frozen=True, kw_only=True):
    """How long a log group keeps its events. `days` is one of those that AWS allows.

    A retention that is set and longer is left as it is unless the group is among `lower`: what
    is older is deleted for good, within 72 hours. "Never expire" is what nobody has set yet.
    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
    """

    name: str
    days: Annotated[int, Meta(ge=1, le=3653)]
    lower: tuple[str, ...] | None = None
    """Names of the groups whose longer retention is to be shortened."""

    def observe(self) -> Reads[Facts | None]:
        group = in_listing((yield GROUPS), self.name)
        if group is None:
            return None
        return {"retention_days": group.get("retentionInDays"), "class": class_of(group)}

    def differences(self, found: Facts | None) -> Differences:
        if self.days not in DAYS:
            allowed = ", ".join(str(days) for days in DAYS)
            reason = f"CloudWatch Logs keeps events for {allowed} days, not for {self.days}."
            return (Difference("days", None, self.days, reason=reason, fixable=False),)
        if found is None:
            reason = "The log group is gone: it was deleted after it was listed. Skip it."
            return (Difference("name", None, self.name, reason=reason, fixable=False),)
        have = found["retention_days"]
        if have == self.days or found["class"] == "DELIVERY" or self._is_left(have):
            return ()
        reason = f"It keeps its events {kept(have)}."
        if have is None or have > self.days:
            reason += f" Those older than {self.days} days are deleted for good within 72 hours."
        return (Difference("retention_days", have, self.days, reason=reason),)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        have = (found or {}).get("retention_days")
        yield Write(
            "logs",
            "PutRetentionPolicy",
            {"logGroupName": self.name, "retentionInDays": self.days},
            title=f"Keep the events of {self.name} {self.days} days (now {kept(have)})",
        )

    def outputs(self, found: Facts | None) -> Facts:
        """With `why`, where a group is as it is for another reason than its days."""
        have = found or {}
        why = ""
        if have.get("class") == "DELIVERY":
            why = "a group of the Delivery class keeps its events for two days, which is fixed"
        elif self._is_left(have.get("retention_days")):
            why = f"it keeps its events longer, {kept(have.get('retention_days'))}: left as it is"
        return {**have, "name": self.name, "why": why}

    def _is_left(self, have: Json) -> bool:
        return have is not None and have > self.days and self.name not in (self.lower or ())


@step("logs.group")
class Group(Action, frozen=True, kw_only=True):
    """A log group. One that exists is left as it is.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
    """

    name: str

    def observe(self) -> Reads[Facts | None]:
        group = yield from group_named(self.name)
        if group is None:
            return None
        return {"name": self.name, "class": class_of(group)}

    def differences(self, found: Facts | None) -> Differences:
        return () if found is not None else (Difference("name", None, self.name),)

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        yield Write(
            "logs",
            "CreateLogGroup",
            {"logGroupName": self.name},
            title=f"Create log group {self.name}",
        )
