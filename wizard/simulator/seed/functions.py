"""The Lambda functions of eu-west-1: code, a layer, variables, triggers."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

from wizard.simulator.seed.company import EU, OWNER
from wizard.simulator.seed.ground import Ground

ROLE = "lambda-saas-execution"
LAYER = "supertokens-common"
TIMEOUT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Function:
    """A function; `trigger` is ("queue", name), ("schedule", expression), ("topic", name) or ()."""

    name: str
    does: str
    memory: int = 256
    trigger: tuple[str, str] | tuple[()] = ()
    layered: bool = True


FUNCTIONS = (
    Function("saas-billing-usage-report", "adds up usage", 512, ("schedule", "rate(1 day)")),
    Function("saas-core-health-probe", "asks every core", 256, ("schedule", "rate(5 minutes)")),
    Function("saas-core-scale-worker", "starts cores", 512, ("queue", "core-scale")),
    Function("saas-dashboard-metrics", "feeds the dashboard", 256, ("schedule", "rate(1 hour)")),
    Function("saas-data-export", "exports a customer's users", 1024, ("queue", "data-export")),
    Function("saas-email-sender", "sends mails", 256, ("queue", "emailer")),
    Function("saas-license-check", "checks licence keys"),
    Function("saas-migration-runner", "migrates users", 1024, ("queue", "migration")),
    Function("saas-onboarding-webhook", "greets new customers", 128, layered=False),
    Function("saas-sms-sender", "sends SMS", 256, ("topic", "sms-created")),
    Function("saas-ssl-renewal", "renews certificates", 256, ("schedule", "rate(12 hours)")),
    Function("saas-telemetry-ingest", "counts active users", 256, ("topic", "telemetry-created")),
)


def plant_functions(ground: Ground) -> None:
    """Make role, layer, queues, then each function with its trigger."""
    role = _role(ground)
    client = ground.client("lambda", EU)
    layer = client.publish_layer_version(
        LayerName=LAYER,
        Description="what every function imports",
        Content={"ZipFile": _zipped("nodejs/node_modules/common/index.js", "exports.region = 1;")},
        CompatibleRuntimes=["nodejs18.x", "nodejs20.x"],
    )["LayerVersionArn"]
    for function in FUNCTIONS:
        arn = _function(client, function, role, layer)
        _trigger(ground, client, function, arn)


def _role(ground: Ground) -> str:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    role = ground.backend("iam", "aws").create_role(
        role_name=ROLE,
        assume_role_policy_document=json.dumps(trust),
        path="/",
        permissions_boundary=None,
        description="functions of the saas",
        tags=[],
        max_session_duration="3600",
    )
    return str(role.arn)


def _zipped(path: str, text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        # A fixed date keeps CodeSha256 the same in every run.
        archive.writestr(zipfile.ZipInfo(path, (2024, 11, 1, 0, 0, 0)), text)
    return buffer.getvalue()


def _function(client: Any, function: Function, role: str, layer: str) -> str:
    code = f"// {function.does}\nexports.handler = async (event) => ({{ ok: true, event }});\n"
    made = client.create_function(
        FunctionName=function.name,
        Runtime="nodejs20.x",
        Role=role,
        Handler="index.handler",
        Description=function.does,
        Timeout=TIMEOUT_SECONDS,
        MemorySize=function.memory,
        Code={"ZipFile": _zipped("index.js", code)},
        Layers=[layer] if function.layered else [],
        Environment={"Variables": {"STAGE": "production", "LOG_LEVEL": "info", "REGION": EU}},
        Tags={"VantaOwner": OWNER},
    )
    return str(made["FunctionArn"])


def _trigger(ground: Ground, client: Any, function: Function, arn: str) -> None:
    if not function.trigger:
        return
    kind, what = function.trigger
    if kind == "queue":
        ground.backend("sqs", EU).create_queue(what, VisibilityTimeout="60")
        client.create_event_source_mapping(
            FunctionName=function.name,
            EventSourceArn=f"arn:aws:sqs:{EU}:{ground.account}:{what}",
            BatchSize=10,
        )
    elif kind == "schedule":
        events = ground.backend("events", EU)
        rule = events.put_rule(
            f"{function.name}-schedule", scheduled_expression=what, state="ENABLED"
        )
        events.put_targets(rule.name, None, [{"Id": "function", "Arn": arn}])
        _allow(client, function.name, "events.amazonaws.com", rule.arn)
    elif kind == "topic":
        topic = f"arn:aws:sns:{EU}:{ground.account}:{what}"
        ground.backend("sns", EU).subscribe(topic, arn, "lambda")
        _allow(client, function.name, "sns.amazonaws.com", topic)


def _allow(client: Any, name: str, service: str, source: str) -> None:
    client.add_permission(
        FunctionName=name,
        StatementId=f"invoke-from-{service.split('.', maxsplit=1)[0]}",
        Action="lambda:InvokeFunction",
        Principal=service,
        SourceArn=source,
    )
