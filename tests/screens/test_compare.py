"""The comparison with the reference region: of an item, and of the whole region."""

import pytest

from screens.compare import Compare
from screens.compare_text import SHOWS, all_entries, entries_of, entry_line, only
from screens.run import Run
from screens.widgets.compare_list import CompareList
from tests.screens.drive import LARGE, SIZES, driving, press, resumed, screen_text, settle, told
from tests.screens.fakes import FakeDesk
from tests.screens.region import BUCKET, PINNED, TOPIC, compare_all, compared, session
from wizard.engine import commands
from wizard.errors import RefusedError
from wizard.session import events
from wizard.session.base import ComparedField
from wizard.session.state import Comparison, ItemState


@pytest.mark.parametrize("size", SIZES)
async def test_an_item_shows_three_columns_before_it_is_approved(size: tuple[int, int]) -> None:
    running = compare_all(session())
    async with driving(resumed(running), size, resume="s-12") as pilot:
        run = pilot.app.screen
        assert isinstance(run, Run)
        run.go_to("region.s3.saas")
        await settle(pilot)
        await press(pilot, "1")
        assert "Compared with us-east-1" in screen_text(pilot)
        await press(pilot, "6")
        text = screen_text(pilot)
        for part in ("the letter", "us-east-1", "= same", "+ Enabled", "≈ expected", "≠ differs"):
            assert part in text
        await press(pilot, "end")
        assert "AllowSSLRequestsOnly, DelegateAccess, ReplicationFromFrankfurt" in screen_text(
            pilot
        )
        await press(pilot, "o", *"no lambdas here", "enter")
    assert running.sent == [
        commands.AcceptDifference(
            item="region.s3.saas", field="policy.statements", reason="no lambdas here"
        )
    ]


async def test_the_tab_is_there_only_for_what_is_compared() -> None:
    async with driving(resumed(compare_all(session())), LARGE, resume="s-12") as pilot:
        assert "6 Compare" not in screen_text(pilot)
        await press(pilot, "6")
        assert "The runbook's letter" in screen_text(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_the_whole_region(size: tuple[int, int]) -> None:
    running = compare_all(session())
    async with driving(resumed(running), size, resume="s-12") as pilot:
        await press(pilot, "c")
        text = screen_text(pilot)
        for part in (
            "us-east-1 → eu-central-2 in acme-demo",
            "2 of 3 compared; ctrl+r compares all now",
            "≠ 2 differ  ≈ 1 expected  = 4 same",
            "Topic of the EC2 alarms",
            "Bucket of the access logs  · not compared yet",
        ):
            assert part in text
        await press(pilot, "v")
        text = screen_text(pilot)
        assert "what is not the same" in text
        assert "encryption" not in text
        assert "Topic of the EC2 alarms" not in text
        await press(pilot, "v")
        assert "supertokens-saas-{region}" not in screen_text(pilot)
        await press(pilot, "end", "enter")
        run = pilot.app.screen
        assert isinstance(run, Run)
        assert run.item is not None
        assert run.item.id == "region.s3.saas"


async def test_an_accepted_difference_is_shown_with_its_reason() -> None:
    running = compare_all(session())
    async with driving(resumed(running), LARGE, resume="s-12") as pilot:
        await press(pilot, "c", "end", "up", "o", *"short", "enter")
        assert running.sent == [
            commands.AcceptDifference(
                item="region.s3.saas", field="policy.statements", reason="short"
            )
        ]
        running.tell(
            events.DifferenceAccepted(
                item="region.s3.saas", field="policy.statements", reason="short"
            )
        )
        await pilot.pause(0.4)
        text = screen_text(pilot)
        assert "✎ accepted  policy.statements" in text
        assert "≠ 1 differs  ✎ 1 accepted" in text
        assert "Because" in text
        await press(pilot, "o")
        assert "Only a field that differs can be accepted." in told(pilot)


async def test_everything_is_compared_anew_by_a_dry_run_that_ends_with_the_screen() -> None:
    running = compare_all(session())
    running.tell(
        events.DifferenceAccepted(item="region.s3.saas", field="lifecycle.days", reason="cheaper")
    )
    desk = resumed(running)
    desk.previewed = session(preview=True)
    async with driving(desk, LARGE, resume="s-12") as pilot:
        await press(pilot, "c", "ctrl+r")
        assert desk.previewed.started
        assert "0 of 3 compared …" in screen_text(pilot)
        assert "seen now, by a dry run" in screen_text(pilot)
        desk.previewed.tell(
            compared("region.sns.topic.ec2", *TOPIC),
            compared("region.s3.saas", *BUCKET),
            compared("region.s3.logs", problem="AccessDenied: s3:GetBucketLogging in us-east-1"),
        )
        await pilot.pause(0.4)
        text = screen_text(pilot)
        assert "3 of 3 compared …  ✗ 1 could not be" in text
        assert "could not be compared: AccessDenied: s3:GetBucketLogging" in text
        assert "✎ accepted lifecycle.days" in text
        shown = pilot.app.screen.query_one(CompareList)
        await press(pilot, "v", "v")
        assert any("region.s3.logs" in str(key) for key in shown.keys)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, Run)
        assert desk.previewed.stopped.is_set()


