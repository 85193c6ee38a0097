"""Compare: the whole region beside the reference region, as last seen or seen now."""

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static

from screens.compare_text import (
    SHOWS,
    Entry,
    all_entries,
    entry_text,
    marks_text,
    only,
    progress,
)
from screens.counter import the_desk
from screens.looking import Looked
from screens.modals import TextDialog
from screens.paint import bar, line, lines, problem_text, value_text
from screens.shows import following
from screens.widgets.compare_list import CompareList, ComparePane
from screens.widgets.line_list import LineList
from screens.words import account_name
from wizard.engine.commands import AcceptDifference, Stop
from wizard.errors import WizardError
from wizard.session.base import split_member

if TYPE_CHECKING:
    from screens.app import WizardApp
    from wizard.engine.desk import Running
    from wizard.engine.snapshot import Snapshot
    from wizard.session.state import SessionState

EVERY = 0.25
"""Least seconds between two times that the lines are put together."""


def is_compared(running: "Running") -> bool:
    """Whether the checklist has anything that is compared with another region."""
    return any(item.reference is not None for item in running.pinned.checklist.items)


def reference_of(state: "SessionState") -> str:
    """The region that is compared with, as far as is known."""
    for item in state.items.values():
        if item.comparison is not None and item.comparison.region:
            return item.comparison.region
    answered = state.answers.get("reference")
    return value_text(answered.value) if answered is not None else "reference region"


def accept(app: "WizardApp", running: "Running", entry: Entry | None) -> None:
    """Let the field of the entry differ, with a reason."""
    row = entry.row if entry is not None else None
    if entry is None or row is None or row.mark != "differs":
        app.notify("Only a field that differs can be accepted.", markup=False)
        return
    if running.preview or isinstance(running, Looked):
        app.notify("Resume the session to accept a difference: this is only a look.", markup=False)
        return
    item, field = entry.item, row.field

    def given(reason: str | None) -> None:
        if reason:
            running.send(AcceptDifference(item=item, field=field, reason=reason))

    pin = running.snapshot.state.pin
    app.push_screen(
        TextDialog(
            f"Accept the difference: {field}",
            entry_text(entry, pin.region if pin is not None else "here"),
            label="Why it may differ; the report says so",
            action="Accept",
        ),
        given,
    )


