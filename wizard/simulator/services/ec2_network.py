"""VPC endpoints and their routes, and the pages of EC2's lists.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
"""

# ruff: noqa: SLF001  moto's own methods are private; patching is this module's job
from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult
from moto.ec2.models import EC2Backend
from moto.ec2.models.vpcs import VPCEndPoint
from moto.ec2.responses import EC2Response

from wizard.simulator.services import ec2_flow_logs, ec2_security_groups
from wizard.simulator.services.errors import refusal
from wizard.simulator.services.paging import BadTokenError, page
from wizard.simulator.services.patching import Method, put, wrap

if TYPE_CHECKING:
    from wizard.simulator.clock import AccountClock

ENDPOINT_SECONDS = 30.0

# Operation → its list and the largest page.
_PAGED = {
    "describe_subnets": ("Subnets", 1000),
    "describe_vpcs": ("Vpcs", 1000),
    "describe_security_groups": ("SecurityGroups", 1000),
    "describe_security_group_rules": ("SecurityGroupRules", 1000),
    "describe_route_tables": ("RouteTables", 100),
    "describe_internet_gateways": ("InternetGateways", 1000),
    "describe_network_interfaces": ("NetworkInterfaces", 1000),
    "describe_flow_logs": ("FlowLogs", 1000),
    "describe_vpc_endpoints": ("VpcEndpoints", 1000),
    "describe_instance_status": ("InstanceStatuses", 1000),
}


def install(clock: AccountClock) -> None:
    """Patch endpoints, flow logs and lists."""
    _endpoints(clock)
    ec2_flow_logs.install(clock)
    ec2_security_groups.install()
    for operation, (key, most) in _PAGED.items():
        _page(operation, key, most)
    _page_instances()


def _endpoints(clock: AccountClock) -> None:
    def state(self: Any) -> str:
        ready = clock.now() >= self.created_at + ENDPOINT_SECONDS
        held = str(self.__dict__["state"])
        return "pending" if held == "available" and not ready else held

    def set_state(self: Any, value: str) -> None:
        self.__dict__["state"] = value

    put(VPCEndPoint, "state", property(state, set_state))

    @wrap(VPCEndPoint, "__init__")
    def initialise(original: Method, self: Any, *args: Any, **kwargs: Any) -> None:
        self.created_at = clock.now()
        original(self, *args, **kwargs)
        self.creation_timestamp = datetime.fromtimestamp(self.created_at, UTC)
        self.vpc_endpoint_type = self.vpc_endpoint_type or "Gateway"

    @wrap(EC2Backend, "create_vpc_endpoint")
    def create_vpc_endpoint(original: Method, self: Any, **asked: Any) -> Any:
        token = asked.get("client_token")
        for endpoint in self.vpc_end_points.values():
            if token and endpoint.client_token == token:
                if (endpoint.vpc_id, endpoint.service_name) == (
                    asked["vpc_id"],
                    asked["service_name"],
                ):
                    return endpoint
                raise refusal(
                    "IdempotentParameterMismatch",
                    "The request uses the same client token as a previous, but non-identical "
                    f"request: {token}",
                )
        service: str = asked["service_name"]
        if service.startswith("com.amazonaws.") and service.split(".")[2] != self.region_name:
            raise refusal(
                "InvalidServiceName", f"The Vpc Endpoint Service '{service}' does not exist"
            )
        for endpoint in self.vpc_end_points.values():
            for table in asked.get("route_table_ids") or []:
                taken = endpoint.service_name == service and endpoint.state != "deleted"
                if taken and table in endpoint.route_table_ids:
                    raise _route_exists(table, endpoint)
        return original(self, **asked)

    @wrap(EC2Backend, "modify_vpc_endpoint")
    def modify_vpc_endpoint(original: Method, self: Any, **asked: Any) -> None:
        endpoint = self.describe_vpc_endpoints(vpc_end_point_ids=[asked["vpc_id"]])[0]
        if endpoint.destination_prefix_list_id:
            known = set(endpoint.route_table_ids)
            added = [one for one in asked.get("add_route_tables") or [] if one not in known]
            removed = [one for one in asked.get("remove_route_tables") or [] if one in known]
            _tables(self, endpoint, added, removed)
        original(self, **asked)


def _tables(backend: Any, endpoint: Any, added: list[str], removed: list[str]) -> None:
    """The routes of an endpoint's tables, which moto makes with the endpoint only."""
    prefix_list = endpoint.destination_prefix_list_id
    for table in added:
        for other in backend.vpc_end_points.values():
            if (
                other.service_name == endpoint.service_name
                and other.state != "deleted"
                and table in other.route_table_ids
            ):
                raise _route_exists(table, other)
    for table in added:
        backend.create_route(
            table, None, gateway_id=endpoint.id, destination_prefix_list_id=prefix_list
        )
    for table in removed:
        backend.delete_route(table, prefix_list)


def _route_exists(table: str, endpoint: Any) -> Exception:
    return refusal(
        "RouteAlreadyExists",
        f"route table {table} already has a route with "
        f"destination-prefix-list-id {endpoint.destination_prefix_list_id}",
    )


def _largest(response: Any, most: int) -> int:
    asked = response._get_int_param("MaxResults")
    if asked is None:
        return most
    size = int(asked)
    if not 5 <= size <= most:
        bound = "greater than 5" if size < 5 else f"less than {most}"
        raise refusal(
            "InvalidParameterValue",
            f"Value ( {size} ) for parameter maxResults is invalid. Expecting a value {bound}.",
        )
    return size


def _paged(response: Any, items: list[Any], most: int) -> tuple[list[Any], str | None]:
    try:
        return page(items, response._get_param("NextToken"), _largest(response, most))
    except BadTokenError as error:
        raise refusal("InvalidNextToken", f"The token '{error}' is invalid.") from error


def _page(operation: str, key: str, most: int) -> None:
    @wrap(EC2Response, operation)
    def paged(original: Method, self: Any) -> ActionResult:
        result: dict[str, Any] = dict(original(self).result)
        result[key], result["NextToken"] = _paged(self, list(result[key]), most)
        return ActionResult(result)


def _page_instances() -> None:
    @wrap(EC2Response, "describe_instances")
    def describe_instances(original: Method, self: Any) -> ActionResult:
        del original
        self.error_on_dryrun()
        instance_ids, filters = self._get_param("InstanceIds", []), self._filters_from_querystring()
        if instance_ids:
            if self._get_param("MaxResults") is not None:
                raise refusal(
                    "InvalidParameterCombination",
                    "The parameter instancesSet cannot be used with the parameter maxResults",
                )
            found = self.ec2_backend.get_reservations_by_instance_ids(instance_ids, filters=filters)
        else:
            found = self.ec2_backend.describe_instances(filters=filters)
        shown, token = _paged(self, list(found), 1000)
        return ActionResult({"Reservations": shown, "NextToken": token})
