"""Whether the app stands on several instances and cores, and on pools that fit its database."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import ClassVar

from msgspec.structs import force_setattr

from steps.target_health import SETTLING, summary, targets
from wizard.effects import Facts, Handshake, Json, Read
from wizard.step import Difference, Differences, Patience, Probe, Reads, step

# Of max_connections; the rest is for migrations, people and other servers.
USABLE_CONNECTIONS = 0.8


def healthy(found: Sequence[Mapping[str, Json]]) -> list[Mapping[str, Json]]:
    """The targets that serve."""
    return [entry for entry in found if entry["state"] == "healthy"]


def undecided(found: Sequence[Mapping[str, Json]]) -> bool:
    """Whether waiting may bring more healthy targets."""
    return any(entry["state"] in SETTLING for entry in found)


@step("cover.multi_instance")
class MultiInstance(Probe, frozen=True, kw_only=True):
    """At least `instances` healthy instances in at least `zones` Availability Zones."""

    volatile: ClassVar[tuple[str, ...]] = ("targets",)
    """Sick ones are differences."""

    target_group_arn: str
    instances: int = 2
    zones: int = 2

    def observe(self) -> Reads[Facts | None]:
        found = yield from targets(self.target_group_arn)
        serving = sorted({entry["instance"] for entry in healthy(found)})
        described = []
        if serving:
            described = yield Read(
                "ec2",
                "DescribeInstances",
                {"InstanceIds": serving},
                pages="Reservations[].Instances[]",
            )
        zones = {one["InstanceId"]: one["Placement"]["AvailabilityZone"] for one in described}
        return {
            "instances": {instance: zones.get(instance, "?") for instance in serving},
            "zones": sorted(set(zones.values())),
            "targets": found,
        }

    def differences(self, found: Facts | None) -> Differences:
        have: Facts = found or {"instances": {}, "zones": [], "targets": []}
        waiting = undecided(have["targets"])
        wrong = []
        if len(have["instances"]) < self.instances:
            wrong.append(
                Difference(
                    "healthy instances",
                    len(have["instances"]),
                    self.instances,
                    reason=f"Only {', '.join(have['instances']) or 'none'} is healthy "
                    f"({summary(have['targets'])}): add an instance, or mend the sick one.",
                    settles=waiting,
                )
            )
        if len(have["zones"]) < self.zones:
            wrong.append(
                Difference(
                    "Availability Zones",
                    have["zones"],
                    self.zones,
                    reason="The healthy instances are in "
                    f"{', '.join(have['zones']) or 'no zone'} only: one zone's failure takes the "
                    "app down. Register an instance in another zone.",
                    settles=waiting,
                )
            )
        return tuple(wrong)

    def instructions(self, found: Facts | None) -> str:
        return (
            f"Register instances in the target group until {self.instances} are healthy in "
            f"{self.zones} zones; the wizard looks again by itself."
        )

    def waiting_for(self, found: Facts | None) -> str:
        return f"healthy instances: {summary(found['targets'] if found else [])}"


@step("cover.multi_core")
class MultiCore(Probe, frozen=True, kw_only=True):
    """Several cores, and on each instance as many as the operator says.

    The runbook leaves "two per ec2 instance or one?" open: the answer is `cores_per_instance`.
    """

    volatile: ClassVar[tuple[str, ...]] = ("targets",)
    """Sick ones are differences."""

    target_group_arn: str
    cores_per_instance: int
    cores: int = 2

    def observe(self) -> Reads[Facts | None]:
        found = yield from targets(self.target_group_arn)
        serving = healthy(found)
        return {
            "cores": len(serving),
            "per_instance": dict(sorted(Counter(one["instance"] for one in serving).items())),
            "answer": self.cores_per_instance,
            "targets": found,
        }

    def differences(self, found: Facts | None) -> Differences:
        have: Facts = found or {"cores": 0, "per_instance": {}, "targets": []}
        waiting = undecided(have["targets"])
        wrong = []
        if have["cores"] < self.cores:
            wrong.append(
                Difference(
                    "healthy cores",
                    have["cores"],
                    self.cores,
                    reason=f"{have['cores']} of {len(have['targets'])} cores are healthy, and "
                    f"{self.cores} are needed.",
                    settles=waiting,
                )
            )
        wrong += [
            Difference(
                f"cores on {instance}",
                count,
                self.cores_per_instance,
                reason=f"{instance} has {count} healthy core(s) and the answer was "
                f"{self.cores_per_instance}: register the others with their ports, or change the "
                "answer.",
                settles=waiting,
            )
            for instance, count in have["per_instance"].items()
            if count != self.cores_per_instance
        ]
        return tuple(wrong)

    def instructions(self, found: Facts | None) -> str:
        return (
            f"Register each core as a target of its own (instance and port), "
            f"{self.cores_per_instance} per instance; the wizard looks again by itself."
        )

    def waiting_for(self, found: Facts | None) -> str:
        return f"healthy cores: {summary(found['targets'] if found else [])}"


@step("cover.pools")
class Pools(Probe, frozen=True, kw_only=True):
    """The cores' connection pools together leave the database room.

    The sizes are the operator's figures, since they stand in the cores' own configuration
    (`postgresql_connection_pool_size` and `max_server_pool_size`, both 10 by default). Without
    `max_connections` nothing can be compared, and a person confirms that they fit.
    """

    target_group_arn: str
    thread_pool_size: int
    connection_pool_size: int
    max_connections: int | None = None

    def __post_init__(self) -> None:
        if self.max_connections is None and not self.attest:
            force_setattr(
                self,
                "attest",
                "Compare the connections shown with max_connections of the app's database (SHOW "
                "max_connections): they should be at most 80 % of it. Say both figures in the "
                "note.",
            )

    def observe(self) -> Reads[Facts | None]:
        found = yield from targets(self.target_group_arn)
        return {
            "cores": len(found),
            "thread_pool_size": self.thread_pool_size,
            "connection_pool_size": self.connection_pool_size,
            "connections": len(found) * self.connection_pool_size,
            "max_connections": self.max_connections,
        }

    def differences(self, found: Facts | None) -> Differences:
        if self.max_connections is None:
            return ()
        most = int(self.max_connections * USABLE_CONNECTIONS)
        if found is None:
            return (Difference("connections", None, most, reason="The cores are not known yet."),)
        if found["connections"] <= most:
            return ()
        return (
            Difference(
                "connections",
                found["connections"],
                most,
                reason=f"{found['cores']} cores × {self.connection_pool_size} connections are "
                f"{found['connections']}, more than 80 % of the {self.max_connections} that the "
                "database takes.",
            ),
        )

    def instructions(self, found: Facts | None) -> str:
        return (
            "Make the cores' postgresql_connection_pool_size smaller or the database larger, then "
            "change the figures in the inputs."
        )


@step("cover.one_alive")
class OneAlive(Probe, frozen=True, kw_only=True):
    """The load balancer goes on with one healthy target, and there is more than one.

    With `load_balancer_dns` and `name`, it is also asked whether the app answers now.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health.html
    """

    volatile: ClassVar[tuple[str, ...]] = ("targets", "healthy")
    """Too few healthy ones are a difference."""

    patience: ClassVar[Patience] = Patience(every=15, limit=900)

    target_group_arn: str
    load_balancer_dns: str = ""
    name: str = ""
    port: int = 3567
    path: str = "/hello"

    def observe(self) -> Reads[Facts | None]:
        found = yield from targets(self.target_group_arn)
        answer = yield Read(
            "elbv2", "DescribeTargetGroupAttributes", {"TargetGroupArn": self.target_group_arn}
        )
        facts: dict[str, Json] = {
            "healthy": len(healthy(found)),
            "targets": found,
            "attributes": {
                one["Key"]: one["Value"]
                for one in answer["Attributes"]
                if one["Key"].startswith("target_group_health.")
            },
        }
        if self.load_balancer_dns and self.name:
            tls = yield Handshake(self.load_balancer_dns, self.port, self.name, self.path)
            facts["status"] = tls.get("status")
        return facts

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            return (Difference("healthy", None, 2, reason="The target group is not there."),)
        wrong = [
            Difference(
                key,
                value,
                "off" if key.endswith("percentage") else "1",
                reason=f"The target group counts as unhealthy below {value} targets: one core "
                "that is alive would not carry the app. Edit the target group's attributes, "
                "Target group health requirements.",
            )
            for key, value in found["attributes"].items()
            if value not in {"1", "off"}
        ]
        if found["healthy"] < 2:
            wrong.append(
                Difference(
                    "healthy",
                    found["healthy"],
                    2,
                    reason=f"{summary(found['targets'])}: with fewer than two, the loss of one "
                    "is an outage.",
                    settles=undecided(found["targets"]),
                )
            )
        if found.get("status", 200) != 200:
            wrong.append(
                Difference(
                    f"GET {self.path}",
                    found["status"],
                    200,
                    reason=f"The load balancer does not answer {self.path} with 200.",
                )
            )
        return tuple(wrong)

    def instructions(self, found: Facts | None) -> str:
        return "See to it that one healthy core is enough; the wizard looks again by itself."
