"""The sitting: from the first question to the exit code."""

from rich.console import Console

from wizard.checklist.model import Item
from wizard.console.plain.asker import Asker
from wizard.console.plain.attend import Attendant, wants
from wizard.console.plain.beginning import Beginning
from wizard.console.plain.finish import offer_export, summary
from wizard.console.plain.hold import go_on
from wizard.console.plain.interview import Interview
from wizard.console.plain.paper import Paper
from wizard.console.plain.planning import consent, plan
from wizard.console.plain.progress import MOVING, Progress
from wizard.console.plain.quiet import quiet_keys
from wizard.console.plain.recheck import recheck
from wizard.console.plain.watch import EngineEnded, Leave, Watch
from wizard.console.plain.words import LOOKS, how_it_ended
from wizard.engine.desk import Desk, Running
from wizard.engine.snapshot import Snapshot
from wizard.errors import ChecklistError, RefusedError, UsageError, WizardError
from wizard.session.state import ItemState, Status

COMPLETE, FAILED, USAGE, WAITING, REFUSED = range(5)
"""Exit codes."""

REPAINT = 0.5
"""Seconds between two paintings of the countdowns."""


def plain(
    desk: Desk,
    *,
    start: str | None,
    resume: str | None,
    take_over: str = "",
    console: Console | None = None,
    ask: Asker | None = None,
) -> int:
    """A session on plain paper; returns the exit code.

    `start` is a checklist's id, `resume` a session's number or id, empty for the one there is;
    with neither, the operator chooses. `take_over`: from whom, as confirmed.
    """
    paper = Paper(console if console is not None else Console(highlight=False))
    if ask is None:
        from wizard.console.plain.questions import Questions  # noqa: PLC0415  0.1 s

        ask = Questions()
    try:
        beginning = Beginning(desk, paper, ask)
        if resume is not None:
            kind, name = "resume", resume
        else:
            kind, name = beginning.wanted() if start is None else ("start", start)
        if kind == "recheck":
            return recheck(desk, name or beginning.session_to_recheck(), paper, ask)
        if kind == "start":
            running = desk.begin(name, beginning.account(), {})
        else:
            running = _resumed(desk, beginning, paper, name, take_over)
        return _Sitting(desk, running, paper, ask).run()
    except KeyboardInterrupt:
        paper.line("Nothing was begun.")
        return WAITING
    except WizardError as error:
        paper.problem(error)
        match error:
            case RefusedError():
                return REFUSED
            case UsageError() | ChecklistError():
                return USAGE
            case _:
                return FAILED


def _resumed(
    desk: Desk, beginning: Beginning, paper: Paper, session: str, take_over: str
) -> Running:
    session = session or beginning.session_to_resume()
    paper.line(("Asking AWS whether this is still the account …", "dim"))
    return desk.resume(session, take_over=take_over)


