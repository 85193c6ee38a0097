"""What the steps of a region's network do when AWS refuses, repeats itself, or overwrites."""

import json
from typing import Any

import pytest

from steps.flow_logs import FlowLog
from steps.route53_zone import PrivateZone
from steps.security_groups import Opening, SecurityGroup
from steps.ssm_document import Document
from steps.vpc_endpoint import S3Endpoint, token
from tests.steps.play import operations, play
from wizard.effects import Facts, Write
from wizard.errors import CallError, StepError

ZONE = PrivateZone(
    name="eu-central-2.dns",
    vpc_id="vpc-1",
    region="eu-central-2",
    account_id="111122223333",
    session=7,
)
NO_ZONE: Facts = {
    "zone_id": None,
    "owner": None,
    "vpcs": [],
    "others": {},
    "dns": {"enableDnsSupport": True, "enableDnsHostnames": True},
    "change": None,
}
FLOW = FlowLog(
    vpc_id="vpc-1",
    region="eu-central-2",
    account_id="111122223333",
    session=7,
    bucket="logs",
    source="saas",
)
FOREIGN = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::logs/x"}
WHOLE = {"Version": "2012-10-17", "Statement": [FOREIGN, *FLOW.policy]}


def refused(code: str) -> CallError:
    return CallError(code, code=code)


def converged(step: Any, found: Facts | None, *answers: object) -> list[Any]:
    return play(step.converge(found, step.differences(found)), *answers)[1]


def policy(document: object) -> dict[str, str]:
    return {"Policy": json.dumps(document)}


def put(effect: Any) -> list[Any]:
    assert isinstance(effect, Write)
    assert effect.operation == "PutBucketPolicy"
    return list(json.loads(effect.params["Policy"])["Statement"])


def reference(effects: list[Any]) -> str:
    made = [one for one in effects if isinstance(one, Write)]
    return str(made[-1].params["CallerReference"])


def test_caller_reference_is_the_same_until_the_call_is_known_to_have_happened() -> None:
    answer = {"HostedZone": {"Id": "/hostedzone/Z1"}}
    first = reference(converged(ZONE, NO_ZONE, [], answer))
    assert first == reference(converged(ZONE, NO_ZONE, [], answer))
    made = [{"operation": "CreateHostedZone", "params": {}, "at": 1.0, "response": {}}]
    assert first != reference(converged(ZONE, NO_ZONE, made, answer))


def test_zone_that_a_lost_call_made_is_not_made_again() -> None:
    here = [{"HostedZoneId": "Z1", "Name": "eu-central-2.dns.", "Owner": {}}]
    effects = converged(ZONE, NO_ZONE, [], refused("HostedZoneAlreadyExists"), here)
    assert operations(effects) == ["CreateHostedZone", "ListHostedZonesByVPC"]


def test_reference_of_a_zone_that_was_deleted_is_replaced() -> None:
    answer = {"HostedZone": {"Id": "/hostedzone/Z1"}}
    effects = converged(
        ZONE, NO_ZONE, [], refused("HostedZoneAlreadyExists"), [], 1_800_000_000.5, answer
    )
    assert operations(effects) == ["CreateHostedZone", "ListHostedZonesByVPC", "CreateHostedZone"]
    assert reference(effects).endswith(" 1800000000")


def test_zone_of_the_same_name_on_the_vpc_is_never_overridden() -> None:
    with pytest.raises(CallError, match="ConflictingDomainExists"):
        converged(ZONE, NO_ZONE, [], refused("ConflictingDomainExists"))


def test_token_is_known_before_the_call_and_fits() -> None:
    step = S3Endpoint(vpc_id="vpc-1", region="eu-central-2", session=7)
    found = {"endpoints": {}, "failed": [], "tables": {"rtb-1": None}}
    (first, second) = (converged(step, found, [], {})[-1].params for _ in range(2))
    assert first == second
    assert first["RouteTableIds"] == ["rtb-1"]
    assert len(first["ClientToken"]) <= 64
    assert token(7, "a", 0) != token(7, "a", 1)


def test_failure_inside_a_200_is_a_failure() -> None:
    error = {"Code": "400", "Message": "Access Denied for LogDestination: logs."}
    answer = {"FlowLogIds": [], "Unsuccessful": [{"ResourceId": "vpc-1", "Error": error}]}
    with pytest.raises(StepError, match="made no flow log of vpc-1") as caught:
        converged(FLOW, {"flow_logs": [], "policy": WHOLE}, [], answer)
    assert "Access Denied" in caught.value.what
    assert "delivery.logs.amazonaws.com" in caught.value.todo


def test_policy_is_written_before_and_not_again_when_it_is_kept() -> None:
    found = {"flow_logs": [], "policy": {"Version": "2012-10-17", "Statement": [FOREIGN]}}
    effects = converged(FLOW, found, {}, [], {"FlowLogIds": ["fl-1"]}, policy(WHOLE))
    assert operations(effects) == ["PutBucketPolicy", "CreateFlowLogs", "GetBucketPolicy"]
    assert put(effects[0]) == [FOREIGN, *FLOW.policy]


