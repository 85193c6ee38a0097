"""The names of the account, reached as from the internet: through the proxy, with TLS checked."""

import socket
import ssl
from typing import Any

import httpx
import pytest

from tests.simulator.conftest import Client
from wizard.simulator.process import Simulator

REGION = "us-east-1"


@pytest.fixture(scope="module")
def network(simulator: Simulator) -> dict[str, Any]:
    base = f"{simulator.ready.endpoint_url}/_st-wizard/network"
    found: dict[str, Any] = httpx.get(base, trust_env=False).json()
    return found


@pytest.fixture(scope="module")
def balancer(client: Client) -> dict[str, Any]:
    """The load balancer that the company has already."""
    shapes = client("elbv2", REGION).describe_load_balancers()["LoadBalancers"]
    found: dict[str, Any] = shapes[0]
    return found


def outside(network: dict[str, Any], *, check_hostname: bool = True) -> httpx.Client:
    context = ssl.create_default_context(cadata=network["ca_pem"])
    context.check_hostname = check_hostname
    if not check_hostname:
        context.verify_mode = ssl.CERT_NONE
    return httpx.Client(proxy=network["proxy_url"], verify=context, trust_env=False)


def requests_served(simulator: Simulator) -> dict[str, int]:
    base = f"{simulator.ready.endpoint_url}/_st-wizard/world"
    found: dict[str, int] = httpx.get(base, trust_env=False).json()["requests_served"]
    return found


def certificate(network: dict[str, Any], host: str, port: int) -> Any:
    """What `host` presents, checked against the account's authority."""
    proxy = httpx.URL(network["proxy_url"])
    assert proxy.port is not None
    context = ssl.create_default_context(cadata=network["ca_pem"])
    with socket.create_connection((proxy.host, proxy.port), timeout=10) as raw:
        raw.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        assert raw.recv(200).startswith(b"HTTP/1.1 200 ")
        with context.wrap_socket(raw, server_hostname=host) as wrapped:
            return wrapped.getpeercert()


def test_an_alias_leads_to_healthy_cores(
    simulator: Simulator, network: dict[str, Any], balancer: dict[str, Any]
) -> None:
    dimension = balancer["LoadBalancerArn"].partition(":loadbalancer/")[2]
    before = requests_served(simulator).get(dimension, 0)
    with outside(network) as http:
        answers = [http.get("https://initech.aws.supertokens.com:3567/hello") for _ in range(3)]
        missing = http.get("https://initech.aws.supertokens.com:3567/nothing")
    assert [(one.status_code, one.text) for one in answers] == [(200, "Hello\n")] * 3
    assert missing.status_code == 404
    assert requests_served(simulator)[dimension] == before + 4


def test_the_certificate_is_the_listeners(network: dict[str, Any]) -> None:
    presented = certificate(network, "initech.aws.supertokens.com", 3567)
    names = [value for kind, value in presented["subjectAltName"] if kind == "DNS"]
    assert "*.aws.supertokens.com" in names


def test_a_load_balancers_own_name_has_no_certificate(
    network: dict[str, Any], balancer: dict[str, Any]
) -> None:
    url = f"https://{balancer['DNSName']}:3567/hello"
    with (
        outside(network) as http,
        pytest.raises(httpx.ConnectError, match=r"(?i)hostname mismatch"),
    ):
        http.get(url)
    with outside(network, check_hostname=False) as http:
        assert http.get(url).status_code == 200


def test_the_systems_own_trust_does_not_cover_the_account(network: dict[str, Any]) -> None:
    with (
        httpx.Client(proxy=network["proxy_url"], trust_env=False) as http,
        pytest.raises(httpx.ConnectError, match=r"(?i)certificate verify failed"),
    ):
        http.get("https://initech.aws.supertokens.com:3567/hello")


