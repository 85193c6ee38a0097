"""A replication configuration is replaced whole: every rule that was there stays as it was."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.s3_like import settings
from steps.s3_objects import backfill, report_buckets
from steps.s3_replication import ReplicationRule, destination, is_old, rules
from steps.s3_settings import SETTINGS
from tests.steps.play import found_by, writes
from wizard.errors import StepError

STEP = ReplicationRule(
    source="ssl", bucket="new", region="eu-north-1", account_id="1", like="r0", move=True
)


def newer(number: int, bucket: str, status: str, prefix: str) -> dict[str, Any]:
    return {
        "ID": f"r{number}",
        "Priority": number * 3,
        "Status": status,
        "Filter": {"Prefix": prefix},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": f"arn:aws:s3:::{bucket}"},
    }


def older(number: int, bucket: str, status: str, prefix: str) -> dict[str, Any]:
    return {
        "ID": f"r{number}",
        "Status": status,
        "Prefix": prefix,
        "Destination": {"Bucket": f"arn:aws:s3:::{bucket}"},
    }


@st.composite
def configurations(draw: st.DrawFn) -> list[dict[str, Any]]:
    make = draw(st.sampled_from([newer, older]))
    buckets = ["one"] if make is older else ["one", "two", "three"]
    count = draw(st.integers(1, 5))
    return [
        make(
            number,
            draw(st.sampled_from(buckets)),
            "Enabled" if number == 0 else draw(st.sampled_from(["Enabled", "Disabled"])),
            draw(st.sampled_from(["", "ssl/", "a/b"])),
        )
        for number in range(count)
    ]


def found(known: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "region": "eu-west-1",
        "source_versioning": "Enabled",
        "destination_versioning": "Enabled",
        "role": "arn:role",
        "rules": known,
    }


@given(configurations())
def test_old_rules_stay_and_one_comes(known: list[dict[str, Any]]) -> None:
    (write,) = writes(STEP, found(known))
    after = write.params["ReplicationConfiguration"]["Rules"]
    assert write.params["ReplicationConfiguration"]["Role"] == "arn:role"
    assert len(after) == len(known) + 1
    for old, new in zip(known, after[:-1], strict=True):
        if not is_old(old):
            assert new == old
            continue
        # Version 2 says what version 1 did.
        assert (new["ID"], new["Status"], new["Destination"]) == (
            old["ID"],
            old["Status"],
            old["Destination"],
        )
        assert new["Filter"] == {"Prefix": old["Prefix"]}
        assert new["DeleteMarkerReplication"] == {"Status": "Enabled"}
        assert "Prefix" not in new
    assert len({rule["Priority"] for rule in after}) == len(after)
    assert len({rule["ID"] for rule in after}) == len(after)
    assert destination(after[-1]) == "new"
    assert after[-1]["Filter"] == after[0]["Filter"]
    assert STEP.differences(found(after)) == ()


def test_nothing_is_written_when_a_rule_would_vanish(monkeypatch: pytest.MonkeyPatch) -> None:
    known = [newer(0, "one", "Enabled", ""), newer(1, "two", "Enabled", "")]
    monkeypatch.setattr("steps.s3_replication.moved", lambda found: list(found[:1]))
    with pytest.raises(StepError, match="r1 would vanish"):
        writes(STEP, found(known))


def test_rules_are_offered_and_those_that_cannot_serve_say_why() -> None:
    keyed = newer(2, "three", "Enabled", "")
    keyed["Destination"]["EncryptionConfiguration"] = {"ReplicaKmsKeyID": "k"}
    known = [
        newer(1, "two", "Disabled", ""),
        keyed,
        newer(4, "one", "Enabled", ""),
        newer(3, "one", "Enabled", "ssl/"),
        newer(5, "new", "Enabled", ""),
    ]
    location = {"LocationConstraint": "EU"}
    answer = {"ReplicationConfiguration": {"Role": "r", "Rules": known}}
    offered = found_by(rules("ssl", "new", "1"), location, answer)
    assert [one.value for one in offered] == ["r1", "r2", "r4", "r3"]
    assert [one.value for one in offered if one.suggested] == ["r3"]
    assert [one.value for one in offered if one.disabled] == ["r1", "r2"]
    assert found_by(rules("ssl", "new", "1"), None) == []
    assert found_by(rules("ssl", "new", "1"), location, None) == []


@pytest.mark.parametrize(("there", "suggested"), [([], "yes"), (["a"], "yes"), (["a", "b"], "no")])
def test_the_copy_is_proposed_while_something_is_missing(there: list[str], suggested: str) -> None:
    options = found_by(
        backfill("ssl", "new", "eu-north-1", "1"),
        {"LocationConstraint": None},
        None,
        ["a", "b"],
        there,
    )
    assert [one.value for one in options if one.suggested] == [suggested]
    assert found_by(backfill("ssl", "new", "eu-north-1", "1"), None) == []


def test_reports_go_to_a_bucket_beside_the_source() -> None:
    names = [{"Name": "b"}, {"Name": "supertokens-s3-access-logs-eu-west-1"}, {"Name": "ssl"}]
    offered = found_by(report_buckets("ssl", "1"), {"LocationConstraint": "EU"}, names)
    assert [one.value for one in offered if one.suggested] == [
        "supertokens-s3-access-logs-eu-west-1"
    ]
    assert "ssl" not in [one.value for one in offered]
    assert found_by(report_buckets("ssl", "1"), None) == []


def answers(**known: Any) -> list[Any]:
    """The answers to reads of all settings, in order; those not named are not set."""
    empty: dict[str, Any] = dict.fromkeys(SETTINGS)
    for name, setting in SETTINGS.items():
        if setting.pages:
            empty[name] = []
    return [{}, *({**empty, **known}).values()]


def offered(purpose: Any, **known: Any) -> dict[str, Any]:
    options = found_by(settings("old", "us-east-1", "1", purpose), *answers(**known))
    return {one.value: (one.suggested, bool(one.disabled)) for one in options}


def kms() -> dict[str, Any]:
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    return {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}


def test_every_setting_is_offered_ticked_or_refused() -> None:
    known = {
        "versioning": {"Status": "Enabled"},
        "encryption": kms(),
        "lifecycle": {"Rules": [{"ID": "x"}]},
        "cors": {"CORSRules": [{"AllowedMethods": ["GET"]}]},
        "tagging": {"TagSet": [{"Key": "VantaOwner", "Value": "me"}]},
        "accelerate": {"Status": "Enabled"},
        "request_payment": {"Payer": "Requester"},
        "object_lock": {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}},
        "notification": {"EventBridgeConfiguration": {}},
        "inventory": [{"Id": "i"}],
        "metrics": [{"Id": "m"}],
        "policy": {"Policy": "{}"},
    }
    replica = offered("replica", **known)
    ticked = {name for name, (suggested, _) in replica.items() if suggested}
    assert ticked == {
        "versioning",
        "lifecycle",
        "cors",
        "request_payment",
        "notification",
        "metrics",
    }
    refused = {name for name, (_, disabled) in replica.items() if disabled}
    assert refused == {"encryption", "inventory", "policy", "public_access_block"}
    # Ownership, acceleration and Object Lock may be copied, by choice.
    assert set(replica) - ticked - refused == {"ownership", "accelerate", "object_lock"}
    logs = offered("logs", **known)
    assert logs["object_lock"] == logs["request_payment"] == (False, True)
    assert found_by(settings("old", "us-east-1", "1", "logs"), None) == []


def test_a_step_from_a_checklist_takes_what_the_answers_give() -> None:
    plain = {"source": "a", "bucket": "b", "region": "c", "account_id": "1", "like": "r"}
    assert msgspec.convert(plain, ReplicationRule).move is False
