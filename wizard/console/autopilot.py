"""Runs a session without a screen: answers from a file or by default, approves, reports."""

import queue
from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from wizard.console.proposals import Proposals
from wizard.effects import Json
from wizard.engine.commands import Answer, Approve, Command, Stop
from wizard.engine.desk import Running
from wizard.engine.snapshot import Snapshot
from wizard.errors import UsageError
from wizard.session.members import whole
from wizard.session.state import ItemState, SessionState, Status

COMPLETE, FAILED, WAITING, REFUSED = 0, 1, 3, 4

QUIET_SECONDS = 5.0
"""Real seconds without news after which it looks whether anything still moves."""


class Viewer(Protocol):
    """Shows progress."""

    def show(self, snapshot: Snapshot) -> None: ...


class Person(Protocol):
    """Does what only a person can: the demo account has a simulated one."""

    def act(self, item: ItemState) -> Command | None: ...

    def is_at_work(self, item: ItemState) -> bool: ...


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """One run in one line."""

    session: str
    number: int
    items: Mapping[str, int]
    """How many items by state."""
    calls: int
    deviations: int
    seconds: float


class Autopilot:
    """Drives one `Running` until it ends or only a person can help it on."""

    def __init__(
        self,
        running: Running,
        *,
        answers: Mapping[str, Json],
        defaults: bool,
        approve: bool,
        viewer: Viewer,
        person: Person | None = None,
        alone: bool = False,
    ) -> None:
        """With `alone` nobody ends a pause, such as by logging in again: it ends the run."""
        self._running = running
        self._answers = answers
        self._defaults = defaults
        self._approve = approve
        self._viewer = viewer
        self._person = person
        self._alone = alone
        self._proposals = Proposals(running, alone=alone)
        self._problems: dict[str, str] = {}
        self._news: queue.SimpleQueue[Snapshot] = queue.SimpleQueue()
        self._sent = 0
        self._tried: dict[str, int] = {}
        self._helped: set[tuple[str, str]] = set()

    def run(self) -> int:
        """The exit code: 0 complete, 1 failed, 3 waiting for a person, 4 taken over."""
        running = self._running
        _check_names(running, self._answers)
        stop_listening = running.subscribe(self._news.put)
        running.start()
        try:
            self._prepare()
            while True:
                snapshot = self._latest()
                self._viewer.show(snapshot)
                if not snapshot.running:
                    break
                self._help(snapshot)
                if snapshot.handled >= self._sent and self._is_stuck(snapshot):
                    self._send(Stop(reason=_why_stuck(snapshot)))
            self._viewer.show(running.snapshot)
        finally:
            stop_listening()
            running.send(Stop(reason="the command was interrupted"))
            running.join()
        return self._code(running.snapshot)

    def _prepare(self) -> None:
        """Answers what can be answered now, and approves."""
        inputs = self._running.pinned.checklist.inputs
        self._answer([name for name, question in inputs.items() if question.after is None])
        if self._approve:
            self._send(Approve())

    def _answer(self, names: Sequence[str]) -> None:
        """Answers these; one that had no answer is tried again when more is done, since its
        choices may be there by then."""
        state = self._running.snapshot.state
        done = sum(item.status.ended for item in state.items.values())
        new = [
            name for name in names if name not in state.answers and self._tried.get(name) != done
        ]
        self._tried.update(dict.fromkeys(new, done))
        for name in new:
            if name in self._answers:
                self._send(Answer(input=name, value=self._answers[name], source="file"))
        if self._defaults:
            open_ = [name for name in new if name not in self._answers]
            for name in open_:
                self._problems.pop(name, None)
            self._problems |= self._proposals.propose(open_, self._give)

    def _give(self, name: str, value: Json) -> None:
        self._send(Answer(input=name, value=value, source="default"))

    def _help(self, snapshot: Snapshot) -> None:
        for item in list(snapshot.state.items.values()):
            if item.status is Status.NEEDS_ANSWER:
                self._answer(item.needed_inputs)
            elif item.status is Status.NEEDS_PERSON and self._person is not None and item.pause:
                mark = (item.id, _moment(item))
                if mark not in self._helped:
                    self._helped.add(mark)
                    command = self._person.act(item)
                    if command is not None:
                        self._send(command)

    def _is_stuck(self, snapshot: Snapshot) -> bool:
        """Nothing moves any more unless a person does something."""
        if snapshot.in_flight:
            return False
        if snapshot.state.paused:
            return self._alone
        if snapshot.held or not snapshot.state.items:
            return False
        return not any(self._moves(item) for item in snapshot.state.items.values())

    def _moves(self, item: ItemState) -> bool:
        """Whether it goes on by itself, or by what the person has set going."""
        if item.status is Status.NEEDS_PERSON and item.pause is not None:
            at_work = self._person is not None and self._person.is_at_work(item)
            return bool(item.pause.doing) or at_work
        # What fans out waits for a member in doubt, and that one for a person.
        in_doubt = bool(item.tally.get(Status.IN_DOUBT))
        return item.status in {Status.CHECKING, Status.APPLYING, Status.SETTLING} and not in_doubt

    @property
    def problems(self) -> Mapping[str, str]:
        """Why a dropdown gave no default, by input."""
        return self._problems

    def _send(self, command: Command) -> None:
        self._sent = self._running.send(command)

    def _latest(self) -> Snapshot:
        try:
            snapshot = self._news.get(timeout=QUIET_SECONDS)
        except queue.Empty:
            snapshot = self._running.snapshot
        while True:
            try:
                snapshot = self._news.get_nowait()
            except queue.Empty:
                return snapshot

    def _code(self, snapshot: Snapshot) -> int:
        state = snapshot.state
        if snapshot.fenced:
            return REFUSED
        if snapshot.error or any(item.status is Status.FAILED for item in state.items.values()):
            return FAILED
        if self._running.preview:
            return COMPLETE
        return COMPLETE if state.finished_at and not state.aborted else WAITING


