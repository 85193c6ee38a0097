"""Runs a whole checklist with a simulated person, on an account that enforces IAM policies."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec

from tests.e2e.account import Account
from tests.e2e.command import PASSWORD
from wizard.checklist.load import load_bundled
from wizard.checklist.model import Checklist
from wizard.cli.desk import WizardDesk
from wizard.cli.settings import Demo, Settings
from wizard.console.autopilot import Autopilot
from wizard.console.person import SimulatedPerson
from wizard.engine.snapshot import Snapshot
from wizard.session.state import SessionState

Policy = Mapping[str, Any]
REGIONS = {"add-load-balancer": "us-east-1", "add-region": "eu-central-2"}


class _Nobody:
    def show(self, snapshot: Snapshot) -> None:
        """Looks away."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended."""

    code: int
    items: Mapping[str, str]
    """Status by item, each member of a list counted as one."""
    writes: Counter[str]
    """Calls that changed the account, by operation and region."""
    used: set[str]
    denied: set[str]
    told: str
    """All that the operator could read at the end."""


def checklist(name: str) -> Checklist:
    return load_bundled(name).checklist


def enforce(account: Account, policies: Sequence[Policy] | None) -> None:
    """From now on these policies are all that the wizard has; None: everything is allowed."""
    account.order("policies", policies=policies)
    account.forget()


def seen(account: Account) -> dict[str, set[str]]:
    """Which actions were used, and which were denied, since `enforce`."""
    url = f"{account.ready.endpoint_url}/_st-wizard/policies"
    found = httpx.get(url).raise_for_status().json()
    return {name: set(counted) for name, counted in found.items()}


def settings(account: Account, home: Path, region: str) -> Settings:
    ready = account.ready
    known = {"scale_api_url": ready.scale_api_url, "database_url": ready.database_url}
    return Settings(
        home=home,
        endpoint_url=ready.endpoint_url,
        region=region,
        demo=Demo(
            inbox_url=ready.inbox_url,
            answers=known,
            secrets={"scale-api-password": PASSWORD},
        ),
    )


def run(
    account: Account,
    home: Path,
    name: str,
    policies: Sequence[Policy] | None,
    answers: Mapping[str, Any] | None = None,
) -> Outcome:
    """The whole of a checklist, from a new session to where nothing moves any more."""
    enforce(account, policies)
    home.mkdir(parents=True)
    region = REGIONS[name]
    desk = WizardDesk(settings(account, home, region))
    running = desk.begin(name, desk.identify("", region), {})
    pilot = Autopilot(
        running,
        answers=answers or {},
        defaults=True,
        approve=True,
        viewer=_Nobody(),
        person=SimulatedPerson(account.ready.inbox_url, account.ready.endpoint_url),
        alone=True,
    )
    code = pilot.run()
    state = running.snapshot.state
    asked = seen(account)
    return Outcome(
        code=code,
        items=_statuses(state),
        writes=Counter({f"{op} {region}": n for (op, region), n in _changes(account).items()}),
        used=asked["used"],
        denied=asked["denied"],
        told=_told(state) + str(dict(pilot.problems)) + str(running.snapshot.error),
    )


def _changes(account: Account) -> Counter[tuple[str, str]]:
    reading = ("Describe", "List", "Get", "Head", "Simulate", "Validate")
    return Counter(
        (f"{call['service']}:{call['operation']}", call["region"])
        for call in account.calls()
        if not call["operation"].startswith(reading) and call["status"] < 300
    )


def _statuses(state: SessionState) -> dict[str, str]:
    return {one.id: str(one.status) for one in state.items.values()}


def _told(state: SessionState) -> str:
    return msgspec.json.encode(state, enc_hook=str).decode()
