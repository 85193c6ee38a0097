"""Inputs: live choices, dependents, letters, consents, ports, secrets, checks."""

from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets import Input

from screens.inputs import Inputs
from screens.run import Run
from screens.widgets.advice import departs, letter_line
from screens.widgets.field import Field
from screens.widgets.pick import Pick
from screens.widgets.picker import Picker
from tests.screens.company import PINNED
from tests.screens.drive import LARGE, driving, press, screen_text, settle
from tests.screens.fakes import FakeDesk, FakeRunning
from wizard.engine.commands import Answer
from wizard.engine.desk import Dropdown


async def to_inputs(pilot: Pilot[str]) -> None:
    await press(pilot, "enter", "enter")
    assert isinstance(pilot.app.screen, Inputs)


def field(pilot: Pilot[str], name: str) -> Field:
    return pilot.app.screen.query_one(f"#field-{name}", Field)


def answers(running: FakeRunning) -> dict[str, Answer]:
    """The last answer to each input."""
    return {one.input: one for one in running.sent if isinstance(one, Answer)}


async def test_proposals_are_shown_with_source_age_and_free_dependents() -> None:
    desk = FakeDesk()
    async with driving(desk, LARGE, start="add-load-balancer") as pilot:
        await to_inputs(pilot)
        text = screen_text(pilot)
        assert "prod (vpc-0a1)" in text
        assert "ec2:DescribeVpcs in us-east-1 · 4 min ago" in text
        # The VPC was sent at once, since the zones depend on it, and they were read after it.
        assert answers(desk.running)["vpc"].source == "default"
        assert field(pilot, "subnets").value == ["subnet-a", "subnet-b"]
        # What nothing depends on waits for the operator.
        assert "topic" not in answers(desk.running)
        assert "7 of 8 answered" in text


async def test_filter_as_you_type_and_choose() -> None:
    desk = FakeDesk()
    async with driving(desk, start="add-load-balancer") as pilot:
        await to_inputs(pilot)
        field(pilot, "topic").query_one(Pick).focus()
        await press(pilot, *"service 042")
        assert isinstance(pilot.app.screen, Picker)
        assert "1 of 121" in screen_text(pilot)
        await press(pilot, "enter")
    assert answers(desk.running)["topic"] == Answer(
        input="topic", value="arn:t42", source="operator", label="service-042-events"
    )


async def test_disabled_choice_says_why_and_stays_unchosen() -> None:
    desk = FakeDesk()
    async with driving(desk, start="add-load-balancer") as pilot:
        await to_inputs(pilot)
        field(pilot, "vpc").query_one(Pick).focus()
        await press(pilot, "enter", "down")
        assert "no public subnet" in screen_text(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, Picker)
        await press(pilot, "escape")
        assert field(pilot, "vpc").value == "vpc-0a1"


async def test_several_are_ticked_by_key_and_mouse() -> None:
    desk = FakeDesk()
    async with driving(desk, start="add-load-balancer") as pilot:
        await to_inputs(pilot)
        field(pilot, "subnets").query_one(Pick).focus()
        await press(pilot, "enter", "space")
        assert "[ ] us-east-1a public" in screen_text(pilot)
        assert await pilot.click("#options", offset=(5, 1))
        await settle(pilot)
        assert "0 ticked" in screen_text(pilot)
        await press(pilot, "space", "up", "space", "enter")
    assert answers(desk.running)["subnets"].value == ["subnet-a", "subnet-b"]


async def test_reading_again_asks_aws_again() -> None:
    desk = FakeDesk()
    async with driving(desk, start="add-load-balancer") as pilot:
        await to_inputs(pilot)
        field(pilot, "topic").query_one(Pick).focus()
        await press(pilot, "enter", "ctrl+r")
    assert ("topic", True) in desk.running.asked


async def test_denied_look_up_falls_back_to_free_text_and_says_why() -> None:
    desk = FakeDesk()
    desk.running.dropdowns["topic"] = Dropdown(
        options=(), source="sns:ListTopics", read_at="", problem="sns:ListTopics is denied"
    )
    desk.running.defaults["topic"] = None
    async with driving(desk, LARGE, start="add-load-balancer") as pilot:
        await to_inputs(pilot)
        topic = field(pilot, "topic")
        topic.focus_control()
        await settle(pilot)
        assert "free text, because sns:ListTopics is denied" in screen_text(pilot)
        await press(pilot, *"arn:x", "enter")
    assert answers(desk.running)["topic"].value == "arn:x"


async def test_a_look_up_allowed_again_proposes_what_it_would_have() -> None:
    desk = FakeDesk()
    listed, proposed = desk.running.dropdowns["topic"], desk.running.dropdowns["topic"].options[0]
    desk.running.dropdowns["topic"] = Dropdown(
        options=(), source="sns:ListTopics", read_at="", problem="sns:ListTopics is denied"
    )
    desk.running.defaults["topic"] = None
    async with driving(desk, LARGE, start="add-load-balancer") as pilot:
        await to_inputs(pilot)
        topic = field(pilot, "topic")
        topic.focus_control()
        await settle(pilot)
        desk.running.dropdowns["topic"] = listed
        desk.running.defaults["topic"] = proposed.value
        await press(pilot, "ctrl+r", "tab")
        assert topic.value == proposed.value
        assert not topic.touched
        assert topic.source == "default"


