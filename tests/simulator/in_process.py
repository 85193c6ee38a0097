"""The patched services in the test's own process, with a clock that only the test moves."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws

from wizard.simulator.clock import AccountClock
from wizard.simulator.services import patching
from wizard.simulator.world import World

START = 1_800_000_000.0


@cache
def _session() -> Any:
    """One session for all tests of a process: each reads the models of its services once."""
    return boto3.Session()


_PLAIN = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})


@dataclass
class Account:
    """One simulated account; `clock` stands still until it is advanced."""

    clock: AccountClock
    world: World
    region: str = "us-east-1"
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict)

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client without retries, so that a test sees the first answer."""
        key = (service, region or self.region)
        if key not in self._clients:
            self._clients[key] = _session().client(
                service,
                region_name=key[1],
                aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
                aws_secret_access_key="secret",
                config=_PLAIN,
            )
        return self._clients[key]


@contextmanager
def simulated(*services: str) -> Iterator[Account]:
    """The named modules of `wizard.simulator.services`, on a fresh account."""
    clock = AccountClock(start=START, monotonic=lambda: 0.0)
    world = World()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
        with mock_aws(), warnings.catch_warnings():
            # As services.install does: AWS's general error codes stand in no service's model.
            warnings.filterwarnings("ignore", message=".*does not match an error shape")
            patching.restore()
            for name in services:
                import_module(f"wizard.simulator.services.{name}").install(clock, world)
            try:
                yield Account(clock, world)
            finally:
                patching.restore()


@contextmanager
def refused(code: str, words: str = "") -> Iterator[None]:
    """The block must be refused with AWS's error code, and these words in its message."""
    with pytest.raises(ClientError) as caught:
        yield
    error = caught.value.response["Error"]
    assert error["Code"] == code
    assert words in error["Message"]
