"""The places that bundles of these tests are kept in, and the people who sign them."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.account import Account
from tests.evidence.exported import exported
from tests.evidence.in_s3 import NO_WAIT
from tests.evidence.session import story
from tests.evidence.signed import Case
from tests.gateway.ssh import make_key
from wizard.gateway.secrets import Secrets
from wizard.gateway.world import WorldGateway
from wizard.simulator.process import Simulator


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with Simulator(seed="empty") as running:
        yield Account(running.ready)


@pytest.fixture(scope="module")
def gateway(account: Account) -> Iterator[WorldGateway]:
    made = WorldGateway(
        endpoint_url=account.ready.endpoint_url,
        secrets=Secrets({}, keyring=object()),
        backoff=NO_WAIT,
    )
    yield made
    made.close()


@pytest.fixture
def s3(account: Account) -> Any:
    return account.client("s3", "us-east-1")


@pytest.fixture
def bucket(s3: Any, request: pytest.FixtureRequest) -> str:
    """A bucket with Object Lock, of this test's own."""
    name = f"acme-{hashlib.sha256(request.node.name.encode()).hexdigest()[:20]}"
    s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    return name


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    for name in ("ada", "bob"):
        make_key(folder / name)
    return folder


@pytest.fixture
def case(tmp_path: Path, keys: Path) -> Case:
    return Case(exported(story(), tmp_path / "to"), keys)
