"""How a list of thousands follows the keys while it changes: python -m benchmarks.members

From a key to the paint that shows it, at 5,000 rows of which 200 a second change, most of them in
sight; the wizard's list of members beside Textual's DataTable and OptionList, batched alike, in the
same run.
"""

import asyncio
import statistics
import sys
from collections.abc import Callable
from time import perf_counter

from msgspec.structs import replace
from rich.console import RenderableType
from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import DataTable, OptionList
from textual.widgets.option_list import Option

from screens.member_text import row
from screens.themes import DARK
from screens.widgets.member_list import MemberList
from wizard.session.base import Member
from wizard.session.members import fanned_out, with_item
from wizard.session.state import ItemState, SessionState, Status, Wait

ROWS = 5000
UPDATES = 200
"""A second."""
BATCH = 0.05
"""Seconds between two repaints for news, as the app has them."""
KEYS = 200
IN_SIGHT = 36
ITEM = "logs.retention"


def name(number: int) -> str:
    """A log group."""
    return f"/aws/lambda/service-{number:05}"


class Fold:
    """A state with many members, and what happens to them."""

    def __init__(self) -> None:
        members = [Member(key=name(n), each=name(n)) for n in range(ROWS)]
        item = fanned_out(ItemState(id=ITEM, status=Status.APPLYING), members)
        self.state = SessionState(items={ITEM: item})
        self.changes = 0

    @property
    def item(self) -> ItemState:
        """The item that fans out."""
        return self.state.item(ITEM)

    def change(self) -> int:
        """One more update; returns which row."""
        self.changes += 1
        number = self.changes % IN_SIGHT if self.changes % 4 else self.changes * 37 % ROWS
        key = f"{ITEM}[{name(number)}]"
        wait = Wait(waiting_for=f"look {self.changes}", since="", every=1, limit=60)
        child = replace(self.state.item(key), id=key, status=Status.SETTLING, wait=wait)
        self.state = with_item(self.state, child)
        return number


class Bench(App[None]):
    """One list, which news comes to."""

    def __init__(self, make: Callable[[Fold], Widget], show: Callable[..., None]) -> None:
        super().__init__()
        self.fold = Fold()
        self._make = make
        self._show = show
        self._owed = 0.0
        self._before: object = None
        self.painted = asyncio.Event()
        self.shown = 0

    def compose(self) -> ComposeResult:
        yield self._make(self.fold)

    def on_mount(self) -> None:
        self.register_theme(DARK)
        self.theme = DARK.name
        self._show(self.query("#list,#members-list").first(), self.fold, range(ROWS))
        self.query("#list,#members-list").first().focus()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Called with each paint: the first after the cursor moved shows the key."""
        super()._display(screen, renderable)
        if not self.painted.is_set() and cursor_of(self) != self._before:
            self.painted.set()

    def press(self, key: str) -> None:
        """From now on the next paint with another cursor counts."""
        self.painted.clear()
        self._before = cursor_of(self)
        self.simulate_key(key)

    def begin(self) -> None:
        """Let the updates come."""
        self._last = perf_counter()
        self.set_interval(BATCH, self._news)

    def _news(self) -> None:
        now = perf_counter()
        self._owed += (now - self._last) * UPDATES
        self._last = now
        due = int(self._owed)
        self._owed -= due
        changed = {self.fold.change() for _ in range(due)}
        self.shown += due
        self._show(self.query("#list,#members-list").first(), self.fold, sorted(changed))


def cursor_of(app: App[None]) -> int | None:
    """Where the list's cursor stands."""
    match app.query("#list,#members-list").first():
        case MemberList() as shown:
            return shown.place
        case DataTable() as shown:
            return shown.cursor_row
        case OptionList() as shown:
            return shown.highlighted
        case _:
            return None


def members(_fold: Fold) -> Widget:
    """The wizard's own."""
    return MemberList()


def show_members(shown: MemberList, fold: Fold, _changed: object) -> None:
    """As the pane does it."""
    shown.show_item(fold.item)


def table(fold: Fold) -> Widget:
    """Textual's table."""
    made: DataTable[object] = DataTable(id="list", cursor_type="row")
    made.add_columns("name", "what")
    for member in fold.item.members:
        made.add_row(member.key, "")
    return made


def show_table(shown: "DataTable[object]", fold: Fold, changed: range | list[int]) -> None:
    """The cells that changed."""
    if isinstance(changed, list):
        for number in changed:
            child = fold.item.children[name(number)]
            what = child.wait.waiting_for if child.wait is not None else ""
            shown.update_cell_at((number, 1), what)  # type: ignore[arg-type]


def options(_fold: Fold) -> Widget:
    """Textual's list."""
    return OptionList(id="list", markup=False)


def show_options(shown: OptionList, fold: Fold, changed: range | list[int]) -> None:
    """The options that changed."""
    if isinstance(changed, range):
        shown.add_options(Option(row(name(n), None, 110)) for n in changed)
        return
    for number in changed:
        child = fold.item.children[name(number)]
        shown.replace_option_prompt_at_index(number, row(name(number), child, 110))


async def measure(make: Callable[[Fold], Widget], show: Callable[..., None]) -> list[float]:
    """Milliseconds from each key until it has been painted."""
    app = Bench(make, show)
    taken = []
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        app.begin()
        for number in range(KEYS):
            await asyncio.sleep(0.013 + number % 7 * 0.003)
            began = perf_counter()
            app.press("down" if number % 20 < 12 else "up")
            await app.painted.wait()
            taken.append((perf_counter() - began) * 1000)
        if app.shown < UPDATES:
            raise SystemExit(f"only {app.shown} updates came")
    return taken


def main() -> None:
    """Measure and print."""
    cases: dict[str, tuple[Callable[[Fold], Widget], Callable[..., None]]] = {
        "members (Line API)": (members, show_members),
        "DataTable": (table, show_table),
        "OptionList": (options, show_options),
    }
    found: dict[str, tuple[float, float]] = {}
    for title, (make, show) in cases.items():
        taken = asyncio.run(measure(make, show))
        cuts = statistics.quantiles(taken, n=100)
        found[title] = (cuts[49], cuts[98])
    ours = found["members (Line API)"]
    sys.stdout.write(f"{ROWS} rows, {UPDATES} updates a second, {KEYS} keys; key to paint in ms\n")
    for title, (half, most) in found.items():
        times = f"{half / ours[0]:5.1f} × / {most / ours[1]:.1f} ×"
        sys.stdout.write(f"{title:<20} p50 {half:6.1f}   p99 {most:6.1f}   {times}\n")


if __name__ == "__main__":
    main()
