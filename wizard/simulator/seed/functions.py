"""The Lambda functions of eu-west-1: code, a layer, variables, triggers."""

from __future__ import annotations

import hashlib
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
    """A function; `trigger` is ("queue" or "topic", name), ("schedule", expression) for a rule,
    ("clock", expression) for EventBridge Scheduler, or ()."""

    name: str
    does: str
    memory: int = 256
    trigger: tuple[str, str] | tuple[()] = ()
    layered: bool = True
    runtime: str = "nodejs20.x"
    arm: bool = False
    in_vpc: bool = False
    image: str = ""
    """Repository and tag; its package is an image."""
    variables: tuple[tuple[str, str], ...] = ()
    behind_url: bool = False
    """With an alias to a published version, and concurrency kept for it."""


FUNCTIONS = (
    Function("saas-billing-usage-report", "adds up usage", 512, ("schedule", "rate(1 day)")),
    Function("saas-core-health-probe", "asks every core", 256, ("clock", "rate(5 minutes)")),
    Function("saas-core-scale-worker", "starts cores", 512, ("queue", "core-scale"), in_vpc=True),
    Function("saas-dashboard-metrics", "feeds the dashboard", 256, ("schedule", "rate(1 hour)")),
    Function("saas-data-export", "exports users", 1024, ("queue", "data-export"), arm=True),
    Function(
        "saas-email-sender",
        "sends mails",
        256,
        ("queue", "emailer"),
        variables=(
            ("SMTP_HOST", f"email-smtp.{EU}.amazonaws.com"),
            ("SMTP_PASSWORD", "dGhpcyBpcyBub3QgYSByZWFsIHBhc3N3b3Jk"),
            ("TEMPLATES", f"arn:aws:s3:::supertokens-saas-{EU}/mail"),
        ),
    ),
    Function("saas-license-check", "checks licence keys", behind_url=True),
    Function("saas-migration-runner", "migrates users", 1024, ("queue", "migration")),
    Function("saas-onboarding-webhook", "greets new customers", 128, layered=False),
    Function("saas-sms-sender", "sends SMS", 256, ("topic", "sms-created"), runtime="nodejs14.x"),
    Function("saas-ssl-renewal", "renews certificates", 256, ("schedule", "rate(12 hours)")),
    Function(
        "saas-telemetry-ingest",
        "counts active users",
        256,
        ("topic", "telemetry-created"),
        layered=False,
        image="saas/telemetry-ingest:2024-11",
    ),
)


def plant_functions(ground: Ground) -> None:
    """Make role, layer, queues, then each function with its trigger."""
    role = _role(ground)
    client = ground.client("lambda", EU)
    layer = client.publish_layer_version(
        LayerName=LAYER,
        Description="what every function imports",
        Content={"ZipFile": zipped("nodejs/node_modules/common/index.js", "exports.region = 1;")},
        CompatibleRuntimes=["nodejs18.x", "nodejs20.x"],
    )["LayerVersionArn"]
    for function in FUNCTIONS:
        arn = _function(ground, client, function, role, layer)
        _trigger(ground, client, function, arn)
        if function.behind_url:
            _front(client, function.name)


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
    # As the console makes it: logs are allowed where the first function was made, only.
    where = f"arn:aws:logs:{EU}:{ground.account}"
    logs = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "logs:CreateLogGroup", "Resource": f"{where}:*"},
            {
                "Effect": "Allow",
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                "Resource": [f"{where}:log-group:/aws/lambda/*:*"],
            },
        ],
    }
    ground.backend("iam", "aws").put_role_policy(ROLE, "basic-execution", json.dumps(logs))
    return str(role.arn)


def zipped(path: str, text: str) -> bytes:
    """An archive of one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        # A fixed date keeps CodeSha256 the same in every run.
        archive.writestr(zipfile.ZipInfo(path, (2024, 11, 1, 0, 0, 0)), text)
    return buffer.getvalue()


def _function(ground: Ground, client: Any, function: Function, role: str, layer: str) -> str:
    code = f"// {function.does}\nexports.handler = async (event) => ({{ ok: true, event }});\n"
    asked: dict[str, Any] = {
        "FunctionName": function.name,
        "Role": role,
        "Description": function.does,
        "Timeout": TIMEOUT_SECONDS,
        "MemorySize": function.memory,
        "Architectures": ["arm64" if function.arm else "x86_64"],
        "Environment": {
            "Variables": {
                "STAGE": "production",
                "LOG_LEVEL": "info",
                "REGION": EU,
                **dict(function.variables),
            }
        },
        "Tags": {"VantaOwner": OWNER},
    }
    if function.image:
        asked |= {
            "PackageType": "Image",
            "Code": {"ImageUri": push_image(ground, EU, function.image)},
        }
    else:
        asked |= {
            "Runtime": "nodejs20.x",
            "Handler": "index.handler",
            "Code": {"ZipFile": zipped("index.js", code)},
            "Layers": [layer] if function.layered else [],
        }
    if function.in_vpc:
        asked["VpcConfig"] = _vpc(ground)
    made = client.create_function(**asked)
    if function.runtime != "nodejs20.x":
        # It was made when that was still possible.
        ground.backend("lambda", EU).get_function(function.name, None).run_time = function.runtime
    return str(made["FunctionArn"])


def _vpc(ground: Ground) -> dict[str, list[str]]:
    ec2 = ground.client("ec2", EU)
    (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    inside = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
    subnets = ec2.describe_subnets(Filters=inside)["Subnets"]
    groups = ec2.describe_security_groups(Filters=inside)["SecurityGroups"]
    return {
        "SubnetIds": sorted(one["SubnetId"] for one in subnets)[:2],
        "SecurityGroupIds": [one["GroupId"] for one in groups if one["GroupName"] == "default"],
    }


def push_image(ground: Ground, region: str, image: str) -> str:
    """Put an image (`repository:tag`) into the region's registry, and give its address."""
    name, _, tag = image.partition(":")
    ecr = ground.client("ecr", region)
    ecr.create_repository(repositoryName=name)
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {"size": 7023, "digest": f"sha256:{hashlib.sha256(image.encode()).hexdigest()}"},
        "layers": [],
    }
    ecr.put_image(repositoryName=name, imageManifest=json.dumps(manifest), imageTag=tag)
    return f"{ground.account}.dkr.ecr.{region}.amazonaws.com/{image}"


def _front(client: Any, name: str) -> None:
    """A URL, an alias to a version, concurrency of its own, and limits for what comes late."""
    version = client.publish_version(FunctionName=name)["Version"]
    client.create_alias(FunctionName=name, Name="live", FunctionVersion=version)
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=5)
    client.put_function_event_invoke_config(
        FunctionName=name, MaximumRetryAttempts=0, MaximumEventAgeInSeconds=3600
    )
    client.create_function_url_config(FunctionName=name, AuthType="AWS_IAM")


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
    elif kind == "clock":
        ground.client("scheduler", EU).create_schedule(
            Name=f"{function.name}-clock",
            ScheduleExpression=what,
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": arn, "RoleArn": f"arn:aws:iam::{ground.account}:role/{ROLE}"},
        )
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
