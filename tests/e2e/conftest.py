"""One simulated account for each worker; every test that changes it has an app of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.account import Account
from wizard.simulator.process import Simulator


@pytest.fixture(scope="session")
def account() -> Iterator[Account]:
    """The company's account, 600 times as fast as real time."""
    with Simulator(speed=600) as running:
        yield Account(running.ready)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where sessions of this test are kept."""
    return tmp_path / "home"
