"""Run: the tree, the item beside it, and every deed of the operator."""

import pytest

from screens.ask import Ask
from screens.finish import Finish
from screens.pause import PauseDialog, SettleDialog
from screens.run import Run
from screens.widgets.field import Field
from screens.widgets.item_tree import ItemTree
from tests.screens import scenes
from tests.screens.drive import LARGE, SIZES, driving, press, resumed, screen_text, settle
from tests.screens.fakes import FakeRunning
from wizard.engine import commands
from wizard.engine.snapshot import Held
from wizard.session import events


def midway() -> FakeRunning:
    return scenes.midway(FakeRunning())


@pytest.mark.parametrize("size", SIZES)
async def test_states_read_as_symbol_and_word(size: tuple[int, int]) -> None:
    async with driving(resumed(midway()), size, resume="s-12") as pilot:
        text = screen_text(pilot)
    for line in (
        "✓ done      Account and caller",
        "◔ settling  Wait for the new instances",
        "◇ approve?  Create target group",
        "✗ failed    Create load balancer",
        "‽ in doubt  Encrypt the log bucket",
        "⚑ needs you Subscriptions confirmed",
        "· waiting   Create listener HTTPS 3567",
    ):
        assert line in text
    assert "3/11 done" in text
    assert "✗ 1 failed" in text
    assert "SIMULATED" in text
    assert "3 instances running, 2 now" in text
    assert "of 15:00 · looks in" in text


async def test_item_beside_the_tree_and_its_plan() -> None:
    async with driving(resumed(midway()), LARGE, resume="s-12") as pilot:
        await press(pilot, "n")
        text = screen_text(pilot)
        assert "Choose a target type: Instances" in text
        assert "▲ TRAP E13" in text
        assert "VPC: prod (vpc-0a1)" in text
        await press(pilot, "2")
        text = screen_text(pilot)
        for part in ("HealthCheckProtocol", "− HTTP", "+ HTTPS", "aws elbv2 create-target-group"):
            assert part in text
        await press(pilot, "3")
        assert "elbv2:DescribeTargetGroups" in screen_text(pilot)
        assert "7f1d2c3b" in screen_text(pilot)


async def test_narrow_switches_between_tree_and_detail() -> None:
    async with driving(resumed(midway()), resume="s-12") as pilot:
        await press(pilot, "n", "enter")
        assert "The runbook's letter" in screen_text(pilot)
        await press(pilot, "escape")
        assert "✓ done      Account and caller" in screen_text(pilot)


async def test_approve_shows_the_calls_first_and_focuses_no_danger() -> None:
    running = midway()
    async with driving(resumed(running), resume="s-12") as pilot:
        await press(pilot, "n", "a")
        assert "aws elbv2 create-target-group" in screen_text(pilot)
        assert pilot.app.focused is not None
        assert pilot.app.focused.id == "close"
        await press(pilot, "enter")
        assert running.sent == []
        await press(pilot, "a", "a")
        assert running.sent == [commands.Approve(items=("lb.tg",))]
        await press(pilot, "s", "s", "A", "A")
    section = ("lb.scale", "lb.wait", "lb.tg", "lb.targets")
    assert running.sent[1:3] == [commands.Approve(items=section), commands.Approve()]


async def test_skip_and_mark_need_a_text() -> None:
    running = midway()
    async with driving(resumed(running), resume="s-12") as pilot:
        await press(pilot, "n", "k", "enter")
        assert running.sent == []
        await press(pilot, *"later", "enter", "m", *"by hand", "enter")
    assert running.sent[0] == commands.Skip(item="lb.tg", reason="later")
    assert running.sent[1] == commands.MarkDone(item="lb.tg", note="by hand")


async def test_failure_shows_where_what_next_and_the_policy_to_copy() -> None:
    running = midway()
    async with driving(resumed(running), LARGE, resume="s-12") as pilot:
        await press(pilot, "n", "n")
        text = screen_text(pilot)
        for part in ("may not do elasticloadbalancing:CreateLoadBalancer", "Next", '"Allow"'):
            assert part in text
        await press(pilot, "y")
        assert '"Action": "elasticloadbalancing:CreateLoadBalancer"' in pilot.app.clipboard
        await press(pilot, "r")
    assert running.sent == [commands.Retry(item="lb.alb")]


