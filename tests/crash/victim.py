"""The wizard's command line as a process that kills itself at a chosen point, life after life.

Each life is a process of its own, forked once all modules are imported, that runs
`wizard.cli.run` with the arguments an operator would give, and dies of SIGKILL, or at random of a
timer. The journal's commit and the gateway's call are where the points are; the wizard itself
knows of no such thing.
"""

import hashlib
import os
import random
import re
import signal
import sqlite3
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import boto3
import msgspec

from tests.crash.order import KINDS, Order, Told
from tests.crash.person import attend
from wizard.session.canonical import canonical

SERVICES = (
    *("account", "acm", "cloudwatch", "ec2", "elbv2", "iam", "lambda", "logs", "rds", "route53"),
    *("s3", "s3control", "service-quotas", "sns", "ssm", "sts"),
)
"""Those that the checklists call."""


class Points:
    """Knows where to die, and where that has been done."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._file = Path(order.home) / "killed"
        self._lock = threading.Lock()
        self._tried = set(self.all())
        self._keys: dict[str, str] = {}
        """By operation id of the journal."""

    def all(self) -> list[str]:
        return self._file.read_text().splitlines() if self._file.exists() else []

    @property
    def kind(self) -> str:
        """Where this life ends; in turn, another one than the life before."""
        asked = self._order.kind
        return KINDS[len(self._tried) % len(KINDS)] if asked == "in turn" else asked

    def die(self, key: str) -> None:
        """Here, if nobody has died here before."""
        wanted = not self._order.only or key.split(" ", maxsplit=1)[0] in self._order.only
        with self._lock:
            if key in self._tried or not wanted:
                return
            self._tried.add(key)
            with self._file.open("a") as file:
                file.write(key + "\n")
            kill()

    def patch(self) -> None:
        """Put the points into this process."""
        from wizard.effects import is_mutating
        from wizard.gateway.world import WorldGateway
        from wizard.session.calls import CallIntended, CallSucceeded
        from wizard.session.writer import SessionJournal

        kind, commit, call = self.kind, SessionJournal._commit, WorldGateway.call

        def commits(journal: SessionJournal, lines: Sequence[Any]) -> None:
            events = [line.entry.event for line in lines]
            intents = [event for event in events if isinstance(event, CallIntended)]
            for one in intents:
                self._keys[one.op] = key_of(one)
                if kind == "before intent":
                    self.die(self._keys[one.op])
            commit(journal, lines)
            if kind == "intent, not sent":
                for one in intents:
                    self.die(self._keys[one.op])
            if kind == "after result":
                for event in events:
                    if isinstance(event, CallSucceeded) and event.op in self._keys:
                        self.die(self._keys[event.op])

        def calls(gateway: WorldGateway, effect: Any) -> Any:
            answer = call(gateway, effect)
            if kind == "sent, no result" and is_mutating(effect):
                self.die(key_of(gateway.describe(effect)))
            return answer

        vars_of = {SessionJournal: ("_commit", commits), WorldGateway: ("call", calls)}
        for where, (name, instead) in vars_of.items():
            setattr(where, name, instead)


def key_of(call: Any) -> str:
    """A call, by the intent or by the description; what was pasted has another name each time."""
    what = f"{call.service}:{call.operation}".replace(" ", "")
    params = re.sub(rb"given-[0-9a-f]+", b"given", canonical(call.params))
    return f"{what} {call.region} {hashlib.sha256(params).hexdigest()}"


def kill() -> NoReturn:
    """As the machine's power cut does to one process."""
    os.kill(os.getpid(), signal.SIGKILL)
    threading.Event().wait()
    raise AssertionError("still alive")


def live(order: Order, number: int) -> int:
    """One life: the command line, to its end or to the point."""
    if order.kind == "random":
        moments = random.Random(f"{order.seed} {number}")  # noqa: S311  it shall repeat
        # By its own time, so that lives come as far on a busy machine; nothing handles the signal.
        signal.setitimer(signal.ITIMER_PROF, moments.uniform(0.3, order.longest))
    elif order.kind:
        Points(order).patch()
    attend(order)
    from wizard.cli import run

    there = ["--endpoint-url", order.endpoint_url, "--home", order.home]
    if begun(order):
        return run(["resume", "1", *there])
    asked = ["--answers", order.answers, "--defaults", "--yes", "--region", order.region]
    return run(["run", order.checklist, *there, *asked])


def begun(order: Order) -> bool:
    """Whether a life came as far as to begin the session."""
    file = Path(order.home) / "journal.db"
    if not file.exists():
        return False
    with sqlite3.connect(file) as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE name = 'sessions'")
        return bool(
            found.fetchone() and connection.execute("SELECT count(*) FROM sessions").fetchone()[0]
        )


def chain(order: Order) -> Told:
    """Life after life, until one ends of itself with the session finished."""
    preload()
    killed: list[str] = []
    stuck = 0
    for number in range(1, order.lives + 1):
        if not (child := os.fork()):
            last(order, number)
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        if code in {-signal.SIGKILL, -signal.SIGPROF}:
            killed.append(f"life {number}")
            continue
        if code == 0 or stuck == 2:
            return told(order, code, number, killed, stuck)
        stuck += 1
    return told(order, -1, order.lives, killed, stuck)


def told(order: Order, code: int, lives: int, killed: list[str], stuck: int) -> Told:
    points = Points(order).all() if order.kind not in {"random", ""} else killed
    return Told(code=code, lives=lives, killed=tuple(points), stuck=stuck)


def last(order: Order, number: int) -> NoReturn:
    """What a forked process does all its life."""
    code = 70
    try:
        code = live(order, number)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        if problem := sys.exc_info()[1]:
            sys.excepthook(type(problem), problem, problem.__traceback__)
        os._exit(code)


def preload() -> None:
    """Import once what every life needs; nothing is opened, and no thread is begun."""
    import jmespath  # noqa: F401

    import steps  # noqa: F401
    import wizard.cli.desk
    import wizard.cli.unattended
    import wizard.cli.wizard  # noqa: F401

    keep_models()


def keep_models() -> None:
    """Read the models of AWS's services once for all lives: it is a third of what a life takes."""
    from botocore.loaders import JSONFileLoader

    load, loaded = JSONFileLoader.load_file, dict[str, Any]()

    def load_once(loader: JSONFileLoader, path: str) -> Any:
        if path not in loaded:
            loaded[path] = load(loader, path)
        return loaded[path]

    setattr(JSONFileLoader, "load_file", load_once)  # noqa: B010  it is a patch
    session = boto3.Session("nobody", "nothing", region_name="us-east-1")
    for service in SERVICES:
        session.client(service)


if __name__ == "__main__":
    given = msgspec.json.decode(sys.argv[1], type=Order)
    kept = os.dup(1)
    # What the command line prints is not what this process has to say.
    os.dup2(2, 1)
    os.write(kept, msgspec.json.encode(chain(given)) + b"\n")
