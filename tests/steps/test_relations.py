"""What the report's picture shows follows from what steps find, whatever they find."""

from typing import Any

import msgspec
import pytest

import steps
from tests.steps.cases_of_steps import Case, all_cases
from wizard.effects import Json
from wizard.step import Action, Probe, Registry, Relation, Thing

REGISTRY = Registry.of(steps)
FOUND = [
    case for case in all_cases() if case.kind in REGISTRY.relations and isinstance(case.found, dict)
]

PROPERTIES = {
    "account.region_enabled",
    "database.row",
    "ec2.key_pairs",
    "elbv2.tags",
    "lambda.role_logs",
    "lambda.triggers",
    "logs.retention",
    "rds.tags",
    "s3.access_logs_policy",
    "s3.backfill",
    "s3.elb_log_policy",
    "s3.encryption",
    "s3.public_access_block",
    "s3.tags",
    "s3.versioning",
    "scale.deployment",
}
"""Actions that set something of a thing that another item is about, or nothing in the account."""

BALANCER = "arn:aws:elasticloadbalancing:us-east-1:000011112222:loadbalancer/app/acme/0123"
GROUP = "arn:aws:elasticloadbalancing:us-east-1:000011112222:targetgroup/acme-tg/4567"
TOPIC = "arn:aws:sns:us-east-1:000011112222:CloudWatch_Alarms_US_East_1_ELB"


def told(kind: str, fields: dict[str, Json], found: dict[str, Json]) -> list[str]:
    """What an item of that kind says, in words."""
    cls = REGISTRY.steps[kind]
    known = {name: _blank(field) for name, field in _fields(cls).items() if field.required}
    step = msgspec.convert({**known, **fields}, cls)
    return [
        f"{one.thing.kind} {one.thing.name} {one.verb} {one.other.kind} {one.other.name}"
        if isinstance(one, Relation)
        else f"{one.kind} {one.name}"
        for one in REGISTRY.relations[kind](step, found)
    ]


def _fields(cls: type[Any]) -> dict[str, msgspec.structs.FieldInfo]:
    return {field.encode_name: field for field in msgspec.structs.fields(cls)}


def _blank(field: msgspec.structs.FieldInfo) -> Json:
    empty: dict[object, Json] = {int: 0, float: 0, bool: False, str: ""}
    told = str(field.type)
    return empty.get(field.type, {} if "Mapping" in told else [] if "tuple" in told else "")


@pytest.mark.parametrize("case", FOUND, ids=[case.case for case in FOUND])
def test_whatever_was_found_can_be_shown(case: Case) -> None:
    step = msgspec.convert(case.with_, REGISTRY.steps[case.kind])
    assert isinstance(step, Probe)
    assert isinstance(case.found, dict)
    for one in REGISTRY.relations[case.kind](step, case.found):
        for thing in (one.thing, one.other) if isinstance(one, Relation) else (one,):
            assert isinstance(thing, Thing)
            assert all(
                isinstance(text, str) and text for text in (thing.kind, thing.key, thing.name)
            )


def test_every_action_says_what_it_is_about_or_sets_a_property() -> None:
    actions = {kind for kind, one in REGISTRY.steps.items() if issubclass(one, Action)}
    assert actions - set(REGISTRY.relations) == PROPERTIES


def test_relations_are_of_steps_that_there_are() -> None:
    assert set(REGISTRY.relations) <= set(REGISTRY.steps)


def test_a_listener_leads_from_its_load_balancer_to_the_target_group() -> None:
    found = {
        "arn": "arn:listener",
        "target_group_arn": GROUP,
        "certificate_arn": "arn:aws:acm:us-east-1:000011112222:certificate/ab",
    }
    fields = {"load_balancer_arn": BALANCER, "protocol": "HTTPS", "port": 3567}
    assert told("elbv2.listener", fields, found) == [
        "listener HTTPS 3567",
        "load balancer acme listens by listener HTTPS 3567",
        "listener HTTPS 3567 forwards to target group acme-tg",
        "listener HTTPS 3567 shows certificate ab",
    ]
    assert told("elbv2.listener", {}, {"arn": None, "target_group_used_by": []}) == []


def test_an_alarm_watches_what_its_dimensions_name_and_tells_its_topics() -> None:
    dimensions = {"LoadBalancer": "app/acme/0123", "TargetGroup": "targetgroup/acme-tg/4567"}
    found = {"arn": "arn:alarm", "Dimensions": dimensions, "AlarmActions": [TOPIC, "arn:aws:x"]}
    assert told("cloudwatch.alarm", {"name": "unhealthy"}, found) == [
        "alarm unhealthy",
        "alarm unhealthy watches target group acme-tg",
        "alarm unhealthy tells SNS topic CloudWatch_Alarms_US_East_1_ELB",
    ]


def test_a_record_that_leads_elsewhere_has_no_arrow() -> None:
    fields = {"name": "acme.example.com", "load_balancer_dns": "acme-1.elb.amazonaws.com"}
    before = {"records": [{"Name": "acme.example.com."}], "now": ["A 192.0.2.7, TTL 300 s"]}
    assert told("route53.alias", fields, before) == ["DNS record acme.example.com"]
    after = {**before, "now": ["A alias dualstack.acme-1.elb.amazonaws.com"]}
    assert told("route53.alias", fields, after)[1:] == [
        "DNS record acme.example.com leads to load balancer acme-1.elb.amazonaws.com"
    ]


def test_a_flow_log_delivers_to_its_bucket() -> None:
    log = {"id": "fl-1", "destination": "arn:aws:s3:::logs-eu/vpc-flow-logs/"}
    assert told("ec2.flow_log", {"vpc_id": "vpc-1"}, {"flow_logs": [log]}) == [
        "flow log fl-1",
        "VPC vpc-1 is logged by flow log fl-1",
        "flow log fl-1 delivers to S3 bucket logs-eu",
    ]


def test_only_the_replication_to_this_bucket_is_shown() -> None:
    rules = [
        {"Destination": {"Bucket": "arn:aws:s3:::saas-us"}, "Status": "Enabled"},
        {"Destination": {"Bucket": "arn:aws:s3:::saas-eu"}, "Status": "Enabled"},
    ]
    assert told(
        "s3.replication_rule", {"source": "ssl", "bucket": "saas-eu"}, {"rules": rules}
    ) == ["S3 bucket ssl replicates to S3 bucket saas-eu"]
