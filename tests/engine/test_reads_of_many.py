"""A read serves others only as long as nothing that it could show was written since."""

import pytest

from wizard.effects import Read, Write
from wizard.engine.reads import KEPT, LIFETIME, ReadShare
from wizard.gateway.protocol import Answer

GROUPS = Read("logs", "DescribeLogGroups", pages="logGroups")
ANSWER = Answer(value=[], redacted=[])
EVER = float("-inf")


def answered(share: ReadShare, read: Read, at: float = 0) -> None:
    share.begin(read, at).answer = ANSWER


@pytest.mark.parametrize(
    ("write", "serves"),
    [
        (Write("logs", "PutRetentionPolicy"), False),
        (Write("logs", "PutRetentionPolicy", region="eu-west-1"), False),
        (Write("cloudwatch", "PutMetricAlarm"), True),
        (Write("ec2", "RunInstances"), False),
    ],
)
def test_writes_outdate_what_they_can_show(write: Write, *, serves: bool) -> None:
    share = ReadShare()
    answered(share, GROUPS)
    share.wrote(write)
    assert (share.find(GROUPS, EVER, 1) is not None) is serves


def test_a_read_under_way_while_something_is_written_serves_nobody_new() -> None:
    share = ReadShare()
    shared = share.begin(GROUPS, 0)
    share.wrote(Write("logs", "PutRetentionPolicy"))
    shared.answer = ANSWER
    assert share.find(GROUPS, EVER, 1) is None


def test_an_age_is_asked_for_or_the_common_one_holds() -> None:
    share = ReadShare()
    answered(share, GROUPS)
    assert share.find(GROUPS, EVER, LIFETIME + 1) is None
    assert share.find(GROUPS, 0, LIFETIME + 1, float("inf")) is not None
    assert share.find(GROUPS, 1, LIFETIME + 1, float("inf")) is None


def test_answers_of_thousands_are_not_all_kept_and_the_common_one_is() -> None:
    share = ReadShare()
    answered(share, GROUPS)
    for number in range(3 * KEPT):
        answered(share, Read("lambda", "GetFunction", {"FunctionName": str(number)}))
        assert share.find(GROUPS, EVER, 1) is not None
    assert share.find(Read("lambda", "GetFunction", {"FunctionName": "0"}), EVER, 1) is None
