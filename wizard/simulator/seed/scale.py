"""A company that has grown: 300 functions to import, and 5,000 log groups in the new region."""

from __future__ import annotations

import base64
from typing import Any

from wizard.simulator.seed.company import EU, OWNER
from wizard.simulator.seed.functions import FUNCTIONS, ROLE, zipped
from wizard.simulator.seed.ground import Ground
from wizard.simulator.seed.log_groups import RETENTIONS
from wizard.simulator.services.logs import DELIVERY, set_class

NEW_REGION = "eu-central-2"
"""Where the demo adds a region: groups are there before it begins, as after a first attempt."""
FUNCTION_COUNT = 300
GROUP_COUNT = 5000
DELIVERY_GROUPS = 5


def plant_scale(ground: Ground) -> None:
    """More of both, straight into moto: a client would take a minute."""
    functions = ground.backend("lambda", EU)
    role = f"arn:aws:iam::{ground.account}:role/{ROLE}"
    for number in range(FUNCTION_COUNT - len(FUNCTIONS)):
        functions.create_function(_function(number, role))
    logs = ground.backend("logs", NEW_REGION)
    for number in range(GROUP_COUNT):
        name = f"/supertokens/tenant/{number:04d}"
        logs.ensure_log_group(name)
        logs.groups[name].retention_in_days = RETENTIONS[number % len(RETENTIONS)]
        if number < DELIVERY_GROUPS:
            set_class(logs.groups[name], DELIVERY)


def _function(number: int, role: str) -> dict[str, Any]:
    name = f"saas-tenant-hook-{number:03d}"
    code = f"exports.handler = async () => ({{ tenant: {number} }});\n"
    return {
        "FunctionName": name,
        "Runtime": "nodejs20.x",
        "Role": role,
        "Handler": "index.handler",
        "Description": f"hook of tenant {number}",
        "Timeout": 10,
        "MemorySize": 128,
        "Code": {"ZipFile": base64.b64encode(zipped("index.js", code)).decode()},
        "Environment": {"Variables": {"TENANT": str(number), "REGION": EU}},
        "Tags": {"VantaOwner": OWNER},
    }
