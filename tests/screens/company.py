"""A small checklist with every kind of input, and what a simulated company answers to it."""

import msgspec

from wizard.checklist.model import Advice, Checklist
from wizard.checklist.pinned import Pinned
from wizard.engine.desk import Dropdown
from wizard.session.base import Actor, Pin, PlannedCall
from wizard.step import Difference, Option

READ_AT = "2026-03-02T10:00:00.000000Z"

PIN = Pin(
    account_id="123456789012",
    partition="aws",
    caller_arn="arn:aws:sts::123456789012:assumed-role/Operator/mira",
    alias="acme-demo",
    endpoint_url="http://127.0.0.1:5600",
    region="us-east-1",
    profile="demo",
    speed=60.0,
)
REAL = msgspec.structs.replace(PIN, alias="acme-prod", endpoint_url="", profile="prod", speed=1.0)
ACTOR = Actor(caller_arn=PIN.caller_arn, host="desk-7", user="mira")

ADVICE = {
    "E11": Advice(
        severity="BETTER DEFAULT",
        says="Security Policy: 2016-08",
        fact="ELBSecurityPolicy-2016-08 still takes TLS 1.0 and 1.1; AWS recommends a TLS 1.3 one.",
        wizard="preselects ELBSecurityPolicy-TLS13-1-2-2021-06; the letter stays selectable.",
        source="ELB, security policies for application load balancers",
        reason="TLS 1.0 and 1.1 are deprecated",
    ),
    "E13": Advice(
        severity="TRAP",
        says="Health Check Path: /hello",
        fact="Health checks speak HTTP when no protocol is sent, even for an HTTPS target group.",
        wizard="sends HealthCheckProtocol HTTPS.",
        reason="nginx answers plain HTTP with 400",
    ),
    "E1": Advice(
        severity="BLOCKER",
        says="Use default KMS key for S3",
        fact="ELB cannot write to a bucket with KMS keys: no log arrives.",
        wizard="preselects SSE-S3; the letter needs a typed consent.",
        reason="ELB delivers logs to SSE-S3 buckets only",
    ),
}

CHECKLIST = msgspec.convert(
    {
        "schema": "st-wizard/1",
        "id": "add-load-balancer",
        "title": "Adding Load Balancer for production deployment",
        "source": "Contributors guide",
        "inputs": {
            "vpc": {
                "label": "VPC",
                "type": "choice",
                "help": "Where the app's instances run.",
                "choices": {"source": "ec2.vpcs"},
            },
            "name": {
                "label": "Name of the load balancer",
                "help": "At most 32 letters, digits and hyphens.",
                "default": "acme-prod",
            },
            "size": {"label": "Scale to", "type": "integer", "default": 3},
            "subnets": {
                "label": "Availability Zones",
                "type": "choices",
                "choices": {"source": "ec2.subnets", "with": {"vpc": "${inputs.vpc}"}},
                "minimum": 2,
            },
            "tls_policy": {
                "label": "Security Policy",
                "type": "choice",
                "help": "Which versions of TLS and which ciphers the listener takes.",
                "choices": {"source": "elbv2.ssl_policies"},
                "letter": "ELBSecurityPolicy-2016-08",
                "advice": "E11",
            },
            "encryption": {
                "label": "Encryption of the log bucket",
                "type": "choice",
                "choices": [
                    {"value": "AES256", "label": "Amazon S3 key (SSE-S3)"},
                    {"value": "aws:kms", "label": "Default KMS key for S3"},
                ],
                "default": "AES256",
                "letter": "aws:kms",
                "advice": "E1",
                "consent": {"value": "aws:kms", "phrase": "logs will stop"},
            },
            "topic": {
                "label": "SNS topic of the alarms",
                "type": "choice",
                "choices": {"source": "sns.topics"},
            },
            "password": {
                "label": "Password of the scale API",
                "type": "secret",
                "default": "scale-api-password",
            },
            "targets": {
                "label": "Instances",
                "type": "ports",
                "port": 3567,
                "minimum": 2,
                "after": "lb.scale",
                "choices": {"source": "ec2.targets"},
            },
        },
        "sections": [
            {
                "title": "Before you start",
                "items": [
                    {
                        "id": "pre.identity",
                        "title": "Account and caller",
                        "letter": "who am I, which account, which partition",
                        "step": "account.identity",
                    },
                    {
                        "id": "pre.vpc",
                        "title": "VPC, subnets, route tables",
                        "letter": "which VPC, subnets, route tables",
                        "step": "ec2.vpc",
                        "with": {"vpc": "${inputs.vpc}"},
                    },
                ],
            },
            {
                "title": "Target group",
                "items": [
                    {
                        "id": "lb.scale",
                        "title": "Call the scale API",
                        "letter": "call API: /0/manual/app/scale/deployment",
                        "lines": "L5-12",
                        "step": "scale.call",
                        "with": {"to": "${inputs.size}", "password": "${inputs.password}"},
                    },
                    {
                        "id": "lb.wait",
                        "title": "Wait for the new instances",
                        "letter": "wait 5 mins",
                        "lines": "L13",
                        "step": "scale.wait",
                        "needs": ["lb.scale"],
                    },
                    {
                        "id": "lb.tg",
                        "title": "Create target group",
                        "letter": "Create Target Group\n  Choose a target type: Instances\n"
                        "  Protocol: HTTPS: 3567\n  Health Check Path: /hello",
                        "lines": "L14-20",
                        "step": "elbv2.target_group",
                        "with": {"vpc": "${inputs.vpc}", "name": "${inputs.name}"},
                        "advice": ["E13"],
                        "undo": "Delete the target group.",
                    },
                    {
                        "id": "lb.targets",
                        "title": "Add instances",
                        "letter": "Add Instances",
                        "step": "elbv2.targets",
                        "with": {"targets": "${inputs.targets}"},
                        "needs": ["lb.tg"],
                    },
                ],
            },
            {
                "title": "Load balancer",
                "items": [
                    {
                        "id": "lb.alb",
                        "title": "Create load balancer",
                        "letter": "Create Load Balancer\n  Scheme: internet-facing",
                        "step": "elbv2.load_balancer",
                        "with": {"name": "${inputs.name}", "subnets": "${inputs.subnets}"},
                    },
                    {
                        "id": "lb.listener",
                        "title": "Create listener HTTPS 3567",
                        "letter": "Security Policy: 2016-08",
                        "step": "elbv2.listener",
                        "with": {"policy": "${inputs.tls_policy}"},
                        "needs": ["lb.alb", "lb.tg"],
                        "advice": ["E11"],
                    },
                    {
                        "id": "lb.logs",
                        "title": "Encrypt the log bucket",
                        "letter": "Enable default encryption (Use default KMS key for S3)",
                        "step": "s3.encryption",
                        "with": {"algorithm": "${inputs.encryption}"},
                        "advice": ["E1"],
                    },
                ],
            },
            {
                "title": "To make sure you cover",
                "items": [
                    {
                        "id": "lb.confirm",
                        "title": "Subscriptions confirmed",
                        "letter": "Do confirm subscription for all 4 emails",
                        "step": "sns.confirmed",
                        "with": {"topic": "${inputs.topic}"},
                    },
                    {
                        "id": "lb.cover.rps",
                        "title": "1k requests per second",
                        "letter": "Can handle 1k requests per second",
                        "step": "cover.rps",
                    },
                ],
            },
        ],
    },
    Checklist,
)
PINNED = Pinned(checklist=CHECKLIST, text="id: add-load-balancer\n", sha256="0" * 64, advice=ADVICE)


