"""Recheck: what a session asserted, read again now; or a recheck of an earlier day."""

import asyncio
from collections.abc import Hashable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static

from screens.counter import the_desk
from screens.flow import attempt, export_session
from screens.looking import Looked
from screens.paint import bar, line, lines
from screens.recheck_text import (
    SHOWS,
    Line,
    line_text,
    recheck_lines,
    sums_text,
    verdict_text,
)
from screens.shows import following
from screens.widgets.line_list import LineList
from screens.words import account_name, is_simulated
from wizard.engine.commands import Continue, Stop

if TYPE_CHECKING:
    from screens.app import WizardApp
    from wizard.engine.desk import Running
    from wizard.engine.snapshot import Snapshot
    from wizard.session.state import SessionState


def recheck_session(app: "WizardApp", session: str) -> None:
    """Read a session again from the live account, and show what comes of it."""

    async def go() -> None:
        running = await attempt(
            app,
            "Comparing the account with the session's",
            lambda: the_desk(app).recheck(session),
        )
        if running is not None:
            app.follow(running)
            await app.push_screen(Recheck(running))
            running.start()

    app.run_worker(go(), group="flow", exclusive=True)


class VerdictList(LineList):
    """Sections, items, and of those that stand for many what is not as it was."""

    # What it says in full stands below already.
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "open", "Open", show=False)]

    def __init__(self) -> None:
        super().__init__(id="verdicts")
        self.shown: dict[Hashable, Line] = {}

    def line_of(self, key: Hashable, width: int) -> Content:  # noqa: ARG002  it is cut to fit
        return line_text(self.shown[key])

    def source_of(self, key: Hashable) -> object:
        return self.shown[key].state

    def can_hold(self, key: Hashable) -> bool:
        return not self.shown[key].section

    def show_lines(self, found: list[Line]) -> None:
        """These, as they are now."""
        keys = [one.key for one in found]
        same = keys == list(self.keys)
        self.shown = {one.key: one for one in found}
        if same:
            self.news()
        else:
            self.show_keys(keys)

    @property
    def line(self) -> Line | None:
        """The one under the cursor."""
        return self.shown.get(self.present)


class Recheck(Screen[None]):
    """The verdicts as they come, the one under the cursor in full below."""

    CSS_PATH: ClassVar = "recheck.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "show", "Show others"),
        Binding("e", "export", "Export"),
        Binding("c", "go_on", "Go on", show=False),
        Binding("question_mark,f1", "app.help", "Help", key_display="?"),
        Binding("escape,q", "back", "Back", key_display="esc"),
    ]
    app: "WizardApp"

    def __init__(self, running: "Running") -> None:
        super().__init__(id="recheck")
        self.running = running
        self._show = SHOWS[0]

    def compose(self) -> ComposeResult:
        yield Static(id="recheck-head")
        with Vertical(id="recheck-pane"):
            yield VerdictList()
            with VerticalScroll(id="verdict-below"):
                yield Static(id="verdict-full")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self._paint()
        self.query_one(VerdictList).focus()

    def show_snapshot(self, _snapshot: "Snapshot") -> None:
        """News: another verdict is there."""
        if self.is_attached:
            self._paint()

    @on(LineList.Moved)
    def _tell(self) -> None:
        self.query_one("#verdict-full", Static).update(
            verdict_text(self.query_one(VerdictList).line)
        )

    def _paint(self) -> None:
        snapshot = self.running.snapshot
        state = snapshot.state
        self.query_one(VerdictList).show_lines(
            recheck_lines(self.running.pinned, state, self._show)
        )
        rows = [self._where(state), self._progress(snapshot)]
        rows.append(
            Content.assemble(line(("shown: ", "$muted"), self._show, "   "), sums_text(state))
        )
        self.query_one("#recheck-head", Static).update(lines(rows))
        self._tell()

    def _where(self, state: "SessionState") -> Content:
        of, pin = state.rechecks, state.pin
        number = f"Recheck of session {of.number}" if of is not None else "Recheck"
        where = f"  {account_name(pin.alias, pin.account_id)} · {pin.region} " if pin else ""
        badge = (" SIMULATED ", "reverse $secondary")
        simulated = pin is not None and is_simulated(pin)
        return line((number, "bold"), where, badge if simulated else ("", ""))

    def _progress(self, snapshot: "Snapshot") -> Content:
        state = snapshot.state
        if snapshot.error:
            return line(("✗ The recheck stopped: ", "bold $error"), snapshot.error)
        if state.paused:
            return line(("‖ Paused: ", "bold $warning"), state.paused, "  c goes on")
        if state.aborted:
            return line(("✗ It did not come to its end: ", "bold $error"), state.aborted)
        items = self.running.pinned.checklist.items
        done = sum(state.item(item.id).recheck is not None for item in items)
        text = f" {done} of {len(items)} read again; nothing is changed"
        if state.finished_at:
            at = state.finished_at[:16].replace("T", " ")
            text = f" read again on {at} UTC, kept as session {state.number}"
        return Content.assemble(bar(done, len(items), 16), line(text))

    # Keys

    def action_show(self) -> None:
        self._show = following(SHOWS, self._show)
        self._paint()

    def action_export(self) -> None:
        if not self.running.snapshot.state.finished_at:
            self.app.notify("Export it when all is read.", markup=False)
            return
        export_session(self.app, self.running.snapshot.state.session)

    def action_go_on(self) -> None:
        """After a pause, such as for a new log-in."""
        if self.running.snapshot.state.paused:
            self.running.send(Continue())

    def action_back(self) -> None:
        """Leave; a recheck that is not done ends as one that was cut short."""
        self.app.run_worker(self._leave(), group="recheck")

    async def _leave(self) -> None:
        running = self.running
        await self.app.pop_screen()
        if isinstance(running, Looked):
            await self.app.close_preview()
            return
        running.send(Stop(reason="the operator left the recheck"))
        await asyncio.to_thread(running.join)