class _Sitting:
    """One engine, from its start until it has ended or is left."""

    def __init__(self, desk: Desk, running: Running, paper: Paper, ask: Asker) -> None:
        self._desk = desk
        self._running = running
        self._paper = paper
        self._ask = ask
        self._checklist = running.pinned.checklist
        self._watch = Watch(running)
        self._interview = Interview(desk, self._watch, paper, ask)
        self._attendant = Attendant(
            self._watch, self._interview, paper, ask, inbox_url=desk.inbox_url()
        )
        self._told: set[tuple[str, Status, str]] = set()
        self._later: set[tuple[str, Status, str]] = set()

    def run(self) -> int:
        """Ask, plan, carry out; whatever happens, the engine's thread has ended on return."""
        self._running.start()
        state = self._watch.state
        self._paper.title(f"Session {state.number}: {self._checklist.title}")
        self._told |= {_key(item) for item in state.items.values() if item.status.ended}
        if self._told:
            self._paper.line(f"{len(self._told)} of {len(self._checklist.items)} done before.")
        try:
            self._interview.ask_open()
            if not (self._watch.state.approved_all or self._watch.state.approved):
                plan(self._desk, self._watch.state, self._paper)
                consent(self._watch, self._paper, self._ask)
            self._carry_out()
        except (KeyboardInterrupt, Leave) as left:
            self._paper.blank()
            self._paper.line("Calls in flight are finished and journaled …")
            self._watch.stop("the operator left the wizard")
            return self._left(by_choice=isinstance(left, Leave))
        except EngineEnded:
            pass
        except BaseException:
            self._watch.stop("the wizard failed")
            self._say_how_to_go_on()
            raise
        self._running.join()
        return self._end()

    def _carry_out(self) -> None:
        """Until the engine ends: print what ended, ask what is wanted, else show the waits."""
        while self._watch.snapshot.running:
            if self._watch.state.paused:
                go_on(self._watch, self._paper, self._ask)
            item = self._next()
            if item is None:
                self._look_on()
                continue
            key = _key(self._watch.state.item(item.id))
            if self._attendant.attend(item):
                self._later.add(key)
        self._tell_news(self._watch.snapshot)

    def _look_on(self) -> None:
        """The live table, until somebody is wanted."""
        with quiet_keys(), Progress(self._paper, self._checklist) as progress:
            while self._watch.snapshot.running and not self._watch.state.paused:
                snapshot = self._watch.snapshot
                self._tell_news(snapshot)
                if self._next() is not None:
                    return
                progress.show(snapshot)
                self._watch.wait(REPAINT)

    def _next(self) -> Item | None:
        """The next item that wants the operator; those put off only when nothing else moves."""
        state = self._watch.state
        wanting = [one for one in self._checklist.items if wants(state, state.item(one.id))]
        for item in wanting:
            if _key(state.item(item.id)) not in self._later:
                return item
        if wanting and not self._moves(self._watch.snapshot):
            self._later.clear()
            return wanting[0]
        return None

    def _moves(self, snapshot: Snapshot) -> bool:
        """Whether something goes on without the operator's answer."""
        return bool(snapshot.in_flight) or any(
            item.status in MOVING or (item.pause is not None and item.pause.notices_itself)
            for item in snapshot.state.items.values()
            if item.status in MOVING or item.status is Status.NEEDS_PERSON
        )

    def _tell_news(self, snapshot: Snapshot) -> None:
        """One line for each item that ended, and each pause once."""
        for item in self._checklist.items:
            now = snapshot.state.item(item.id)
            if _key(now) in self._told:
                continue
            if now.status.ended:
                self._told.add(_key(now))
                symbol, word, style = LOOKS[now.status]
                self._paper.line(
                    (f"{symbol} {word:<10}", style), item.title, (f"  {how_it_ended(now)}", "dim")
                )
            elif now.status is Status.NEEDS_PERSON and not wants(snapshot.state, now):
                self._told.add(_key(now))
                self._attendant.show_pause(item, now)

    def _left(self, *, by_choice: bool) -> int:
        state = self._watch.state
        if state.finished_at:
            return self._end()
        self._say_how_to_go_on()
        failed = any(item.status is Status.FAILED for item in state.items.values())
        return FAILED if by_choice and failed else WAITING

    def _say_how_to_go_on(self) -> None:
        number = self._watch.state.number
        self._paper.line(f"Session {number} is kept. Go on: `st-wizard resume {number}`")

    def _end(self) -> int:
        snapshot = self._watch.snapshot
        state = snapshot.state
        summary(state, self._running.pinned, self._paper)
        if snapshot.fenced:
            self._paper.line(("✗ ", "bold red"), snapshot.error)
            return REFUSED
        if snapshot.error:
            self._paper.line(("✗ The engine ended: ", "bold red"), snapshot.error)
            self._say_how_to_go_on()
            return FAILED
        if not state.finished_at:
            self._say_how_to_go_on()
            return WAITING
        offer_export(self._desk, state, self._paper, self._ask)
        return FAILED if state.aborted else COMPLETE


def _key(item: ItemState) -> tuple[str, Status, str]:
    """One standing of an item: a retry, or a new pause, is another."""
    pause = item.pause
    offered = [deed.name for deed in pause.deeds] if pause is not None else []
    asked = f"{pause.since} {offered} {pause.problem}" if pause is not None else ""
    return item.id, item.status, item.ended_at or asked
