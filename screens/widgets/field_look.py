"""How a question looks: its parts, and how they are brought up to what is known."""

from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from screens.answers import is_empty, label_of, split_ports, written
from screens.paint import line
from screens.widgets.advice import about, departs, letter_line
from screens.widgets.pick import Pick
from screens.widgets.ports import PortRow
from screens.widgets.texts import TextRows
from screens.widgets.tick import Tick
from screens.words import ago, count
from wizard.engine.desk import Dropdown
from wizard.step import Option

if TYPE_CHECKING:
    from screens.app import WizardApp
    from wizard.engine.desk import Running


class FieldLook(Vertical):
    """What is known of an answer, and the widgets that show it."""

    app: "WizardApp"

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
        self.texts = self.question.type == "texts"
        self.several = self.question.type in {"choices", "ports", "texts"}
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
        self._where = ""
        self._text_shown = ""

    # Parts

    def compose(self) -> ComposeResult:
        yield Static(id="label")
        if self.listed:
            yield Pick()
        yield Input(id="text", password=self.secret, compact=False)
        if self.texts:
            yield TextRows()
        if self.secret:
            yield Tick("keep it in this machine's keyring", id="keep")
        yield Vertical(id="ports")
        yield Static(id="origin")
        yield Static(id="problem")
        if self.question.letter is not None:
            yield Static(id="letter")
            yield Input(
                self.advice.reason if self.advice else "", placeholder="reason", id="reason"
            )
        if self.question.help or self.advice is not None:
            yield Static(about(self.question, self.advice), id="about")

    # How it looks

    def paint(self) -> None:
        """Bring every part up to what is known."""
        if not self.is_mounted:
            return
        free = not self.listed or bool(self.dropdown.problem)
        text = self.query_one("#text", Input)
        text.display = free and not self.texts
        shown = "" if self.secret else written(self.value)
        untyped = not text.has_focus or text.value == self._text_shown
        if free and untyped and shown != self._text_shown:
            text.value = self._text_shown = shown
        optional = ("  optional", "$muted") if self.question.optional else ("", "")
        mark = ("✓ ", "$success") if self.is_answered() else ("○ ", "$accent")
        own = ("  ★ proposed", "$accent") if self._is_proposed() else ("", "")
        self.query_one("#label", Static).update(
            line(mark, (self.question.label, "bold"), optional, own)
        )
        if self.texts:
            self.query_one(TextRows).show(list(self.value or ()))
        if self.listed:
            pick = self.query_one(Pick)
            pick.display = not free
            pick.show(self._chosen())
        self._paint_origin()
        self._paint_letter()
        self._paint_ports()

    def _is_proposed(self) -> bool:
        return self.source == "default" and not self.touched and not is_empty(self.value)

    def _chosen(self) -> Content:
        if self.dropdown.waits_for:
            labels = [
                self.running.pinned.checklist.inputs[name].label for name in self.dropdown.waits_for
            ]
            return line((f"answer first: {', '.join(labels)}", "$muted"))
        if self.texts and self.dropdown.options:
            return line(
                (f"tick some of {count(len(self.dropdown.options), 'suggestion')}", "$muted")
            )
        if not is_empty(self.value):
            names = list(split_ports(self.value)) if self.question.type == "ports" else self.value
            return line(label_of(names, self.dropdown.options))
        if self._loading:
            return line(("reading …", "$muted"))
        if not self.dropdown.options:
            return line(("there is nothing to choose", "$warning"))
        return line(("choose", "$muted"))

    def _paint_origin(self) -> None:
        origin = self.query_one("#origin", Static)
        if self.secret:
            held = f"✓ {self._where}" if self._where else "typed unseen, never written down"
            origin.update(line((held, "$muted")))
        elif self.dropdown.problem:
            origin.update(
                line(("! free text, because ", "$warning"), (self.dropdown.problem, "$warning"))
            )
        elif self.live and self.dropdown.source:
            age = (
                f" · {ago(self.dropdown.read_at, self.app.now())}" if self.dropdown.read_at else ""
            )
            state = "reading again …" if self._loading else "ctrl+r reads again"
            origin.update(line((f"{self.dropdown.source}{age} · {state}", "$muted")))
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

    def is_awaited(self) -> bool:
        """Whether what is proposed is still being read."""
        return is_empty(self.value) and any(
            one.node is self and one.is_running for one in self.workers
        )

    def is_answered(self) -> bool:
        """Whether there is an answer that can be handed in."""
        return self.question.optional or not is_empty(self.value)
