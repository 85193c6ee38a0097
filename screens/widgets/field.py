"""One question of a checklist: reads its choices and its default, and takes the answer."""

import asyncio
from typing import TYPE_CHECKING, Any

from textual import on, work
from textual.message import Message
from textual.widgets import Input

from screens.answers import (
    is_empty,
    label_of,
    mentions,
    parse,
    split_ports,
    with_port,
    with_ticked,
)
from screens.counter import the_desk
from screens.modals import TypedDialog
from screens.widgets.advice import about, departs
from screens.widgets.field_look import FieldLook
from screens.widgets.pick import Pick
from screens.widgets.picker import Picker
from screens.widgets.ports import PortRow
from screens.widgets.texts import TextRows
from screens.widgets.tick import Tick
from wizard.checklist.inputs import dangerous
from wizard.engine.commands import Answer
from wizard.engine.desk import Dropdown
from wizard.errors import WizardError

if TYPE_CHECKING:
    from wizard.engine.desk import Running
    from wizard.session.state import SessionState
    from wizard.step import Option


NAMED = 10
"""Dangerous choices that are named where their phrase is typed; of more, how many they are."""


class Field(FieldLook):
    """Holds an answer until it is handed in as `answer()`."""

    class Answered(Message):
        """The operator gave a sound answer, or with `default` the wizard's own is known."""

        def __init__(self, field: "Field", *, default: bool) -> None:
            super().__init__()
            self.field = field
            self.default = default

    def __init__(self, running: "Running", name: str) -> None:
        super().__init__(running, name)
        self._picker: Picker | None = None
        self._reason_told = self.advice.reason if self.advice is not None else ""

    def on_mount(self) -> None:
        self.query_one("#problem").display = False
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
            name = value or self.key
            if await asyncio.to_thread(the_desk(self.app).has_secret, name):
                self._where = "known already"
                self.value = name
        elif self.touched or is_empty(value):
            return
        elif value != self.value:
            self.value = [str(row) for row in value] if self.question.type == "ports" else value
            self.source = "default"
        if not is_empty(self.value):
            self.say("")
            self.post_message(self.Answered(self, default=True))

    def show_state(self, state: "SessionState", changed: frozenset[str]) -> None:
        """Take over what was answered, and read again what depends on it."""
        # The journal has a secret's name only: whether it is known here, the desk says.
        answered = state.answers.get(self.key) if not self.secret else None
        if answered is not None and not self.touched and answered.value != self.value:
            self.value, self.source = answered.value, answered.source
            self.paint()
        if changed and mentions(f"{self.question.choices!r} {self.question.default!r}", changed):
            self.load()

    # Answering

    def problem(self) -> str:
        """What is wrong; shown as well."""
        if is_empty(self.value) and self._loading:
            wrong = "What to choose from is being read: a moment."
        elif is_empty(self.value) and not self.question.optional:
            wrong = "This needs an answer."
        else:
            wrong = self.running.check(self.key, self.value if self.value is not None else "")
        self.say(wrong)
        return wrong

    def answer(self) -> Answer:
        """The command that hands it in."""
        reason = ""
        if departs(self.question, self.value):
            reason = self.query_one("#reason", Input).value.strip()
        options = self.dropdown.options
        label = label_of(self.value, options) if self.listed else ""
        if self.question.type == "ports":
            rows = split_ports(self.value).items()
            label = ", ".join(f"{label_of(name, options)}:{port}" for name, port in rows)
        value = self.value if self.value is not None else ""
        return Answer(input=self.key, value=value, source=self.source, label=label, reason=reason)

    def focus_control(self, *, scroll: bool = True) -> None:
        """Put the cursor where the answer goes."""
        lines = self.query_one(TextRows).lines[:1] if self.texts else []
        for part in (*lines, *self.query(Pick), self.query_one("#text", Input)):
            if part.display:
                part.focus(scroll_visible=scroll)
                return

    def take(self, value: Any) -> None:
        """The operator answers; a dangerous value asks for its phrase first."""
        consent = self.question.consent
        feared = dangerous(self.question, value, self.value)
        if consent is None or not feared:
            self._commit(value)
            return
        few = len(feared) <= NAMED
        what = label_of(feared, self.dropdown.options) if few else f"{len(feared)} of them"
        self.app.push_screen(
            TypedDialog(
                f"{self.question.label}: {what}",
                about(self.question, self.advice),
                phrase=consent.phrase,
                action="Choose it all the same",
            ),
            lambda yes: self._commit(value) if yes else self._as_before(),
        )

    def _as_before(self) -> None:
        if self.texts:
            self.query_one(TextRows).put(list(self.value or ()))
        self.paint()

    def _commit(self, value: Any) -> None:
        if value == self.value and self.touched:
            return
        self.value, self.source, self.touched = value, "operator", True
        self.paint()
        if not self.problem():
            self.post_message(self.Answered(self, default=False))

    async def flush(self) -> None:
        """Take what was typed and not confirmed by leaving the field."""
        if self.texts:
            self._entries_given(TextRows.Changed(self.query_one(TextRows).values))
            return
        text = self.query_one("#text", Input)
        if not text.display:
            return
        if self.secret:
            if text.value:
                await self._keep_secret(text.value).wait()
        elif text.value != self._text_shown:
            self._text_shown = text.value
            self.take(parse(self.question, text.value))

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
        elif text != self._text_shown:
            self._text_shown = text
            self.take(parse(self.question, text))
        if isinstance(event, Input.Submitted):
            event.stop()
            self.screen.focus_next()

    @work(exclusive=True, group="secret")
    async def _keep_secret(self, text: str) -> None:
        desk = the_desk(self.app)
        self.query_one("#text", Input).value = ""
        keep = self.query_one("#keep", Tick).value
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
        if event.value != self._reason_told:
            self._reason_told = event.value
            self.post_message(self.Answered(self, default=False))

    @on(PortRow.Changed)
    def _port(self, event: PortRow.Changed) -> None:
        event.stop()
        ports = {row.key: row.port for row in self.query(PortRow)}
        self._commit([with_port(name, ports, self.question.port) for name in ports])

    @on(TextRows.Changed)
    def _entries_given(self, event: TextRows.Changed) -> None:
        event.stop()
        if event.values != list(self.value or ()):
            self.take(event.values)

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
            free=self.question.type not in {"choice", "choices", "ports"},
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
        elif self.texts:
            rows = self.query_one(TextRows)
            chosen = with_ticked(rows.values, self.dropdown.options, options)
            rows.put(chosen)
            self.take(chosen)
        elif self.several:
            self.take([one.value for one in options])
        elif options[0] in self.dropdown.options:
            self.take(options[0].value)
        else:
            self.take(parse(self.question, options[0].label))
