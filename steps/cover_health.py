"""Whether what breaks is noticed: health checks, alarms, and the way to Slack."""

from collections.abc import Mapping
from typing import ClassVar

from msgspec.structs import force_setattr

from steps.cloudwatch import Alarm
from steps.sns import is_confirmed
from steps.target_health import sick, summary, targets
from wizard.effects import Facts, Json, Read
from wizard.step import Difference, Differences, Patience, Probe, Reads, compare, step


def alarms_called(names: tuple[str, ...]) -> Reads[dict[str, Mapping[str, Json]]]:
    """The metric alarms of these names that exist, by name."""
    if not names:
        return {}
    found = yield Read(
        "cloudwatch",
        "DescribeAlarms",
        {"AlarmNames": list(names), "AlarmTypes": ["MetricAlarm"]},
        pages="MetricAlarms",
    )
    return {alarm["AlarmName"]: alarm for alarm in found}


@step("cover.health")
class Health(Probe, frozen=True, kw_only=True):
    """Each core is checked over HTTPS at `path`, and alarms watch the load balancer.

    A core's /hello reads from its database, so that 200 means core and database; the load
    balancer's own errors are what the alarms are for.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
    """

    volatile: ClassVar[tuple[str, ...]] = ("targets",)
    """Sick ones are differences."""

    patience: ClassVar[Patience] = Patience(every=15, limit=900)

    target_group_arn: str
    alarm_names: tuple[str, ...] = ()
    path: str = "/hello"
    protocol: str = "HTTPS"

    def observe(self) -> Reads[Facts | None]:
        groups = yield Read(
            "elbv2",
            "DescribeTargetGroups",
            {"TargetGroupArns": [self.target_group_arn]},
            pages="TargetGroups",
            absent=("TargetGroupNotFound",),
        )
        if not groups:
            return None
        group = groups[0]
        found = yield from targets(self.target_group_arn)
        alarms = yield from alarms_called(self.alarm_names)
        return {
            "HealthCheckEnabled": group.get("HealthCheckEnabled", True),
            "HealthCheckProtocol": group.get("HealthCheckProtocol"),
            "HealthCheckPath": group.get("HealthCheckPath"),
            "HealthCheckPort": group.get("HealthCheckPort"),
            "targets": found,
            "alarms": sorted(alarms),
        }

    def differences(self, found: Facts | None) -> Differences:
        wanted = {
            "HealthCheckEnabled": True,
            "HealthCheckProtocol": self.protocol,
            "HealthCheckPath": self.path,
            # Each core is asked on its own port only so.
            "HealthCheckPort": "traffic-port",
        }
        if found is None:
            return compare(wanted, None)
        missing = [name for name in self.alarm_names if name not in found["alarms"]]
        return (
            *compare(wanted, found),
            *sick(found["targets"]),
            *(
                Difference(f"alarm {name}", None, name, reason=f"There is no alarm {name}.")
                for name in missing
            ),
        )

    def instructions(self, found: Facts | None) -> str:
        return (
            f"Let the target group check {self.protocol} {self.path} on the traffic port, mend "
            "the targets that are not healthy, and create the alarms that are missing; the wizard "
            "looks again by itself."
        )

    def waiting_for(self, found: Facts | None) -> str:
        return f"every core to be healthy: {summary(found['targets'] if found else [])}"


@step("cover.slack")
class Slack(Probe, frozen=True, kw_only=True):
    """Each alarm tells the topic, and the topic has a confirmed e-mail subscription.

    Only a person can say that the mails show in Slack: `attest` is what they confirm.
    https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html
    """

    patience: ClassVar[Patience] = Patience(every=15, limit=172800)

    topic_arn: str
    alarm_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.attest:
            force_setattr(
                self,
                "attest",
                "Confirm that messages of this topic show in Slack: say in the note in which "
                "channel, and which message you saw there.",
            )

    def observe(self) -> Reads[Facts | None]:
        subscriptions = yield Read(
            "sns",
            "ListSubscriptionsByTopic",
            {"TopicArn": self.topic_arn},
            pages="Subscriptions",
            absent=("NotFound", "NotFoundException"),
        )
        mails = [one for one in subscriptions if one["Protocol"] in {"email", "email-json"}]
        alarms = yield from alarms_called(self.alarm_names)
        return {
            "confirmed": sorted(one["Endpoint"] for one in mails if is_confirmed(one)),
            "pending": sorted(one["Endpoint"] for one in mails if not is_confirmed(one)),
            "alarms": {
                name: {
                    "tells_the_topic": self.topic_arn in alarm.get("AlarmActions", []),
                    "actions_enabled": alarm.get("ActionsEnabled", True),
                }
                for name, alarm in sorted(alarms.items())
            },
        }

    def differences(self, found: Facts | None) -> Differences:
        have: Facts = found or {"confirmed": [], "pending": [], "alarms": {}}
        wrong = [
            Difference(
                f"alarm {name}",
                have["alarms"].get(name),
                "tells the topic",
                reason=f"The alarm {name} does not exist, or does not tell this topic.",
            )
            for name in self.alarm_names
            if have["alarms"].get(name) != {"tells_the_topic": True, "actions_enabled": True}
        ]
        if not have["confirmed"]:
            pending = ", ".join(have["pending"])
            wrong.append(
                Difference(
                    "confirmed e-mail subscriptions",
                    have["confirmed"],
                    "at least one",
                    reason=f"Nobody is told: the subscription of {pending} is not confirmed. "
                    "Open the link of AWS's mail in the Slack channel (it lives 48 hours)."
                    if pending
                    else "Nobody is told: the topic has no e-mail subscription.",
                )
            )
        return tuple(wrong)

    def instructions(self, found: Facts | None) -> str:
        return (
            f"See to it that the alarms tell {self.topic_arn} and that the Slack channel's address "
            "is subscribed to it and confirmed; the wizard looks again by itself."
        )


@step("cover.alarms")
class Alarms(Probe, frozen=True, kw_only=True):
    """The alarms exist with every field as it was to be.

    `alarms` are the `definition` outputs of the items that made them: what is right stays said
    in one place.
    """

    volatile: ClassVar[tuple[str, ...]] = ("*.state",)
    """What the metric does is not the alarm's setting."""

    alarms: tuple[Alarm, ...]

    def observe(self) -> Reads[Facts | None]:
        found = {}
        for alarm in self.alarms:
            found[alarm.name] = yield from alarm.observe()
        return found

    def differences(self, found: Facts | None) -> Differences:
        have: Facts = found or {}
        return tuple(
            Difference(
                f"{alarm.name}: {difference.field}",
                difference.found,
                difference.wanted,
                reason=f"{alarm.name}: {difference.field} is {difference.found!r}, not "
                f"{difference.wanted!r}.",
            )
            for alarm in self.alarms
            for difference in alarm.differences(have.get(alarm.name))
        )

    def instructions(self, found: Facts | None) -> str:
        return (
            "Somebody has changed or deleted an alarm: retry the alarm's item, or mend it in the "
            "console; the wizard looks again by itself."
        )

    def outputs(self, found: Facts | None) -> Facts:
        return {"states": {name: alarm["state"] for name, alarm in (found or {}).items() if alarm}}
