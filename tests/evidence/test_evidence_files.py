"""A file for each changing call and each last look, and nothing in them that is not journaled."""

import csv
import io
import json
from typing import Any

import pytest

from tests.evidence.session import ARN, Story, read, story
from wizard.effects import Again
from wizard.evidence.evidence_files import HEADER, INDEX, evidence_files
from wizard.session import calls, events
from wizard.session.base import Member
from wizard.step import Difference


def files_of(told: Story) -> dict[str, bytes]:
    return dict(evidence_files(told.entries))


def only(files: dict[str, bytes], end: str) -> dict[str, Any]:
    [name] = [name for name in files if name.endswith(end)]
    content: dict[str, Any] = json.loads(files[name])
    return content


def intended(item: str, op: str, operation: str = "PutRetentionPolicy") -> calls.CallIntended:
    return calls.CallIntended(
        item=item,
        op=op,
        title="Keep",
        service="logs",
        operation=operation,
        region="us-east-1",
        params={"retentionInDays": 365},
        request_sha256="12" * 32,
        cli="aws logs put-retention-policy",
        again=Again.LOOK,
    )


def succeeded(item: str, op: str) -> calls.CallSucceeded:
    return calls.CallSucceeded(
        item=item,
        op=op,
        request_id=f"request-{op}",
        date="Sun, 22 Nov 2026 17:05:12 GMT",
        ms=1,
        response={},
        response_sha256="34" * 32,
    )


def test_a_changing_call_has_a_file_with_all_that_was_journaled_of_it() -> None:
    told = story()
    call = only(files_of(told), "-elbv2.CreateLoadBalancer.json")
    intent, result = (told.entries[line["line"] - 1] for line in call["journal"])
    assert isinstance(intent.event, calls.CallIntended)
    assert isinstance(result.event, calls.CallSucceeded)
    assert [line["sha256"] for line in call["journal"]] == [intent.sha256, result.sha256]
    assert (call["item"], call["outcome"]) == ("lb.alb.create", "ok")
    assert call["request"]["params"] == {"Name": "acme-prod", "Type": "application"}
    assert call["request"]["sha256"] == "ab" * 32
    assert call["request"]["at"] == intent.at
    assert call["request"]["by"]["user"] == "ada"
    assert call["response"] == {
        "at": result.at,
        "body": {"LoadBalancers": [{"LoadBalancerArn": ARN}]},
        "date": "Sun, 22 Nov 2026 17:05:12 GMT",
        "ms": 412.6,
        "request_id": "11111111-2222-3333-4444-555555555555",
        "sha256": "cd" * 32,
    }
    assert (call["error"], call["settled"]) == (None, None)


def test_its_name_begins_with_the_line_of_its_intent() -> None:
    told = story()
    line = next(e.seq for e in told.entries if isinstance(e.event, calls.CallIntended))
    assert f"evidence/{line:04d}-elbv2.CreateLoadBalancer.json" in files_of(told)


@pytest.mark.parametrize("operation", ["POST /../../etc/passwd", "a\nb", "", "." * 300])
def test_no_operation_leads_out_of_the_folder(operation: str) -> None:
    told = Story().tell(intended("pre.identity", "1", operation))
    [name] = [name for name in files_of(told) if name != INDEX]
    folder, slash, file = name.partition("/")
    assert (folder, slash) == ("evidence", "/")
    assert set(file) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")
    assert len(file) < 150


@pytest.mark.parametrize(
    ("after", "outcome"),
    [
        ([], "sent"),
        ([calls.CallFailed(item="a", op="1", code="Denied", message="no")], "failed"),
        ([calls.CallInDoubt(item="a", op="1", code="Reset", message="gone")], "in doubt"),
        (
            [
                calls.CallInDoubt(item="a", op="1", code="Reset", message="gone"),
                calls.CallSettled(item="a", op="1", happened=True, by="operator", note="seen"),
            ],
            "settled: happened",
        ),
        (
            [calls.CallSettled(item="a", op="1", happened=False, by="observation")],
            "settled: did not happen",
        ),
    ],
)
def test_how_a_call_ended(after: list[events.AnyEvent], outcome: str) -> None:
    told = Story().tell(intended("a", "1"), *after)
    call = only(files_of(told), "-logs.PutRetentionPolicy.json")
    assert call["outcome"] == outcome
    assert len(call["journal"]) == 1 + len(after)
    assert (call["response"] is None) is (outcome != "ok")
    if outcome == "settled: happened":
        assert call["error"]["code"] == "Reset"
        assert (call["settled"]["by"], call["settled"]["note"]) == ("operator", "seen")


