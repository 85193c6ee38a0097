"""Each operation leaves as often as AWS takes it; some share a rate."""

from wizard.engine.pacing import Pace

REGION = "us-east-1"


def leave(pace: Pace, operation: str, *, service: str = "lambda", now: float = 0) -> int:
    """How many calls may leave at this moment."""
    count = 0
    while count < 1000 and pace.wait((service, operation, REGION), now) == 0:
        count += 1
    return count


def test_operations_of_a_service_share_what_has_no_rate_of_its_own() -> None:
    pace = Pace()
    assert leave(pace, "CreateFunction") == 15
    assert leave(pace, "UpdateFunctionConfiguration") == 0
    assert leave(pace, "GetFunction") == 100
    assert leave(pace, "UpdateFunctionConfiguration", now=1) == 15
    assert pace.rate(("lambda", "AddPermission", REGION)) == 15


def test_asked_to_slow_down_all_that_share_a_rate_do() -> None:
    pace = Pace()
    pace.slow_down(("lambda", "CreateFunction", REGION), 0)
    assert pace.is_throttled(("lambda", "AddPermission", REGION))
    assert not pace.is_throttled(("lambda", "GetFunction", REGION))


def test_another_region_has_a_rate_of_its_own() -> None:
    pace = Pace()
    assert leave(pace, "PutRetentionPolicy", service="logs") == 10
    assert pace.wait(("logs", "PutRetentionPolicy", "eu-west-1"), 0) == 0
