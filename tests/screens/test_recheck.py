"""The recheck's screen: verdicts as they come, the drift under the cursor in full."""

import pytest

from screens.recheck import Recheck, VerdictList
from tests.screens.company import PIN
from tests.screens.drive import SIZES, driving, press, screen_text, settle
from tests.screens.fakes import FakeDesk
from wizard.engine.commands import Stop
from wizard.session.events import SessionFinished
from wizard.session.rechecks import Drifted, Rechecked, RecheckStarted, Verdict

STARTED = RecheckStarted(
    session="s-11",
    number=11,
    head_sha256="0" * 64,
    caller_arn=PIN.caller_arn,
    tool_version="0.3.0",
)


def verdict(item: str, kind: Verdict, *drifted: Drifted, why: str = "") -> Rechecked:
    return Rechecked(
        item=item,
        verdict=kind,
        why=why,
        recorded_at="2026-03-01T10:00:00.000000Z",
        drifted=drifted,
    )


def items(desk: FakeDesk) -> list[str]:
    return [item.id for item in desk.rechecking.pinned.checklist.items]


@pytest.mark.parametrize("size", SIZES)
async def test_verdicts_come_and_a_drift_is_shown_field_by_field(size: tuple[int, int]) -> None:
    desk = FakeDesk()
    first, second, *others = items(desk)
    desk.rechecking.tell(STARTED, verdict(first, Verdict.MATCH))
    async with driving(desk, size) as pilot:
        await press(pilot, "k")
        await settle(pilot)
        assert isinstance(pilot.app.screen, Recheck)
        text = screen_text(pilot)
        assert "Recheck of session 11" in text
        assert f"1 of {len(others) + 2} read again" in text
        field = Drifted(field="Port", then=3567, now=80, wanted=3567, wrong=True, reason="other")
        desk.rechecking.tell(verdict(second, Verdict.DRIFT, field))
        await settle(pilot)
        await press(pilot, "down")
        text = screen_text(pilot)
        assert "1 drift" in text
        for part in ("Port", "recorded", "3567", "now", "80", "wanted"):
            assert part in text
        await press(pilot, "v")
        shown = pilot.app.screen.query_one(VerdictList).shown
        assert [key for key in shown if not isinstance(key, tuple)] == [second]
        desk.rechecking.tell(*(verdict(one, Verdict.ATTESTED) for one in others), SessionFinished())
        await settle(pilot)
        assert "kept as session" in screen_text(pilot)


async def test_leaving_ends_a_recheck_that_is_not_done() -> None:
    desk = FakeDesk()
    desk.rechecking.tell(STARTED)
    async with driving(desk) as pilot:
        await press(pilot, "k")
        await settle(pilot)
        await press(pilot, "e")
        assert desk.exported == []
        await press(pilot, "escape")
        await settle(pilot)
        assert not isinstance(pilot.app.screen, Recheck)
    assert desk.rechecking.said(Stop)
