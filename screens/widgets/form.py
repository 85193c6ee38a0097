"""Questions one below the other, grouped as the checklist's sections are."""

from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from screens.answers import grouped, is_empty, mentions
from screens.paint import heading
from screens.widgets.field import Field

if TYPE_CHECKING:
    from wizard.effects import Json
    from wizard.engine.desk import Running
    from wizard.engine.snapshot import Snapshot


class Form(VerticalScroll):
    """Hands answers in: at once what other questions depend on, with `at_once` everything."""

    def __init__(self, running: "Running", names: tuple[str, ...], *, at_once: bool) -> None:
        super().__init__(can_focus=False)
        self.running = running
        self._names = names
        self._at_once = at_once
        self._seen: dict[str, Json] = {}
        self._sent: dict[str, object] = {}

    def compose(self) -> ComposeResult:
        if not self._at_once:
            # What one item asks belongs together, whatever sections use the answers besides.
            yield from (Field(self.running, name) for name in self._names)
            return
        for title, names in grouped(self.running.pinned, self._names):
            yield Static(heading(title), classes="title")
            for name in names:
                yield Field(self.running, name)

    @property
    def fields(self) -> list[Field]:
        """In the checklist's order."""
        return list(self.query(Field))

    def show_snapshot(self, snapshot: "Snapshot") -> None:
        """Take over answers; what depends on those that changed is read again."""
        now = snapshot.state.inputs()
        changed = frozenset(
            name for name in now.keys() | self._seen.keys() if now.get(name) != self._seen.get(name)
        )
        self._seen = now
        for field in self.fields:
            field.show_state(snapshot.state, changed)

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _here(self) -> None:
        """Help and advice are shown for the question that has the cursor."""
        for field in self.fields:
            field.set_class(field.has_focus_within, "-here")

    @on(Field.Answered)
    def _answered(self, event: Field.Answered) -> None:
        event.stop()
        if (self._at_once and not event.default) or self._others_wait(event.field.key):
            self._send(event.field)

    def _others_wait(self, name: str) -> bool:
        return any(
            mentions(f"{one.question.choices!r} {one.question.default!r}", (name,))
            for one in self.fields
        )

    def _send(self, field: Field) -> None:
        answer = field.answer()
        if self._sent.get(field.key) != answer:
            self._sent[field.key] = answer
            self.running.send(answer)

    async def hand_in(self) -> bool:
        """Send what was not sent yet; False, with the cursor there, when an answer is wrong."""
        for field in self.fields:
            await field.flush()
        wrong = [field for field in self.fields if field.problem()]
        if wrong:
            wrong[0].focus_control()
            wrong[0].scroll_visible()
            return False
        for field in self.fields:
            self._send(field)
        return True

    def present(self) -> "dict[str, Json]":
        """The answers as they stand, sound ones only."""
        return {
            field.key: field.value
            for field in self.fields
            if not is_empty(field.value) and not self.running.check(field.key, field.value)
        }

    def progress(self) -> tuple[int, int]:
        """How many are answered, of how many."""
        return sum(field.is_answered() for field in self.fields), len(self.fields)
