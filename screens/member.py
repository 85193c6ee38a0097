"""One member of an item that fans out: everything that is known of it, and its deeds."""

from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Footer, Static

from screens import deeds
from screens.looking import Looked
from screens.paint import line
from screens.place_screen import ITEM_KEYS, PlaceScreen
from screens.widgets.detail import TABS, Detail
from screens.words import LOOKS
from wizard.session.base import member_id

if TYPE_CHECKING:
    from screens.app import WizardApp
    from screens.place import Place
    from wizard.checklist.model import Item
    from wizard.engine.desk import Running
    from wizard.engine.snapshot import Snapshot
    from wizard.session.state import ItemState


def as_item(item: "Item", key: str) -> "Item":
    """The member as an item by itself: its id is `item[key]`, its title its name."""
    return replace(item, id=member_id(item.id, key), title=key, foreach=None, undo="")


class OneMember:
    """A member in the list of its item, as a place for deeds."""

    def __init__(self, run: "Place", item: "Item", key: str) -> None:
        self.app: WizardApp = run.app
        self.running = run.running
        self.snapshot = run.snapshot
        self.preview = run.preview
        self.item: Item | None = as_item(item, key)
        self.now: ItemState | None = run.snapshot.state.item(member_id(item.id, key))


def do(run: "Place", item: "Item", key: str, deed: str) -> None:
    """One of `retry`, `skip` and `mark`, to one member; or say that it can do nothing now."""
    place = OneMember(run, item, key)
    possible = deeds.possible(place.now, run.snapshot, preview=run.preview)
    if deed not in possible or isinstance(run.running, Looked):
        word = LOOKS[place.now.status.value][1] if place.now is not None else ""
        run.app.notify(f"Not now: it is {word}.", markup=False)
        return
    {"retry": deeds.retry, "skip": deeds.skip, "mark": deeds.mark}[deed](place)


class MemberScreen(PlaceScreen):
    """A member by itself; escape goes back to the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", "Back", key_display="esc"),
        Binding("question_mark,f1", "app.help", "Help", key_display="?"),
        *ITEM_KEYS,
        Binding("y", "copy", "Copy"),
        *(Binding(str(n), f"tab({n})", f"Tab {n}", show=False) for n in range(1, 7)),
    ]
    app: "WizardApp"

    def __init__(self, running: "Running", item: "Item", key: str) -> None:
        super().__init__(id="member")
        self.running = running
        self.preview = running.preview
        self.snapshot: Snapshot = running.snapshot
        self._parent_title = item.title
        self._item = as_item(item, key)

    @property
    def item(self) -> "Item | None":
        """The member, as an item by itself."""
        return self._item

    @property
    def now(self) -> "ItemState | None":
        """Where it stands."""
        return self.snapshot.state.item(self._item.id)

    def compose(self) -> ComposeResult:
        looked = isinstance(self.running, Looked)
        yield Static(self._head(), id="member-head")
        yield Detail(self.running.pinned, hints=not looked)
        yield Footer(show_command_palette=False)

    def _head(self) -> Content:
        pin = self.snapshot.state.pin
        where = f"{pin.alias or pin.account_id} · {pin.region} · " if pin is not None else ""
        return line((where, "$muted"), (self._parent_title, "bold"))

    def on_mount(self) -> None:
        self.query("Tabs").first().focus()
        self.show_snapshot(self.running.snapshot)

    def show_snapshot(self, snapshot: "Snapshot") -> None:
        """News from the engine."""
        self.snapshot = snapshot
        looks = (one for one in snapshot.looks if one.item == self._item.id and one.limit)
        wait = next((one.waiting_for for one in looks), "")
        self.query_one(Detail).show_item(self._item, snapshot.state, wait)
        possible = deeds.possible(self.now, snapshot, preview=self.preview)
        if isinstance(self.running, Looked):
            possible = frozenset()
        self.offer(possible)

    def action_tab(self, number: int) -> None:
        self.query_one(Detail).active = TABS[number - 1]

    async def action_back(self) -> None:
        await self.app.pop_screen()
