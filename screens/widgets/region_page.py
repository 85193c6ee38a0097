"""Which region: names at once, and how each stands as soon as AWS has said it."""

from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option as Entry

from screens.paint import line
from wizard.step import Option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wizard.engine.desk import Dropdown

ENABLES = "account.region_enabled"
"""The step that enables a region after asking."""


class RegionPage(Vertical):
    """A filter and the list; without `opens`, a region that is not enabled cannot be chosen."""

    class Chosen(Message):
        """The operator chose a region."""

        def __init__(self, region: str) -> None:
            super().__init__()
            self.region = region

    def __init__(self, *, opens: bool) -> None:
        super().__init__(id="region")
        self._opens = opens
        self._regions: tuple[Option, ...] = ()
        self._note = line("")

    def compose(self) -> ComposeResult:
        yield Static(line("In which region is the work done?"), classes="title")
        yield Input(placeholder="type to filter", id="filter")
        yield OptionList(id="regions", markup=False)
        yield Static(id="region-note")

    def show_names(self, names: "Sequence[str]") -> None:
        """What is known without asking AWS."""
        self._regions = tuple(Option(name, name) for name in names)
        self._note = line(("Asking AWS which regions are enabled …", "$muted"))
        self.query_one("#filter", Input).value = ""
        self._fill("")
        self.focus_filter()

    def show_choices(self, found: "Dropdown") -> None:
        """What AWS says of them; the cursor stays where it is."""
        before = {option.value: place for place, option in enumerate(self._regions)}
        order = sorted(found.options, key=lambda one: before.get(one.value, len(before)))
        self._regions = tuple(order)
        if found.problem:
            why = f"Whether they are enabled is not known: {found.problem}"
            self._note = line(("! ", "$warning"), (why, "$muted"))
        else:
            self._note = line((f"As {found.source} says.", "$muted"))
        self._fill(self._present())

    def focus_filter(self) -> None:
        """Put the cursor where the operator types."""
        self.query_one("#filter").focus()

    def _present(self) -> str:
        shown = self.query_one("#regions", OptionList)
        place = shown.highlighted
        return shown.get_option_at_index(place).id or "" if place is not None else ""

    def _fill(self, present: str) -> None:
        shown = self.query_one("#regions", OptionList)
        wanted = self.query_one("#filter", Input).value.strip().lower()
        found = [one for one in self._regions if wanted in f"{one.label} {one.detail}".lower()]
        shown.clear_options()
        shown.add_options(Entry(self._row(one), id=str(one.value)) for one in found)
        names = [str(one.value) for one in found]
        shown.highlighted = (names.index(present) if present in names else 0) if found else None
        self._tell()

    def _row(self, region: Option) -> Content:
        closed = bool(region.disabled)
        mark = (
            ("  ", "")
            if not region.detail
            else ("○ ", "$warning")
            if closed
            else ("✓ ", "$success")
        )
        style = "$muted" if closed and not self._opens else "bold"
        return line(mark, (f"{region.label:<16}", style), (region.detail, "$muted"))

    def _tell(self) -> None:
        region = self._by_name(self._present())
        note = self._note
        if region is not None and region.disabled:
            more = "the checklist asks before it enables it"
            if not self._opens:
                more = "this checklist needs one that is enabled"
            note = line(("○ ", "$warning"), f"{region.label} is {region.disabled}: {more}.")
        self.query_one("#region-note", Static).update(note)

    def _by_name(self, name: str) -> Option | None:
        return next((one for one in self._regions if one.value == name), None)

    @on(Input.Changed, "#filter")
    def _filter(self, event: Input.Changed) -> None:
        event.stop()
        self._fill(self._present())

    def on_key(self, event: events.Key) -> None:
        """Up and down move in the list while the filter has the keys."""
        if self.query_one("#filter").has_focus and event.key in {"up", "down"}:
            shown = self.query_one("#regions", OptionList)
            shown.action_cursor_up() if event.key == "up" else shown.action_cursor_down()

    @on(Input.Submitted, "#filter")
    def _take_highlighted(self, event: Input.Submitted) -> None:
        event.stop()
        self.query_one("#regions", OptionList).action_select()

    @on(OptionList.OptionHighlighted, "#regions")
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._tell()

    @on(OptionList.OptionSelected, "#regions")
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        region = self._by_name(event.option.id or "")
        if region is None:
            return
        if region.disabled and not self._opens:
            why = f"It cannot be chosen: {region.label} is {region.disabled}."
            self.app.notify(why, markup=False, severity="warning")
            return
        self.post_message(self.Chosen(str(region.value)))