async def test_a_dry_run_that_is_refused_is_explained() -> None:
    desk = FakeDesk(running=compare_all(session()))

    def refuse(*_: object) -> None:
        raise RefusedError("The account is another one.", where="account 1", todo="Log in.")

    desk.preview = refuse  # type: ignore[method-assign,assignment]
    async with driving(desk, resume="s-12") as pilot:
        await press(pilot, "c", "ctrl+r")
        text = screen_text(pilot)
        assert "The account is another one." in text
        assert "Log in." in text
        assert "encryption" in text


async def test_from_home_a_session_is_compared_read_only() -> None:
    running = compare_all(session())
    async with driving(resumed(running), LARGE) as pilot:
        await press(pilot, "c")
        assert isinstance(pilot.app.screen, Compare)
        await press(pilot, "end", "up", "o")
        assert "Resume the session to accept a difference" in told(pilot)
        await press(pilot, "escape")
    assert running.said(commands.AcceptDifference) == []


async def test_nothing_to_compare_is_said() -> None:
    async with driving(FakeDesk(), LARGE) as pilot:
        await press(pilot, "c")
        assert "compares nothing with another region" in told(pilot)
        await press(pilot, "enter", "c")
        assert isinstance(pilot.app.screen, Run)


async def test_an_empty_region_says_so() -> None:
    async with driving(resumed(session()), resume="s-12") as pilot:
        await press(pilot, "c")
        assert "0 of 3 compared" in screen_text(pilot)
        assert "· not compared yet" in screen_text(pilot)
        await press(pilot, "v")
        assert "Nothing of this kind; v shows others." in screen_text(pilot)


def test_titles_are_shown_only_above_something() -> None:
    state = compare_all(session()).snapshot.state
    entries = all_entries(PINNED, state, state)
    assert [one.title or one.section for one in only(entries, SHOWS[2]) if one.row is None] == [
        "S3",
        "Bucket supertokens-saas-eu-central-2",
    ]
    assert only(entries, SHOWS[0]) == entries


def test_fields_of_a_member_stand_below_it_and_long_ones_are_known_by_their_end() -> None:
    rows = (
        ComparedField(field="writer", reference="present", here="right", mark="same"),
        ComparedField(field="writer.Class", reference="large", here="large", mark="same"),
        ComparedField(field="writers", reference="absent", here="right", mark="differs"),
        ComparedField(field="block.BlockPublicPolicies", reference=True, here=True, mark="same"),
    )
    now = ItemState(id="a", comparison=Comparison(region="us-east-1", rows=rows, at=""))
    entries = entries_of(PINNED.checklist.items[0], now)
    assert [one.label for one in entries[1:]] == ["writer", "  Class", "writers", rows[3].field]
    shown = entry_line(entries[-1], 80).plain
    assert "…kPublicPolicies" in shown
