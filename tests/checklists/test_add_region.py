"""What the items of add-region must agree on, because they write the same thing."""

from typing import Any

import msgspec
import pytest

import steps
from steps.flow_logs import FlowLog
from steps.s3_log_delivery import AccessLogsPolicy, ServerAccessLogging
from wizard.checklist.expressions import evaluate
from wizard.checklist.load import load_bundled
from wizard.step import Registry

REGISTRY = Registry.of(steps)
ITEMS = {item.id: item for item in load_bundled("add-region").checklist.items}
SESSION = {
    "region": "eu-central-2",
    "account_id": "123456789012",
    "partition": "aws",
    "number": 1,
}


def made(item_id: str, **inputs: object) -> Any:
    """The step of an item, as these answers make it."""
    item = ITEMS[item_id]
    fields = evaluate(item.with_, {"session": SESSION, "inputs": inputs, "steps": {}})
    return msgspec.convert(fields, REGISTRY.steps[item.step])


@pytest.mark.parametrize("prefix", ["saas/", "saas", "reads/of-saas/"])
def test_all_who_write_the_log_buckets_policy_want_the_same_of_it(prefix: str) -> None:
    answers = {
        "vpc": "vpc-1",
        "flow_log_traffic": "ALL",
        "flow_log_interval": 600,
        "log_prefix": prefix,
    }
    policy: AccessLogsPolicy = made("region.s3.logs.policy", **answers)
    flow: FlowLog = made("region.vpc.flowlogs", **answers)
    logging: ServerAccessLogging = made("region.s3.saas.logging", **answers)
    assert flow.policy == policy.wanted()
    assert flow.lock() == policy.lock()
    assert (logging.target, logging.prefix) == (policy.bucket, policy.prefix)
