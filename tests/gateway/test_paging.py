"""All pages are read, with botocore's paginators and without."""

from typing import Any

import pytest

from wizard.errors import CallError
from wizard.gateway.clients import Clients
from wizard.gateway.paging import pages

Script = list[tuple[dict[str, Any], dict[str, Any]]]


@pytest.fixture(scope="module")
def clients() -> Clients:
    return Clients("", "http://127.0.0.1:1", workers=1)


def read(
    clients: Clients, service: str, operation: str, script: Script, **params: Any
) -> list[Any]:
    from botocore import xform_name
    from botocore.stub import Stubber

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
