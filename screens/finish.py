"""Finish: what was done, what departs from the letter, what is open, and the export."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Button, Footer, Static

from screens.item_text import BLANK
from screens.paint import heading, line, lines, value_text
from screens.words import LOOKS, count, since, span

if TYPE_CHECKING:
    from screens.app import WizardApp
    from wizard.checklist.pinned import Pinned
    from wizard.engine.desk import Running
    from wizard.engine.snapshot import Snapshot


def summary(pinned: "Pinned", snapshot: "Snapshot", seconds: float) -> Content:
    """The session on one page."""
    state = snapshot.state
    tally: dict[str, int] = {}
    for item in pinned.checklist.items:
        word = state.item(item.id).status.value
        tally[word] = tally.get(word, 0) + 1
    if state.finished_at:
        title = ("✓ Finished: every item has its end", "bold $success")
    elif state.aborted:
        title = (f"✗ Aborted: {state.aborted}", "bold $error")
    else:
        title = ("◔ Not finished yet", "bold $warning")
    rows = [line(title), BLANK]
    for word, number in sorted(tally.items(), key=lambda pair: -pair[1]):
        symbol, said, style = LOOKS[word]
        rows.append(line((f"{number:>4}  ", "bold"), (f"{symbol} {said}", style)))
    rows += [
        BLANK,
        line(
            ("Lasted   ", "$muted"), span(seconds), (" from the first event to the last", "$muted")
        ),
        line(
            ("Calls    ", "$muted"),
            f"{count(state.writes, 'write')}, {count(state.reads, 'read')}",
        ),
    ]
    if state.pin is not None:
        rows.append(line(("Account  ", "$muted"), f"{state.pin.account_id} {state.pin.region}"))
    rows += [BLANK, heading(f"Deviations from the letter: {len(state.deviations)}")]
    for one in state.deviations.values():
        label = (
            pinned.checklist.inputs[one.input].label
            if one.input in pinned.checklist.inputs
            else one.input
        )
        rows.append(
            line(
                (f"△ {one.advice} ", "$warning"),
                (label, "bold"),
                f": {value_text(one.letter)} → {value_text(one.chosen)}",
            )
        )
        rows.append(line((f"    {one.reason}", "$muted")))
    rows += _open_points(pinned, snapshot)
    return lines(rows)


def _open_points(pinned: "Pinned", snapshot: "Snapshot") -> list[Content]:
    """What an auditor would ask about: skipped, by hand, failed, not ended."""
    rows: list[Content] = []
    for item in pinned.checklist.items:
        now = snapshot.state.item(item.id)
        if now.status.value in {"done", "not applicable"}:
            continue
        symbol, word, style = LOOKS[now.status.value]
        rows.append(line((f"{symbol} {word:<9} ", style), item.title))
        said = now.note or (now.problem.what if now.problem is not None else "")
        if said:
            rows.append(line((f"    {said}", "$muted")))
    title = heading(
        f"Open points: {count(sum(1 for row in rows if not row.plain.startswith(' ')), 'item')}"
    )
    return [BLANK, title, *rows]


class Finish(Screen[None]):
    """Shown by itself when the last item ends; `f` shows it before."""

    CSS_PATH: ClassVar = "finish.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "export", "Export"),
        Binding("escape", "back", "Back to the run"),
        Binding("q", "leave", "Quit"),
    ]
    app: "WizardApp"

    def __init__(self, running: "Running", snapshot: "Snapshot") -> None:
        super().__init__()
        self.running = running
        self._snapshot = snapshot

    def compose(self) -> ComposeResult:
        yield Static(line((self.running.pinned.checklist.title, "bold")), id="where")
        with VerticalScroll(id="summary"):
            yield Static(id="text")
        with Horizontal(id="bottom"):
            yield Button("Back to the run", id="back")
            yield Button("Export the evidence", id="export", variant="primary")
        yield Footer()

    def on_mount(self) -> None:
        self.show_snapshot(self._snapshot)
        self.query_one("#export").focus()

    def show_snapshot(self, snapshot: "Snapshot") -> None:
        """News from the engine."""
        self._snapshot = snapshot
        state = snapshot.state
        now = self.app.now()
        end = type(now).fromisoformat(state.finished_at) if state.finished_at else now
        seconds = since(state.started_at, end)
        self.query_one("#text", Static).update(summary(self.running.pinned, snapshot, seconds))

    @on(Button.Pressed, "#export")
    def action_export(self) -> None:
        from screens.flow import export_session  # noqa: PLC0415  flow opens the run, which opens this

        export_session(self.app, self._snapshot.state.session)

    @on(Button.Pressed, "#back")
    async def action_back(self) -> None:
        await self.app.pop_screen()

    def action_leave(self) -> None:
        self.app.leave("the operator left the wizard")