async def test_a_default_shows_where_the_cursor_is_and_leaving_keeps_it() -> None:
    desk = FakeDesk()
    desk.running.defaults["name"] = None
    async with driving(desk, LARGE, start="add-load-balancer") as pilot:
        await to_inputs(pilot)
        name = field(pilot, "name")
        name.focus_control()
        await settle(pilot)
        desk.running.defaults["name"] = "acme-prod"
        name.load()
        await settle(pilot)
        assert name.query_one("#text", Input).value == "acme-prod"
        await press(pilot, "tab")
        assert (name.value, name.source) == ("acme-prod", "default")


def test_ports_as_the_letter_says_are_no_deviation() -> None:
    ports = replace(PINNED.checklist.inputs["targets"], letter=3567)
    assert not departs(ports, ["i-0aa:3567", "i-0bb:3567"])
    assert departs(ports, ["i-0aa:3567", "i-0bb:3568"])
    assert not departs(ports, [])
    assert "as the letter says" in letter_line(ports, ["i-0aa:3567"], "3567").plain


async def test_letter_and_departure_with_its_reason() -> None:
    desk = FakeDesk()
    async with driving(desk, LARGE, start="add-load-balancer") as pilot:
        await to_inputs(pilot)
        tls = field(pilot, "tls_policy")
        tls.query_one(Pick).focus()
        await settle(pilot)
        text = screen_text(pilot)
        assert "departs from the letter (2016-08): a deviation will be recorded" in text
        assert "BETTER DEFAULT E11" in text
        await press(pilot, "tab", "end", *"!", "ctrl+s")
        assert answers(desk.running)["tls_policy"].reason == "TLS 1.0 and 1.1 are deprecated!"
        tls.query_one(Pick).focus()
        await press(pilot, "enter", *"2016", "enter")
        assert "as the letter says (2016-08)" in screen_text(pilot)
    last = answers(desk.running)["tls_policy"]
    assert (last.value, last.reason) == ("ELBSecurityPolicy-2016-08", "")


async def test_dangerous_choice_needs_its_phrase() -> None:
    desk = FakeDesk()
    async with driving(desk, start="add-load-balancer") as pilot:
        await to_inputs(pilot)
        encryption = field(pilot, "encryption")
        encryption.query_one(Pick).focus()
        await press(pilot, "enter", *"kms", "enter", *"yes", "enter", "escape")
        assert encryption.value == "AES256"
        encryption.query_one(Pick).focus()
        await press(pilot, "enter", *"kms", "enter", *"logs will stop", "enter")
        assert encryption.value == "aws:kms"
    assert answers(desk.running)["encryption"].value == "aws:kms"


async def test_secret_goes_to_the_desk_and_only_its_name_to_the_session() -> None:
    desk = FakeDesk()
    async with driving(desk, LARGE, start="add-load-balancer") as pilot:
        await to_inputs(pilot)
        field(pilot, "password").focus_control()
        await press(pilot, *"hunter2")
        assert "hunter2" not in screen_text(pilot)
        await press(pilot, "enter")
        assert "held until the wizard is closed" in screen_text(pilot)
    assert desk.known_secrets == {"scale-api-password": ("hunter2", False)}
    assert answers(desk.running)["password"].value == "scale-api-password"
    assert "hunter2" not in repr(desk.running.sent)


async def test_wrong_answer_stays_with_its_reason() -> None:
    desk = FakeDesk()
    desk.known_secrets["scale-api-password"] = ("", True)
    desk.running.wrong["name"] = "At most 32 letters, digits and hyphens."
    async with driving(desk, start="add-load-balancer") as pilot:
        await to_inputs(pilot)
        await press(pilot, "ctrl+s")
        assert "✗ At most 32 letters" in screen_text(pilot)
        name = field(pilot, "name")
        assert name.query_one("#text", Input).has_focus
        desk.running.wrong.clear()
        await press(pilot, "end", *"-2", "ctrl+s")
        assert isinstance(pilot.app.screen, Run)
    assert answers(desk.running)["name"].value == "acme-prod-2"
    assert answers(desk.running)["topic"].source == "default"
    assert answers(desk.running)["size"].value == 3


async def test_dry_run_uses_the_answers_as_they_stand() -> None:
    desk = FakeDesk()
    async with driving(desk, start="add-load-balancer") as pilot:
        await to_inputs(pilot)
        await press(pilot, "f5")
        assert "DRY RUN" in screen_text(pilot)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, Inputs)
    assert desk.previewed.stopped.is_set()


async def test_help_and_advice_show_where_the_cursor_is() -> None:
    async with driving(FakeDesk(), start="add-load-balancer") as pilot:
        await to_inputs(pilot)
        assert "Where the app's instances run." in screen_text(pilot)
        assert "At most 32 letters" not in screen_text(pilot)
        await press(pilot, "tab")
        assert "At most 32 letters" in screen_text(pilot)
        assert "Where the app's instances run." not in screen_text(pilot)
