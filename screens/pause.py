"""Pauses for a person: what to do, where, why, how the wizard notices; and lost answers."""

from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Button, Input, Static

from screens.deed_dialog import DeedButtons, DeedDialog, key_of, state_of
from screens.item_text import BLANK, call_detail, notices, pretty
from screens.modals import Dialog
from screens.paint import block, heading, line, lines
from screens.widgets.top import is_timed, look_text
from screens.words import since, span
from wizard.engine.commands import Act, Attest, Retry, Settle
from wizard.session.state import Status

if TYPE_CHECKING:
    from screens.app import WizardApp
    from wizard.checklist.model import Item
    from wizard.engine.desk import Running
    from wizard.engine.snapshot import Snapshot
    from wizard.session.state import Call


class PauseDialog(Dialog[None]):
    """Closes by itself when the wizard has noticed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r", "look", "Look now"),
        *(Binding(key_of(place), f"deed({place})", show=False) for place in range(8)),
    ]
    app: "WizardApp"

    def __init__(self, running: "Running", item: "Item") -> None:
        super().__init__(item.title, Content(""))
        self.running = running
        self.item = item
        self._snapshot = running.snapshot
        self._at = 0.0
        self._over = False
        pause = self._snapshot.state.item(item.id).pause
        self._must_attest = pause is not None and pause.must_attest
        self._notices_itself = pause is not None and pause.notices_itself

    def questions(self) -> ComposeResult:
        yield DeedButtons()
        if self._must_attest:
            yield Static(line(("Your note for the auditor", "bold")), classes="label")
            yield Input(placeholder="what you did or saw, and where", id="note")

    def buttons(self) -> ComposeResult:
        yield Button("Close", id="close")
        if self._notices_itself:
            yield Button("Look now", id="look")
        if self._must_attest:
            yield Button("I confirm it", id="attest", variant="primary", disabled=True)

    def on_mount(self) -> None:
        self._inbox = self.app.desk.inbox_url() if self.app.desk is not None else ""
        self.query_one(".body").set_class(self._must_attest, "asks")
        self.show_snapshot(self.running.snapshot)
        self.set_interval(1, self._tick)
        self.query_one("#note" if self._must_attest else "#close").focus()

    def on_screen_resume(self) -> None:
        """What happened while another dialog was in front counts."""
        self.call_later(self.show_snapshot, self.running.snapshot)

    def show_snapshot(self, snapshot: "Snapshot") -> None:
        """Close when the item no longer waits for a person."""
        self._snapshot, self._at = snapshot, monotonic()
        if snapshot.state.item(self.item.id).status is not Status.NEEDS_PERSON:
            if self.is_active and not self._over:
                self._over = True
                self.app.notify("The wizard has noticed, and goes on.", markup=False)
                self.dismiss(None)
            return
        self._paint()

    def _tick(self) -> None:
        self._paint()

    def _paint(self) -> None:
        now = self._snapshot.state.item(self.item.id)
        if now.pause is None:
            return
        self.call_later(self.query_one(DeedButtons).show, now.pause)
        waited = span(since(now.pause.since, self.app.now()))
        inbox = line(("Mails of the demo account:  ", "$muted"), (self._inbox, "bold $accent"))
        rows = [
            # First: instructions fill a small screen, and a person goes there next.
            *([inbox] if self._inbox else []),
            heading("What to do"),
            block(now.pause.instructions),
            *state_of(now.pause),
            BLANK,
            heading("Why"),
            block((self.item.letter, "$muted")),
            BLANK,
            heading("How the wizard notices"),
            line(notices(now, here=True)),
        ]
        looks = (one for one in self._snapshot.looks if is_timed(one))
        look = next((one for one in looks if one.item == self.item.id), None)
        if look is not None:
            passed = monotonic() - self._at
            text = look_text(self._snapshot, look, self.item.title, passed)
            rows.append(line(("◔ ", "$primary"), text))
        else:
            rows.append(line((f"waiting for you for {waited}", "$muted")))
        self.query_one("#body", Static).update(lines(rows))

    @on(Input.Changed, "#note")
    def _typed(self, event: Input.Changed) -> None:
        self.query_one("#attest", Button).disabled = not event.value.strip()

    @on(Button.Pressed, "#attest")
    @on(Input.Submitted, "#note")
    def _attest(self) -> None:
        note = self.query_one("#note", Input).value.strip()
        if note:
            self.running.send(Attest(item=self.item.id, note=note))
            self.dismiss(None)

    @on(Button.Pressed, ".deed")
    def _deed_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self._do(event.button.name or "")

    def action_deed(self, place: int) -> None:
        pause = self._snapshot.state.item(self.item.id).pause
        if pause is not None and place < len(pause.deeds):
            self._do(pause.deeds[place].name)

    def _do(self, name: str) -> None:
        """Have it done, after asking for what it needs."""
        pause = self._snapshot.state.item(self.item.id).pause
        deed = next((one for one in pause.deeds if one.name == name), None) if pause else None
        if pause is None or deed is None or pause.doing:
            return

        def given(text: str | None) -> None:
            if text:
                self.running.send(Act(item=self.item.id, deed=name, text=text))

        if deed.prompt:
            self.app.push_screen(DeedDialog(deed, self.item.title), given)
        else:
            self.running.send(Act(item=self.item.id, deed=name))

    @on(Button.Pressed, "#look")
    def action_look(self) -> None:
        if self._notices_itself:
            self.running.send(Retry(item=self.item.id))


class SettleDialog(Dialog[None]):
    """A call left and its answer was lost: only a person can say whether it happened."""

    def __init__(self, running: "Running", item: "Item", call: "Call") -> None:
        found = running.snapshot.state.item(item.id).found
        rows = [
            line(("The answer of this call was lost, and AWS cannot be asked about it.", "bold")),
            line("Look where it would show, then say what you saw. It is not repeated by itself."),
            BLANK,
            call_detail(call),
        ]
        if found is not None:
            rows += [BLANK, heading("Found last"), block(pretty(found))]
        super().__init__(f"In doubt: {item.title}", lines(rows))
        self.running = running
        self._call = call

    def questions(self) -> ComposeResult:
        yield Static(line(("What you saw, and where", "bold")), classes="label")
        yield Input(id="note")

    def buttons(self) -> ComposeResult:
        yield Button("Not now", id="close")
        yield Button("It did not happen", id="not", disabled=True)
        yield Button("It happened", id="happened", disabled=True)

    def on_mount(self) -> None:
        self.query_one("#note").focus()

    def show_snapshot(self, snapshot: "Snapshot") -> None:
        """Close when it was settled meanwhile."""
        if (
            all(
                call.op != self._call.op or call.outcome != "in doubt"
                for call in snapshot.state.log
            )
            and snapshot.state.item(self._call.item).status is not Status.IN_DOUBT
        ):
            self.dismiss(None)

    @on(Input.Changed, "#note")
    def _typed(self, event: Input.Changed) -> None:
        for name in ("#not", "#happened"):
            self.query_one(name, Button).disabled = not event.value.strip()

    @on(Button.Pressed, "#not,#happened")
    def _settle(self, event: Button.Pressed) -> None:
        note = self.query_one("#note", Input).value.strip()
        happened = event.button.id == "happened"
        self.running.send(Settle(op=self._call.op, happened=happened, note=note))
        self.dismiss(None)
