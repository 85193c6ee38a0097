"""The load balancer checklist on the simulated account: all of it, then all of it again."""

from collections.abc import Iterator

import httpx
import pytest

import steps
from tests.steps.driving import Account
from tests.steps.runbook import Run
from wizard.checklist.load import load_bundled
from wizard.effects import Read
from wizard.gateway.secrets import Secrets
from wizard.gateway.world import WorldGateway
from wizard.simulator.process import Simulator
from wizard.simulator.ready import Ready
from wizard.simulator.scale_api import DEMO_SCALE_PASSWORD
from wizard.step import Registry

CHECKLIST = load_bundled("add-load-balancer").checklist
REGISTRY = Registry.of(steps)


class Company:
    """A running account, the gateway to it, and two runs of the checklist on it."""

    def __init__(self, ready: Ready) -> None:
        self.ready = ready
        secrets = Secrets({})
        secrets.give("scale-api-password", DEMO_SCALE_PASSWORD)
        self.gateway = WorldGateway(endpoint_url=ready.endpoint_url, secrets=secrets)
        self.first = self._run()
        self.second = self._run()

    def _run(self) -> Run:
        account = Account(self.gateway, self._now)
        session = {"region": "us-east-1", "account_id": self.ready.account_id, "partition": "aws"}
        run = Run(CHECKLIST, REGISTRY, account, session, self._advance)
        run.carry_out(
            {"scale_api_url": self.ready.scale_api_url, "database_url": self.ready.database_url}
        )
        return run

    def _now(self) -> float:
        answer = httpx.get(f"{self.ready.endpoint_url}/_st-wizard/network").raise_for_status()
        return float(answer.json()["account_time"])

    def _advance(self, seconds: float) -> None:
        where = f"{self.ready.endpoint_url}/_st-wizard/advance"
        httpx.post(where, json={"seconds": seconds}).raise_for_status()


@pytest.fixture(scope="module")
def company() -> Iterator[Company]:
    with Simulator() as simulator:
        yield Company(simulator.ready)


def test_every_item_comes_right_on_its_defaults(company: Company) -> None:
    assert set(company.first.outputs) == {item.id for item in CHECKLIST.items}
    # A new bucket is encrypted and closed to the public already.
    untouched = {"lb.logs.bucket.encryption", "lb.logs.bucket.bpa"}
    writers = {
        item.id
        for item in CHECKLIST.items
        if item.id.startswith("lb.") and not item.id.startswith("lb.cover.")
    }
    assert set(company.first.wrote) == writers - untouched - {"lb.scale.wait"}


def test_a_second_run_finds_everything_right_and_writes_nothing(company: Company) -> None:
    assert company.second.wrote == []
    assert company.second.answers == company.first.answers


def test_the_new_instances_are_behind_the_load_balancer(company: Company) -> None:
    waited = company.first.outputs["lb.scale.wait"]
    assert len(waited["new_instance_ids"]) == 2
    arn = company.first.outputs["lb.tg.create"]["arn"]
    health = company.gateway.call(
        Read("elbv2", "DescribeTargetHealth", {"TargetGroupArn": arn})
    ).value["TargetHealthDescriptions"]
    assert {one["Target"]["Id"] for one in health} == set(waited["instance_ids"])
    assert {one["TargetHealth"]["State"] for one in health} == {"healthy"}


def test_the_listener_answered_to_the_final_name(company: Company) -> None:
    tls = company.first.outputs["lb.listener.create"]["tls"]
    assert (tls["protocol"], tls["status"]) == ("TLSv1.3", 200)
    assert tls["names"] == ["*.aws.supertokens.com"]
