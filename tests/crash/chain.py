"""One chain of lives on an account of its own, and what must be true of the account after it."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import msgspec

from tests.crash.account import LookedAt
from tests.crash.order import Kind, Order, Told
from tests.e2e.command import environment
from tests.engine.world import JumpingClock
from wizard.session.calls import CallIntended
from wizard.session.events import AnyEvent
from wizard.session.journal import Journal
from wizard.session.members import whole
from wizard.session.reduce_calls import unsettled
from wizard.session.state import Status
from wizard.session.stores import FileStore

REGIONS = {"add-load-balancer": "us-east-1", "add-region": "eu-central-2"}
PASSWORD = "demo-scale-password"
ENDED = {Status.DONE, Status.NOT_APPLICABLE}
REPEATABLE = {
    # The word of a proof is kept in memory only: after a kill the alarm is set off anew.
    "cloudwatch:SetAlarmState",
    # Of unchanged code Lambda publishes no second version; the account says so.
    "lambda:PublishVersion",
}
"""Writes that may be made more than once, and why."""
LONGEST = 3600.0
"""Real seconds after which a chain is taken to hang."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a chain left."""

    points: tuple[str, ...]
    """Where it was killed, in order."""
    account: Counter[str]
    writes: Counter[str]
    problems: list[str] = field(default_factory=list)
    lives: int = 1
    events: tuple[AnyEvent, ...] = ()
    """What the journal holds."""

    def against(self, undisturbed: "Outcome") -> list[str]:
        """Everything that is wrong, in words; empty when nothing is."""
        return [
            *self.problems,
            *self.account_against(undisturbed),
            *(f"written less: {what}" for what in undisturbed.writes - self.writes),
            *(
                f"written more: {what}"
                for what in self.writes - undisturbed.writes
                if what.split(" ", maxsplit=1)[0] not in REPEATABLE
            ),
        ]

    def account_against(self, undisturbed: "Outcome") -> list[str]:
        """What is missing from the account, and what it has too much."""
        return [
            *(f"not there: {line}" for line in undisturbed.account - self.account),
            *(f"too much: {line}" for line in self.account - undisturbed.account),
        ]


def carried_out(
    checklist: str,
    folder: Path,
    kind: Kind = "",
    *,
    only: tuple[str, ...] = (),
    seed: int = 0,
    lives: int = 1000,
    faults: Sequence[Mapping[str, object]] = (),
    read_timeout: float = 0.0,
) -> Outcome:
    """Begin, kill and resume until the session is finished; then look at everything.

    With faults, which the account's calls meet, the person logs in again and tries again.
    """
    home = folder / "home"
    home.mkdir(mode=0o700)
    with LookedAt() as account:
        ready = account.ready
        answers = folder / "answers.yaml"
        known = {"database_url": ready.database_url, "scale_api_url": ready.scale_api_url}
        if checklist == "add-region":
            known = {}
        answers.write_text("".join(f"{name}: {value}\n" for name, value in known.items()))
        world = httpx.get(f"{ready.endpoint_url}/_st-wizard/world").json()
        order = Order(
            checklist=checklist,
            home=str(home),
            endpoint_url=ready.endpoint_url,
            inbox_url=ready.inbox_url,
            answers=str(answers),
            cores=world["cores"],
            region=REGIONS[checklist],
            kind=kind,
            only=only,
            seed=seed,
            lives=lives,
            forgiving=bool(faults),
            read_timeout=read_timeout,
        )
        for fault in faults:
            account.order("faults", **fault)
        told, said = victim(order)
        problems = [] if told.code == 0 else [f"ended with {told.code}: {said[-600:]}"]
        if told.stuck:
            problems.append(f"{told.stuck} lives ended before the session did: {said[-600:]}")
        outcome = Outcome(
            points=told.killed,
            account=account.fingerprint(),
            writes=account.writes(),
            problems=[*problems, *journal_problems(home), *account.unmet()],
            lives=told.lives,
            events=journaled(home),
        )
    outcome.problems.extend(unannounced(outcome))
    return outcome


def victim(order: Order) -> tuple[Told, str]:
    """Run the chain; its answer, and what its lives wrote to standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.victim", msgspec.json.encode(order).decode()],
        env={
            **environment(),
            "PYTHONPATH": os.pathsep.join(sys.path),
            "ST_WIZARD_SECRET_SCALE_API_PASSWORD": PASSWORD,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return msgspec.json.decode(done.stdout, type=Told), done.stderr


def unannounced(outcome: Outcome) -> list[str]:
    """Writes that the account saw and of which the journal holds no intent."""
    intended = Counter(
        f"{event.service}:{event.operation} {event.region}"
        for event in outcome.events
        if isinstance(event, CallIntended)
    )
    # Made by following a link that was mailed, or by the account on the way of another call.
    return [
        f"no intent of {what}"
        for what, times in outcome.writes.items()
        if intended[what] < times and not what.startswith("sns:ConfirmSubscription")
    ]


def journaled(home: Path) -> tuple[AnyEvent, ...]:
    """The events of the one session."""
    journal = Journal(FileStore(home), JumpingClock())
    (stored,) = journal.sessions()
    return tuple(entry.event for entry in journal.entries(stored.session))


def journal_problems(home: Path) -> list[str]:
    """What is wrong with the session as it is kept: its chain is checked as it is read."""
    journal = Journal(FileStore(home), JumpingClock())
    (stored,) = journal.sessions()
    state = journal.state(stored.session)
    found = [
        f"{item.id} is {item.status.value}" for item in whole(state) if item.status not in ENDED
    ]
    found += [
        f"{item.id}: {call.operation} is in doubt"
        for item in whole(state)
        for call in unsettled(item)
    ]
    return found if state.finished_at else [*found, "the session is not finished"]
