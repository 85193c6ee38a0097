"""`make faults`: every changing operation of both checklists meets every fault.

A run is right when the account ends as after an undisturbed one, nothing waits for anybody, and the
journal says of each faulted call what became of it, in the words that the operator reads.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click

from tests.crash.chain import REGIONS, REPEATABLE, Outcome, carried_out
from wizard.gateway.redact import output_shape
from wizard.session.calls import CallFailed, CallInDoubt, CallIntended
from wizard.session.events import ItemFailed, SessionPaused
from wizard.session.pauses import DeedEnded

LOST = "The answer was lost, so it may or may not have happened"
FAULTS = {
    "throttle": "AWS asks to slow down",
    "drop_before": LOST,
    "drop_after": LOST,
    "error_after": LOST,
    "truncate": LOST,
    "delay": LOST,
    "expired": "Your AWS session has ended",
    "deny": "You lack ",
}
"""What the journal says of the call that meets the fault."""
READ_TIMEOUT = 4.0
"""Real seconds that a delayed answer is waited for, and a second less than it takes."""
NO_ANSWER_LOGGED = {"drop_after", "error_after"}
"""Faults of which the account's log does not say that the work was done."""

Operation = str
"""`service:Operation`."""


def operations(undisturbed: Outcome) -> list[Operation]:
    """The operations that change something, by the account's own log."""
    return sorted({what.split(" ", maxsplit=1)[0] for what in undisturbed.writes})


def faulted(checklist: str, folder: Path, kinds: Mapping[Operation, str]) -> Outcome:
    """A run in which the first call of each of these operations meets its fault."""
    faults: list[dict[str, object]] = []
    for operation, kind in kinds.items():
        service, _, name = operation.partition(":")
        fault: dict[str, object] = {"service": service, "operation": name, "kind": kind}
        faults.append(fault | ({"seconds": READ_TIMEOUT + 1} if kind == "delay" else {}))
    timeout = READ_TIMEOUT if "delay" in kinds.values() else 0.0
    return carried_out(checklist, folder, faults=faults, read_timeout=timeout)


def problems(outcome: Outcome, undisturbed: Outcome, kinds: Mapping[Operation, str]) -> list[str]:
    """What is wrong after such a run; empty when nothing is."""
    return [
        *outcome.problems,
        *outcome.account_against(undisturbed),
        *_written(outcome, undisturbed, kinds),
        *_untold(outcome, kinds),
    ]


def _written(outcome: Outcome, undisturbed: Outcome, kinds: Mapping[Operation, str]) -> list[str]:
    """Each change once; of some faulted ones the log does not say that they happened."""
    once, found = _by_operation(undisturbed), _by_operation(outcome)
    for operation, kind in kinds.items():
        once[operation] -= kind in NO_ANSWER_LOGGED
    return [
        f"{operation} was made {found[operation]} times instead of {once[operation]}"
        for operation in sorted({*once, *found} - REPEATABLE)
        if found[operation] != once[operation]
    ]


def _by_operation(outcome: Outcome) -> Counter[Operation]:
    counted: Counter[Operation] = Counter()
    for name, times in outcome.writes.items():
        counted[name.split(" ", maxsplit=1)[0]] += times
    return counted


def _untold(outcome: Outcome, kinds: Mapping[Operation, str]) -> list[str]:
    """Faulted operations of which the journal does not say the right thing."""
    named = {
        event.op: f"{event.service}:{event.operation}"
        for event in outcome.events
        if isinstance(event, CallIntended)
    }
    told = [
        (named[event.op], event.message)
        for event in outcome.events
        if isinstance(event, CallFailed | CallInDoubt)
    ]
    paused = [event.reason for event in outcome.events if isinstance(event, SessionPaused)]
    shown = " ".join(
        event.what if isinstance(event, ItemFailed) else event.problem
        for event in outcome.events
        if isinstance(event, ItemFailed | DeedEnded)
    )
    found = []
    for operation, kind in kinds.items():
        said = FAULTS[kind]
        if kind == "truncate" and not _has_body(operation):
            continue
        messages = [message for one, message in told if operation == one and said in message]
        if not messages:
            found.append(f"of {operation} nobody was told: {said}")
        if kind == "deny" and not any(message in shown for message in messages):
            found.append(f"no item failed, and no deed, for want of {operation}")
        if kind == "expired" and not any(said in reason for reason in paused):
            found.append(f"{operation} did not pause the session")
    return found


def _has_body(operation: Operation) -> bool:
    """Whether its answer has a part that can be cut off."""
    service, _, name = operation.partition(":")
    shape = output_shape(service, name)
    if shape is None:
        return False
    return any("location" not in member.serialization for member in shape.members.values())


@click.command()
@click.option("--checklist", "checklists", multiple=True, default=tuple(REGIONS))
@click.option("--kind", "kinds", multiple=True, default=tuple(FAULTS))
@click.option("--singly", is_flag=True, help="A run for each operation, not one for all.")
@click.option("--together", default=2, show_default=True, help="Runs at a time.")
def main(
    checklists: tuple[str, ...], kinds: tuple[str, ...], *, singly: bool, together: int
) -> None:
    """Fault, and look; the exit code tells whether all was well."""
    failed = 0
    click.echo(
        f"{'checklist':<20}{'fault':<14}{'operations':>11}{'runs':>6}{'failures':>10}{'s':>7}"
    )
    with ThreadPoolExecutor(together) as pool:
        undisturbed = dict(zip(checklists, pool.map(_undisturbed, checklists), strict=True))
        for checklist in checklists:
            all_ = operations(undisturbed[checklist])
            for kind in kinds:
                began = time.monotonic()
                parts = [[one] for one in all_] if singly else [all_]

                def wrong(
                    what: list[str], checklist: str = checklist, kind: str = kind
                ) -> list[str]:
                    kinds = dict.fromkeys(what, kind)
                    with tempfile.TemporaryDirectory(prefix="st-wizard-fault-") as folder:
                        outcome = faulted(checklist, Path(folder), kinds)
                    return problems(outcome, undisturbed[checklist], kinds)

                found = [problem for each in pool.map(wrong, parts) for problem in each]
                failed += len(found)
                click.echo(
                    f"{checklist:<20}{kind:<14}{len(all_):>11}{len(parts):>6}{len(found):>10}"
                    f"{time.monotonic() - began:>7.0f}"
                )
                for problem in found:
                    click.echo(f"  {problem}")
    sys.exit(1 if failed else 0)


def _undisturbed(checklist: str) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="st-wizard-fault-") as folder:
        return carried_out(checklist, Path(folder))


if __name__ == "__main__":
    main()
