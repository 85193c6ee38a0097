"""An item that fans out: its count in the tree, the list of its members, one of them by itself."""

import pytest
from textual.pilot import Pilot

from screens.member import MemberScreen
from screens.member_text import ordered, planned_of
from screens.run import Run
from screens.widgets.member_list import MemberList
from screens.widgets.members_pane import MembersPane
from tests.screens.drive import LARGE, SIZES, driving, press, resumed, screen_text, settle, told
from tests.screens.fakes import FakeRunning
from tests.screens.region import GROUPS, fanned, member_done, member_failed, name_of, put, session
from wizard.engine import commands
from wizard.session import events
from wizard.session.base import Member, member_id


async def to_members(pilot: Pilot[str]) -> MemberList:
    """Put the cursor on the item, and open the list with Enter."""
    run = pilot.app.screen
    assert isinstance(run, Run)
    run.go_to(GROUPS)
    await press(pilot, "enter")
    return run.query_one(MemberList)


@pytest.mark.parametrize("size", SIZES)
async def test_the_tree_counts_and_the_list_begins_with_what_fails(size: tuple[int, int]) -> None:
    async with driving(resumed(fanned(session())), size, resume="s-12") as pilot:
        assert "28/60 ▓▓░░░  ✗ 2 failed" in screen_text(pilot)
        shown = await to_members(pilot)
        assert shown.has_focus
        text = screen_text(pilot)
        for part in (
            "28/60",
            "✗ 2 failed  ◇ 1 approve?  ▶ 1 applying  · 28 waiting  ✓ 28 done",
            "✗ failed    /aws/lambda/service-0007",
            "◇ approve?  /aws/lambda/service-0040",
            "retentionInDays: (nothing) → 30",
            "1 of 60",
        ):
            assert part in text
    keys = [str(key) for key in shown.keys]
    assert keys[:5] == [name_of(n) for n in (7, 11, 40, 41, 30)]
    assert keys[-1] == name_of(29)


async def test_the_plan_of_many_is_summed_up() -> None:
    async with driving(resumed(fanned(session(), 5000)), LARGE, resume="s-12") as pilot:
        await to_members(pilot)
        await press(pilot, "2")
        text = screen_text(pilot)
    assert "What it does: 5000 calls" in text
    assert "5 Keep /aws/lambda/service-0004 for 30 days" in text
    assert "… and 4,995 more, one for each of the others" in text


async def test_keys_act_on_one_member_or_on_all_that_failed() -> None:
    running = fanned(session())
    async with driving(resumed(running), resume="s-12") as pilot:
        await to_members(pilot)
        await press(pilot, "r", "R", "down", "k", *"old", "enter", "m", *"gone", "enter")
        await press(pilot, "end", "r")
        assert "Not now: it is done." in told(pilot)
    first, second = (member_id(GROUPS, name_of(n)) for n in (7, 11))
    assert running.sent == [
        commands.Retry(item=first),
        commands.Retry(item=GROUPS),
        commands.Skip(item=second, reason="old"),
        commands.MarkDone(item=second, note="gone"),
    ]


async def test_views_and_the_filter_show_some() -> None:
    async with driving(resumed(fanned(session())), resume="s-12") as pilot:
        shown = await to_members(pilot)
        await press(pilot, "v")
        assert [str(key) for key in shown.keys] == [name_of(7), name_of(11)]
        assert "1 of 2 · failed" in screen_text(pilot)
        await press(pilot, "v", "v", "v")
        assert len(shown.keys) == 13
        await press(pilot, "v", "slash", *"0040", "enter")
        assert [str(key) for key in shown.keys] == [name_of(40)]
        assert shown.has_focus
        await press(pilot, "slash", "escape")
        assert len(shown.keys) == 60
        await press(pilot, "slash", *"nothing like it")
        assert "none · with “nothing like it”" in screen_text(pilot)


async def test_a_member_by_itself_has_everything_that_an_item_has() -> None:
    running = fanned(session())
    async with driving(resumed(running), resume="s-12") as pilot:
        await to_members(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, MemberScreen)
        text = screen_text(pilot)
        for part in ("does not exist any more", "Try it again, or skip it.", "Retention of every"):
            assert part in text
        await press(pilot, "r")
        running.tell(*member_done(7))
        await settle(pilot)
        assert "✓ done" in screen_text(pilot)
        await press(pilot, "escape")
        shown = pilot.app.screen.query_one(MemberList)
        shown.go_to(list(shown.keys).index(name_of(41)))
        await press(pilot, "enter", "2", "y")
        assert pilot.app.clipboard == put(41).cli
        await press(pilot, "escape", "escape")
        assert isinstance(pilot.app.screen, Run)
    assert running.sent == [commands.Retry(item=member_id(GROUPS, name_of(7)))]


