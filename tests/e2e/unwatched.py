"""A session carried out in this process, on a running account, with nobody at the screen."""

from collections.abc import Callable
from pathlib import Path

from tests.e2e.account import Account
from wizard.cli.desk import WizardDesk
from wizard.cli.settings import Demo, Settings
from wizard.console.autopilot import Autopilot, Person
from wizard.console.person import SimulatedPerson
from wizard.engine.commands import Attest, Command
from wizard.engine.engine import Engine
from wizard.engine.snapshot import Snapshot
from wizard.session.state import ItemState

CHECKLIST = "add-region"


class Nobody:
    """Shows nothing to nobody."""

    def show(self, snapshot: Snapshot) -> None:
        """Nobody looks."""


class Attesting:
    """A person who has seen to everything before, and says so."""

    def act(self, item: ItemState) -> Command | None:
        """A note, at each pause."""
        return Attest(item=item.id, note="Seen last week.")

    def is_at_work(self, item: ItemState) -> bool:
        return False


class Closing(SimulatedPerson):
    """The simulated person, who also does by hand what one item asks for."""

    def __init__(self, account: Account, item: str, by_hand: Callable[[Account], None]) -> None:
        super().__init__(account.ready.inbox_url, account.ready.endpoint_url)
        self._account, self._item, self._by_hand = account, item, by_hand
        self.told = ""
        """What the wizard asked for."""

    def act(self, item: ItemState) -> Command | None:
        if item.id != self._item:
            return super().act(item)
        if item.pause is not None and not self.told:
            self.told = item.pause.instructions
            self._by_hand(self._account)
        return None

    def is_at_work(self, item: ItemState) -> bool:
        return item.id == self._item or super().is_at_work(item)


def desk(account: Account, home: Path, region: str) -> WizardDesk:
    """The wizard on this account; what only the demo knows is proposed."""
    ready = account.ready
    demo = Demo(
        inbox_url=ready.inbox_url,
        answers={"scale_api_url": ready.scale_api_url, "database_url": ready.database_url},
        secrets={},
    )
    return WizardDesk(
        Settings(home=home, endpoint_url=ready.endpoint_url, region=region, demo=demo)
    )


def begin(account: Account, home: Path, region: str) -> Engine:
    """A new session of the checklist in that region."""
    at = desk(account, home, region)
    return at.begin(CHECKLIST, at.identify("", region), {})


def carry_out(
    running: Engine, account: Account, person: Person | None = None, *, alone: bool = False
) -> int:
    """To its end, by defaults and approved; the exit code."""
    who = person or SimulatedPerson(account.ready.inbox_url, account.ready.endpoint_url)
    return Autopilot(
        running,
        answers={},
        defaults=True,
        approve=True,
        viewer=Nobody(),
        person=who,
        alone=alone,
    ).run()
