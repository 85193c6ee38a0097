"""What target health says, and how long it takes to say it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.certificates import plant
from tests.simulator.in_process import Account, refused, simulated
from tests.simulator.network import Network, lay, start_core


@pytest.fixture
def account() -> Iterator[Account]:
    with simulated("acm", "ec2", "elbv2") as made:
        yield made


@pytest.fixture
def network(account: Account) -> Network:
    return lay(account, "abc")


class Service:
    """A target group with its load balancer across the first two zones."""

    def __init__(self, account: Account, network: Network, **group: Any) -> None:
        self.account = account
        self.elbv2 = account.client("elbv2")
        asked = {"HealthCheckProtocol": "HTTPS", "HealthCheckPath": "/hello", **group}
        self.group: str = self.elbv2.create_target_group(
            Name="tg", Protocol="HTTPS", Port=3567, VpcId=network.vpc, **asked
        )["TargetGroups"][0]["TargetGroupArn"]
        self.balancer: str = self.elbv2.create_load_balancer(
            Name="lb", Subnets=network.subnets[:2], SecurityGroups=[network.group]
        )["LoadBalancers"][0]["LoadBalancerArn"]

    def listen(self) -> None:
        """Give the active load balancer its listener."""
        self.account.clock.advance(150)
        self.elbv2.create_listener(
            LoadBalancerArn=self.balancer,
            Protocol="HTTPS",
            Port=3567,
            Certificates=[{"CertificateArn": plant(self.account)}],
            DefaultActions=[{"Type": "forward", "TargetGroupArn": self.group}],
        )

    def register(self, instance_id: str, **port: int) -> None:
        self.elbv2.register_targets(
            TargetGroupArn=self.group, Targets=[{"Id": instance_id, **port}]
        )

    def health(self) -> tuple[str, str | None]:
        (found,) = self.all_health()
        return found

    def all_health(self) -> list[tuple[str, str | None]]:
        shown = self.elbv2.describe_target_health(TargetGroupArn=self.group)
        return [
            (one["TargetHealth"]["State"], one["TargetHealth"].get("Reason"))
            for one in shown["TargetHealthDescriptions"]
        ]

    def words(self) -> str:
        shown = self.elbv2.describe_target_health(TargetGroupArn=self.group)
        return str(shown["TargetHealthDescriptions"][0]["TargetHealth"]["Description"])


def test_unused_then_initial_then_healthy(account: Account, network: Network) -> None:
    service = Service(account, network)
    service.register(start_core(account, network))
    assert service.health() == ("unused", "Target.NotInUse")
    service.listen()
    assert service.health() == ("initial", "Elb.RegistrationInProgress")
    account.clock.advance(6)
    assert service.health() == ("initial", "Elb.InitialHealthChecking")
    account.clock.advance(25)
    assert service.health() == ("healthy", None)


def test_plain_http_checks_meet_a_tls_port(account: Account, network: Network) -> None:
    service = Service(account, network, HealthCheckProtocol="HTTP")
    service.register(start_core(account, network))
    service.listen()
    account.clock.advance(31)
    assert service.health() == ("initial", "Elb.InitialHealthChecking")
    account.clock.advance(30)
    assert service.health() == ("unhealthy", "Target.ResponseCodeMismatch")
    assert service.words() == "Health checks failed with these codes: [400]"


def test_reasons(account: Account, network: Network) -> None:
    service = Service(account, network)
    silent = start_core(account, network, ports=(3999,))
    ill = start_core(account, network, failing=True)
    far = start_core(account, network, subnet=2)
    service.register(silent)
    service.register(ill)
    service.register(far)
    # The group of the instances opens 3567 to 3600 and no more.
    service.register(ill, Port=9000)
    service.listen()
    account.clock.advance(120)
    assert service.all_health() == [
        ("unhealthy", "Target.FailedHealthChecks"),
        ("unhealthy", "Target.ResponseCodeMismatch"),
        ("unused", "Target.NotInUse"),
        ("unhealthy", "Target.Timeout"),
    ]


def test_a_core_that_starts_late_turns_healthy(account: Account, network: Network) -> None:
    service = Service(account, network)
    service.register(start_core(account, network, ready_at=account.clock.now() + 600))
    service.listen()
    account.clock.advance(90)
    assert service.health() == ("unhealthy", "Target.FailedHealthChecks")
    account.clock.advance(600)
    assert service.health() == ("healthy", None)


def test_thresholds_count_consecutive_checks(account: Account, network: Network) -> None:
    service = Service(account, network)
    instance = start_core(account, network)
    service.register(instance)
    service.listen()
    account.clock.advance(60)
    assert service.health() == ("healthy", None)
    account.world.cores.pop(instance)
    account.clock.advance(30)
    assert service.health() == ("healthy", None)
    account.clock.advance(30)
    assert service.health() == ("unhealthy", "Target.FailedHealthChecks")


def test_stopped_and_terminated(account: Account, network: Network) -> None:
    service = Service(account, network)
    instance, ec2 = start_core(account, network), account.client("ec2")
    service.register(instance)
    service.listen()
    account.clock.advance(60)
    assert service.health()[0] == "healthy"
    ec2.stop_instances(InstanceIds=[instance])
    assert service.health() == ("unused", "Target.InvalidState")
    ec2.terminate_instances(InstanceIds=[instance])
    assert service.health() == ("draining", "Target.DeregistrationInProgress")
    account.clock.advance(301)
    assert service.all_health() == []


def test_registration(account: Account, network: Network) -> None:
    service = Service(account, network)
    instance, ec2 = start_core(account, network), account.client("ec2")
    service.register(instance)
    service.register(instance)
    service.register(instance, Port=3568)
    assert len(service.all_health()) == 2
    with refused("InvalidTarget", "do not exist"):
        service.register("i-0123456789abcdef0")
    with refused("ValidationError", "is not valid"):
        service.register("10.0.0.7")
    ec2.stop_instances(InstanceIds=[instance])
    with refused("InvalidTarget", "not in a running state"):
        service.register(instance)
    elsewhere = start_core(account, lay(account, gateway=False))
    with refused("InvalidTarget", "not in the target group VPC"):
        service.register(elsewhere)
    elbv2 = account.client("elbv2")
    elbv2.deregister_targets(TargetGroupArn=service.group, Targets=[{"Id": instance}])
    assert service.all_health() == []
    with refused("InvalidTarget"):
        elbv2.deregister_targets(TargetGroupArn=service.group, Targets=[{"Id": instance}])
