"""The list behind a dropdown: filter as you type, one or several, reasons where not."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option as Entry

from screens.paint import line, lines, value_text
from screens.words import ago
from wizard.step import Option

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from screens.app import WizardApp
    from wizard.engine.desk import Dropdown

SHOWN = 300
"""Options listed at once; the filter finds the others."""


def matches(option: "Option", wanted: str) -> bool:
    """Whether every word typed occurs in the option."""
    hay = f"{option.label} {option.detail} {value_text(option.value)}".lower()
    return all(word in hay for word in wanted.lower().split())


class Filter(Input):
    """What is typed to filter; where several can be ticked, a space ticks instead."""

    def __init__(self, text: str, *, spaces: bool) -> None:
        super().__init__(text, placeholder="type to filter", id="filter", select_on_focus=False)
        self._spaces = spaces

    def check_consume_key(self, key: str, character: str | None) -> bool:
        return (self._spaces or key != "space") and super().check_consume_key(key, character)


class Picker(ModalScreen["tuple[Option, ...] | None"]):
    """Returns the chosen options, or None when nothing was changed."""

    CSS_PATH: ClassVar = "picker.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close"),
        Binding("ctrl+r", "refresh", "Read again"),
        Binding("ctrl+a", "all", "All", show=False),
        Binding("space", "tick", "Tick", show=False, priority=True),
        Binding("up", "move(-1)", "Up", show=False, priority=True),
        Binding("down", "move(1)", "Down", show=False, priority=True),
        Binding("pageup", "move(-8)", "Page up", show=False, priority=True),
        Binding("pagedown", "move(8)", "Page down", show=False, priority=True),
    ]
    app: "WizardApp"

    def __init__(
        self,
        title: str,
        dropdown: "Dropdown",
        chosen: "Sequence[object]",
        *,
        several: bool,
        typed: str = "",
        again: "Callable[[], None] | None" = None,
        free: bool = False,
    ) -> None:
        super().__init__()
        self._title = title
        self._dropdown = dropdown
        self._several = several
        self._typed = typed
        self._again = again
        self._free = free
        self._ticked = [
            place for place, option in enumerate(dropdown.options) if option.value in chosen
        ]
        self._visible: list[int] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog picker"):
            yield Static(line((self._title, "bold $primary")), classes="heading")
            yield Filter(self._typed, spaces=not self._several)
            yield OptionList(id="options", markup=False)
            yield Static(id="origin")
            with Horizontal(classes="buttons"):
                yield Button("Cancel", id="cancel")
                if self._again is not None:
                    yield Button("Read again", id="again")
                yield Button("Done" if self._several else "Choose", id="done", variant="primary")

    def on_mount(self) -> None:
        self.query_one("#options").can_focus = False
        self._fill(self._ticked[0] if self._ticked else None)
        self._say_origin()
        self.set_interval(1, self._say_origin)
        self.query_one("#filter", Input).focus()

    def _say_origin(self) -> None:
        dropdown = self._dropdown
        total, shown = len(dropdown.options), len(self._visible)
        parts = [f"{shown} of {total}"]
        if self._several:
            parts.append(f"{len(self._ticked)} ticked")
        if dropdown.source:
            parts.append(dropdown.source)
        if dropdown.read_at:
            parts.append(ago(dropdown.read_at, self.app.now()))
        keys = "space ticks · enter done" if self._several else "enter chooses"
        self.query_one("#origin", Static).update(
            lines(
                [
                    line((" · ".join(parts), "$muted")),
                    line((f"↑↓ move · {keys} · ctrl+r reads again · esc back", "$muted")),
                ]
            )
        )

    def _entry(self, place: int) -> Content:
        option = self._dropdown.options[place]
        ticked = place in self._ticked
        marks = ("[ ] ", "[✓] ") if self._several else ("  ", "● ")
        mark = marks[ticked]
        style = "$muted" if option.disabled else ""
        parts: list[str | tuple[str, str]] = [
            (mark, "bold $accent" if ticked else "$muted"),
            (option.label, style),
        ]
        if option.suggested:
            parts.append(("  ★ suggested", "$accent"))
        if option.detail:
            parts.append((f"  {option.detail}", "$muted"))
        rows = [line(*parts)]
        if option.disabled:
            rows.append(line((f"{' ' * len(mark)}✗ {option.disabled}", "$error")))
        return lines(rows)

    def _fill(self, at: int | None = None) -> None:
        shown = self.query_one("#options", OptionList)
        wanted = self.query_one("#filter", Input).value
        found = [
            place for place, option in enumerate(self._dropdown.options) if matches(option, wanted)
        ]
        self._visible = found[:SHOWN]
        shown.clear_options()
        shown.add_options(Entry(self._entry(place)) for place in self._visible)
        if not found and self._free and wanted.strip():
            shown.add_option(Entry(line("Use what was typed: ", (wanted, "bold $accent"))))
        elif not found:
            shown.add_option(Entry(line(("Nothing matches.", "$muted")), disabled=True))
        elif len(found) > SHOWN:
            rest = line((f"… and {len(found) - SHOWN} more: type to filter", "$muted"))
            shown.add_option(Entry(rest, disabled=True))
        if self._visible:
            shown.highlighted = self._visible.index(at) if at in self._visible else 0
        self._say_origin()

    @on(Input.Changed, "#filter")
    def _filter(self) -> None:
        self._fill()

    def action_move(self, by: int) -> None:
        shown = self.query_one("#options", OptionList)
        if self._visible:
            now = shown.highlighted or 0
            shown.highlighted = max(0, min(len(self._visible) - 1, now + by))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Where only one is chosen, a space belongs to the filter."""
        return self._several if action == "tick" else True

    def action_tick(self) -> None:
        self._tick()

    def _present(self) -> int | None:
        place = self.query_one("#options", OptionList).highlighted
        return self._visible[place] if place is not None and self._visible else None

    def _tick(self) -> None:
        place = self._present()
        if place is None:
            return
        reason = self._dropdown.options[place].disabled
        if reason:
            self.app.notify(f"It cannot be chosen: {reason}", markup=False, severity="warning")
            return
        self._ticked.remove(place) if place in self._ticked else self._ticked.append(place)
        shown = self.query_one("#options", OptionList)
        shown.replace_option_prompt_at_index(self._visible.index(place), self._entry(place))
        self._say_origin()

    def action_all(self) -> None:
        """Tick all that the filter shows, or none when all are ticked."""
        if self._several:
            free = [at for at in self._visible if not self._dropdown.options[at].disabled]
            ticked = set(self._ticked)
            self._ticked = [] if ticked >= set(free) else sorted(ticked | set(free))
            self._fill(self._present())

    @on(OptionList.OptionSelected, "#options")
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._tick() if self._several else self._choose()

    @on(Input.Submitted, "#filter")
    @on(Button.Pressed, "#done")
    def _choose(self) -> None:
        options = self._dropdown.options
        if self._several:
            self.dismiss(tuple(options[place] for place in sorted(self._ticked)))
            return
        place = self._present()
        if place is None:
            typed = self.query_one("#filter", Input).value.strip()
            if self._free and typed:
                self.dismiss((Option(value=typed, label=typed),))
            return
        if options[place].disabled:
            self.app.notify(
                f"It cannot be chosen: {options[place].disabled}", markup=False, severity="warning"
            )
            return
        self.dismiss((options[place],))

    @on(Button.Pressed, "#again")
    def action_refresh(self) -> None:
        if self._again is not None:
            self.query_one("#origin", Static).update(line(("Reading again …", "$accent")))
            self._again()

    def show_dropdown(self, dropdown: "Dropdown") -> None:
        """Newer choices; ticks stay on what still exists."""
        ticked = [self._dropdown.options[place].value for place in self._ticked]
        self._dropdown = dropdown
        self._ticked = [
            place for place, option in enumerate(dropdown.options) if option.value in ticked
        ]
        self._fill()

    @on(Button.Pressed, "#cancel")
    def action_close(self) -> None:
        self.dismiss(None)