async def test_edit_after_a_failure_answers_again_and_tries_again() -> None:
    running = midway()
    async with driving(resumed(running), LARGE, resume="s-12") as pilot:
        await press(pilot, "n", "n", "e")
        assert isinstance(pilot.app.screen, Ask)
        await press(pilot, "end", *"-2", "ctrl+s")
    names = [one.value for one in running.sent if isinstance(one, commands.Answer)]
    assert "acme-prod-2" in names
    assert running.sent[-1] == commands.Retry(item="lb.alb")


async def test_an_item_asks_for_its_inputs_with_a_port_for_each() -> None:
    running = scenes.asking(FakeRunning())
    async with driving(resumed(running), resume="s-12") as pilot:
        await press(pilot, "n", "e")
        assert isinstance(pilot.app.screen, Ask)
        await press(pilot, "tab", "end", "backspace", *"8", "enter")
        assert running.sent == []
        await press(pilot, "ctrl+s")
    (answer,) = running.sent
    assert isinstance(answer, commands.Answer)
    assert answer.value == ["i-0aa:3568", "i-0bb:3567"]
    assert "core-acme-prod-1" in answer.label


async def test_pause_says_all_and_closes_by_itself() -> None:
    running = midway()
    async with driving(resumed(running), LARGE, resume="s-12") as pilot:
        await press(pilot, "n", "n", "n", "n", "t")
        assert isinstance(pilot.app.screen, PauseDialog)
        text = screen_text(pilot)
        for part in ("Confirm subscription. 2 of 4", "looks by itself", "127.0.0.1:5601/inbox"):
            assert part in text
        running.tell(events.ItemDone(item="lb.confirm", how="observed", outputs={}))
        await settle(pilot)
        assert isinstance(pilot.app.screen, Run)


async def test_attestation_needs_a_note() -> None:
    running = midway()
    async with driving(resumed(running), resume="s-12") as pilot:
        await press(pilot, *"nnnnn", "t", "enter")
        assert running.sent == []
        await press(pilot, *"load test", "enter")
    assert running.sent == [commands.Attest(item="lb.cover.rps", note="load test")]


async def test_a_lost_answer_is_settled_by_a_person() -> None:
    running = midway()
    async with driving(resumed(running), resume="s-12") as pilot:
        await press(pilot, *"nnn", "t")
        assert isinstance(pilot.app.screen, SettleDialog)
        assert "ReadTimeout: no answer in 60 s" in screen_text(pilot)
        await press(pilot, *"seen")
        await pilot.click("#happened")
        await settle(pilot)
    assert running.sent == [commands.Settle(op="op-lb.logs", happened=True, note="seen")]


async def test_pause_and_go_on() -> None:
    running = midway()
    async with driving(resumed(running), resume="s-12") as pilot:
        await press(pilot, "p")
        running.tell(events.SessionPaused(reason=commands.Pause().reason))
        await settle(pilot)
        assert isinstance(pilot.app.screen, Run)
        assert "paused, p goes on: by the operator" in screen_text(pilot)
        await press(pilot, "p")
    assert running.sent == [commands.Pause(), commands.Continue()]


async def test_throttling_is_said() -> None:
    running = FakeRunning()
    running.under_way(
        held=(
            Held(
                service="cloudwatch",
                operation="PutMetricAlarm",
                waiting=3,
                per_second=3,
                throttled=True,
            ),
        )
    )
    async with driving(resumed(running), resume="s-12") as pilot:
        assert "3 calls of cloudwatch:PutMetricAlarm held, 3 a second" in screen_text(pilot)


async def test_abort_is_typed_and_reasoned() -> None:
    running = midway()
    async with driving(resumed(running), resume="s-12") as pilot:
        await press(pilot, "x", *"abort", "enter")
        assert running.sent == []
        await press(pilot, *" 12", "enter", *"wrong app", "enter")
    assert running.sent == [commands.Abort(reason="wrong app")]


