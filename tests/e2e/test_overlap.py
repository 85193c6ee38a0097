"""Independent calls are under way together, and calls that AWS paces are not hurried."""

from pathlib import Path
from typing import Any

from tests.e2e.account import SECRET, Account
from tests.e2e.command import CHECKLIST, st_wizard

LATENCY = 0.05


def most_at_once(calls: list[dict[str, Any]], speed: float) -> int:
    """How many calls were under way at the same moment, at most."""
    moments: list[tuple[float, int]] = []
    for call in calls:
        moments.append((call["account_time"], 1))
        moments.append((call["account_time"] + call["seconds"] * speed, -1))
    under_way = most = 0
    for _, change in sorted(moments):
        under_way += change
        most = max(most, under_way)
    return most


def test_independent_calls_overlap(account: Account, home: Path, tmp_path: Path) -> None:
    answers = account.answers(tmp_path, app_id="app-hooli")
    where = ("--endpoint-url", account.ready.endpoint_url)
    account.order("latency", seconds=LATENCY)
    account.forget()
    try:
        done = st_wizard(
            "run", CHECKLIST, *where, "--answers", answers, "--defaults", "--yes",
            home=home, env=SECRET,
        )  # fmt: skip
    finally:
        account.order("latency", seconds=0)
    assert done.code == 3, done.err
    calls = account.calls()
    assert all(call["seconds"] >= LATENCY for call in calls)
    assert most_at_once(calls, speed=600) >= 4
    assert not [call for call in calls if "Throttl" in (call["error_code"] or "")]
