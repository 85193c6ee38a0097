"""The selected item, or a member of it: overview, plan, calls, evidence, members, comparison."""

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.css.query import NoMatches
from textual.widgets import OptionList, Static, TabbedContent, TabPane
from textual.widgets.option_list import Option

from screens.compare_text import SHOWS, entries_of, only
from screens.item_text import call_detail, call_line, cli_of, evidence, overview, plan
from screens.member_text import planned_of
from screens.paint import line
from screens.shows import following
from screens.widgets.compare_list import CompareList, ComparePane
from screens.widgets.members_pane import MembersPane

if TYPE_CHECKING:
    from wizard.checklist.model import Item
    from wizard.checklist.pinned import Pinned
    from wizard.session.state import Call, ItemState, SessionState

TABS = ("overview", "plan", "calls", "evidence", "members", "compare")


class Detail(Vertical):
    """Paints the active tab only, and only when what it shows changed."""

    def __init__(self, pinned: "Pinned", *, hints: bool) -> None:
        super().__init__(id="detail")
        self._hints = hints
        self._pinned = pinned
        self._item: Item | None = None
        self._state: SessionState | None = None
        self._wait = ""
        self._show = SHOWS[0]
        self._painted: dict[str, Content] = {}
        self._calls: tuple[Call, ...] = ()
        self._there: dict[str, bool] = {}

    def compose(self) -> ComposeResult:
        with TabbedContent(initial="overview", id="tabs"):
            with TabPane(Content("1 Item"), id="overview"), VerticalScroll():
                yield Static(id="text-overview", classes="text")
            with TabPane(Content("2 Plan"), id="plan"), VerticalScroll():
                yield Static(id="text-plan", classes="text")
            with TabPane(Content("3 Calls"), id="calls"):
                yield OptionList(id="calls-list", markup=False)
                with VerticalScroll():
                    yield Static(id="text-calls", classes="text")
            with TabPane(Content("4 Evidence"), id="evidence"), VerticalScroll():
                yield Static(id="text-evidence", classes="text")
            with TabPane(Content("5 Members"), id="members"):
                yield MembersPane()
            with TabPane(Content("6 Compare"), id="compare"):
                yield ComparePane()

    def on_mount(self) -> None:
        self._offer(members=False, compare=False)

    @property
    def active(self) -> str:
        """The tab that is shown."""
        return self.query_one("#tabs", TabbedContent).active

    @active.setter
    def active(self, tab: str) -> None:
        if self._there.get(tab, True):
            self.query_one("#tabs", TabbedContent).active = tab

    def _offer(self, **there: bool) -> None:
        """Show the tabs that this item has something for."""
        tabs = self.query_one("#tabs", TabbedContent)
        for tab, wanted in there.items():
            if self._there.get(tab) is not wanted:
                self._there[tab] = wanted
                if not wanted and tabs.active == tab:
                    tabs.active = "overview"
                tabs.show_tab(tab) if wanted else tabs.hide_tab(tab)

    def show_item(self, item: "Item | None", state: "SessionState", wait: str) -> None:
        """Show this item as it is now."""
        moved = item is not self._item
        self._item, self._state, self._wait = item, state, wait
        now = state.item(item.id) if item is not None else None
        self._offer(
            members=now is not None and bool(now.members),
            compare=now is not None and now.comparison is not None,
        )
        self._paint()
        if moved:
            for scroll in self.query(VerticalScroll):
                scroll.scroll_home(animate=False)

    @on(TabbedContent.TabActivated)
    def _paint(self) -> None:
        state, item = self._state, self._item
        if state is None or not self.is_mounted:
            return
        if item is None:
            text = line(("Choose an item on the left.", "$muted"))
            self._put(self.active or "overview", text)
            return
        now = state.item(item.id)
        match self.active:
            case "plan":
                self._put("plan", plan(now))
            case "calls":
                self._show_calls(now.calls)
            case "evidence":
                self._put("evidence", evidence(now))
            case "members":
                self.query_one(MembersPane).show_item(now)
            case "compare":
                self._compare(item, now, state)
            case _:
                text = overview(self._pinned, state, item, self._wait, hints=self._hints)
                self._put("overview", text)

    def _put(self, tab: str, text: Content) -> None:
        shown = self._painted.get(tab)
        if shown is None or not (shown.is_same(text) and shown.spans == text.spans):
            self._painted[tab] = text
            try:
                self.query_one(f"#text-{tab}", Static).update(text)
            except NoMatches:
                del self._painted[tab]

    def _compare(self, item: "Item", now: "ItemState", state: "SessionState") -> None:
        if now.comparison is not None:
            here = state.pin.region if state.pin is not None else "here"
            entries = only(entries_of(item, now)[1:] or entries_of(item, now), self._show)
            self.query_one(ComparePane).show_entries(entries, now.comparison.region, here)

    @on(CompareList.Show)
    def _show_others(self, event: CompareList.Show) -> None:
        event.stop()
        self._show = following(SHOWS, self._show)
        self._paint()

    def focus_list(self) -> None:
        """Put the cursor into the list of the active tab, where it has one."""
        lists = {"members": "#members-list", "compare": "#compared-list", "calls": "#calls-list"}
        name = lists.get(self.active)
        (self.query_one(name) if name else self.query("Tabs").first()).focus()

    def _show_calls(self, calls: "tuple[Call, ...]") -> None:
        shown = self.query_one("#calls-list", OptionList)
        if calls != self._calls or not calls:
            kept = shown.highlighted
            self._calls = calls
            shown.clear_options()
            shown.add_options(Option(call_line(call)) for call in calls)
            shown.display = bool(calls)
            if calls:
                shown.highlighted = min(kept, len(calls) - 1) if kept is not None else 0
        if not calls:
            self._put("calls", line(("No call was made for this item yet.", "$muted")))

    @on(OptionList.OptionHighlighted, "#calls-list")
    def _call_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if event.option_index < len(self._calls):
            self._put("calls", call_detail(self._calls[event.option_index]))

    def copyable(self) -> tuple[str, str]:
        """What `y` copies here, and what it is called; empty when there is nothing."""
        if self._state is None or self._item is None:
            return "", ""
        now = self._state.item(self._item.id)
        if now.problem is not None and now.problem.policy and self.active == "overview":
            return now.problem.policy, "The policy"
        if self.active == "calls" and self._calls:
            place = self.query_one("#calls-list", OptionList).highlighted or 0
            call = self._calls[place]
            return call.cli, f"The command for {call.operation}"
        planned = cli_of(planned_of(now)) or "\n".join(call.cli for call in now.calls if call.cli)
        return planned, "The AWS CLI commands"
