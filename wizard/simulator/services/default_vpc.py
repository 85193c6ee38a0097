"""VPCs as AWS makes them: the default one leads to the internet; default groups trust themselves.

https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html
https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.ec2.models import EC2Backend

from wizard.simulator.services.errors import refusal
from wizard.simulator.services.patching import Method, wrap

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock
    from wizard.simulator.world import World


def install(clock: AccountClock, world: World) -> None:  # noqa: ARG001
    """Patch how moto's ec2 makes VPCs."""

    @wrap(EC2Backend, "create_default_vpc")
    def create_default_vpc(original: Method, self: Any) -> Any:
        vpc = original(self)
        gateway = self.create_internet_gateway()
        self.attach_internet_gateway(gateway.id, vpc.id)
        main = next(table for table in self.route_tables.values() if table.vpc_id == vpc.id)
        self.create_route(main.id, "0.0.0.0/0", gateway_id=gateway.id)
        # A VPC made again after the first one was deleted becomes the default of later calls.
        self.default_vpc = vpc
        return vpc

    @wrap(EC2Backend, "create_security_group")
    def create_security_group(original: Method, self: Any, *args: Any, **kwargs: Any) -> Any:
        group = original(self, *args, **kwargs)
        if kwargs.get("is_default"):
            self.authorize_security_group_ingress(
                group.id,
                "-1",
                None,
                None,
                [],
                source_groups=[{"GroupId": group.id}],
                vpc_id=group.vpc_id,
            )
        return group

    @wrap(EC2Backend, "attach_internet_gateway")
    def attach_internet_gateway(
        original: Method, self: Any, internet_gateway_id: str, vpc_id: str
    ) -> Any:
        for gateway in self.internet_gateways.values():
            if gateway.vpc is not None and gateway.vpc.id == vpc_id:
                raise refusal(
                    "InvalidParameterValue",
                    f"Network {vpc_id} already has an internet gateway attached",
                )
        return original(self, internet_gateway_id, vpc_id)
