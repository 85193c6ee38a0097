"""A new region of the simulated account, and how a step is carried out there and proved."""

from typing import Any

import httpx

from tests.steps.driving import Account
from wizard.effects import Read, Write
from wizard.gateway.secrets import Secrets
from wizard.gateway.world import WorldGateway
from wizard.simulator.ready import Ready
from wizard.step import Option, Probe

REGION = "eu-north-1"
REFERENCE = "us-east-1"
SAAS = f"supertokens-saas-{REGION}"
LOGS = f"supertokens-s3-access-logs-{REGION}"
SSL = "supertokens-ssl"
REPLICATOR = "s3crr_for_supertokens-ssl_to_supertokens-saas-us-east-1"


def suggested(options: list[Option]) -> list[Any]:
    return [option.value for option in options if option.suggested]


class Region:
    """A running account, seen from the new region."""

    def __init__(self, ready: Ready) -> None:
        self.ready = ready
        self.mine = ready.account_id
        self.gateway = WorldGateway(
            endpoint_url=ready.endpoint_url, secrets=Secrets({}), region=REGION
        )
        self.account = Account(self.gateway, self.now)

    def now(self) -> float:
        answer = httpx.get(f"{self.ready.endpoint_url}/_st-wizard/network").raise_for_status()
        return float(answer.json()["account_time"])

    def advance(self, seconds: float) -> None:
        where = f"{self.ready.endpoint_url}/_st-wizard/advance"
        httpx.post(where, json={"seconds": seconds}).raise_for_status()

    def read(self, service: str, operation: str, region: str = REGION, **params: Any) -> Any:
        return self.gateway.call(Read(service, operation, params, region=region)).value

    def make(self, step: Probe) -> None:
        """Carry the step out; it must be right afterwards, and nothing is left to do."""
        assert self.account.act(step)
        self.advance(2)
        self.right(step)

    def write(self, operation: str, region: str = REGION, **params: Any) -> None:
        """Somebody else changes something in S3."""
        self.gateway.call(Write("s3", operation, params, region=region))

    def right(self, step: Probe) -> None:
        found, differences = self.account.look(step)
        assert differences == (), found
        assert not self.account.act(step)