class Compare(Screen[None]):
    """Shows what the session compared; ctrl+r compares everything now, by a dry run."""

    CSS_PATH: ClassVar = "compare.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "show", "Show others"),
        Binding("o", "accept", "Accept"),
        Binding("ctrl+r", "refresh", "Compare all now"),
        Binding("enter", "open", "Go to item", show=False),
        Binding("question_mark,f1", "app.help", "Help", key_display="?"),
        Binding("escape,q", "back", "Back", key_display="esc"),
    ]
    app: "WizardApp"

    def __init__(self, source: "Running") -> None:
        super().__init__(id="compare")
        self.source = source
        """The session, which differences are accepted in."""
        self.fresh: Running | None = None
        """The dry run that looks now."""
        self._show = SHOWS[0]
        self._shown_at = 0.0
        self._due = False
        self._preparing = False
        self._problem: WizardError | None = None
        self._entries: list[Entry] = []

    @property
    def running(self) -> "Running":
        """What is shown: the dry run once there is one."""
        return self.fresh or self.source

    def compose(self) -> ComposeResult:
        yield Static(id="compare-head")
        yield ComparePane()
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self._paint()
        self.query_one(CompareList).focus()
        self.set_interval(1, self._tell)

    def show_snapshot(self, _snapshot: "Snapshot") -> None:
        """News: more was compared, or a difference was accepted."""
        wait = self._shown_at + EVERY - monotonic()
        if wait <= 0:
            self._paint()
        elif not self._due:
            self._due = True
            self.set_timer(wait, self._paint)

    def _paint(self) -> None:
        self._due = False
        if not self.is_attached:
            return
        self._shown_at = monotonic()
        state = self.running.snapshot.state
        self._entries = all_entries(self.source.pinned, state, self.source.snapshot.state)
        here = state.pin.region if state.pin is not None else "here"
        shown = only(self._entries, self._show)
        self.query_one(ComparePane).show_entries(shown, reference_of(state), here)
        self._tell()

    def _tell(self) -> None:
        """What is compared, how far, and what came of it."""
        snapshot = self.running.snapshot
        state = snapshot.state
        rows = [self._where(state)]
        if self._problem is not None:
            rows.append(problem_text(self._problem))
        elif snapshot.error:
            rows.append(line(("✗ The dry run stopped: ", "bold $error"), snapshot.error))
        else:
            rows.append(self._progress(snapshot))
        sums = marks_text(entry.row for entry in self._entries if entry.row is not None)
        shown = line(("shown: ", "$muted"), (self._show, "bold"), "   ")
        rows.append(Content.assemble(shown, sums))
        self.query_one("#compare-head", Static).update(lines(rows))

    def _where(self, state: "SessionState") -> Content:
        pin = state.pin
        here = "here"
        if pin is not None:
            wide = self.size.width > 100 or not pin.alias
            name = account_name(pin.alias, pin.account_id) if wide else pin.alias
            here = f"{pin.region} in {name}"
        seen = "seen now, by a dry run" if self.fresh is not None else "as the session saw it"
        return line(
            (f"{reference_of(state)} → {here}", "bold"),
            (f"  {seen}", "$muted"),
        )

    def _progress(self, snapshot: "Snapshot") -> Content:
        done, total, broken = progress(self.source.pinned, snapshot.state)
        text = f" {done} of {total} compared"
        if self._preparing:
            text = " preparing the dry run …"
        elif self.fresh is not None and snapshot.running:
            text += " …"
        elif self.fresh is not None and done < total:
            text += f"; the other {total - done} cannot be looked at yet"
        elif done < total:
            text += "; ctrl+r compares all now"
        failed = (f"  ✗ {broken} could not be", "bold $error") if broken else ("", "")
        return Content.assemble(bar(done, total, 16), line((text, ""), failed))

    # Keys

    @on(CompareList.Show)
    def action_show(self) -> None:
        self._show = following(SHOWS, self._show)
        self._paint()

    @on(CompareList.Accept)
    def action_accept(self) -> None:
        accept(self.app, self.source, self.query_one(CompareList).entry)

    @on(LineList.Opened)
    def action_open(self) -> None:
        """Back to the run, at the item under the cursor."""
        from screens.run import Run  # noqa: PLC0415  the run opens this screen

        entry = self.query_one(CompareList).entry
        below = self.app.screen_stack[-2]
        if entry is None or not isinstance(below, Run):
            return
        run, item = below, split_member(entry.item)[0]

        async def go() -> None:
            await self.action_back()
            run.go_to(item)

        # A screen cannot await its own end.
        self.app.run_worker(go(), group="compare")

    def action_refresh(self) -> None:
        """Compare everything now: a dry run with the answers of the session, which only reads."""
        self.app.run_worker(self._refresh(), group="compare", exclusive=False)

    async def _refresh(self) -> None:
        state = self.source.snapshot.state
        if state.pin is None or self.source.preview or self._preparing:
            return
        self._problem, self._preparing, pin = None, True, state.pin
        self._tell()
        try:
            await self._end_dry_run()
            fresh = await asyncio.to_thread(
                the_desk(self.app).preview, state.checklist_id, pin, state.inputs()
            )
        except WizardError as error:
            self._problem = error
            return
        finally:
            self._preparing = False
            self._paint()
        if not self.is_attached:
            # It was left meanwhile: what was prepared is ended as it would have been.
            fresh.send(Stop(reason="the comparison was left"))
            fresh.start()
            await asyncio.to_thread(fresh.join)
            return
        self.fresh = fresh
        self.app.follow(fresh)
        fresh.start()
        self._paint()

    async def _end_dry_run(self) -> None:
        if self.fresh is not None:
            self.fresh = None
            await self.app.close_preview()

    async def action_back(self) -> None:
        """Leave; a dry run is ended."""
        fresh, self.fresh = self.fresh, None
        await self.app.pop_screen()
        if fresh is not None:
            await self.app.close_preview()
