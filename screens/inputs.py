"""Inputs: the questions of a checklist before its run, answered from live choices."""

from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Button, Footer, Static

from screens.flow import dry_run
from screens.modals import Question
from screens.paint import heading, line, lines
from screens.run import Run
from screens.widgets.advice import about
from screens.widgets.field import Field
from screens.widgets.form import Form
from screens.words import account_name, is_simulated

if TYPE_CHECKING:
    from screens.app import WizardApp
    from wizard.engine.desk import Running
    from wizard.engine.snapshot import Snapshot
    from wizard.session.base import Pin


class Inputs(Screen[None]):
    """Every answer is journaled when it is given; nothing is changed before it is approved."""

    AUTO_FOCUS = ""
    CSS_PATH: ClassVar = ["inputs.tcss", "widgets/form.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "run", "To the run"),
        Binding("f5", "dry_run", "Dry run"),
        Binding("ctrl+r", "again", "Read again"),
        Binding("escape", "back", "Leave"),
    ]
    app: "WizardApp"

    def __init__(self, running: "Running", pin: "Pin") -> None:
        super().__init__()
        self.running = running
        self.pin = pin

    def compose(self) -> ComposeResult:
        checklist = self.running.pinned.checklist
        simulated = is_simulated(self.pin)
        badge = (" SIMULATED ", "reverse $secondary") if simulated else (" REAL ", "reverse $error")
        yield Static(
            line(
                badge,
                (f" {account_name(self.pin.alias, self.pin.account_id)} · ", "$muted"),
                (f"{self.pin.region} · ", "$muted"),
                (checklist.title, "bold"),
            ),
            id="where",
        )
        names = tuple(name for name, one in checklist.inputs.items() if one.after is None)
        with Horizontal(id="middle"):
            yield Form(self.running, names, at_once=True)
            yield Static(id="side")
        with Horizontal(id="bottom"):
            yield Static(id="answered")
            yield Button("Dry run", id="dry")
            yield Button("To the run", id="run", variant="primary")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self.show_snapshot(self.running.snapshot)
        self._first()
        self.set_interval(1, self._tick)

    def _first(self) -> None:
        fields = self.query_one(Form).fields
        if fields:
            fields[0].focus_control(scroll=False)

    @on(events.DescendantFocus)
    def _beside(self) -> None:
        """Where there is room, help and advice stand beside the question that has the cursor."""
        field = next((one for one in self.query(Field) if one.has_focus_within), None)
        if field is not None:
            self.query_one("#side", Static).update(
                lines(
                    [
                        heading(field.question.label),
                        Content(""),
                        about(field.question, field.advice),
                    ]
                )
            )

    def _tick(self) -> None:
        for field in self.query(Field):
            field.paint()
        self._count()

    def _count(self) -> None:
        done, total = self.query_one(Form).progress()
        self.query_one("#answered", Static).update(
            lines(
                [
                    line(
                        ("✓ " if done == total else "○ ", "$accent"), f"{done} of {total} answered"
                    ),
                    line(("Nothing is changed before you approve it.", "$muted")),
                ]
            )
        )

    def show_snapshot(self, snapshot: "Snapshot") -> None:
        """News from the engine."""
        self.query_one(Form).show_snapshot(snapshot)
        self._count()

    @on(Button.Pressed, "#run")
    async def action_run(self) -> None:
        if await self.query_one(Form).hand_in():
            await self.app.switch_screen(Run(self.running))

    @on(Button.Pressed, "#dry")
    def action_dry_run(self) -> None:
        answers = self.query_one(Form).present()
        dry_run(self.app, self.running.pinned.checklist.id, self.pin, answers)

    def action_again(self) -> None:
        for field in self.query(Field):
            if field.live and not field.touched:
                field.load(refresh=True)

    def action_back(self) -> None:
        def answered(choice: str | None) -> None:
            if choice == "leave":
                self.app.leave("the operator left the inputs")

        self.app.push_screen(
            Question(
                "Leave the session?",
                line("Your answers are kept. `st-wizard resume` goes on from here."),
                answers=(("leave", "Leave the wizard"),),
            ),
            answered,
        )
