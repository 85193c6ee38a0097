"""One simulated account for each worker of the test run, and clients for it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from wizard.simulator.process import Simulator
from wizard.simulator.ready import Ready

Client = Callable[[str, str], Any]


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    """A running account with the company in it, 600 times as fast as real time.

    Shared by the tests of one worker: make things of your own names, and leave what is there.
    """
    with Simulator(speed=600) as running:
        yield running


@pytest.fixture(scope="session")
def empty_simulator() -> Iterator[Simulator]:
    """A running account with nothing in it, at real speed: tests move its clock by `advance`."""
    with Simulator(seed="empty") as running:
        yield running


def clients(ready: Ready) -> Client:
    """`client(service, region)` for a running account, with retries off as the wizard has them."""
    from functools import cache

    import boto3
    from botocore.config import Config

    session = boto3.Session(aws_access_key_id="AKIAOPERATORSIMULATE", aws_secret_access_key="any")

    @cache
    def client(service: str, region: str = "us-east-1") -> Any:
        return session.client(
            service,
            region_name=region,
            endpoint_url=ready.endpoint_url,
            config=Config(
                retries={"total_max_attempts": 1},
                inject_host_prefix=False,
                s3={"addressing_style": "path"},
            ),
        )

    return client


@pytest.fixture(scope="session")
def client(simulator: Simulator) -> Client:
    """Clients of the company's account."""
    return clients(simulator.ready)


@pytest.fixture(scope="session")
def empty_client(empty_simulator: Simulator) -> Client:
    """Clients of the empty account."""
    return clients(empty_simulator.ready)
