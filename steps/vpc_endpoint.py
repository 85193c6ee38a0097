"""The gateway endpoint through which a VPC reaches S3.

https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar

from steps.ec2 import in_vpc
from wizard.effects import Facts, Json, Made, Read, Write
from wizard.step import Action, Difference, Differences, Patience, Reads, Writes, step

LIVE = ("pending", "available", "pendingAcceptance")
FULL_ACCESS = "full access"


def token(*parts: object) -> str:
    """A ClientToken, at most 64 characters, the same for the same parts.

    https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
    """
    text = " ".join(str(part) for part in parts)
    return f"st-wizard-{hashlib.sha256(text.encode()).hexdigest()[:40]}"


@step("ec2.s3_endpoint")
class S3Endpoint(Action, frozen=True, kw_only=True):
    """A gateway endpoint for S3 in the routes of the given route tables.

    Several endpoints of the VPC count together: a table belongs to one of them, and it does not
    matter to which. Tables of none are added to the first endpoint there is. An endpoint's own
    policy is left as it is; a new one has AWS's default, full access.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
    """

    patience: ClassVar[Patience] = Patience(every=5, limit=600)

    vpc_id: str
    region: str
    session: int
    """Its number: with the VPC it makes the ClientToken, known before the call."""
    route_tables: tuple[str, ...] = ()
    """Empty: all of the VPC, the main one among them."""

    @property
    def service(self) -> str:
        """`com.amazonaws.eu-central-2.s3`."""
        return f"com.amazonaws.{self.region}.s3"

    def lock(self) -> str:
        return f"vpc endpoints {self.vpc_id}"

    def observe(self) -> Reads[Facts | None]:
        endpoints = yield Read(
            "ec2",
            "DescribeVpcEndpoints",
            {
                "Filters": [
                    {"Name": "vpc-id", "Values": [self.vpc_id]},
                    {"Name": "service-name", "Values": [self.service]},
                    {"Name": "vpc-endpoint-type", "Values": ["Gateway"]},
                ]
            },
            pages="VpcEndpoints",
        )
        tables = yield Read("ec2", "DescribeRouteTables", in_vpc(self.vpc_id), pages="RouteTables")
        live = [one for one in endpoints if str(one["State"]).lower() in _LOWER]
        return {
            "endpoints": {
                str(one["VpcEndpointId"]): {
                    "state": str(one["State"]).lower(),
                    "policy": _policy(one.get("PolicyDocument")),
                    "route_tables": sorted(one.get("RouteTableIds") or ()),
                }
                for one in sorted(live, key=lambda one: str(one["VpcEndpointId"]))
            },
            "failed": sorted(
                f"{one['VpcEndpointId']} is {one['State']}"
                for one in endpoints
                if str(one["State"]).lower() in {"failed", "rejected", "expired"}
            ),
            "tables": {
                str(one["RouteTableId"]): _route(one, {str(e["VpcEndpointId"]) for e in live})
                for one in sorted(tables, key=lambda one: str(one["RouteTableId"]))
            },
        }

    def differences(self, found: Facts | None) -> Differences:
        if found is None or not found["endpoints"]:
            return (Difference("endpoint", None, self.service),)
        wrong = [
            Difference(
                table,
                None,
                "in the VPC",
                reason=f"{self.vpc_id} has no route table {table}: choose among those it has.",
                fixable=False,
            )
            for table in self.route_tables
            if table not in found["tables"]
        ]
        wrong += [
            Difference(f"route table {table}", None, next(iter(found["endpoints"])))
            for table in self._missing(found)
        ]
        if wrong:
            return tuple(wrong)
        waiting = [
            Difference(f"state of {key}", one["state"], "available", settles=True)
            for key, one in found["endpoints"].items()
            if one["state"] != "available"
        ]
        waiting += [
            Difference(f"route of {table}", None, "to the endpoint", settles=True)
            for table in self._wanted(found)
            if not found["tables"][table]
        ]
        return tuple(waiting)

    def _wanted(self, found: Facts) -> list[str]:
        return [
            table
            for table in found["tables"]
            if not self.route_tables or table in self.route_tables
        ]

    def _missing(self, found: Facts) -> list[str]:
        held = {table for one in found["endpoints"].values() for table in one["route_tables"]}
        return [table for table in self._wanted(found) if table not in held]

    def waiting_for(self, found: Facts | None) -> str:
        states = [one["state"] for one in found["endpoints"].values()] if found else []
        return f"the S3 endpoint of {self.vpc_id} and its routes (now {', '.join(states)})"

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        tables = self._wanted(found) if found else list(self.route_tables)
        if found and found["endpoints"]:
            endpoint = next(iter(found["endpoints"]))
            missing = self._missing(found)
            yield Write(
                "ec2",
                "ModifyVpcEndpoint",
                {"VpcEndpointId": endpoint, "AddRouteTableIds": missing},
                title=f"Add {len(missing)} route tables to {endpoint}",
            )
            return
        made = yield Made()
        before = sum(1 for call in made if call["operation"] == "CreateVpcEndpoint")
        yield Write(
            "ec2",
            "CreateVpcEndpoint",
            {
                "VpcEndpointType": "Gateway",
                "VpcId": self.vpc_id,
                "ServiceName": self.service,
                "RouteTableIds": tables,
                "ClientToken": token(self.session, self.service, self.vpc_id, before),
                "TagSpecifications": [
                    {"ResourceType": "vpc-endpoint", "Tags": [{"Key": "Name", "Value": "s3"}]}
                ],
            },
            title=f"Create the S3 gateway endpoint of {self.vpc_id} in {len(tables)} route tables",
        )

    def outputs(self, found: Facts | None) -> Facts:
        if found is None:
            return {"endpoint_id": None, "route_tables": []}
        wanted = self._wanted(found)
        return {
            "endpoint_id": next(iter(found["endpoints"]), None),
            "route_tables": {table: found["tables"][table] for table in wanted},
            "left_out": [table for table in found["tables"] if table not in wanted],
            "policies": {key: one["policy"] for key, one in found["endpoints"].items()},
        }

    def compared(self, found: Facts | None) -> Facts | None:
        if found is None or not found["endpoints"]:
            return None
        without = [table for table, route in found["tables"].items() if not route]
        return {
            "service": self.service,
            "policy": [one["policy"] for one in found["endpoints"].values()],
            "all_route_tables": not without,
        }

    def planned(self, found: Facts | None) -> Facts | None:
        have = list(found["endpoints"].values()) if found else []
        left_out = len(found["tables"]) - len(self._wanted(found)) if found else 0
        return {
            "service": self.service,
            "policy": [one["policy"] for one in have] or [FULL_ACCESS],
            "all_route_tables": not left_out,
        }


_LOWER = {state.lower() for state in LIVE}


def _route(table: Mapping[str, Any], endpoints: set[str]) -> str | None:
    """The table's route into one of the endpoints, `pl-1 → vpce-1`; None when it has none."""
    for route in table.get("Routes") or ():
        to, where = str(route.get("GatewayId") or ""), route.get("DestinationPrefixListId")
        if to in endpoints and where and route.get("State", "active") == "active":
            return f"{where} → {to}"
    return None


def _policy(document: Json) -> Json:
    """`full access` for AWS's default policy, else the policy."""
    if not document:
        return FULL_ACCESS
    policy: Facts = json.loads(document) if isinstance(document, str) else document
    statements = policy.get("Statement") or []
    listed = [statements] if isinstance(statements, Mapping) else list(statements)
    default = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    plain = [{**one, "Principal": _everybody(one.get("Principal"))} for one in listed]
    return FULL_ACCESS if plain == [default] else policy


def _everybody(principal: Json) -> Json:
    return "*" if principal in ({"AWS": "*"}, {"AWS": ["*"]}) else principal
