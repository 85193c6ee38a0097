"""The simulated account from outside: its call log, its orders, and clients to look at it."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.command import PASSWORD
from tests.simulator.conftest import Client, clients
from wizard.simulator.ready import Ready

READING = ("Describe", "List", "Get", "Head", "Filter", "Lookup", "Simulate", "Validate")


@dataclass(frozen=True, slots=True)
class Account:
    """One running account."""

    ready: Ready

    @property
    def client(self) -> Client:
        return clients(self.ready)

    def calls(self) -> list[dict[str, Any]]:
        """The call log since it was last forgotten."""
        answer = httpx.get(f"{self.ready.endpoint_url}/_st-wizard/calls").raise_for_status()
        found = answer.json()
        assert isinstance(found, list)
        return found

    def forget(self) -> None:
        """Start the call log anew."""
        httpx.delete(f"{self.ready.endpoint_url}/_st-wizard/calls").raise_for_status()

    def order(self, what: str, **how: Any) -> None:
        """One of the control endpoints."""
        httpx.post(f"{self.ready.endpoint_url}/_st-wizard/{what}", json=how).raise_for_status()

    def writes(self) -> Counter[str]:
        """The calls that changed something, by operation."""
        return Counter(
            f"{call['service']}:{call['operation']}"
            for call in self.calls()
            if not call["operation"].startswith(READING) and call["status"] < 300
        )

    def answers(self, folder: Path, **given: Any) -> Path:
        """A file of answers with what only this account can know."""
        known = {
            "scale_api_url": self.ready.scale_api_url,
            "database_url": self.ready.database_url,
            **given,
        }
        file = folder / "answers.yaml"
        file.write_text("".join(f"{name}: {value}\n" for name, value in known.items()))
        return file


SECRET = {"ST_WIZARD_SECRET_SCALE_API_PASSWORD": PASSWORD}


def until(seen: Callable[[], bool], what: str, limit: float = 30.0) -> None:
    """Look until it is so; fails after `limit` real seconds, saying what was not seen."""
    nobody = threading.Event()
    for _ in range(int(limit / 0.02)):
        if seen():
            return
        nobody.wait(0.02)
    raise AssertionError(f"not seen within {limit:.0f} s: {what}")
