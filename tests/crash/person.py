"""The person of the demo, put where an operator would sit, who also copes with what goes wrong."""

import json
import urllib.request
from collections import Counter
from functools import partial
from pathlib import Path

from tests.crash.order import Order
from wizard.checklist.answers import read_answers
from wizard.cli import unattended, wizard
from wizard.cli.desk import WizardDesk
from wizard.cli.settings import Settings
from wizard.console.autopilot import Autopilot
from wizard.console.person import SimulatedPerson
from wizard.engine.commands import Continue, Retry, Settle
from wizard.engine.snapshot import Snapshot
from wizard.gateway import clients
from wizard.session.members import whole
from wizard.session.reduce_calls import unsettled
from wizard.session.state import Status

TRIES = 12
"""Times that the person tries one item again: each of its calls may fail once."""


class Attended(Autopilot):
    """Gives their word on a call that cannot be looked up: they ask the deployment.

    A forgiving one logs in again at a pause, and tries again what failed.
    """

    order: Order
    settled: frozenset[str] = frozenset()
    logged_in = 0
    """Line of the journal at which the last pause was ended."""
    tried: Counter[str]

    def _help(self, snapshot: Snapshot) -> None:
        super()._help(snapshot)
        for item in whole(snapshot.state):
            for call in unsettled(item) if item.status is Status.IN_DOUBT else ():
                if call.op not in self.settled:
                    self.settled |= {call.op}
                    self._send(Settle(op=call.op, happened=scaled(self.order), note="asked"))
        if self.order.forgiving:
            self._forgive(snapshot)

    def _forgive(self, snapshot: Snapshot) -> None:
        if snapshot.handled < self._sent:
            return
        for item in snapshot.state.items.values():
            if item.status is Status.FAILED and self.tried[item.id] < TRIES:
                self.tried[item.id] += 1
                self._send(Retry(item=item.id))

    def run(self) -> int:
        """Pauses are attended to beside it: it may wait for what a pause holds back."""
        if self.order.forgiving:
            self._running.subscribe(self._log_in_again)
        return super().run()

    def _log_in_again(self, snapshot: Snapshot) -> None:
        state = snapshot.state
        if state.paused and state.seq > self.logged_in:
            self.logged_in = state.seq
            self._running.send(Continue())

    def _is_stuck(self, snapshot: Snapshot) -> bool:
        if self.order.forgiving and snapshot.state.paused:
            return False
        return super()._is_stuck(snapshot)


class Unwatched:
    """Shows nothing to nobody."""

    def show(self, snapshot: Snapshot) -> None:
        """Nobody looks."""


def attend(order: Order) -> None:
    """Put the person into this process, and the patience of the network."""
    person = SimulatedPerson(order.inbox_url, order.endpoint_url)
    mine = type("Attended", (Attended,), {"order": order, "tried": Counter()})

    def at_the_terminal(settings: Settings, *, resume: str, **_: object) -> int:
        desk = WizardDesk(settings)
        running = desk.resume(resume)
        pilot: Autopilot = mine(
            running,
            answers=read_answers(Path(order.answers), running.pinned),
            defaults=True,
            approve=True,
            viewer=Unwatched(),
            person=person,
            alone=not order.forgiving,
        )
        return pilot.run()

    setattr(unattended, "Autopilot", partial(mine, person=person))  # noqa: B010  it is a patch
    setattr(wizard, "open_wizard", at_the_terminal)  # noqa: B010  it is a patch
    if order.read_timeout:
        patience = partial(clients.Timeouts, read=order.read_timeout)
        setattr(clients, "Timeouts", patience)  # noqa: B010  it is a patch


def scaled(order: Order) -> bool:
    """What the person sees who asks the company's deployment."""
    with urllib.request.urlopen(f"{order.endpoint_url}/_st-wizard/world") as answer:  # noqa: S310
        seen = json.load(answer)
    return bool(seen["launches_waiting"] or seen["cores"] > order.cores)