@pytest.mark.parametrize(
    ("authority", "reason"),
    [
        ("nobody.aws.supertokens.com:3567", "502 .*no A or CNAME record"),
        ("example.org:443", "502 example.org: no such name"),
        ("gone-1234567890.us-east-1.elb.amazonaws.com:443", "502 .*no such load balancer"),
        ("203.0.113.250:3567", "504 .*nothing has this address"),
        ("initech.aws.supertokens.com:8443", "504 .*no security group opens port 8443"),
        ("initech.aws.supertokens.com:3599", "502 .*no listener"),
    ],
)
def test_what_leads_nowhere_says_why(authority: str, reason: str, network: dict[str, Any]) -> None:
    with outside(network) as http, pytest.raises(httpx.ProxyError, match=reason):
        http.get(f"https://{authority}/hello")


def test_an_instance_answers_with_a_certificate_of_its_own(network: dict[str, Any]) -> None:
    """Today's record of the demo's app: straight to the address of its one instance."""
    url = "https://acme.aws.supertokens.com:3567/hello"
    with outside(network) as http, pytest.raises(httpx.ConnectError, match=r"(?i)verify failed"):
        http.get(url)
    with outside(network, check_hostname=False) as http:
        assert http.get(url).text == "Hello\n"


def test_a_new_load_balancer_from_nothing_to_hello(
    client: Client, simulator: Simulator, network: dict[str, Any], balancer: dict[str, Any]
) -> None:
    """Provisioning, then no listener, then no target, then healthy cores."""
    elbv2, ec2 = client("elbv2", REGION), client("ec2", REGION)
    listener = elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"][0]
    made = elbv2.create_load_balancer(
        Name="internet-test",
        Subnets=[zone["SubnetId"] for zone in balancer["AvailabilityZones"]],
        SecurityGroups=balancer["SecurityGroups"],
        Scheme="internet-facing",
    )["LoadBalancers"][0]
    url = f"https://{made['DNSName']}:3567/hello"
    with outside(network, check_hostname=False) as http:
        if _state(elbv2, made) == "provisioning":
            with pytest.raises(httpx.ProxyError, match=r"502 .*is provisioning"):
                http.get(url)
        _advance(simulator, 600)
        with pytest.raises(httpx.ProxyError, match=r"502 .*no listener"):
            http.get(url)
        group = elbv2.create_target_group(
            Name="internet-test",
            Protocol="HTTPS",
            Port=3567,
            VpcId=balancer["VpcId"],
            HealthCheckPath="/hello",
            HealthCheckProtocol="HTTPS",
            TargetType="instance",
        )["TargetGroups"][0]["TargetGroupArn"]
        elbv2.create_listener(
            LoadBalancerArn=made["LoadBalancerArn"],
            Protocol="HTTPS",
            Port=3567,
            Certificates=[{"CertificateArn": listener["Certificates"][0]["CertificateArn"]}],
            SslPolicy=listener["SslPolicy"],
            DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
        )
        _advance(simulator, 60)
        assert http.get(url).status_code == 503
        wanted = [{"Name": "tag:Name", "Values": ["core-initech-prod-*"]}]
        found = ec2.describe_instances(Filters=wanted)["Reservations"]
        ids = [one["InstanceId"] for each in found for one in each["Instances"]]
        elbv2.register_targets(TargetGroupArn=group, Targets=[{"Id": one} for one in ids])
        _advance(simulator, 600)
        assert http.get(url).text == "Hello\n"
        elbv2.deregister_targets(TargetGroupArn=group, Targets=[{"Id": one} for one in ids])
        _advance(simulator, 600)
        elbv2.register_targets(TargetGroupArn=group, Targets=[{"Id": ids[0], "Port": 3999}])
        _advance(simulator, 600)
        assert http.get(url).status_code == 502
    elbv2.delete_load_balancer(LoadBalancerArn=made["LoadBalancerArn"])


def _state(elbv2: Any, made: dict[str, Any]) -> str:
    found = elbv2.describe_load_balancers(LoadBalancerArns=[made["LoadBalancerArn"]])
    return str(found["LoadBalancers"][0]["State"]["Code"])


def _advance(simulator: Simulator, seconds: float) -> None:
    url = f"{simulator.ready.endpoint_url}/_st-wizard/advance"
    httpx.post(url, json={"seconds": seconds}, trust_env=False).raise_for_status()
