"""The event history of the simulated account, as CloudTrail has it."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from tests.simulator.conftest import Client, clients
from wizard.simulator.process import Simulator

LATER = {"seconds": 301}


@pytest.fixture(scope="module")
def account() -> Iterator[Simulator]:
    with Simulator(seed="empty") as running:
        yield running


def order(account: Simulator, what: str, **how: Any) -> None:
    httpx.post(f"{account.ready.endpoint_url}/_st-wizard/{what}", json=how).raise_for_status()


def history(client: Client, region: str, name: str) -> list[dict[str, Any]]:
    attributes = [{"AttributeKey": "EventName", "AttributeValue": name}]
    answer = client("cloudtrail", region).lookup_events(LookupAttributes=attributes)
    return [json.loads(event["CloudTrailEvent"]) for event in answer["Events"]]


def test_a_call_is_there_after_some_minutes_with_its_request_id(account: Simulator) -> None:
    client = clients(account.ready)
    order(account, "throttling", enabled=False)
    made = client("sns", "eu-west-1").create_topic(Name="kept")
    with pytest.raises(ClientError):
        client("lambda", "eu-west-1").delete_function(FunctionName="nobody")
    client("iam", "us-east-1").create_user(UserName="eve")
    client("s3", "us-east-1").create_bucket(Bucket="trail-of-a-bucket")
    client("s3", "us-east-1").put_object(Bucket="trail-of-a-bucket", Key="a", Body=b"b")
    assert history(client, "eu-west-1", "CreateTopic") == []
    order(account, "advance", **LATER)

    (topic,) = history(client, "eu-west-1", "CreateTopic")
    assert topic["requestID"] == made["ResponseMetadata"]["RequestId"]
    assert (topic["eventSource"], topic["readOnly"]) == ("sns.amazonaws.com", False)
    assert topic["userIdentity"]["arn"].endswith(":assumed-role/Operator/demo")
    assert history(client, "us-east-1", "CreateTopic") == []
    (refused,) = history(client, "eu-west-1", "DeleteFunction20150331")
    assert refused["errorCode"] == "ResourceNotFoundException"
    assert len(history(client, "us-east-1", "CreateUser")) == 1
    assert len(history(client, "us-east-1", "CreateBucket")) == 1
    assert history(client, "us-east-1", "PutObject") == []


def test_pages_and_the_rules_of_the_operation(account: Simulator) -> None:
    client = clients(account.ready)
    order(account, "throttling", enabled=False)
    for number in range(3):
        client("sns", "eu-west-2").create_topic(Name=f"many-{number}")
    order(account, "advance", **LATER)
    trail = client("cloudtrail", "eu-west-2")
    changes = [{"AttributeKey": "ReadOnly", "AttributeValue": "false"}]
    first = trail.lookup_events(LookupAttributes=changes, MaxResults=2)
    second = trail.lookup_events(
        LookupAttributes=changes, MaxResults=2, NextToken=first["NextToken"]
    )
    assert (len(first["Events"]), len(second["Events"])) == (2, 1)
    assert "NextToken" not in second
    times = [one["EventTime"] for one in [*first["Events"], *second["Events"]]]
    assert times == sorted(times, reverse=True)
    for wrong, code in (
        ({"MaxResults": 51}, "InvalidMaxResultsException"),
        ({"LookupAttributes": changes * 2}, "InvalidLookupAttributesException"),
        ({"StartTime": 2_000_000_000, "EndTime": 1}, "InvalidTimeRangeException"),
        ({"NextToken": "nonsense"}, "InvalidNextTokenException"),
    ):
        with pytest.raises(ClientError, match=code):
            trail.lookup_events(**wrong)


def test_two_a_second_and_no_more(account: Simulator) -> None:
    client = clients(account.ready)
    order(account, "throttling", enabled=True)
    trail = client("cloudtrail", "eu-north-1")
    codes = []
    for _ in range(20):
        try:
            trail.lookup_events()
        except ClientError as error:
            codes.append(error.response["Error"]["Code"])
    assert set(codes) == {"ThrottlingException"}
