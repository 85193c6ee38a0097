"""The SSM documents of us-east-1: commands that the company runs on its instances."""

from __future__ import annotations

import json
from typing import Any

from wizard.simulator.seed.company import OWNER, US
from wizard.simulator.seed.ground import Ground, tag_list


def _parameter(description: str, default: str | None = None) -> dict[str, str]:
    found = {"type": "String", "description": description}
    return found if default is None else {**found, "default": default}


# Name → what it does, its parameters, the shell commands it runs.
DOCUMENTS: dict[str, tuple[str, dict[str, dict[str, str]], tuple[str, ...]]] = {
    "InstallCloudWatchAgent": (
        "Installs the CloudWatch agent and starts it",
        {},
        (
            "curl -sSfo /tmp/agent.deb https://amazoncloudwatch-agent.s3.amazonaws.com"
            "/ubuntu/amd64/latest/amazon-cloudwatch-agent.deb",
            "dpkg -i /tmp/agent.deb",
            "systemctl enable --now amazon-cloudwatch-agent",
        ),
    ),
    "RestartCoreContainer": (
        "Restarts one core container",
        {"containerName": _parameter("Name of the container")},
        ("docker restart {{ containerName }}",),
    ),
    "StartCoreContainer": (
        "Starts a core container of an app",
        {
            "appId": _parameter("App id"),
            "imageTag": _parameter("Version of the core", "9.2"),
            "hostPort": _parameter("Port on the instance", "3567"),
        },
        (
            "docker run -d --name {{ appId }}-{{ hostPort }} --restart always"
            " -p 127.0.0.1:{{ hostPort }}:3567 supertokens-core:{{ imageTag }}",
        ),
    ),
    "StartUpdateNginx": (
        "Puts a core container behind nginx on a port",
        {
            "appId": _parameter("App id"),
            "nginxHostPort": _parameter("Port that customers call", "3567"),
        },
        (
            "/opt/supertokens/nginx/render {{ appId }} {{ nginxHostPort }}",
            "nginx -t",
            "systemctl reload nginx",
        ),
    ),
    "UpdateSSLCertificates": (
        "Fetches the renewed certificates from the bucket of the region",
        {"region": _parameter("Region of the bucket", US)},
        (
            "aws s3 cp s3://supertokens-saas-{{ region }}/ssl/ /etc/nginx/ssl/ --recursive",
            "systemctl reload nginx",
        ),
    ),
}


def plant_documents(ground: Ground) -> None:
    """Make the documents, as JSON of schema 2.2."""
    ssm = ground.backend("ssm", US)
    for name, (does, parameters, commands) in DOCUMENTS.items():
        ssm.create_document(
            content=json.dumps(_content(does, parameters, commands), indent=2),
            requires=[],
            attachments=[],
            name=name,
            version_name="",
            document_type="Command",
            document_format="JSON",
            target_type="/AWS::EC2::Instance",
            tags=tag_list({"VantaOwner": OWNER}),
        )


def _content(
    does: str, parameters: dict[str, dict[str, str]], commands: tuple[str, ...]
) -> dict[str, Any]:
    return {
        "schemaVersion": "2.2",
        "description": does,
        "parameters": parameters,
        "mainSteps": [
            {
                "action": "aws:runShellScript",
                "name": "run",
                "inputs": {"runCommand": list(commands)},
            }
        ],
    }
