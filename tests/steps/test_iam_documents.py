"""A new bucket in IAM policies: what stands in them stays, and a second look finds nothing."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import steps
from steps.iam import PolicyWithBucket
from steps.iam_document import LARGEST, change, places, size
from steps.iam_search import batch_roles, elsewhere, statements, versions
from tests.steps.cases_of_steps import all_cases
from tests.steps.play import found_by, play, writes
from wizard.errors import CallError, DeniedError
from wizard.step import Registry

NEW = "supertokens-saas-new"
ARN = "arn:aws:iam::123456789012:policy/P"
STEP = PolicyWithBucket(policy="P", bucket=NEW)
DENIED = DeniedError("no", code="AccessDenied", action="iam:x", policy="{}")


def arn(name: str, form: str = "") -> str:
    return f"arn:aws:s3:::{name}{form}"


def siblings(count: int) -> list[str]:
    return [arn(f"supertokens-saas-region-{number:03}", "/*") for number in range(count)]


def found(document: Any, versions: int = 1) -> dict[str, Any]:
    known = [
        {"id": f"v{number}", "created": "", "default": number == versions}
        for number in range(1, versions + 1)
    ]
    return {
        "arns": [ARN],
        "elsewhere": [],
        "default": f"v{versions}",
        "versions": known,
        "document": document,
        "simulation": [],
    }


names = st.sampled_from(["supertokens-saas-us", "supertokens-saas-eu", "supertokens-ssl", "other"])
forms = st.sampled_from(["", "/*", "/ssl/*"])
resources = st.one_of(
    st.builds(arn, names, forms),
    st.lists(st.builds(arn, names, forms), min_size=1, max_size=6, unique=True),
)
statement_maps: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Allow", "Deny"]),
        "Action": st.sampled_from(["s3:GetObject", ["s3:ListBucket", "s3:PutObject"]]),
        "Resource": resources,
    },
    optional={"Condition": st.just({"Bool": {"aws:SecureTransport": "true"}})},
)
documents = st.fixed_dictionaries(
    {
        "Version": st.just("2012-10-17"),
        "Statement": st.one_of(statement_maps, st.lists(statement_maps, max_size=4)),
    },
    optional={"Id": st.just("mine")},
)


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@given(documents)
def test_nothing_goes_and_only_the_new_bucket_comes(document: dict[str, Any]) -> None:
    differences = STEP.differences(found(document))
    if not differences or not differences[0].fixable:
        assert STEP.after(document) == document
        return
    (write,) = writes(STEP, found(document))
    after = json.loads(write.params["PolicyDocument"])
    assert {key: after[key] for key in after if key != "Statement"} == {
        key: document[key] for key in document if key != "Statement"
    }
    pairs = zip(as_list(document["Statement"]), as_list(after["Statement"]), strict=True)
    for old, new in pairs:
        assert {**new, "Resource": 0} == {**old, "Resource": 0}
        kept = as_list(old["Resource"])
        assert as_list(new["Resource"])[: len(kept)] == kept
        added = as_list(new["Resource"])[len(kept) :]
        assert all(one.startswith(arn(NEW)) for one in added)
        if old["Effect"] == "Deny":
            assert not added
    assert STEP.differences(found(after)) == ()
    assert change(document, after)


def test_the_new_bucket_gets_every_form_that_a_sibling_has() -> None:
    document = {
        "Statement": [{"Effect": "Allow", "Resource": [arn("supertokens-saas-us", "/a/*")]}]
    }
    (place,) = places(document, "supertokens-saas-", NEW, partition="aws")
    assert place.missing == (arn(NEW, "/a/*"),)
    # A wildcard for objects covers a folder of them too.
    document["Statement"][0]["Resource"] = [
        arn("supertokens-saas-us", "/a/*"),
        arn("supertokens-saas-*", "/*"),
    ]
    (place,) = places(document, "supertokens-saas-", NEW, partition="aws")
    assert place.missing == ()


def test_what_does_not_fit_is_offered_as_one_name() -> None:
    full = {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": siblings(133)}]}
    assert size(STEP.after(full)) < LARGEST
    assert [one.field for one in STEP.differences(found(full))] == ["statement #1"]
    too_long = {"Statement": [{**full["Statement"][0], "Resource": siblings(140)}]}
    (wrong,) = STEP.differences(found(too_long))
    assert (wrong.field, wrong.fixable, wrong.wanted) == ("size", False, LARGEST)
    assert "every bucket of that name" in wrong.reason
    wide = PolicyWithBucket(policy="P", bucket=NEW, naming="wildcard")
    (write,) = writes(wide, found(too_long))
    after = json.loads(write.params["PolicyDocument"])
    assert after["Statement"][0]["Resource"] == [arn("supertokens-saas-*", "/*")]
    assert wide.differences(found(after)) == ()


def test_the_simulator_is_asked_of_a_sibling_and_of_the_new_bucket() -> None:
    document = {
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:List*"],
                "Resource": [arn("supertokens-saas-us", "/*"), arn(NEW, "/*")],
            }
        ]
    }
    default = {"VersionId": "v1", "CreateDate": "", "IsDefaultVersion": True}
    before: list[Any] = [
        [{"PolicyName": "P", "Arn": ARN}],
        [default],
        {"PolicyVersion": {"Document": document}},
    ]

    def result(sibling: str, ours: str) -> dict[str, Any]:
        decided = {arn("supertokens-saas-us", "/any"): sibling, arn(NEW, "/any"): ours}
        return {
            "EvalActionName": "s3:GetObject",
            "EvalDecision": "implicitDeny",
            "ResourceSpecificResults": [
                {"EvalResourceName": name, "EvalResourceDecision": word}
                for name, word in decided.items()
            ],
        }

    seen, asked = play(STEP.observe(), *before, [result("allowed", "explicitDeny")])
    assert asked[-1].params["ActionNames"] == ["s3:GetObject"]  # type: ignore[union-attr]
    (wrong,) = STEP.differences(seen)
    assert (wrong.found, wrong.wanted, wrong.fixable) == ("explicitDeny", "allowed", False)
    # What a condition denies the sibling too is no difference; nor is that nobody may ask.
    assert STEP.differences(found_by(STEP.observe(), *before, [result("a", "a")])) == ()
    assert STEP.differences(found_by(STEP.observe(), *before, DENIED)) == ()
    with pytest.raises(CallError):
        play(STEP.observe(), *before, CallError("broken", code="InternalFailure"))


def test_versions_are_offered_the_oldest_first_and_only_when_one_must_go() -> None:
    def options(count: int) -> Any:
        listed = [
            {"VersionId": f"v{number}", "CreateDate": "2026", "IsDefaultVersion": number == 9}
            for number in range(10, 10 - count, -1)
        ]
        return found_by(versions("P"), [{"PolicyName": "P", "Arn": ARN}], listed)

    five = options(5)
    assert [one.value for one in five] == ["v6", "v7", "v8", "v10"]
    assert [one.value for one in five if one.suggested] == ["v6"]
    assert all(one.disabled and not one.suggested for one in options(4))
    assert found_by(versions("P"), []) == []


def test_statements_are_offered_with_their_doubts() -> None:
    document = {
        "Statement": [
            {"Sid": "All", "Effect": "Allow", "Resource": siblings(2)},
            {"Sid": "One", "Effect": "Allow", "Resource": siblings(1)},
        ]
    }
    known = [{"PolicyName": "P", "Arn": ARN, "DefaultVersionId": "v1"}]
    answer = {"PolicyVersion": {"Document": document}}
    all_, one = found_by(statements("P", NEW), known, answer)
    assert (all_.value, all_.suggested, one.suggested) == ("All", True, False)
    assert "it names only" in one.detail
    assert found_by(statements("P", NEW), []) == []


def role(name: str, principal: Any, effect: str = "Allow") -> dict[str, Any]:
    document = {"Statement": {"Effect": effect, "Principal": principal, "Action": "sts:AssumeRole"}}
    return {"RoleName": name, "Arn": f"arn:{name}", "AssumeRolePolicyDocument": document}


def test_only_roles_that_batch_operations_may_take_are_offered() -> None:
    batch = "batchoperations.s3.amazonaws.com"
    roles = [
        role("b", {"Service": ["s3.amazonaws.com", batch]}),
        role("s3", {"Service": "s3.amazonaws.com"}),
        role("denied", {"Service": batch}, "Deny"),
        role("anybody", "*"),
    ]
    (offered,) = found_by(batch_roles(), roles)
    assert (offered.value, offered.suggested) == ("arn:b", True)
    two = found_by(batch_roles(), [*roles, role("a", {"Service": batch})])
    assert [one.value for one in two] == ["arn:a", "arn:b"]
    assert not any(one.suggested for one in two)


def test_nobody_need_be_allowed_to_search_elsewhere() -> None:
    assert found_by(elsewhere("P"), [{"RoleName": "P"}], DENIED) == ["a role of that name"]


def test_every_step_of_the_room_has_cases() -> None:
    kinds = {kind for kind in Registry.of(steps).steps if kind.startswith("iam.")}
    assert kinds
    assert kinds <= {case.kind for case in all_cases()}