def test_the_last_look_stands_with_the_reads_after_the_change_before_it() -> None:
    look = only(files_of(story()), "-observed-lb.alb.create.json")
    assert look["found"]["state"] == "active"
    assert look["differences"] == []
    [after] = look["reads"]
    assert after["params"] == {"Names": ["acme-prod"]}
    assert (after["times"], after["pages"], after["entries"]) == (1, 2, 130)
    assert after["complete"] is True


def test_what_differs_is_in_the_last_look_and_an_older_look_is_not() -> None:
    told = Story().tell(
        events.Observed(item="a", found={"n": 1}, differences=()),
        read("a", "logs", "DescribeLogGroups"),
        read("a", "logs", "DescribeLogGroups"),
        events.WaitObserved(
            item="a", waiting_for="it", found={"n": 2}, differences=(Difference("n", 2, 1),)
        ),
    )
    look = only(files_of(told), "-observed-a.json")
    assert look["found"] == {"n": 2}
    assert [one["field"] for one in look["differences"]] == ["n"]
    assert [one["times"] for one in look["reads"]] == [2]
    assert look["journal"]["line"] == told.entries[-1].seq


def test_a_look_without_reads_of_its_own_claims_none() -> None:
    told = Story().tell(
        read("a", "logs", "DescribeLogGroups"),
        events.Observed(item="a", found={"n": 1}, differences=()),
        events.Observed(item="a", found={"n": 2}, differences=()),
    )
    assert only(files_of(told), "-observed-a.json")["reads"] == []


def test_a_read_that_failed_is_not_complete() -> None:
    failed = calls.ReadDone(
        item="a",
        service="logs",
        operation="DescribeLogGroups",
        region="",
        params={},
        pages=1,
        entries=0,
        request_id="",
        date="",
        ms=1,
        error="AccessDenied: no",
    )
    told = Story().tell(failed, events.Observed(item="a", found=None, differences=()))
    [one] = only(files_of(told), "-observed-a.json")["reads"]
    assert (one["complete"], one["error"]) == (False, "AccessDenied: no")


def test_thousands_of_members_are_in_one_file_for_each_kind() -> None:
    groups = [f"/acme/{number}" for number in range(5000)]
    told = Story().tell(
        read("logs.kept", "logs", "DescribeLogGroups"),
        events.FannedOut(
            item="logs.kept", members=tuple(Member(key=name, each=name) for name in groups)
        ),
    )
    for name in groups:
        member = f"logs.kept[{name}]"
        told.tell(
            intended(member, name),
            succeeded(member, name),
            events.Observed(item=member, found={"days": 365}, differences=()),
        )
    files = files_of(told)
    assert len(files) == 3
    calls_of = only(files, "-logs.PutRetentionPolicy-members.json")
    assert [one["item"] for one in calls_of["calls"]] == [f"logs.kept[{name}]" for name in groups]
    look = only(files, "-observed-logs.kept-members.json")
    assert look["listed"]["members"] == len(look["members"]) == len(groups)
    assert [one["operation"] for one in look["reads"]] == ["DescribeLogGroups"]
    [line] = [
        line
        for line in next(f for n, f in files.items() if "observed" in n).splitlines()
        if b"[/acme/4711]" in line
    ]
    assert json.loads(line.rstrip(b","))["found"] == {"days": 365}


def test_the_index_names_the_file_of_each() -> None:
    told = story()
    files = files_of(told)
    rows = list(csv.DictReader(io.StringIO(files[INDEX].decode(), newline="")))
    assert tuple(rows[0]) == HEADER
    assert {row["file"] for row in rows} == files.keys() - {INDEX}
    assert [int(row["line"]) for row in rows] == sorted(int(row["line"]) for row in rows)
    by_what = {row["what"]: row for row in rows}
    assert by_what["elbv2:CreateLoadBalancer"]["outcome"] == "ok"
    assert by_what["observed"]["outcome"] == "as it should be"
