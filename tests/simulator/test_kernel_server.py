"""The account over the wire: who it is, its log, its faults, and its control endpoints."""

import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError

from tests.simulator.conftest import Client
from wizard.simulator.process import Simulator


@pytest.fixture
def control(empty_simulator: Simulator) -> Iterator[httpx.Client]:
    """The control endpoints; whatever a test orders is taken back."""
    base = f"{empty_simulator.ready.endpoint_url}/_st-wizard/"
    with httpx.Client(base_url=base, trust_env=False) as client:
        yield client
        client.delete("faults")
        client.post("latency", json={"seconds": 0})
        client.post("throttling", json={"enabled": True})


def last(control: httpx.Client) -> dict[str, Any]:
    lines: list[dict[str, Any]] = control.get("calls").json()
    return lines[-1]


def test_says_who_it_is(empty_client: Client, empty_simulator: Simulator) -> None:
    identity = empty_client("sts", "us-east-1").get_caller_identity()
    assert identity["Account"] == empty_simulator.ready.account_id
    assert identity["Arn"] == f"arn:aws:sts::{identity['Account']}:assumed-role/Operator/demo"
    aliases = empty_client("iam", "us-east-1").list_account_aliases()["AccountAliases"]
    assert aliases == ["supertokens-demo"]


@pytest.mark.parametrize(
    ("service", "operation", "arguments"),
    [
        ("ec2", "describe_vpcs", {}),
        ("sns", "list_topics", {}),
        ("s3", "list_buckets", {}),
        ("route53", "list_hosted_zones", {}),
        ("logs", "describe_log_groups", {}),
        ("lambda", "list_functions", {}),
        ("elbv2", "describe_load_balancers", {}),
        ("cloudwatch", "describe_alarms", {}),
    ],
)
def test_each_answer_has_request_id_and_date_and_is_logged(
    service: str,
    operation: str,
    arguments: dict[str, Any],
    empty_client: Client,
    control: httpx.Client,
) -> None:
    client = empty_client(service, "eu-west-1")
    metadata = getattr(client, operation)(**arguments)["ResponseMetadata"]
    line = last(control)
    assert metadata["RequestId"] == line["request_id"]
    assert metadata["HTTPHeaders"]["date"].endswith("GMT")
    assert (line["service"], line["status"], line["error_code"]) == (service, 200, None)
    assert line["operation"] == client.meta.method_to_api_mapping[operation]
    assert line["region"] == "eu-west-1"


@pytest.mark.parametrize(
    ("service", "operation", "arguments"),
    [
        ("rds", "describe_certificates", {}),
        ("cloudtrail", "list_channels", {}),
        ("accessanalyzer", "list_analyzers", {}),
    ],
)
def test_what_is_missing_is_one_clean_error(
    service: str, operation: str, arguments: dict[str, Any], empty_client: Client
) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(empty_client(service, "us-east-1"), operation)(**arguments)
    assert caught.value.response["Error"]["Code"] == "NotImplemented"
    assert "simulated account cannot" in caught.value.response["Error"]["Message"]


def test_an_answer_lost_after_the_work(empty_client: Client, control: httpx.Client) -> None:
    sns = empty_client("sns", "us-east-1")
    control.post("faults", json=_fault("sns", "CreateTopic", "drop_after"))
    with pytest.raises((ConnectionClosedError, EndpointConnectionError)):
        sns.create_topic(Name="lost-answer")
    assert (last(control)["operation"], last(control)["status"]) == ("CreateTopic", 0)
    arns = [topic["TopicArn"] for topic in sns.list_topics()["Topics"]]
    assert [arn for arn in arns if arn.endswith(":lost-answer")]


def test_a_request_lost_before_the_work(empty_client: Client, control: httpx.Client) -> None:
    sns = empty_client("sns", "us-east-1")
    control.post("faults", json=_fault("*", "CreateTopic", "drop_before"))
    with pytest.raises((ConnectionClosedError, EndpointConnectionError)):
        sns.create_topic(Name="lost-request")
    arns = [topic["TopicArn"] for topic in sns.list_topics()["Topics"]]
    assert not [arn for arn in arns if arn.endswith(":lost-request")]


def test_a_truncated_answer_is_no_answer(
    empty_simulator: Simulator, empty_client: Client, control: httpx.Client
) -> None:
    control.post("faults", json=_fault("sns", "ListTopics", "truncate"))
    with pytest.raises(Exception, match=r"(?i)incomplete|broken|parse|closed"):
        empty_client("sns", "us-east-1").list_topics()


def test_expired_and_denied(empty_client: Client, control: httpx.Client) -> None:
    control.post("faults", json=_fault("logs", "*", "expired"))
    with pytest.raises(ClientError, match="ExpiredTokenException"):
        empty_client("logs", "us-east-1").describe_log_groups()
    control.post("faults", json=_fault("ec2", "DescribeVpcs", "deny"))
    with pytest.raises(ClientError, match=r"UnauthorizedOperation.*ec2:DescribeVpcs"):
        empty_client("ec2", "us-east-1").describe_vpcs()


def test_throttles_and_stops_throttling(empty_client: Client, control: httpx.Client) -> None:
    control.post("faults", json=_fault("route53", "ListHostedZones", "throttle", times=2))
    route53 = empty_client("route53", "us-east-1")
    for _ in range(2):
        with pytest.raises(ClientError, match="Throttling"):
            route53.list_hosted_zones()
    route53.list_hosted_zones()
    assert control.post("throttling", json={"enabled": False}).json() == {"enabled": False}


def test_latency_shows_in_the_log(empty_client: Client, control: httpx.Client) -> None:
    control.post("latency", json={"seconds": 0.06})
    empty_client("sts", "us-east-1").get_caller_identity()
    assert last(control)["seconds"] >= 0.06


def test_network_and_advance(empty_simulator: Simulator, control: httpx.Client) -> None:
    network = control.get("network").json()
    assert network["account_id"] == empty_simulator.ready.account_id
    assert network["speed"] == 1.0
    assert network["proxy_url"].startswith("http://127.0.0.1:")
    assert network["ca_pem"].startswith("-----BEGIN CERTIFICATE-----")
    later = control.post("advance", json={"seconds": 86400}).json()["account_time"]
    assert later - network["account_time"] >= 86400
    assert control.get("world").json()["account_time"] >= later


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "advance", {"seconds": -1}, 400),
        ("POST", "advance", {"seconds": "soon"}, 400),
        ("POST", "advance", {"seconds": 1, "hours": 1}, 400),
        ("POST", "latency", {"seconds": 3600}, 400),
        ("POST", "faults", {"service": "sns", "operation": "*", "kind": "meteor"}, 400),
        ("GET", "calls?since=x", None, 400),
        ("GET", "nothing", None, 404),
        ("PUT", "advance", {"seconds": 1}, 404),
    ],
)
def test_control_refuses_nonsense(
    method: str, path: str, body: Any, status: int, control: httpx.Client
) -> None:
    answer = control.request(method, path, json=body)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_serves_this_machine_only(control: httpx.Client, empty_simulator: Simulator) -> None:
    assert control.get("network", headers={"Host": "attacker.example"}).status_code == 421
    assert control.post("advance", content="seconds=1").status_code == 415
    port = int(empty_simulator.ready.endpoint_url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        assert connection.getpeername()[0] == "127.0.0.1"


def _fault(service: str, operation: str, kind: str, times: int = 1) -> dict[str, Any]:
    return {"service": service, "operation": operation, "kind": kind, "times": times}