def test_policy_that_aws_overwrote_is_put_back_with_what_others_wrote() -> None:
    theirs = {**FLOW.policy[1], "Sid": "AWSLogDeliveryWrite"}
    after = policy({"Version": "2012-10-17", "Statement": [theirs]})
    effects = converged(FLOW, {"flow_logs": [], "policy": WHOLE}, [], {}, after, {})
    assert operations(effects) == ["CreateFlowLogs", "GetBucketPolicy", "PutBucketPolicy"]
    # What AWS wrote says the same as ours of another name: it stays the only one of its kind.
    assert put(effects[-1]) == [theirs, FLOW.policy[0], FLOW.policy[2], FOREIGN]


def test_flow_log_that_somebody_else_made_meanwhile_is_looked_at() -> None:
    found = {"flow_logs": [], "policy": WHOLE}
    effects = converged(FLOW, found, [], refused("FlowLogAlreadyExists"), policy(WHOLE))
    assert operations(effects) == ["CreateFlowLogs", "GetBucketPolicy"]


def told(**more: Any) -> dict[str, Any]:
    mine = {
        "id": "fl-1",
        "destination": FLOW.destination.rstrip("/"),
        "traffic": "ALL",
        "interval": 600,
        "status": "ACTIVE",
        "delivery": "SUCCESS",
        "error": "",
        "quiet": False,
    }
    return {"flow_logs": [{**mine, **more}], "policy": WHOLE}


def test_delivery_is_waited_for_and_silence_does_not_last() -> None:
    assert FLOW.differences(told()) == ()
    (waits,) = FLOW.differences(told(delivery=None))
    assert waits.settles
    assert FLOW.differences(told(delivery=None, quiet=True)) == ()
    (failed,) = FLOW.differences(told(delivery="FAILED", error="Access error", quiet=True))
    assert failed.settles
    assert "Access error" in failed.reason
    assert "Access error" in FLOW.waiting_for(told(delivery="FAILED", error="Access error"))


GROUP = SecurityGroup(
    name="g",
    vpc_id="vpc-1",
    description="d",
    ingress=(Opening(from_port=80, to_port=80, sources=("10.0.0.0/8",)),),
)
NO_GROUP: Facts = {"reference": {"description": "", "labels": {}}, "group_id": None, "rules": []}


def test_group_that_ec2_does_not_know_yet_is_tried_again() -> None:
    unknown = refused("InvalidGroup.NotFound")
    effects = converged(GROUP, NO_GROUP, {"GroupId": "sg-1"}, unknown, {}, {})
    assert operations(effects) == [
        "CreateSecurityGroup",
        "AuthorizeSecurityGroupIngress",
        "DescribeSecurityGroups",
        "AuthorizeSecurityGroupIngress",
    ]
    with pytest.raises(CallError):
        converged(GROUP, NO_GROUP, {"GroupId": "sg-1"}, *[unknown, {}] * 4, unknown)
    with pytest.raises(CallError, match=r"InvalidPermission\.Duplicate"):
        converged(GROUP, NO_GROUP, {"GroupId": "sg-1"}, refused("InvalidPermission.Duplicate"))


DOCUMENT = Document(name="Restart", reference="us-east-1", region="eu-central-2")
MODEL = {
    "content": "a: 1",
    "format": "YAML",
    "type": "Command",
    "target_type": "",
    "version_name": "one",
    "display_name": "",
    "requires": [],
    "tags": {},
    "shared_with": {"444455556666": ""},
    "attachments": [],
    "default_version": "1",
    "version_names": {},
    "versions": ["1"],
    "status": "Active",
    "status_information": "",
    "latest": None,
}


def test_text_that_an_older_version_has_makes_that_one_the_default() -> None:
    here = {**MODEL, "content": "a: 2", "versions": ["3", "2", "1"], "version_names": {"one": "1"}}
    effects = converged(
        DOCUMENT,
        {"model": MODEL, "here": here},
        refused("DuplicateDocumentContent"),
        {"Content": "a: 1"},
        {},
    )
    assert operations(effects) == ["UpdateDocument", "GetDocument", "UpdateDocumentDefaultVersion"]
    assert "VersionName" not in effects[0].params
    assert effects[-1].params["DocumentVersion"] == "1"


def test_version_that_is_still_being_made_is_asked_for_again_later() -> None:
    here = {**MODEL, "content": "a: 2", "shared_with": {}}
    answer = {"DocumentDescription": {"DocumentVersion": "2"}}
    later, busy = refused("InvalidDocumentVersion"), refused("InvalidDocumentOperation")
    effects = converged(DOCUMENT, {"model": MODEL, "here": here}, answer, later, busy)
    assert operations(effects)[-1] == "ModifyDocumentPermission"
    with pytest.raises(CallError, match="AccessDenied"):
        converged(DOCUMENT, {"model": MODEL, "here": here}, answer, refused("AccessDenied"))


def test_sharing_with_everybody_is_not_repeated() -> None:
    model = {**MODEL, "shared_with": {"all": ""}}
    effects = converged(DOCUMENT, {"model": model, "here": None}, {})
    assert operations(effects) == ["CreateDocument"]
