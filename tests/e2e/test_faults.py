"""A whole run in which the first call of every writing operation goes wrong, in each way there is.

Whatever becomes of calls and answers, the account ends as after an undisturbed run, nothing is
there twice, and nobody is asked.
"""

import contextlib
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulator.conftest import clients
from wizard.cli.desk import WizardDesk
from wizard.cli.settings import Demo, Settings
from wizard.console.autopilot import Autopilot
from wizard.console.person import SimulatedPerson
from wizard.effects import Rows
from wizard.engine.commands import Continue
from wizard.engine.engine import Engine
from wizard.engine.snapshot import Snapshot
from wizard.gateway.database import Database
from wizard.session.state import SessionState, Status
from wizard.simulator.process import Simulator
from wizard.simulator.ready import Ready
from wizard.simulator.scale_api import DEMO_SCALE_PASSWORD

WRITES = {
    "elbv2": (
        "CreateTargetGroup",
        "RegisterTargets",
        "CreateLoadBalancer",
        "CreateListener",
        "ModifyLoadBalancerAttributes",
        "AddTags",
    ),
    "s3": ("CreateBucket", "PutBucketPolicy", "PutBucketVersioning", "PutBucketTagging"),
    "route53": ("ChangeResourceRecordSets",),
    "cloudwatch": ("PutMetricAlarm",),
}
OPERATIONS = [(service, name) for service, names in WRITES.items() for name in names]
FAULTS = {
    "drop_after": "settled: happened",
    "drop_before": "settled: did not happen",
    "expired": "failed",
    "throttle": "failed",
}
"""What becomes of the call that each kind of fault meets."""


class Unwatched:
    """Shows nothing to nobody."""

    def show(self, snapshot: Snapshot) -> None:
        """Nobody looks."""


@contextlib.contextmanager
def carried_out(
    home: Path, kinds: Mapping[tuple[str, str], str]
) -> Iterator[tuple[Ready, SessionState]]:
    """The account and the session after a run in which these writes meet a fault once."""
    with Simulator(speed=600) as simulator:
        ready = simulator.ready
        demo = Demo(
            inbox_url=ready.inbox_url,
            answers={"scale_api_url": ready.scale_api_url, "database_url": ready.database_url},
            secrets={"scale-api-password": DEMO_SCALE_PASSWORD},
        )
        desk = WizardDesk(
            Settings(home=home, endpoint_url=ready.endpoint_url, region="us-east-1", demo=demo)
        )
        running = desk.begin("add-load-balancer", desk.identify("", "us-east-1"), {})
        for (service, operation), kind in kinds.items():
            order(ready, service=service, operation=operation, kind=kind)
        running.subscribe(partial(log_in_again, running, []))
        pilot = Autopilot(
            running,
            answers={},
            defaults=True,
            approve=True,
            viewer=Unwatched(),
            person=SimulatedPerson(ready.inbox_url),
        )
        assert pilot.run() == 0
        assert httpx.get(f"{ready.endpoint_url}/_st-wizard/faults").json() == []
        yield ready, running.snapshot.state


def order(ready: Ready, **fault: str) -> None:
    httpx.post(f"{ready.endpoint_url}/_st-wizard/faults", json=fault).raise_for_status()


def log_in_again(running: Engine, pauses: list[int], snapshot: Snapshot) -> None:
    """As an operator does whose credentials expired."""
    if snapshot.state.paused and (not pauses or pauses[-1] != snapshot.state.seq):
        pauses.append(snapshot.state.seq)
        running.send(Continue())


def account(ready: Ready) -> dict[str, Any]:
    """What the runbook makes, without what is new each time: ids and times."""
    make = clients(ready)

    def client(service: str) -> Any:
        return make(service, "us-east-1")

    elbv2, s3 = client("elbv2"), client("s3")
    balancers = elbv2.describe_load_balancers()["LoadBalancers"]
    groups = elbv2.describe_target_groups()["TargetGroups"]
    arns = [one["LoadBalancerArn"] for one in balancers]
    buckets = [one["Name"] for one in s3.list_buckets()["Buckets"]]
    zones = client("route53").list_hosted_zones()["HostedZones"]
    records = [
        record
        for zone in zones
        for record in client("route53").list_resource_record_sets(HostedZoneId=zone["Id"])[
            "ResourceRecordSets"
        ]
    ]
    rows = Rows(ready.database_url, "apps_with_load_balancer", {})
    database = Database(secret=str, scrub=str)
    return {
        "balancers": sorted(one["LoadBalancerName"] for one in balancers),
        "groups": sorted((one["TargetGroupName"], len(one["LoadBalancerArns"])) for one in groups),
        "listeners": sorted(
            (listener["Port"], listener.get("SslPolicy", ""))
            for arn in arns
            for listener in elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"]
        ),
        "tags": sorted(
            (tag["Key"], tag["Value"])
            for one in elbv2.describe_tags(ResourceArns=arns)["TagDescriptions"]
            for tag in one["Tags"]
        ),
        "targets": sorted(
            len(
                elbv2.describe_target_health(TargetGroupArn=one["TargetGroupArn"])[
                    "TargetHealthDescriptions"
                ]
            )
            for one in groups
        ),
        "buckets": sorted(buckets),
        "policies": [
            s3.get_bucket_policy(Bucket=name)["Policy"]
            for name in sorted(buckets)
            if name.endswith("access-logs")
        ],
        "alarms": sorted(
            (one["AlarmName"], len(one["AlarmActions"]))
            for page in client("cloudwatch").get_paginator("describe_alarms").paginate()
            for one in page["MetricAlarms"]
        ),
        "records": sorted((one["Name"], one["Type"], "AliasTarget" in one) for one in records),
        "rows": Counter(row["app_id"] for row in database.call(rows).value),
        "instances": sum(
            len(one["Instances"]) for one in client("ec2").describe_instances()["Reservations"]
        ),
    }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with carried_out(tmp_path_factory.mktemp("home"), {}) as (ready, _):
        return account(ready)


@pytest.mark.parametrize("shift", [0, 2])
def test_every_first_write_goes_wrong(
    tmp_path: Path, undisturbed: dict[str, Any], shift: int
) -> None:
    kinds = dict(
        zip(OPERATIONS, itertools.islice(itertools.cycle(FAULTS), shift, None), strict=False)
    )
    with carried_out(tmp_path, kinds) as (ready, state):
        assert account(ready) == undisturbed
    assert {item.status for item in state.items.values()} == {Status.DONE}
    calls = [call for item in state.items.values() for call in item.calls if call.mutating]
    outcomes = Counter(call.outcome for call in calls)
    expected = Counter(FAULTS[kind] for kind in kinds.values())
    assert {outcome: outcomes[outcome] for outcome in expected} == expected
