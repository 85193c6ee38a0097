"""What is under way now: the waits with their countdown, and the calls in flight."""

import time
from types import TracebackType
from typing import Self

from rich.console import Group
from rich.live import Live
from rich.text import Text

from wizard.checklist.model import Checklist
from wizard.console.plain.many import tally
from wizard.console.plain.paper import Paper
from wizard.console.plain.words import count, span
from wizard.engine.snapshot import NextLook, Snapshot
from wizard.session.base import split_member
from wizard.session.state import Status

MOVING = {Status.CHECKING, Status.APPLYING, Status.SETTLING}
MOST = 6
"""Waits, and calls, that are shown; more are counted in one line."""


class Progress:
    """Repaints in place while it is entered; leaves nothing behind."""

    def __init__(self, paper: Paper, checklist: Checklist) -> None:
        self._paper = paper
        self._titles = {item.id: item.title for item in checklist.items}
        self._snapshot: Snapshot | None = None
        self._since = 0.0
        self._live = Live(console=paper.console, transient=True, auto_refresh=False)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def show(self, snapshot: Snapshot) -> None:
        """Paint it; countdowns go on between two snapshots."""
        if snapshot is not self._snapshot:
            self._snapshot, self._since = snapshot, time.monotonic()
        self._live.update(self.picture(snapshot, time.monotonic() - self._since), refresh=True)

    def picture(self, snapshot: Snapshot, passed: float) -> Group:
        """The lines, `passed` real seconds after the snapshot was taken."""
        rows = [self._overall(snapshot)]
        speed = snapshot.state.pin.speed if snapshot.state.pin is not None else 1.0
        for item in self._titles:
            now = snapshot.state.item(item)
            if now.members and now.status in MOVING:
                rows.append(
                    self._paper.text(
                        ("  ▶ ", "cyan"), self._titles[item], (f" · {tally(now)}", "dim")
                    )
                )
        for look in snapshot.looks[:MOST]:
            rows += self._wait(look, passed, speed)
        if len(snapshot.looks) > MOST:
            rest = count(len(snapshot.looks) - MOST, "more wait")
            rows.append(self._paper.text((f"  … {rest}", "dim")))
        for call in snapshot.in_flight[:MOST]:
            parent, key = split_member(call.item)
            where = self._titles.get(parent, parent) + (f": {key}" if key else "")
            rows.append(
                self._paper.text(
                    ("  ▶ ", "cyan"), f"{call.service}:{call.operation} {call.region}",
                    (f"  for {where}", "dim"),
                )
            )  # fmt: skip
        if len(snapshot.in_flight) > MOST:
            rows.append(self._paper.text((f"  … {len(snapshot.in_flight) - MOST} more", "dim")))
        for held in snapshot.held:
            why = "AWS asked to slow down" if held.throttled else "AWS takes only so many"
            rows.append(
                self._paper.text(
                    ("  · ", "dim"),
                    f"{held.service}:{held.operation}: {count(held.waiting, 'call')} waiting, "
                    f"{held.per_second:g} a second; {why}",
                )
            )
        for row in rows:
            row.no_wrap, row.overflow = True, "ellipsis"
        return Group(*rows)

    def _overall(self, snapshot: Snapshot) -> Text:
        items = [snapshot.state.item(item).status for item in self._titles]
        ended = sum(status.ended for status in items)
        moving = sum(status in MOVING for status in items)
        return self._paper.text(
            (f"{ended} of {len(items)} done", "bold"),
            f" · {moving} under way · {count(snapshot.state.calls, 'call')}"
            f" · {count(snapshot.state.writes, 'change')}",
            ("  Ctrl-C leaves", "dim"),
        )

    def _wait(self, look: NextLook, passed: float, speed: float) -> tuple[Text, Text]:
        elapsed = span(look.elapsed + passed * speed)
        limit = f" of {span(look.limit)}" if look.limit else ""
        left = look.next_look_in - passed
        soon = f"looks in {span(left)}" if left >= 1 else "looks now"
        return (
            self._paper.text(
                ("  ◔ ", "cyan"),
                self._titles.get(look.item, look.item),
                (f" · {elapsed}{limit} · {soon}", "dim"),
            ),
            self._paper.text((f"      waits for {look.waiting_for}", "dim")),
        )
