"""One question of a checklist: its control, its live choices, its letter, what is wrong with it."""

import asyncio
from typing import TYPE_CHECKING, Any

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.css.query import NoMatches
from textual.message import Message
from textual.widgets import Checkbox, Input, Static

from screens.answers import (
    is_empty,
    label_of,
    mentions,
    parse,
    split_ports,
    with_port,
    written,
)
from screens.modals import TypedDialog
from screens.paint import line
from screens.widgets.advice import about, departs, letter_line
from screens.widgets.pick import Pick
from screens.widgets.picker import Picker
from screens.widgets.ports import PortRow
from screens.words import ago
from wizard.engine.commands import Answer
from wizard.engine.desk import Dropdown
from wizard.errors import WizardError
from wizard.step import Option

if TYPE_CHECKING:
    from screens.app import WizardApp
    from wizard.engine.desk import Running
    from wizard.session.state import SessionState


class Field(Vertical):
    """Holds an answer until it is handed in as `answer()`."""

    app: "WizardApp"

    class Answered(Message):
        """The operator gave a sound answer, or with `default` the wizard's own is known."""

        def __init__(self, field: "Field", *, default: bool) -> None:
            super().__init__()
            self.field = field
            self.default = default

    def __init__(self, running: "Running", name: str) -> None:
        super().__init__(id=f"field-{name}", classes="field")
        self.running = running
        self.key = name
        self.question = running.pinned.checklist.inputs[name]
        advice = self.question.advice
        self.advice = running.pinned.advice.get(advice) if advice else None
        self.value: Any = None
        self.source = "default"
        self.touched = False
        self.live = not isinstance(self.question.choices, tuple)
        self.several = self.question.type in {"choices", "ports"}
        self.secret = self.question.type == "secret"
        self.listed = self.live or bool(self.question.choices)
        self.dropdown = Dropdown(
            options=tuple(
                Option(value=one.value, label=one.label, detail=one.detail)
                for one in self.question.choices
            )
            if isinstance(self.question.choices, tuple)
            else (),
            source="the checklist" if not self.live else "",
            read_at="",
        )
        self._loading = self.live
        self._picker: Picker | None = None
        self._where = ""
        self._text_shown = ""

    # Parts

    def compose(self) -> ComposeResult:
        yield Static(id="label")
        if self.listed:
            yield Pick()
        yield Input(id="text", password=self.secret, compact=False)
        if self.secret:
            yield Checkbox("keep it in this machine's keyring", id="keep", compact=True)
        yield Vertical(id="ports")
        yield Static(id="origin")
        yield Static(id="problem")
        if self.question.letter is not None:
            yield Static(id="letter")
            yield Input(
                self.advice.reason if self.advice else "", placeholder="reason", id="reason"
            )
        yield Static(about(self.question, self.advice), id="about")

    def on_mount(self) -> None:
        self.query_one("#problem").display = False
        self.query_one("#about").display = bool(self.question.help or self.advice)
        self.paint()
        self.load()

    # The live choices and the default

    @work(exclusive=True, group="load")
    async def load(self, *, refresh: bool = False) -> None:
        """Read the choices and the default; the engine answers from what it read already."""
        if self.live:
            self._loading = True
            self.paint()
            try:
                future = self.running.dropdown(self.key, refresh=refresh)
                self.dropdown = await asyncio.shield(asyncio.wrap_future(future))
            except WizardError as error:
                self.dropdown = Dropdown(options=(), source="", read_at="", problem=str(error))
            self._loading = False
            if self._picker is not None:
                self._picker.show_dropdown(self.dropdown)
        if not self.touched:
            await self._take_default()
        self.paint()

    async def _take_default(self) -> None:
        try:
            value = await asyncio.shield(asyncio.wrap_future(self.running.default(self.key)))
        except WizardError as error:
            self.say(str(error))
            return
        if self.secret:
            desk, self._where = self.app.desk, ""
            name = value or self.key
            if desk is not None and await asyncio.to_thread(desk.has_secret, name):
                self._where = "known already"
                self.value = name
        elif self.touched or is_empty(value):
            return
        elif value != self.value:
            self.value = [str(row) for row in value] if self.question.type == "ports" else value
            self.source = "default"
        if not is_empty(self.value):
            self.post_message(self.Answered(self, default=True))

    def show_state(self, state: "SessionState", changed: frozenset[str]) -> None:
        """Take over what was answered, and read again what depends on it."""
        answered = state.answers.get(self.key)
        if answered is not None and not self.touched and answered.value != self.value:
            self.value, self.source = answered.value, answered.source
            self.paint()
        if changed and mentions(f"{self.question.choices!r} {self.question.default!r}", changed):
            self.load()

    # How it looks

    def paint(self) -> None:
        """Bring every part up to what is known."""
        if not self.is_mounted:
            return
        free = not self.listed or bool(self.dropdown.problem)
        text = self.query_one("#text", Input)
        text.display = free
        shown = "" if self.secret else written(self.value)
        if free and not text.has_focus and shown != self._text_shown:
            text.value = self._text_shown = shown
        optional = ("  optional", "$text-muted") if self.question.optional else ("", "")
        mark = ("✓ ", "$success") if self.is_answered() else ("○ ", "$accent")
        own = ("  ★ proposed", "$accent") if self._is_proposed() else ("", "")
        self.query_one("#label", Static).update(
            line(mark, (self.question.label, "bold"), optional, own)
        )
        if self.listed:
            pick = self.query_one(Pick)
            pick.display = not free
            pick.show(self._chosen())
        self._paint_origin()
        self._paint_letter()
        self._paint_ports()

    def _is_proposed(self) -> bool:
        return self.source == "default" and not self.touched and not is_empty(self.value)

    def _chosen(self) -> Any:
        if self.dropdown.waits_for:
            labels = [
                self.running.pinned.checklist.inputs[name].label for name in self.dropdown.waits_for
            ]
            return line((f"answer first: {', '.join(labels)}", "$text-muted"))
        if not is_empty(self.value):
            names = list(split_ports(self.value)) if self.question.type == "ports" else self.value
            return line(label_of(names, self.dropdown.options))
        if self._loading:
            return line(("reading …", "$text-muted"))
        if not self.dropdown.options:
            return line(("there is nothing to choose", "$warning"))
        return line(("choose", "$text-muted"))

    def _paint_origin(self) -> None:
        origin = self.query_one("#origin", Static)
        if self.secret:
            held = f"✓ {self._where}" if self._where else "typed unseen, never written down"
            origin.update(line((held, "$text-muted")))
        elif self.dropdown.problem:
            origin.update(
                line(("! free text, because ", "$warning"), (self.dropdown.problem, "$warning"))
            )
        elif self.live and self.dropdown.source:
            age = (
                f" · {ago(self.dropdown.read_at, self.app.now())}" if self.dropdown.read_at else ""
            )
            state = "reading again …" if self._loading else "ctrl+r reads again"
            origin.update(line((f"{self.dropdown.source}{age} · {state}", "$text-muted")))
        origin.display = self.secret or bool(self.dropdown.problem) or self.live

    def _paint_letter(self) -> None:
        if self.question.letter is None:
            return
        label = label_of(self.question.letter, self.dropdown.options)
        self.query_one("#letter", Static).update(letter_line(self.question, self.value, label))
        self.query_one("#letter").display = not is_empty(self.value)
        self.query_one("#reason").display = departs(self.question, self.value)

    def _paint_ports(self) -> None:
        rows = self.query_one("#ports", Vertical)
        wanted = split_ports(self.value) if self.question.type == "ports" else {}
        rows.display = bool(wanted)
        if [row.key for row in rows.query(PortRow)] != list(wanted):
            rows.remove_children()
            options = self.dropdown.options
            rows.mount_all(
                PortRow(name, label_of(name, options), port) for name, port in wanted.items()
            )

    def say(self, problem: str) -> None:
        """Show what is wrong with the answer; nothing when it is sound."""
        shown = self.query_one("#problem", Static)
        shown.display = bool(problem)
        shown.update(line(("✗ ", "bold $error"), (problem, "$error")))
        for part in (*self.query(Pick), self.query_one("#text", Input)):
            part.set_class(bool(problem), "-invalid")

    # Answering

    def is_answered(self) -> bool:
        """Whether there is an answer that can be handed in."""
        return self.question.optional or not is_empty(self.value)

    def problem(self) -> str:
        """What is wrong; shown as well."""
        if is_empty(self.value) and not self.question.optional:
            wrong = "This needs an answer."
        else:
            wrong = self.running.check(self.key, self.value if self.value is not None else "")
        self.say(wrong)
        return wrong

    def answer(self) -> Answer:
        """The command that hands it in."""
        reason = ""
        if departs(self.question, self.value):
            try:
                reason = self.query_one("#reason", Input).value.strip()
            except NoMatches:
                reason = ""
        label = label_of(self.value, self.dropdown.options) if self.listed else ""
        value = self.value if self.value is not None else ""
        return Answer(input=self.key, value=value, source=self.source, label=label, reason=reason)

    def focus_control(self) -> None:
        """Put the cursor where the answer goes."""
        for part in (*self.query(Pick), self.query_one("#text", Input)):
            if part.display:
                part.focus()
                return

    def take(self, value: Any) -> None:
        """The operator answers; a dangerous value asks for its phrase first."""
        consent = self.question.consent
        if consent is None or value != consent.value or value == self.value:
            self._commit(value)
            return
        self.app.push_screen(
            TypedDialog(
                f"{self.question.label}: {label_of(value, self.dropdown.options)}",
                about(self.question, self.advice),
                phrase=consent.phrase,
                action="Choose it all the same",
            ),
            lambda yes: self._commit(value) if yes else self.paint(),
        )

    def _commit(self, value: Any) -> None:
        if value == self.value and self.touched:
            return
        self.value, self.source, self.touched = value, "operator", True
        self.paint()
        if not self.problem():
            self.post_message(self.Answered(self, default=False))

    @on(Input.Changed, "#text")
    def _typing(self, event: Input.Changed) -> None:
        event.stop()

    @on(Input.Submitted, "#text")
    @on(Input.Blurred, "#text")
    def _typed(self, event: Input.Submitted | Input.Blurred) -> None:
        text = event.value
        if self.secret:
            if text:
                self._keep_secret(text)
        elif text.strip() != written(self.value):
            self._text_shown = text
            self.take(parse(self.question, text))
        if isinstance(event, Input.Submitted):
            event.stop()
            self.screen.focus_next()

    @work(exclusive=True, group="secret")
    async def _keep_secret(self, text: str) -> None:
        desk = self.app.desk
        assert desk is not None
        self.query_one("#text", Input).value = ""
        keep = self.query_one("#keep", Checkbox).value
        name = str(self.question.default or self.key)
        try:
            self._where = await asyncio.to_thread(desk.give_secret, name, text, keep=keep)
        except WizardError as error:
            self.say(str(error))
            return
        self._commit(name)

    @on(Input.Submitted, "#reason")
    @on(Input.Blurred, "#reason")
    def _reason(self, event: Input.Submitted | Input.Blurred) -> None:
        event.stop()
        if self.touched or self.source == "operator":
            self.post_message(self.Answered(self, default=False))

    @on(PortRow.Changed)
    def _port(self, event: PortRow.Changed) -> None:
        event.stop()
        ports = {row.key: row.port for row in self.query(PortRow)}
        self._commit([with_port(name, ports, self.question.port) for name in ports])

    @on(Pick.Opened)
    def _open(self, event: Pick.Opened) -> None:
        event.stop()
        if self._loading or self.dropdown.waits_for:
            return
        chosen = self.value if isinstance(self.value, list | tuple) else [self.value]
        if self.question.type == "ports":
            chosen = list(split_ports(self.value))
        self._picker = Picker(
            self.question.label,
            self.dropdown,
            chosen,
            several=self.several,
            typed=event.typed,
            again=self.load_again if self.live else None,
        )
        self.app.push_screen(self._picker, self._picked)

    @on(Pick.Again)
    def load_again(self) -> None:
        """Read the choices anew from AWS."""
        if self.live:
            self.load(refresh=True)

    def _picked(self, options: "tuple[Option, ...] | None") -> None:
        self._picker = None
        if options is None:
            return
        if self.question.type == "ports":
            known = split_ports(self.value)
            self.take([with_port(one.value, known, self.question.port) for one in options])
        elif self.several:
            self.take([one.value for one in options])
        else:
            self.take(options[0].value)