async def test_call_log_grows_without_repeating() -> None:
    running = midway()
    async with driving(resumed(running), LARGE, resume="s-12") as pilot:
        await press(pilot, "l")
        running.tell(scenes.read("lb.wait", "ec2", "DescribeInstances", 2))
        await settle(pilot)
        text = screen_text(pilot)
    assert text.count("ec2:DescribeInstances") == 1
    assert "elbv2:CreateTargetGroup" in text


async def test_updates_coalesce_and_only_the_newest_counts() -> None:
    running = FakeRunning()
    async with driving(resumed(running), resume="s-12") as pilot:
        for _ in range(400):
            running.tell(scenes.read("pre.vpc", "ec2", "DescribeVpcs", 3))
        running.tell(events.ItemDone(item="pre.vpc", how="already", outputs={}))
        await pilot.pause(0.1)
        assert "400 reads" in screen_text(pilot)
        assert "✓ done      VPC" in screen_text(pilot)


async def test_help_lists_the_keys_of_this_screen() -> None:
    async with driving(resumed(midway()), LARGE, resume="s-12") as pilot:
        await press(pilot, "question_mark")
        text = screen_text(pilot)
        assert "asks you" not in text
        await press(pilot, "pagedown", "pagedown")
        assert "? asks you" in screen_text(pilot)
    for part in ("skip the item, with a reason", "copy the AWS CLI", "start no new call"):
        assert part in text


async def test_mouse_selects_and_opens() -> None:
    async with driving(resumed(midway()), LARGE, resume="s-12") as pilot:
        tree = pilot.app.screen.query_one(ItemTree)
        await pilot.click(tree, offset=(12, 6))
        await settle(pilot)
        assert tree.present == "lb.tg"
        assert "Approve: Create target group" in screen_text(pilot)


async def test_the_end_is_summed_up_and_exported() -> None:
    running = midway()
    desk = resumed(running)
    async with driving(desk, resume="s-12") as pilot:
        scenes.finished(running)
        await pilot.pause(0.1)
        await settle(pilot)
        assert isinstance(pilot.app.screen, Finish)
        text = screen_text(pilot)
        for part in ("✓ Finished", "9  ✓ done", "Deviations from the letter: 1", "Open points: 2"):
            assert part in text
        await press(pilot, "e", "enter")
        assert "st-wizard-12" in screen_text(pilot)
    assert desk.exported[0][0] == "s-12"


async def test_a_failed_item_offers_all_its_inputs_and_an_unknown_secret_again() -> None:
    running = midway()
    running.tell(
        events.InputAnswered(input="password", value="scale-api-password", source="operator"),
        events.ItemReset(item="lb.scale", why="the operator tries it again"),
        events.AnswerNeeded(item="lb.scale", inputs=("name",)),
        events.ItemFailed(
            item="lb.scale", where="secret", what="The secret is not known.", todo="Give it."
        ),
    )
    desk = resumed(running)
    async with driving(desk, LARGE, resume="s-12") as pilot:
        await press(pilot, "n", "e")
        password = pilot.app.screen.query_one("#field-password", Field)
        assert not password.is_answered()
        password.focus_control()
        await press(pilot, *"hunter2", "enter", "ctrl+s")
    assert desk.known_secrets == {"scale-api-password": ("hunter2", False)}
    assert running.sent[-1] == commands.Retry(item="lb.scale")


async def test_each_call_of_an_item_is_listed_once() -> None:
    running = midway()
    running.tell(scenes.read("lb.tg", "elbv2", "DescribeTargetHealth", 0))
    async with driving(resumed(running), LARGE, resume="s-12") as pilot:
        pilot.app.screen.query_one(ItemTree).go_to("lb.tg")
        await settle(pilot)
        await press(pilot, "3")
        assert screen_text(pilot).count("elbv2:DescribeTargetHealth") == 1
