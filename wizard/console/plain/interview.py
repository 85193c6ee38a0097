"""Asks a checklist's questions one after another, and hands each answer in at once."""

from concurrent.futures import Future
from typing import TypeVar

from wizard.checklist.inputs import consents, deviation
from wizard.checklist.model import Input, LiveChoices
from wizard.console.plain.advise import show_advice, show_question
from wizard.console.plain.asker import Asker
from wizard.console.plain.fields import Fields, label_of
from wizard.console.plain.hold import go_on
from wizard.console.plain.paper import Paper
from wizard.console.plain.watch import SessionHeld, Watch
from wizard.console.plain.words import value_text
from wizard.effects import Json
from wizard.engine.commands import Answer
from wizard.engine.desk import Desk, Dropdown
from wizard.errors import RefusedError
from wizard.session.state import SessionState

T = TypeVar("T")

FEW = 5
"""Answers given before that are listed; more are counted."""


class Interview:
    """The questions of one session."""

    def __init__(self, desk: Desk, watch: Watch, paper: Paper, ask: Asker) -> None:
        self._desk = desk
        self._watch = watch
        self._paper = paper
        self._ask = ask
        self._fields = Fields(watch.running, ask)
        self._inputs = watch.running.pinned.checklist.inputs

    def ask_open(self) -> None:
        """All questions that have no answer yet and can be answered before the run."""
        first = [name for name, asked in self._inputs.items() if asked.after is None]
        self._show_known([name for name in first if name in self._watch.state.answers])
        for place, name in enumerate(first, 1):
            if name not in self._watch.state.answers:
                self.ask(name, place=f"{place}/{len(first)}")

    def _show_known(self, names: list[str]) -> None:
        if len(names) > FEW:
            self._paper.line(("✓ ", "green"), f"{len(names)} questions are answered already.")
            return
        for name in names:
            known = self._watch.state.answers[name]
            self._paper.line(
                ("✓ ", "green"),
                f"{self._inputs[name].label}: ",
                known.label or value_text(known.value),
                (f"  ({known.source})", "dim"),
            )

    def ask(self, name: str, *, place: str = "?") -> None:
        """One question, until the engine takes the answer."""
        asked = self._inputs[name]
        show_question(self._paper, asked, place)
        if asked.advice is not None:
            advice = self._watch.running.pinned.advice[asked.advice]
            show_advice(self._paper, asked.advice, advice, indent=2)
        taken = False
        while not taken:
            command = self._answer(name, asked)
            if command is None:
                continue
            notice = self._hand_in(command)
            taken = not notice
            if notice:
                self._paper.line(("✗ ", "red"), notice, indent=2)

    def _hand_in(self, command: Answer) -> str:
        def is_taken(state: SessionState) -> bool:
            known = state.answers.get(command.input)
            return known is not None and known.value == command.value

        return self._watch.tell(command, is_taken)

    def _answer(self, name: str, asked: Input) -> Answer | None:
        """None when the operator is to be asked again."""
        if asked.type == "secret":
            kept = self._secret(name, asked)
            return Answer(input=name, value=kept) if kept else None
        running = self._watch.running
        dropdown = Dropdown(options=(), source="", read_at="")
        if asked.choices:
            dropdown = self._wait_for(running.dropdown(name), asked)
            if isinstance(asked.choices, LiveChoices):
                self._origin(dropdown)
        known = self._watch.state.answers.get(name)
        proposed: Json = known.value if known is not None else None
        if known is None:
            proposed = self._wait_for(running.default(name), asked)
        value = self._fields.value(name, asked, dropdown, proposed)
        if not self._consented(asked, value):
            return None
        return Answer(
            input=name,
            value=value,
            label=label_of(value, dropdown.options),
            reason=self._reason(asked, value),
        )

    def _wait_for(self, future: "Future[T]", asked: Input) -> T:
        while True:
            try:
                with self._paper.console.status(self._paper.text(f"Reading: {asked.label} …")):
                    return self._watch.result(future)
            except SessionHeld:
                go_on(self._watch, self._paper, self._ask)

    def _origin(self, dropdown: Dropdown) -> None:
        if dropdown.problem:
            self._paper.line(("! ", "yellow"), "Free text, because ", dropdown.problem, indent=2)
        elif dropdown.waits_for:
            names = [self._inputs[one].label for one in dropdown.waits_for if one in self._inputs]
            self._paper.line(
                ("! ", "yellow"), f"Its choices depend on: {', '.join(names)}", indent=2
            )
        elif not dropdown.options:
            self._paper.line(("! ", "yellow"), f"{dropdown.source}: nothing was found.", indent=2)
        else:
            at = f"{dropdown.read_at[11:19]} UTC"
            self._paper.line((f"{dropdown.source}, read at {at}", "dim"), indent=2)

    def _consented(self, asked: Input, value: Json) -> bool:
        consent = asked.consent
        if consent is None or not consents(asked, value):
            return True
        typed = self._ask.text(f'To choose it, type "{consent.phrase}"; Enter chooses again')
        return typed == consent.phrase

    def _reason(self, asked: Input, value: Json) -> str:
        """Why it departs from the letter; empty when not, or for the advice's own reason."""
        if asked.advice is None or not deviation(asked, value):
            return ""
        advice = self._watch.running.pinned.advice[asked.advice]
        usual = advice.reason or advice.fact
        self._paper.line(
            ("This departs from the letter: it is recorded with its reason.", "yellow"), indent=2
        )
        reason = self._ask.text("Reason", default=usual)
        return "" if reason == usual else reason

    def _secret(self, name: str, asked: Input) -> str:
        kept_as = str(asked.default or name.replace("_", "-"))
        if self._desk.has_secret(kept_as):
            self._paper.line(("It is known already.", "dim"), indent=2)
            return kept_as
        value = self._ask.password(asked.label)
        if not value:
            self._paper.line(("✗ ", "red"), f"{asked.label} is needed.", indent=2)
            return ""
        keep = self._ask.confirm("Keep it in this machine's keyring?", default=False)
        try:
            where = self._desk.give_secret(kept_as, value, keep=keep)
        except RefusedError as error:
            self._paper.problem(error, indent=2)
            where = self._desk.give_secret(kept_as, value, keep=False)
        self._paper.line((f"Kept in: {where}", "dim"), indent=2)
        return kept_as
