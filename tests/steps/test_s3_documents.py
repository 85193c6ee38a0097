"""Bucket policy and tags are replaced whole: what others wrote in them always stays."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steps.s3_elb_policy import LEGACY_ACCOUNTS, SID, ElbLogPolicy
from steps.s3_policy import same, statements
from steps.s3_tags import Tags, descriptions
from tests.steps.play import found_by, play, writes
from wizard.errors import DeniedError, StepError

POLICY = ElbLogPolicy(bucket="acme-logs", account_id="123456789012", region="us-east-1")

words = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=8)
one_or_more = st.one_of(words, st.lists(words, min_size=1, max_size=3))
statement_maps: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Action": one_or_more,
        "Resource": one_or_more,
        "Principal": st.one_of(st.just("*"), st.dictionaries(words, one_or_more, max_size=2)),
    },
    optional={
        "Sid": words,
        "Condition": st.dictionaries(words, st.dictionaries(words, one_or_more), max_size=2),
    },
)
policies = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {"Statement": st.one_of(statement_maps, st.lists(statement_maps, max_size=4))},
        optional={"Version": st.sampled_from(["2012-10-17", "2008-10-17"]), "Id": words},
    ),
)


def read(policy: dict[str, Any] | None, *, public: bool = False) -> Any:
    if policy is None:
        return found_by(POLICY.observe(), None)
    status = {"PolicyStatus": {"IsPublic": public}}
    return found_by(POLICY.observe(), {"Policy": json.dumps(policy)}, status)


def written(policy: dict[str, Any] | None) -> dict[str, Any]:
    (write,) = writes(POLICY, read(policy))
    after: dict[str, Any] = json.loads(write.params["Policy"])
    return after


@given(policies)
def test_foreign_statements_stay_and_the_second_look_finds_nothing(
    policy: dict[str, Any] | None,
) -> None:
    after = written(policy)
    before = statements(policy or {})
    assert [s for s in after["Statement"] if s.get("Sid") != SID] == before
    assert POLICY.differences(read(after)) == ()
    for key in ("Version", "Id"):
        if policy and key in policy:
            assert after[key] == policy[key]


@given(policies, st.integers(0, 4))
def test_our_stale_statement_is_replaced_where_it_stands(
    policy: dict[str, Any] | None, at: int
) -> None:
    before = list(statements(policy or {}))
    stale = {**POLICY.statement, "Resource": "arn:aws:s3:::acme-logs/old/*"}
    before.insert(min(at, len(before)), stale)
    after = written({"Version": "2012-10-17", "Statement": before})
    assert len(after["Statement"]) == len(before)
    assert after["Statement"].index(POLICY.statement) == before.index(stale)


def test_statement_as_elb_wants_it() -> None:
    assert POLICY.statement == {
        "Sid": "st-wizard-elb-logs",
        "Effect": "Allow",
        "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::acme-logs/AWSLogs/123456789012/*",
        "Condition": {
            "ArnLike": {
                "aws:SourceArn": "arn:aws:elasticloadbalancing:us-east-1:123456789012"
                ":loadbalancer/*"
            }
        },
    }


def test_prefix_and_partition_are_in_the_resource() -> None:
    step = ElbLogPolicy(
        bucket="b", account_id="1", region="cn-north-1", prefix="app/", partition="aws-cn"
    )
    assert step.statement["Resource"] == "arn:aws-cn:s3:::b/app/AWSLogs/1/*"


def test_the_same_grant_under_another_name_and_spelling_is_enough() -> None:
    console = {
        **POLICY.statement,
        "Sid": "AWSConsole",
        "Action": ["s3:PutObject"],
        "Resource": ["arn:aws:s3:::acme-logs/AWSLogs/123456789012/*"],
    }
    assert POLICY.differences(read({"Statement": console})) == ()
    assert same(console, POLICY.statement)


def test_public_policy_is_not_ours_to_mend() -> None:
    (wrong,) = POLICY.differences(read({"Statement": [POLICY.statement]}, public=True))
    assert not wrong.fixable
    assert wrong.field == "public"


def test_legacy_account_of_the_region() -> None:
    legacy = ElbLogPolicy(bucket="b", account_id="1", region="eu-west-1", principal="legacy")
    assert legacy.statement["Principal"] == {"AWS": "arn:aws:iam::156460612806:root"}
    assert "Condition" not in legacy.statement
    assert all(len(account) == 12 for account in LEGACY_ACCOUNTS.values())


def test_region_without_legacy_account_says_what_to_use() -> None:
    step = ElbLogPolicy(bucket="b", account_id="1", region="eu-south-2", principal="legacy")
    with pytest.raises(StepError, match="service principal"):
        step.differences(None)


def test_prefix_with_awslogs_is_refused() -> None:
    step = ElbLogPolicy(bucket="b", account_id="1", region="us-east-1", prefix="x/AWSLogs")
    (wrong,) = step.differences(None)
    assert not wrong.fixable


def test_writers_of_one_document_share_a_lock() -> None:
    assert POLICY.lock() == "s3 policy acme-logs"
    assert Tags(bucket="acme-logs", account_id="1", tags={}).lock() == "s3 tags acme-logs"


tag_maps = st.dictionaries(words, words, max_size=10)


def tag_set(tags: dict[str, str]) -> dict[str, Any]:
    return {"TagSet": [{"Key": key, "Value": value} for key, value in tags.items()]}


@given(tag_maps, st.dictionaries(words, words, min_size=1, max_size=5))
def test_other_tags_stay_and_the_second_look_finds_nothing(
    have: dict[str, str], wanted: dict[str, str]
) -> None:
    step = Tags(bucket="b", account_id="1", tags=wanted)
    abac: tuple[Any, ...] = () if wanted.items() <= have.items() else ({},)
    found = found_by(step.observe(), tag_set(have) if have else None, *abac)
    if not step.differences(found):
        assert wanted.items() <= have.items()
        return
    (write,) = writes(step, found)
    after = found_by(step.observe(), write.params["Tagging"])
    assert after == {"tags": {**have, **wanted}, "abac": False}
    assert step.differences(after) == ()


@pytest.mark.parametrize("value", ["...", "[email protected]", "", "store {{name}} logs", "a…b"])
def test_placeholders_of_the_runbook_are_refused_with_a_reason(value: str) -> None:
    step = Tags(bucket="b", account_id="1", tags={"VantaOwner": value, "fine": "x"})
    found, _ = play(step.observe(), None, {})
    (wrong,) = step.differences(found)
    assert (wrong.field, wrong.fixable) == ("tags.VantaOwner", False)
    assert wrong.reason


def test_more_tags_than_a_bucket_takes() -> None:
    step = Tags(bucket="b", account_id="1", tags={"one": "more"})
    (wrong,) = step.differences({"tags": {f"k{n}": "v" for n in range(50)}})
    assert not wrong.fixable


def test_whoever_may_not_ask_about_abac_tags_all_the_same() -> None:
    denied = DeniedError("no", code="AccessDenied", action="s3:GetBucketAbac", policy="{}")
    step = Tags(bucket="b", account_id="1", tags={"one": "more"})
    found = found_by(step.observe(), None, denied)
    assert found is None
    assert len(writes(step, found)) == 1


def test_the_description_of_the_reference_bucket_has_the_new_regions_name() -> None:
    def offered(value: str | None) -> list[Any]:
        tags = None if value is None else tag_set({"VantaDescription": value})
        return found_by(descriptions("b", "us-east-1", "eu-central-2", "1"), tags)

    (option,) = offered("logs of us-east-1")
    assert (option.value, option.suggested) == ("logs of eu-central-2", True)
    (option,) = offered("...")
    assert option.disabled
    assert not option.suggested
    assert offered(None) == []
