"""What answers behind a load balancer or an instance on one port, and with which certificate."""

import datetime as dt
import itertools
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wizard.simulator.names import Client, Instance, LoadBalancer, Unreachable
from wizard.simulator.world import World

_ANYWHERE = {"0.0.0.0/0", "::/0"}


@dataclass(frozen=True, slots=True)
class Door:
    """An open port: its TLS (None for plain HTTP) and what it answers to a method and path.

    `dimension` is the load balancer's in CloudWatch, or None for an instance's own port.
    """

    tls: ssl.SSLContext | None
    respond: Callable[[str, str], tuple[int, str]]
    dimension: str | None


class Doors:
    """Opens the door for who comes from the internet, or says why it stays shut."""

    def __init__(self, client: Client, world: World, now: Callable[[], float]) -> None:
        self._client = client
        self._world = world
        self._now = now
        self._turn = itertools.count()
        self._turn_lock = threading.Lock()

    def open(self, end: LoadBalancer | Instance, port: int) -> Door:
        """The door on that port; raises Unreachable(502 or 504) with the reason."""
        match end:
            case LoadBalancer():
                return self._load_balancer(end, port)
            case Instance():
                return self._instance(end, port)

    def _load_balancer(self, end: LoadBalancer, port: int) -> Door:
        shape, name = end.shape, end.shape["LoadBalancerName"]
        state = shape["State"]["Code"]
        if state not in {"active", "active_impaired"}:
            raise Unreachable(502, f"load balancer {name} is {state}")
        if shape["Scheme"] != "internet-facing":
            raise Unreachable(504, f"load balancer {name} is internal: not reachable from here")
        self._need_open(end.region, shape.get("SecurityGroups", []), port, f"load balancer {name}")
        elbv2 = self._client("elbv2", end.region)
        listeners = elbv2.describe_listeners(LoadBalancerArn=shape["LoadBalancerArn"])["Listeners"]
        listener = next((one for one in listeners if one["Port"] == port), None)
        if listener is None:
            raise Unreachable(502, f"load balancer {name} refuses port {port}: no listener")
        return Door(
            tls=self._listener_tls(end.region, listener),
            respond=lambda method, path: self._forward(end.region, listener, method, path),
            dimension=shape["LoadBalancerArn"].partition(":loadbalancer/")[2],
        )

    def _listener_tls(self, region: str, listener: dict[str, Any]) -> ssl.SSLContext | None:
        if listener["Protocol"] != "HTTPS":
            return None
        arn = listener["Certificates"][0]["CertificateArn"]
        found = self._client("acm", region).describe_certificate(CertificateArn=arn)["Certificate"]
        names = [found["DomainName"], *found.get("SubjectAlternativeNames", [])]
        ends: dt.datetime | None = found.get("NotAfter")
        return self._world.authority.server_context(dict.fromkeys(names), ends)

    def _forward(
        self, region: str, listener: dict[str, Any], method: str, path: str
    ) -> tuple[int, str]:
        arn = _target_group(listener)
        if arn is None:
            return 503, "Service Temporarily Unavailable: the listener forwards to no target group"
        elbv2, ec2 = self._client("elbv2", region), self._client("ec2", region)
        health = elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        usable = [
            one for one in health if one["TargetHealth"]["State"] not in {"unused", "draining"}
        ]
        # With none healthy a load balancer tries them all ("fail open" in AWS's guide).
        healthy = [one for one in usable if one["TargetHealth"]["State"] == "healthy"]
        candidates = healthy or usable
        if not candidates:
            return 503, "Service Temporarily Unavailable: no registered target"
        with self._turn_lock:
            chosen = candidates[next(self._turn) % len(candidates)]["Target"]
        if not _runs(ec2, chosen["Id"]):
            return 502, "Bad Gateway: the target does not run"
        return self._core(chosen["Id"], int(chosen["Port"]), method, path)

    def _core(self, instance_id: str, port: int, method: str, path: str) -> tuple[int, str]:
        now = self._now()
        if not self._world.answers(instance_id, port, now):
            return 502, "Bad Gateway: the target does not answer"
        if not self._world.healthy(instance_id, port, now):
            return 500, "Internal Error"
        if path.partition("?")[0] != "/hello" or method not in {"GET", "HEAD", "POST", "PUT"}:
            return 404, "Not Found"
        return 200, "Hello"

    def _instance(self, end: Instance, port: int) -> Door:
        shape, instance_id = end.shape, end.shape["InstanceId"]
        if shape["State"]["Name"] != "running":
            raise Unreachable(504, f"instance {instance_id} is {shape['State']['Name']}")
        groups = [group["GroupId"] for group in shape["SecurityGroups"]]
        self._need_open(end.region, groups, port, f"instance {instance_id}")
        if not self._world.answers(instance_id, port, self._now()):
            raise Unreachable(502, f"instance {instance_id} refuses port {port}")
        host = shape.get("PublicDnsName") or instance_id
        return Door(
            tls=self._world.authority.server_context([host], signed=False),
            respond=lambda method, path: self._core(instance_id, port, method, path),
            dimension=None,
        )

    def _need_open(self, region: str, groups: list[str], port: int, what: str) -> None:
        shapes = (
            self._client("ec2", region).describe_security_groups(GroupIds=groups)["SecurityGroups"]
            if groups
            else []
        )
        if not any(_lets_in(rule, port) for one in shapes for rule in one["IpPermissions"]):
            raise Unreachable(504, f"{what} times out: no security group opens port {port}")


def _runs(ec2: Any, instance_id: str) -> bool:
    wanted = [{"Name": "instance-id", "Values": [instance_id]}]
    found = ec2.describe_instances(Filters=wanted)["Reservations"]
    return any(i["State"]["Name"] == "running" for each in found for i in each["Instances"])


def _target_group(listener: dict[str, Any]) -> str | None:
    for action in listener.get("DefaultActions", []):
        if action["Type"] == "forward":
            groups = action.get("ForwardConfig", {}).get("TargetGroups", [])
            arn = action.get("TargetGroupArn") or (groups[0]["TargetGroupArn"] if groups else None)
            return None if arn is None else str(arn)
    return None


def _lets_in(rule: dict[str, Any], port: int) -> bool:
    ranges = {one["CidrIp"] for one in rule.get("IpRanges", [])}
    ranges |= {one["CidrIpv6"] for one in rule.get("Ipv6Ranges", [])}
    if not ranges & _ANYWHERE:
        return False
    match rule["IpProtocol"]:
        case "-1":
            return True
        case "tcp" | "6":
            return bool(rule["FromPort"] <= port <= rule["ToPort"])
        case _:
            return False
