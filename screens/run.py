"""Run: the checklist as a tree, the selected item beside it, and what is going on above."""

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Footer, Tree

from screens import approvals, deeds, endings
from screens.compare import Compare, is_compared
from screens.finish import Finish
from screens.halt import HaltDialog
from screens.looking import EVERY, Looked
from screens.member import MemberScreen, do
from screens.place_screen import ITEM_KEYS, PlaceScreen
from screens.widgets.call_log import CallLog
from screens.widgets.detail import TABS, Detail
from screens.widgets.item_tree import ItemTree
from screens.widgets.member_list import MemberList
from screens.widgets.members_pane import MembersPane
from screens.widgets.top import Top
from wizard.engine import commands
from wizard.errors import WizardError
from wizard.safe import safe_line

if TYPE_CHECKING:
    from wizard.checklist.model import Item
    from wizard.engine.desk import Running
    from wizard.engine.snapshot import Snapshot
    from wizard.session.state import ItemState


class Run(PlaceScreen):
    """A session, or with a preview a dry run of one."""

    CSS_PATH: ClassVar = "run.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "next", "Next"),
        Binding("question_mark,f1", "app.help", "Help", key_display="?"),
        Binding("q", "quit", "Quit"),
        *ITEM_KEYS,
        Binding("s", "approve_section", "Section"),
        Binding("A", "approve_all", "All", key_display="A"),
        Binding("p", "pause", "Pause"),
        Binding("f", "finish", "Summary"),
        Binding("l", "log", "Calls"),
        Binding("y", "copy", "Copy", show=False),
        Binding("d", "dry_run", "Dry run"),
        Binding("c", "compare", "Compare"),
        *(Binding(str(n), f"tab({n})", f"Tab {n}", show=False) for n in range(1, 7)),
        Binding("x", "abort", "Abort", show=False),
        Binding("escape", "back", "Back", show=False),
    ]

    def __init__(self, running: "Running") -> None:
        super().__init__(id="run")
        self.running = running
        self.preview = running.preview
        self.looked = running if isinstance(running, Looked) else None
        self.snapshot: Snapshot = running.snapshot
        self._summed_up = False
        self._halted = ""

    def compose(self) -> ComposeResult:
        pinned = self.running.pinned
        yield Top(pinned, self.snapshot, preview=self.preview, looked=self.looked is not None)
        with Horizontal(id="body"):
            yield ItemTree(pinned.checklist)
            yield Detail(pinned, hints=self.looked is None)
        yield CallLog()
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        self._summed_up = bool(self.snapshot.state.finished_at)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """The tree knows its styles only after the first paint."""
        tree = self.query_one(ItemTree)
        tree.focus()
        tree.go_to(self.running.pinned.checklist.items[0].id)
        self.show_snapshot(self.running.snapshot)
        self.set_interval(1, self._tick)
        if self.looked is not None:
            self.set_interval(EVERY, self._look_again)

    # What is shown

    @property
    def item(self) -> "Item | None":
        """The selected item."""
        present = self.query_one(ItemTree).present
        return self.running.pinned.checklist.item(present) if present else None

    @property
    def now(self) -> "ItemState | None":
        """Where the selected item stands."""
        item = self.item
        return self.snapshot.state.item(item.id) if item is not None else None

    def show_snapshot(self, snapshot: "Snapshot") -> None:
        """News from the engine."""
        self.snapshot = snapshot
        self.query_one(Top).show_snapshot(snapshot)
        self.query_one(ItemTree).show_state(snapshot.state)
        if self.has_class("show-log"):
            self.query_one(CallLog).show_calls(snapshot.state.log)
        self._show_item()
        self._tell_halt()
        if self.looked is not None:
            return
        if snapshot.state.finished_at and not self._summed_up and not self.preview:
            self._summed_up = True
            if self.is_current:
                self.action_finish()

    @work(exclusive=True, group="look")
    async def _look_again(self) -> None:
        if self.looked is not None:
            try:
                await asyncio.to_thread(self.looked.look_again)
            except WizardError as error:
                self.app.notify(safe_line(error), markup=False, severity="warning")

    def _tell_halt(self) -> None:
        """A pause that the operator did not ask for is told once, as soon as nothing covers it."""
        paused = self.snapshot.state.paused
        if not paused or paused == commands.Pause().reason or self.looked is not None:
            self._halted = paused
        elif paused != self._halted and self.is_current:
            self._halted = paused
            self.app.push_screen(HaltDialog(self.running))

    def _tick(self) -> None:
        self.query_one(Top).refresh()
        self._tell_halt()
        if self.snapshot.looks:
            self._show_item()

    def _show_item(self) -> None:
        item = self.item
        wait = self.query_one(Top).wait_of(item.id) if item is not None else ""
        self.query_one(Detail).show_item(item, self.snapshot.state, wait)
        possible = deeds.possible(self.now, self.snapshot, preview=self.preview)
        self.offer(possible)

    @on(Tree.NodeHighlighted)
    def _moved(self) -> None:
        self._show_item()

    @on(Tree.NodeSelected)
    def _selected(self, event: "Tree.NodeSelected[str]") -> None:
        if (event.node.data or "").startswith("#"):
            event.node.toggle()
        elif self.now is not None and self.now.members and not deeds.asks(self.now):
            self.action_tab(5)
        elif self.app.size.width < 110 and not self.has_class("show-detail"):
            self._show_detail()
        elif not self.preview and self.looked is None:
            deeds.attend(self)

    def _show_detail(self) -> None:
        self.add_class("show-detail")
        self.call_after_refresh(self.query_one(Detail).focus_list)

    def go_to(self, item: str) -> None:
        """Put the cursor on an item."""
        self.query_one(ItemTree).go_to(item)
        self._show_item()

    @on(MembersPane.Opened)
    def _member_opened(self, event: MembersPane.Opened) -> None:
        if self.item is not None:
            self.app.push_screen(MemberScreen(self.running, self.item, event.key))

    @on(MemberList.Deed)
    def _member_deed(self, event: MemberList.Deed) -> None:
        if event.deed == "retry_all":
            if self.check_action("retry", ()):
                deeds.retry(self)
        elif self.item is not None:
            do(self, self.item, event.key, event.deed)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that can do nothing now are not offered."""
        if action == "compare":
            return is_compared(self.running)
        return super().check_action(action, parameters)

    # Keys

    def action_next(self) -> None:
        """The next item that wants the operator, and what it wants."""
        items = [item.id for item in self.running.pinned.checklist.items]
        present = self.query_one(ItemTree).present
        start = items.index(present) + 1 if present in items else 0
        for name in (*items[start:], *items[:start]):
            if self.snapshot.state.item(name).status.wants_operator:
                self.query_one(ItemTree).go_to(name)
                self._show_item()
                self.query_one(Detail).active = "overview"
                if (name == present or not present) and self.looked is None:
                    deeds.attend(self)
                return

    def action_approve_section(self) -> None:
        approvals.approve_section(self, self.query_one(ItemTree).section)

    def action_approve_all(self) -> None:
        approvals.approve_all(self)

    def action_pause(self) -> None:
        deeds.pause(self)

    def action_dry_run(self) -> None:
        deeds.preview(self)

    def action_abort(self) -> None:
        endings.abort(self)

    def action_finish(self) -> None:
        self.app.push_screen(Finish(self.running, self.snapshot))

    def action_log(self) -> None:
        self.toggle_class("show-log")
        if self.has_class("show-log"):
            self.query_one(CallLog).show_calls(self.snapshot.state.log)

    def action_compare(self) -> None:
        self.app.push_screen(Compare(self.running))

    def action_tab(self, number: int) -> None:
        detail = self.query_one(Detail)
        detail.active = TABS[number - 1]
        if self.app.size.width < 110:
            self._show_detail()
        elif number > 4:
            self.call_after_refresh(detail.focus_list)

    async def action_back(self) -> None:
        if self.has_class("show-detail") or self.query_one(Detail).has_focus_within:
            self.remove_class("show-detail")
            self.query_one(ItemTree).focus()
        elif self.preview or self.looked is not None:
            await self.app.pop_screen()
            await self.app.close_preview()

    async def action_quit(self) -> None:
        if self.preview or self.looked is not None:
            self.remove_class("show-detail")
            await self.action_back()
        else:
            endings.leave(self)
