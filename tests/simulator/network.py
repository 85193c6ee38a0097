"""A VPC with subnets, a gateway, security groups and instances, for tests of load balancers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.simulator.in_process import Account
from wizard.simulator.world import Core


@dataclass(frozen=True)
class Network:
    """The ids of what `lay` made."""

    vpc: str
    subnets: list[str]
    group: str


def lay(account: Account, zones: str = "ab", *, gateway: bool = True) -> Network:
    """A VPC with one /20 subnet a zone, a gateway, and a group that opens 3567-3600."""
    ec2 = account.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(
            VpcId=vpc,
            CidrBlock=f"10.0.{16 * index}.0/20",
            AvailabilityZone=f"{account.region}{zone}",
        )["Subnet"]["SubnetId"]
        for index, zone in enumerate(zones)
    ]
    if gateway:
        igw = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
    group = ec2.create_security_group(
        GroupName="supertokens-nginx-port", Description="nginx", VpcId=vpc
    )["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=group, IpProtocol="tcp", FromPort=3567, ToPort=3600, CidrIp="0.0.0.0/0"
    )
    return Network(vpc, subnets, group)


def start_core(account: Account, network: Network, subnet: int = 0, **core: Any) -> str:
    """A running instance whose core answers on 3567, unless `core` says otherwise."""
    ec2 = account.client("ec2")
    instance_id: str = ec2.run_instances(
        ImageId="ami-12c6146b",
        MinCount=1,
        MaxCount=1,
        SubnetId=network.subnets[subnet],
        SecurityGroupIds=[network.group],
    )["Instances"][0]["InstanceId"]
    account.clock.advance(60)
    ec2.describe_instances(InstanceIds=[instance_id])
    described = {"app_id": "app", "region": account.region, "ready_at": 0.0, **core}
    account.world.register_core(Core(instance_id=instance_id, **described))
    return instance_id
