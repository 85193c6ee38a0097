"""The members of an item that fans out: how far, what to look for, and the list of them."""

from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, Static

from screens.member_text import summary
from screens.paint import line, lines
from screens.widgets.line_list import LineList
from screens.widgets.member_list import MemberList

if TYPE_CHECKING:
    from wizard.session.state import ItemState


class MembersPane(Vertical):
    """Paints what changed and is in sight."""

    class Opened(Message):
        """The operator wants to see a member."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self) -> None:
        super().__init__(id="members-pane")
        self._now: ItemState | None = None
        self._told: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        yield Static(id="members-head", classes="text")
        yield Input(placeholder="part of a name · enter goes to the list", id="members-find")
        yield MemberList()
        yield Static(id="members-foot", classes="text")

    def on_mount(self) -> None:
        self.query_one("#members-find").display = False

    @property
    def list(self) -> MemberList:
        """The list itself."""
        return self.query_one(MemberList)

    @property
    def present(self) -> str:
        """Key of the member under the cursor; empty when there is none."""
        key = self.list.present
        return str(key) if key is not None else ""

    def show_item(self, now: "ItemState") -> None:
        """The item as it is now."""
        if self._now is not None and self._now.id != now.id:
            self._close_find()
            self.list.look_for(view="all", text="")
        self._now = now
        self.list.show_item(now)
        self._tell()

    def _tell(self) -> None:
        now, shown = self._now, self.list
        width = self.content_size.width
        if now is None or not width:
            return
        told = (now.tally, width, shown.view, shown.words, len(shown.keys), shown.place)
        if told == self._told:
            return
        self._told = told
        self.query_one("#members-head", Static).update(lines(summary(now, width - 2)))
        parts = [f"{shown.place + 1:,} of {len(shown.keys):,}" if shown.keys else "none"]
        if shown.view != "all":
            parts.append(shown.view)
        if shown.words:
            parts.append(f"with “{' '.join(shown.words)}”")
        self.query_one("#members-foot", Static).update(
            line((" · ".join(parts), "$muted"), ("  v ", "$accent"), ("shows others", "$muted"),
                 ("  / ", "$accent"), ("finds", "$muted"),
                 ("  R ", "$accent"), ("tries all that failed again", "$muted"))
        )  # fmt: skip

    def on_resize(self) -> None:
        self._tell()

    @on(LineList.Moved)
    def _moved(self, event: LineList.Moved) -> None:
        event.stop()
        self._tell()

    @on(LineList.Opened)
    def _opened(self, event: LineList.Opened) -> None:
        event.stop()
        if self.present:
            self.post_message(self.Opened(self.present))

    @on(MemberList.Find)
    def _find(self, event: MemberList.Find) -> None:
        event.stop()
        find = self.query_one("#members-find", Input)
        find.display = True
        find.focus()

    @on(Input.Changed, "#members-find")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.list.look_for(text=event.value)
        self._tell()

    @on(Input.Submitted, "#members-find")
    def _found(self, event: Input.Submitted) -> None:
        event.stop()
        if not event.value.strip():
            self._close_find()
        self.list.focus()

    def on_key(self, event: events.Key) -> None:
        """Escape in the field looks for all again; down goes to the list."""
        find = self.query_one("#members-find", Input)
        if event.key == "escape" and find.display:
            event.stop()
            self._close_find()
            self.list.focus()
        elif event.key == "down" and find.has_focus:
            event.stop()
            self.list.focus()

    def _close_find(self) -> None:
        find = self.query_one("#members-find", Input)
        find.display = False
        if find.value:
            find.value = ""