async def test_a_member_that_asks_is_approved_alone() -> None:
    running = fanned(session())
    async with driving(resumed(running), resume="s-12") as pilot:
        await to_members(pilot)
        await press(pilot, "down", "down", "enter", "a")
        assert "aws logs put-retention-policy" in screen_text(pilot)
        await press(pilot, "a")
    assert running.sent == [commands.Approve(items=(member_id(GROUPS, name_of(40)),))]


async def test_mouse_and_wheel() -> None:
    async with driving(resumed(fanned(session())), LARGE, resume="s-12") as pilot:
        shown = await to_members(pilot)
        await pilot.click(shown, offset=(20, 3))
        assert shown.place == 3
        await pilot.click(shown, offset=(20, 3))
        await settle(pilot)
        assert isinstance(pilot.app.screen, MemberScreen)
        await press(pilot, "escape")
        before = shown.scroll_offset.y
        await pilot._post_mouse_events([events_scroll()], shown, offset=(20, 3), button=0)
        await settle(pilot)
        assert shown.scroll_offset.y > before


def events_scroll() -> type:
    from textual.events import MouseScrollDown

    return MouseScrollDown


async def test_the_cursor_stays_on_its_member_when_the_order_changes() -> None:
    running = fanned(session())
    async with driving(resumed(running), resume="s-12") as pilot:
        shown = await to_members(pilot)
        await press(pilot, "down", "down")
        assert shown.present == name_of(40)
        running.tell(*member_failed(50), *member_done(7))
        await pilot.pause(0.1)
        assert shown.present == name_of(40)
        assert [str(key) for key in shown.keys][:2] == [name_of(7), name_of(11)]
        shown.reorder()
        await settle(pilot)
        assert [str(key) for key in shown.keys][:3] == [name_of(11), name_of(50), name_of(40)]
        assert shown.present == name_of(40)


class Counting(MemberList):
    """Counts the lines that it draws."""

    drawn = 0

    def line_of(self, key: object, width: int):  # type: ignore[no-untyped-def]  # as its parent
        Counting.drawn += 1
        return super().line_of(key, width)


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> type[Counting]:
    monkeypatch.setattr("screens.widgets.members_pane.MemberList", Counting)
    Counting.drawn = 0
    return Counting


async def test_of_five_thousand_only_lines_in_sight_that_changed_are_drawn(
    counting: type[Counting],
) -> None:
    running = fanned(session(), 5000)
    async with driving(resumed(running), resume="s-12") as pilot:
        shown = await to_members(pilot)
        assert len(shown.keys) == 5000
        widgets = len(pilot.app.screen.query("*"))
        height = shown.size.height
        assert counting.drawn <= 4 * height
        before = counting.drawn
        for number in range(4000, 4200):
            running.tell(*member_done(number))
        await pilot.pause(0.1)
        assert counting.drawn == before
        running.tell(*member_failed(40, "in sight"))
        await pilot.pause(0.1)
        assert counting.drawn == before + 1
        assert "in sight" in screen_text(pilot)
        assert len(pilot.app.screen.query("*")) == widgets


def test_order_is_by_need_then_as_listed() -> None:
    running = fanned(session())
    item = running.snapshot.state.item(GROUPS)
    keys = ordered(item.members, item.children)
    assert sorted(keys) == sorted(member.key for member in item.members)
    assert keys[4:6] == [name_of(30), name_of(31)]


def test_members_plans_count_where_the_item_has_none() -> None:
    running = FakeRunning()
    running.tell(
        events.FannedOut(
            item=GROUPS, members=(Member(key="a", each="a"), Member(key="b", each="b"))
        ),
        events.Planned(item=member_id(GROUPS, "b"), calls=(put(1),), needs_approval=True),
    )
    assert planned_of(running.snapshot.state.item(GROUPS)) == (put(1),)


async def test_another_item_begins_at_the_top_with_all() -> None:
    running = fanned(session())
    async with driving(resumed(running), LARGE, resume="s-12") as pilot:
        await to_members(pilot)
        await press(pilot, "v", "escape")
        pane = pilot.app.screen.query_one(MembersPane)
        other = running.snapshot.state.item("region.s3.saas")
        pane.show_item(other)
        assert (pane.list.view, pane.present) == ("all", "")