def summary(running: Running, seconds: float) -> Summary:
    """The run in one line."""
    state = running.snapshot.state
    counts: dict[str, int] = {}
    for item in running.pinned.checklist.items:
        status = state.item(item.id).status.value
        counts[status] = counts.get(status, 0) + 1
    return Summary(
        session=state.session,
        number=state.number,
        items=counts,
        calls=state.calls,
        deviations=len(state.deviations),
        seconds=round(seconds, 1),
    )


def every_item_is_done(running: Running) -> bool:
    """Done and verified, or nothing to do: not marked, not skipped."""
    state = running.snapshot.state
    well = {Status.DONE, Status.NOT_APPLICABLE}
    return all(state.item(item.id).status in well for item in running.pinned.checklist.items)


def _moment(item: ItemState) -> str:
    """A pause at one stage: it changes when the pause does, and when a deed has ended."""
    pause = item.pause
    if pause is None:
        return ""
    written = sum(call.mutating for call in item.calls)
    return f"{pause.since} {pause.must_attest} {pause.doing} {pause.problem} {written}"


def _check_names(running: Running, answers: Mapping[str, Json]) -> None:
    known = running.pinned.checklist.inputs
    if strange := sorted(set(answers) - set(known)):
        raise UsageError(
            f"The checklist asks no such question: {', '.join(strange)}.",
            where="answers",
            todo="`st-wizard answers CHECKLIST` prints a file with all of them.",
        )


def _why_stuck(snapshot: Snapshot) -> str:
    if snapshot.state.paused:
        return snapshot.state.paused
    waiting = waiting_for(snapshot.state)
    return f"waiting for a person: {waiting}" if waiting else "nothing more can be done"


def waiting_for(state: SessionState) -> str:
    """The items that want the operator, in words."""
    return ", ".join(
        f"{item.id} ({item.status.value})"
        for item in whole(state)
        if item.status.wants_operator
        # Of those that fan out, they say themselves how many failed.
        and (item.status is not Status.FAILED or item.id in state.items)
    )
