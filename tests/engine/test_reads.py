"""Which answers serve a later reader."""

from wizard.effects import Read, Write
from wizard.engine.reads import LIFETIME, ReadShare
from wizard.gateway.protocol import Answer

PLAIN = Read("logs", "DescribeLogGroups", pages="logGroups")
LISTING = Read("logs", "DescribeLogGroups", {"limit": 50}, pages="logGroups", keeps=30)


def answered(share: ReadShare, read: Read, now: float) -> None:
    share.begin(read, now).answer = Answer(value=[])


def test_a_write_ends_an_answer_unless_it_is_a_listing_that_keeps() -> None:
    share = ReadShare()
    answered(share, PLAIN, 0)
    answered(share, LISTING, 0)
    share.wrote(Write("logs", "PutRetentionPolicy"))
    assert share.find(PLAIN, float("-inf"), 1) is None
    assert share.find(LISTING, float("-inf"), 1) is not None


def test_each_serves_for_its_own_time() -> None:
    share = ReadShare()
    answered(share, PLAIN, 0)
    answered(share, LISTING, 0)
    assert share.find(PLAIN, float("-inf"), LIFETIME) is not None
    assert share.find(PLAIN, float("-inf"), LIFETIME + 1) is None
    assert share.find(LISTING, float("-inf"), 30) is not None
    assert share.find(LISTING, float("-inf"), 31) is None


def test_who_has_written_looks_anew() -> None:
    share = ReadShare()
    answered(share, LISTING, 0)
    assert share.find(LISTING, 0.5, 1) is None
