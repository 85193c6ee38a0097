"""Calls held against CloudTrail's events: by request id first, and nothing made up."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wizard.evidence.corroboration import (
    Corroboration,
    corroborate,
    span,
)
from wizard.evidence.trail_events import events
from wizard.gateway.event_names import event_name, event_source, is_recorded, same_operation
from wizard.session import calls as of_calls
from wizard.session import events as of_session
from wizard.session.base import Actor, Pin
from wizard.session.events import AnyEvent, Entry
from wizard.session.lines import FIRST, chain
from wizard.session.reduce import fold

ARN = "arn:aws:sts::111122223333:assumed-role/Operator/ada"
ACTOR = Actor(caller_arn=ARN, host="h", user="ada")
PIN = Pin(account_id="111122223333", partition="aws", caller_arn=ARN, region="eu-west-1")
BEGAN = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


def call(op: str, service: str, operation: str, **more: Any) -> list[AnyEvent]:
    """A call that was made, and answered unless `answered` is False."""
    asked = of_calls.CallIntended(
        item="i",
        op=op,
        title="t",
        service=service,
        operation=operation,
        region=more.get("region", "eu-west-1"),
        params={},
        request_sha256="",
        cli="",
        again="look",  # type: ignore[arg-type]
    )
    if not more.get("answered", True):
        doubt = of_calls.CallInDoubt(item="i", op=op, code="x", message="lost")
        seen = of_calls.CallSettled(item="i", op=op, happened=True, by="observation")
        return [asked, doubt, seen]
    answered = of_calls.CallSucceeded(
        item="i",
        op=op,
        request_id=more.get("request_id", f"r-{op}"),
        date=more.get("date", "Sat, 28 Nov 2026 12:00:00 GMT"),
        ms=1,
        response={},
        response_sha256="",
    )
    return [asked, answered]


def session(*happened: AnyEvent) -> list[Entry]:
    started = of_session.SessionStarted(
        session="s", number=1, checklist_id="c", checklist_sha256="", tool_version="0", pin=PIN
    )
    at = "2026-11-28T12:00:00.000000Z"
    lines = chain([started, *happened], seq=0, previous=FIRST, at=at, actor=ACTOR)
    return [line.entry for line in lines]


def recorded(source: str, name: str, request_id: str = "", **more: Any) -> dict[str, Any]:
    at = BEGAN + timedelta(seconds=more.get("after", 0))
    record = {
        "eventID": more.get("event_id", f"e-{request_id or name}"),
        "requestID": request_id,
        "eventTime": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": "eu-west-1",
        "readOnly": more.get("read_only", False),
        "userIdentity": {"arn": more.get("arn", ARN), **more.get("identity", {})},
    }
    return {"CloudTrailEvent": json.dumps(record)}


def compare(
    entries: list[Entry],
    listed: list[dict[str, Any]],
    *,
    minutes: float = 60,
    unread: tuple[str, ...] = (),
) -> Corroboration:
    state = fold(entries)
    when = span(entries, state, PIN)
    now = BEGAN + timedelta(minutes=minutes)
    return corroborate(state, entries, events(listed), when, now=now, unread=unread)


TOPIC = call("1", "sns", "CreateTopic")


def test_a_call_is_matched_by_its_request_id_whatever_its_name() -> None:
    entries = session(*TOPIC, *call("2", "lambda", "CreateFunction"))
    found = compare(
        entries,
        [
            recorded("sns", "CreateTopic", "r-1"),
            recorded("lambda", "CreateFunction20150331", "r-2"),
            recorded("lambda", "CreateFunction20150331", "r-2"),
        ],
    )
    assert [(one.op, one.by, one.why) for one in found.matched] == [
        ("1", "request id", ""),
        ("2", "request id", ""),
    ]
    assert (found.missing, found.unexpected) == ((), ())


def test_another_request_id_is_no_match_and_its_event_is_unexpected() -> None:
    found = compare(session(*TOPIC), [recorded("sns", "CreateTopic", "r-other")])
    assert [one.op for one in found.missing] == ["1"]
    assert [one["request_id"] for one in found.unexpected] == ["r-other"]


def test_a_lost_answer_is_matched_by_name_caller_and_time() -> None:
    entries = session(*call("1", "elbv2", "CreateTargetGroup", answered=False))
    mine = recorded("elasticloadbalancing", "CreateTargetGroup", "r-x")
    assert [one.by for one in compare(entries, [mine]).matched] == ["name, caller and time"]
    for wrong in (
        recorded("elasticloadbalancing", "CreateTargetGroup", "r-x", arn=ARN + "-other"),
        recorded("elasticloadbalancing", "CreateTargetGroup", "r-x", after=500),
        recorded("elasticloadbalancing", "CreateListener", "r-x"),
        recorded("ec2", "CreateTargetGroup", "r-x"),
    ):
        assert [one.op for one in compare(entries, [wrong]).missing] == ["1"]


def test_what_is_fresh_may_still_come_and_what_is_old_is_gone() -> None:
    entries = session(*TOPIC)
    assert [one.op for one in compare(entries, [], minutes=14).not_yet] == ["1"]
    assert [one.op for one in compare(entries, [], minutes=16).missing] == ["1"]
    assert [one.op for one in compare(entries, [], minutes=91 * 1440).not_recorded] == ["1"]


def test_a_region_that_cannot_be_read_makes_nothing_missing() -> None:
    entries = session(*TOPIC, *call("2", "iam", "CreateRole"))
    found = compare(entries, [], unread=("us-east-1",))
    assert [one.op for one in found.missing] == ["1"]
    assert [one.op for one in found.not_read] == ["2"]


def test_what_the_history_never_has_is_said_so() -> None:
    entries = session(
        *call("1", "s3", "PutObject"),
        *call("2", "http", "POST /scale"),
        *call("3", "lambda", "Invoke"),
    )
    found = compare(entries, [])
    assert [one.op for one in found.not_recorded] == ["1", "2", "3"]
    assert found.missing == ()


def test_changes_of_others_and_of_aws_itself_are_counted_not_accused() -> None:
    entries = session(*TOPIC, *call("2", "sns", "Subscribe", date="Sat, 28 Nov 2026 12:10:00 GMT"))
    mine = [recorded("sns", "CreateTopic", "r-1"), recorded("sns", "Subscribe", "r-2", after=600)]
    service = {"invokedBy": "rds.amazonaws.com"}
    found = compare(
        entries,
        [
            *mine,
            recorded("kms", "CreateGrant", "r-k", after=5, identity=service),
            recorded("ec2", "RunInstances", "r-o", after=5, arn="arn:aws:iam::1:user/bob"),
            recorded("ec2", "DescribeVpcs", "r-d", after=5, read_only=True),
            recorded("ec2", "CreateVpc", "r-before", after=-300),
            recorded("iam", "CreateUser", "r-mine", after=5),
        ],
    )
    assert [one["call"] for one in found.unexpected] == ["iam.amazonaws.com CreateUser"]
    assert (found.on_behalf, found.others, len(found.matched)) == (1, 1, 2)


def test_the_regions_asked_are_those_of_the_calls_and_of_the_global_services() -> None:
    entries = session(*TOPIC, *call("2", "iam", "CreateRole"), *call("3", "http", "POST"))
    assert span(entries, fold(entries), PIN).regions == ("eu-west-1", "us-east-1")


@pytest.mark.parametrize(
    ("service", "source"),
    [
        ("elbv2", "elasticloadbalancing.amazonaws.com"),
        ("cloudwatch", "monitoring.amazonaws.com"),
        ("logs", "logs.amazonaws.com"),
        ("rds", "rds.amazonaws.com"),
        ("s3control", "s3.amazonaws.com"),
        ("service-quotas", "servicequotas.amazonaws.com"),
        ("http", ""),
    ],
)
def test_the_source_is_that_of_the_service_s_model(service: str, source: str) -> None:
    assert event_source(service) == source


def test_names_of_lambda_and_s3_are_known_with_and_without_their_version() -> None:
    assert event_name("lambda", "CreateFunction") == "CreateFunction20150331"
    assert same_operation("lambda", "UpdateFunctionCode", "UpdateFunctionCode20150331v2")
    assert same_operation("s3", "PutPublicAccessBlock", "PutBucketPublicAccessBlock")
    assert not same_operation("s3", "PutBucketPolicy", "PutBucketTagging")
    assert is_recorded("s3", "PutBucketPolicy")
    assert not is_recorded("s3", "PutObject")


def test_a_record_that_is_none_is_left_out() -> None:
    assert events([{"CloudTrailEvent": "{"}, {"CloudTrailEvent": "[]"}, {}]) == []
