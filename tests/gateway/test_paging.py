"""All pages are read, with botocore's paginators and without."""

from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from wizard.errors import CallError
from wizard.gateway.backoff import Backoff
from wizard.gateway.clients import Clients
from wizard.gateway.paging import pages

Script = list[tuple[dict[str, Any], dict[str, Any]]]


@pytest.fixture(scope="module")
def clients() -> Clients:
    return Clients("", "http://127.0.0.1:1", workers=1)


def read(
    clients: Clients, service: str, operation: str, script: Script, **params: Any
) -> list[Any]:
    client = clients.client(service, "us-east-1")
    with Stubber(client) as stubber:
        for expected, response in script:
            stubber.add_response(xform_name(operation), response, expected)
        found = list(pages(client, service, operation, params))
        stubber.assert_no_pending_responses()
    return found


def test_paginator(clients: Clients) -> None:
    topics = [{"TopicArn": "arn:a"}], [{"TopicArn": "arn:b"}]
    script: Script = [
        ({}, {"Topics": topics[0], "NextToken": "t"}),
        ({"NextToken": "t"}, {"Topics": topics[1]}),
    ]
    assert [page["Topics"] for page in read(clients, "sns", "ListTopics", script)] == list(topics)


def test_token_without_a_paginator(clients: Clients) -> None:
    asked = {"VPCId": "vpc-1", "VPCRegion": "us-east-1"}
    answer = {"HostedZoneSummaries": [], "MaxItems": "100"}
    script: Script = [(asked, answer | {"NextToken": "n"}), (asked | {"NextToken": "n"}, answer)]
    assert len(read(clients, "route53", "ListHostedZonesByVPC", script, **asked)) == 2


def test_markers_of_hosted_zones_by_name(clients: Clients) -> None:
    answer = {"HostedZones": [], "MaxItems": "100", "IsTruncated": False}
    more = {"IsTruncated": True, "NextDNSName": "b.com", "NextHostedZoneId": "Z2"}
    script: Script = [({}, answer | more), ({"DNSName": "b.com", "HostedZoneId": "Z2"}, answer)]
    assert len(read(clients, "route53", "ListHostedZonesByName", script)) == 2


def test_one_page_without_any_token(clients: Clients) -> None:
    script: Script = [({"TargetGroupArn": "arn:tg"}, {"TargetHealthDescriptions": []})]
    assert len(read(clients, "elbv2", "DescribeTargetHealth", script, TargetGroupArn="arn:tg")) == 1


def test_the_same_next_page_twice_is_an_error(clients: Clients) -> None:
    asked = {"VPCId": "vpc-1", "VPCRegion": "us-east-1"}
    again = {"HostedZoneSummaries": [], "MaxItems": "100", "NextToken": "n"}
    script: Script = [(asked, again), (asked | {"NextToken": "n"}, again)]
    with pytest.raises(CallError, match="same next page"):
        read(clients, "route53", "ListHostedZonesByVPC", script, **asked)


@pytest.mark.parametrize(
    ("service", "operation", "entries"),
    [("logs", "DescribeLogGroups", "logGroups"), ("route53", "ListHostedZonesByVPC", "")],
)
def test_a_later_page_is_asked_for_again_when_aws_asks_to_slow_down(
    clients: Clients, service: str, operation: str, entries: str
) -> None:
    asked = {} if entries else {"VPCId": "vpc-1", "VPCRegion": "us-east-1"}
    zones = {"HostedZoneSummaries": [], "MaxItems": "9"}
    page: dict[str, Any] = {entries: []} if entries else zones
    token = "nextToken" if entries else "NextToken"
    client = clients.client(service, "us-east-1")
    waits: list[float] = []
    with Stubber(client) as stubber:
        method = xform_name(operation)
        stubber.add_response(method, page | {token: "n"}, asked)
        for _ in range(2):
            stubber.add_client_error(method, "ThrottlingException", "Rate exceeded")
        stubber.add_response(method, page, asked | {token: "n"})
        backoff = Backoff(sleep=waits.append)
        assert len(list(pages(client, service, operation, asked, backoff))) == 2
        stubber.assert_no_pending_responses()
    assert len(waits) == 2


def test_the_first_page_is_not_asked_for_again(clients: Clients) -> None:
    client = clients.client("logs", "us-east-1")
    with Stubber(client) as stubber:
        stubber.add_client_error("describe_log_groups", "ThrottlingException", "Rate exceeded")
        with pytest.raises(ClientError):
            list(pages(client, "logs", "DescribeLogGroups", {}, Backoff(sleep=lambda _: None)))
