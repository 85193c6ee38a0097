"""The simulated account as a whole: everything that its process runs, put together.

Import it after `account.prepare_environment()`: moto reads its settings when it is imported.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from moto.backends import get_backend

from wizard.simulator import application_database, services
from wizard.simulator.account import ACCOUNT_ALIAS, ACCOUNT_ID, claim_identity
from wizard.simulator.aws_server import AwsServer
from wizard.simulator.clock import AccountClock
from wizard.simulator.control import Control
from wizard.simulator.deployment import Deployment, start_development
from wizard.simulator.doors import Doors
from wizard.simulator.inbox import Inbox
from wizard.simulator.inside_client import inside_clients
from wizard.simulator.internet import Internet
from wizard.simulator.keeper import Keeper
from wizard.simulator.loopback import LoopbackServer
from wizard.simulator.names import Names
from wizard.simulator.ready import Ready
from wizard.simulator.save_gate import SaveGate
from wizard.simulator.scale_api import ScaleApi
from wizard.simulator.world import World

Seed = Literal["company", "empty", "scale"]


class Kernel:
    """One account, from construction to `stop()`."""

    def __init__(self, *, port: int = 0, speed: float = 1.0, state: Path | None = None) -> None:
        self.clock = AccountClock(speed)
        self.world = World()
        self.gate = SaveGate()
        self._folder = tempfile.TemporaryDirectory(prefix="st-wizard-simulator-")
        self.aws = AwsServer(self.clock, self.world, self.gate)
        self._endpoint = LoopbackServer(self.aws.application, port)
        self.client: Callable[[str, str], Any] = inside_clients(
            self.aws.inside, self.clock.now, self._endpoint.url
        )
        services.install(self.clock, self.world)
        claim_identity()
        Deployment(self.world, self.client)
        self._internet = Internet(
            Names(self.client, _ec2_regions),
            Doors(self.client, self.world, self.clock.now),
            self.world,
            self.clock.now,
        )
        self.aws.control = Control(
            self.aws, self._internet.url, self._start_development
        ).application
        inbox = Inbox(self.world, self.gate)
        scale = ScaleApi(self.clock, self.world, self.gate, self.client)
        self._inbox = LoopbackServer(inbox.application)
        self._scale = LoopbackServer(scale.application)
        self._running = (self._endpoint, self._internet, self._inbox, self._scale)
        self._keeper = None if state is None else Keeper(state, self.clock, self.world, self.gate)
        # With a state the database lies beside it and stays.
        self._database = (
            Path(self._folder.name) / "application.sqlite"
            if state is None
            else state.with_name(f"{state.name}.sqlite")
        )
        self._known = self._keeper is not None and self._keeper.load()

    def start(self, kind: Seed = "company") -> Ready:
        """Begin to answer, plant the company, and say where everything is."""
        database_url = application_database.create(self._database)
        for server in self._running:
            server.start()
        if not self._known:
            self._plant(kind)
        self.aws.log.clear()
        if self._keeper is not None:
            self._keeper.start()
        return Ready(
            endpoint_url=self._endpoint.url,
            inbox_url=self._inbox.url,
            scale_api_url=self._scale.url,
            database_url=database_url,
            account_id=ACCOUNT_ID,
        )

    def _start_development(self, vpc_id: str) -> str:
        with self.world.lock:
            return start_development(
                self.client, self.world, _ec2_regions(), vpc_id, self.clock.now()
            )

    def _plant(self, kind: Seed) -> None:
        self.client("iam", "us-east-1").create_account_alias(AccountAlias=ACCOUNT_ALIAS)
        if kind != "empty":
            from wizard.simulator import seed  # noqa: PLC0415  an empty account needs none of it

            seed.plant(self.clock, self.world, self.client, grown=kind == "scale")

    def stop(self) -> None:
        """Stop answering, save if asked to, and leave nothing else behind."""
        for server in self._running:
            server.stop()
        if self._keeper is not None:
            self._keeper.stop()
        self._folder.cleanup()


def _ec2_regions() -> list[str]:
    return list(get_backend("ec2")[ACCOUNT_ID].keys())