def _dropdown(source: str, *options: Option) -> Dropdown:
    return Dropdown(options=options, source=f"{source} in us-east-1", read_at=READ_AT)


DROPDOWNS = {
    "vpc": _dropdown(
        "ec2:DescribeVpcs",
        Option("vpc-0a1", "prod (vpc-0a1)", "10.0.0.0/16 · runs acme", suggested=True),
        Option("vpc-0b2", "default (vpc-0b2)", "172.31.0.0/16", disabled="no public subnet"),
    ),
    "subnets": _dropdown(
        "ec2:DescribeSubnets",
        Option("subnet-a", "us-east-1a public", "250 addresses free", suggested=True),
        Option("subnet-b", "us-east-1b public", "248 addresses free", suggested=True),
        Option("subnet-c", "us-east-1c small", disabled="only 4 addresses free: 8 are needed"),
    ),
    "tls_policy": _dropdown(
        "elasticloadbalancing:DescribeSSLPolicies",
        Option(
            "ELBSecurityPolicy-TLS13-1-2-2021-06", "TLS13-1-2-2021-06", "1.2, 1.3", suggested=True
        ),
        Option("ELBSecurityPolicy-2016-08", "2016-08", "TLS 1.0 to 1.2: the letter"),
    ),
    "topic": _dropdown(
        "sns:ListTopics",
        Option("arn:1", "CloudWatch_Alarms_US_East_1_ELB", "4 subscriptions", suggested=True),
        *(Option(f"arn:t{n}", f"service-{n:03}-events") for n in range(120)),
    ),
    "targets": _dropdown(
        "ec2:DescribeInstances",
        Option("i-0aa", "core-acme-prod-1 (i-0aa)", "us-east-1a", suggested=True),
        Option("i-0bb", "core-acme-prod-2 (i-0bb)", "us-east-1b", suggested=True),
        Option("i-0cc", "core-acme-prod-3 (i-0cc)", "us-east-1c", disabled="stopped"),
    ),
}
DEFAULTS = {
    "vpc": "vpc-0a1",
    "name": "acme-prod",
    "size": 3,
    "subnets": ["subnet-a", "subnet-b"],
    "tls_policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
    "encryption": "AES256",
    "topic": "arn:1",
    "password": "scale-api-password",
    "targets": ["i-0aa:3567", "i-0bb:3567"],
}

CREATE = PlannedCall(
    title="Create target group acme-prod-tg",
    service="elbv2",
    operation="CreateTargetGroup",
    params={"Name": "acme-prod-tg", "Protocol": "HTTPS", "Port": 3567},
    region="us-east-1",
    cli="aws elbv2 create-target-group --name acme-prod-tg --protocol HTTPS --port 3567"
    " --health-check-protocol HTTPS --health-check-path /hello --region us-east-1",
)
DIFFERENCES = (
    Difference("TargetGroup", None, "acme-prod-tg"),
    Difference("HealthCheckProtocol", "HTTP", "HTTPS", reason="nginx answers plain HTTP with 400"),
    Difference("HealthCheckPath", "/", "/hello"),
)
