"""Lists of texts: typed, pasted, ticked from suggestions, and consented to."""

from textual import events
from textual.pilot import Pilot

from screens.answers import with_ticked
from screens.widgets.field import Field
from screens.widgets.texts import TextRows
from tests.screens.drive import driving, press, settle
from tests.screens.fakes import FakeDesk, FakeRunning
from tests.screens.region import DROPDOWNS, REGION_PIN, session
from wizard.engine import commands


def desk_of(running: FakeRunning) -> FakeDesk:
    return FakeDesk(pin=REGION_PIN, running=running)


async def to_names(pilot: Pilot[str]) -> Field:
    await press(pilot, "enter", "enter")
    field = pilot.app.screen.query_one("#field-names", Field)
    field.query_one(TextRows).lines[-1].focus()
    await settle(pilot)
    return field


def last(running: FakeRunning) -> object:
    return [one.value for one in running.sent if isinstance(one, commands.Answer)][-1]


async def test_a_line_for_each_and_enter_for_the_next() -> None:
    running = session()
    async with driving(desk_of(running), start="add-region") as pilot:
        field = await to_names(pilot)
        rows = field.query_one(TextRows)
        await press(pilot, *"dev-7", "enter", *"dev-8", "enter")
        assert rows.values == ["dev-1", "dev-7", "dev-8"]
        assert last(running) == ["dev-1", "dev-7", "dev-8"]
        rows.lines[1].focus()
        rows.lines[1].value = ""
        await press(pilot, "enter")
        assert last(running) == ["dev-1", "dev-8"]


async def test_several_lines_pasted_are_several_entries() -> None:
    running = session()
    async with driving(desk_of(running), start="add-region") as pilot:
        field = await to_names(pilot)
        field.query_one(TextRows).lines[-1].post_message(events.Paste("a\n b \n\ndev-1\n"))
        await settle(pilot)
        assert last(running) == ["dev-1", "a", "b"]


async def test_a_dangerous_entry_wants_its_phrase() -> None:
    running = session()
    async with driving(desk_of(running), start="add-region") as pilot:
        field = await to_names(pilot)
        await press(pilot, *"prod", "enter", "escape")
        assert field.value == ["dev-1"]
        assert field.query_one(TextRows).values == ["dev-1"]
        field.query_one(TextRows).lines[-1].focus()
        await press(pilot, *"prod", "enter", *"open prod", "enter")
        assert field.value == ["dev-1", "prod"]
    assert last(running) == ["dev-1", "prod"]


def test_ticked_suggestions_join_what_was_typed() -> None:
    offered = DROPDOWNS["names"].options
    assert with_ticked(["x", "dev-1"], offered, offered[1:2]) == ["x", "dev-2"]
    assert with_ticked(["x", "dev-1"], offered, offered[:2]) == ["x", "dev-1", "dev-2"]
