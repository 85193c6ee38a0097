"""The company that has grown, kept in a file and taken up again."""

from pathlib import Path

import httpx

from tests.simulator.conftest import clients
from wizard.simulator.process import Simulator
from wizard.simulator.seed.scale import FUNCTION_COUNT, GROUP_COUNT, NEW_REGION


def test_it_is_large_and_survives_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "account"
    with Simulator(seed="scale", speed=600, state=state) as first:
        client = clients(first.ready)
        client("account", "us-east-1").enable_region(RegionName=NEW_REGION)
        where = f"{first.ready.endpoint_url}/_st-wizard/advance"
        httpx.post(where, json={"seconds": 86400}).raise_for_status()
        assert counts(first) == (FUNCTION_COUNT, GROUP_COUNT, 5)
    with Simulator(speed=600, state=state) as second:
        assert counts(second) == (FUNCTION_COUNT, GROUP_COUNT, 5)


def counts(simulator: Simulator) -> tuple[int, int, int]:
    """Functions of eu-west-1, log groups of the new region, and those of the Delivery class."""
    client = clients(simulator.ready)
    functions = client("lambda", "eu-west-1").get_paginator("list_functions").paginate()
    groups = client("logs", NEW_REGION).get_paginator("describe_log_groups").paginate()
    listed = groups.build_full_result()["logGroups"]
    return (
        len(functions.build_full_result()["Functions"]),
        len(listed),
        sum(one["logGroupClass"] == "DELIVERY" for one in listed),
    )
