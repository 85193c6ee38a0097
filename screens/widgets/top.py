"""The three lines above a run: where, how far, and what is being waited for."""

from time import monotonic
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from screens.paint import bar, line, lines
from screens.words import account_name, count, is_simulated, since, span
from wizard.session.base import split_member

if TYPE_CHECKING:
    from datetime import datetime

    from screens.app import WizardApp
    from wizard.checklist.pinned import Pinned
    from wizard.engine.snapshot import NextLook, Snapshot


def look_text(snapshot: "Snapshot", look: "NextLook", title: str, passed: float) -> str:
    """A wait with what it is for, how long it lasts, its limit and the next look.

    `passed` is real seconds since the snapshot. The account's time runs at the pin's speed, but a
    person, whose wait has no limit, waits in real time.
    """
    state = snapshot.state
    if look.limit:
        speed = state.pin.speed if state.pin is not None else 1.0
        lasted = f"for {span(look.elapsed + passed * speed)} of {span(look.limit)}"
        parts = [look.waiting_for, lasted]
    else:
        parts = [f"waiting for you: {title}", f"for {span(look.elapsed + passed)}"]
    rest = look.next_look_in - passed
    if state.paused or state.suspended or not snapshot.running:
        parts.append("looks again when the session goes on")
    elif rest > 0:
        parts.append(f"looks in {span(rest)}")
    elif any(call.item == look.item for call in snapshot.in_flight):
        parts.append("looking now")
    return " · ".join(parts)


def is_timed(look: "NextLook") -> bool:
    """Whether time has a part in it: not where only a person's word is waited for."""
    return look.limit > 0 or look.next_look_in > 0


class Top(Widget):
    """Repaints with the state and each second."""

    DEFAULT_CSS = "Top { height: 3; padding: 0 2; background: $surface; }"
    app: "WizardApp"

    def __init__(
        self, pinned: "Pinned", snapshot: "Snapshot", *, preview: bool, looked: bool
    ) -> None:
        super().__init__()
        self._pinned = pinned
        self._preview = preview
        self._looked = looked
        self._snapshot = snapshot
        self._at = monotonic()

    def show_snapshot(self, snapshot: "Snapshot") -> None:
        """Newest news."""
        self._snapshot = snapshot
        self._at = monotonic()
        self.refresh()

    def wait_of(self, item: str) -> str:
        """What an item waits for, as of this second."""
        look = next(
            (one for one in self._snapshot.looks if one.item == item and is_timed(one)), None
        )
        return self._look_text(look) if look is not None else ""

    def _look_text(self, look: "NextLook") -> str:
        item, key = split_member(look.item)
        title = key or self._pinned.checklist.item(item).title
        return look_text(self._snapshot, look, title, monotonic() - self._at)

    def render(self) -> Content:
        now = self.app.now()
        width = max(20, self.size.width - 4)
        rows = (self._where(now, width), self._progress(width), self._waits())
        return lines([row.truncate(width, ellipsis=True) for row in rows])

    def _where(self, now: "datetime", width: int) -> Content:
        state = self._snapshot.state
        pin = state.pin
        badge = (" REAL ", "reverse $error")
        if self._preview:
            badge = (" DRY RUN ", "reverse $primary")
        elif self._looked:
            badge = (" READ ONLY ", "reverse $primary")
        elif pin is not None and is_simulated(pin):
            badge = (" SIMULATED ", "reverse $secondary")
        where = " "
        if pin is not None:
            wide = width > 100 or not pin.alias
            name = account_name(pin.alias, pin.account_id) if wide else pin.alias
            where = f" {name} · {pin.region} "
        number = f"#{state.number} " if state.number else ""
        end = state.finished_at or state.aborted
        ended = datetime_of(state.finished_at, now) if end else now
        clock = span(since(state.started_at, ended)) if state.started_at else ""
        right = line((clock, "bold"))
        tail = line((where, "$muted"), badge, "  ")
        room = width - right.cell_length - tail.cell_length
        title = line((number, "bold $accent"), (self._pinned.checklist.title, "bold"))
        title = title.truncate(max(4, room), ellipsis=True)
        gap = max(0, room - title.cell_length)
        return Content.assemble(title, tail, " " * gap, right)

    def _progress(self, width: int) -> Content:
        state = self._snapshot.state
        items = [state.item(item.id) for item in self._pinned.checklist.items]
        settled = sum(
            one.status.ended or (self._preview and one.status.value in {"planned", "deferred"})
            for one in items
        )
        wants = sum(one.status.wants_operator for one in items)
        failed = sum(one.status.value == "failed" for one in items)
        parts: list[str | tuple[str, str]] = [
            (f" {settled}/{len(items)}", "bold"),
            " planned" if self._preview else " done",
        ]
        if failed:
            parts.append((f"  ✗ {failed} failed", "bold $error"))
        if wants > failed and not state.finished_at:
            parts.append((f"  ⚑ {wants - failed} want you (n)", "bold $warning"))
        calls = line((f"  {count(state.writes, 'write')}, {count(state.reads, 'read')}", "$muted"))
        text = Content.assemble(line(*parts), calls)
        room = max(8, min(40, width // 3, width - text.cell_length))
        return Content.assemble(bar(settled, len(items), room), text)

    def _waits(self) -> Content:
        snapshot, state = self._snapshot, self._snapshot.state
        if snapshot.error:
            return line(("✗ stopped: ", "bold $error"), snapshot.error)
        if self._looked:
            standing = state.paused or state.suspended or state.aborted
            return line("Only looked at; esc goes back. ", (standing, "$muted"))
        if state.aborted:
            return line(("✗ aborted: ", "bold $error"), state.aborted)
        if state.finished_at:
            return line(("✓ finished", "bold $success"), " · f shows the summary and exports")
        if state.suspended:
            return line(("‖ suspended: ", "bold $warning"), state.suspended)
        if state.paused:
            return line(("‖ paused, p goes on: ", "bold $warning"), state.paused)
        if snapshot.held:
            held = snapshot.held[0]
            why = "AWS asked to slow down" if held.throttled else "AWS takes only so many"
            return line(
                ("◔ ", "$warning"),
                f"{count(held.waiting, 'call')} of {held.service}:{held.operation} held, "
                f"{held.per_second:g} a second: {why}",
            )
        waits = [one for one in snapshot.looks if one.limit]
        if waits:
            soonest = min(waits, key=lambda one: one.next_look_in)
            more = f" (+{len(waits) - 1} more)" if len(waits) > 1 else ""
            return line(("◔ ", "$primary"), self._look_text(soonest), more)
        if snapshot.in_flight:
            call = snapshot.in_flight[0]
            more = f" and {len(snapshot.in_flight) - 1} more" if len(snapshot.in_flight) > 1 else ""
            return line(("▶ ", "$primary"), f"{call.service}:{call.operation}{more}")
        if self._preview:
            return line(("Nothing was changed. esc goes back.", "$muted"))
        wanting = next(
            (
                item.title
                for item in self._pinned.checklist.items
                if state.item(item.id).status.wants_operator
            ),
            "",
        )
        if wanting:
            return line(("⚑ ", "bold $warning"), f"{wanting} waits for you · n goes there")
        return line(("Nothing is under way.", "$muted"))


def datetime_of(moment: str, fallback: "datetime") -> "datetime":
    """A journaled time, or the fallback when there is none."""
    return type(fallback).fromisoformat(moment) if moment else fallback
