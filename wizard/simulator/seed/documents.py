"""The SSM documents of us-east-1: commands that the company runs on its instances."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from wizard.simulator.seed.company import OWNER, US
from wizard.simulator.seed.ground import Ground, tag_list

# The account of the company's contractor, which runs one of the commands too.
CONTRACTOR = "210987654321"


def _parameter(description: str, default: str | None = None) -> dict[str, str]:
    found = {"type": "String", "description": description}
    return found if default is None else {**found, "default": default}


@dataclass(frozen=True, slots=True)
class Planted:
    """One document. `before` are the commands of its older versions, the oldest first."""

    does: str
    commands: tuple[str, ...]
    parameters: dict[str, dict[str, str]] = field(default_factory=dict)
    format: str = "JSON"
    before: tuple[tuple[str, ...], ...] = ()
    version_name: str = ""
    display_name: str = ""
    shared_with: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()


DOCUMENTS: dict[str, Planted] = {
    "HardenInstance": Planted(
        "Applies the hardening profile that comes with the document",
        ("tar -xzf hardening-profile.tar.gz -C /opt/hardening", "/opt/hardening/apply"),
        attachments=("hardening-profile.tar.gz",),
    ),
    "InstallCloudWatchAgent": Planted(
        "Installs the CloudWatch agent and starts it",
        (
            "curl -sSfo /tmp/agent.deb https://amazoncloudwatch-agent.s3.amazonaws.com"
            "/ubuntu/amd64/latest/amazon-cloudwatch-agent.deb",
            "dpkg -i /tmp/agent.deb",
            "systemctl enable --now amazon-cloudwatch-agent",
        ),
        shared_with=(CONTRACTOR,),
    ),
    "RestartCoreContainer": Planted(
        "Restarts one core container",
        ("docker restart {{ containerName }}",),
        {"containerName": _parameter("Name of the container")},
        format="YAML",
    ),
    "StartCoreContainer": Planted(
        "Starts a core container of an app",
        (
            "docker run -d --name {{ appId }}-{{ hostPort }} --restart always"
            " -p 127.0.0.1:{{ hostPort }}:3567 supertokens-core:{{ imageTag }}",
        ),
        {
            "appId": _parameter("App id"),
            "imageTag": _parameter("Version of the core", "9.2"),
            "hostPort": _parameter("Port on the instance", "3567"),
        },
        before=(
            ("docker run -d --name {{ appId }} supertokens-core:{{ imageTag }}",),
            ("docker run -d --name {{ appId }}-{{ hostPort }} supertokens-core:{{ imageTag }}",),
        ),
        version_name="restart-always",
        display_name="Start a core container",
    ),
    "StartUpdateNginx": Planted(
        "Puts a core container behind nginx on a port",
        (
            "/opt/supertokens/nginx/render {{ appId }} {{ nginxHostPort }}",
            "nginx -t",
            "systemctl reload nginx",
        ),
        {
            "appId": _parameter("App id"),
            "nginxHostPort": _parameter("Port that customers call", "3567"),
        },
    ),
    "UpdateSSLCertificates": Planted(
        "Fetches the renewed certificates from the bucket of the region",
        (
            "aws s3 cp s3://supertokens-saas-{{ region }}/ssl/ /etc/nginx/ssl/ --recursive",
            "systemctl reload nginx",
        ),
        {"region": _parameter("Region of the bucket", US)},
    ),
}


def plant_documents(ground: Ground) -> None:
    """Make the documents, of schema 2.2, each with its newest version as the default."""
    ssm = ground.backend("ssm", US)
    for name, planted in DOCUMENTS.items():
        first, *later = (*planted.before, planted.commands)
        ssm.create_document(
            content=_text(planted, first),
            requires=[],
            attachments=[
                {"Key": "SourceUrl", "Values": [f"s3://supertokens-deploy/{one}"], "Name": one}
                for one in planted.attachments
            ],
            name=name,
            version_name="" if later else planted.version_name,
            document_type="Command",
            document_format=planted.format,
            target_type="/AWS::EC2::Instance",
            tags=tag_list({"VantaOwner": OWNER}),
        )
        for number, commands in enumerate(later, 2):
            ssm.update_document(
                content=_text(planted, commands),
                attachments=[],
                name=name,
                version_name=planted.version_name if commands == planted.commands else "",
                document_version="$LATEST",
                document_format=planted.format,
                target_type="/AWS::EC2::Instance",
            )
            ssm.update_document_default_version(name, str(number))
        if planted.display_name:
            ssm._get_documents(name).get_default_version().display_name = planted.display_name  # noqa: SLF001
        if planted.shared_with:
            ssm.modify_document_permission(name, list(planted.shared_with), [], "", "Share")


def _text(planted: Planted, commands: tuple[str, ...]) -> str:
    document = {
        "schemaVersion": "2.2",
        "description": planted.does,
        "parameters": planted.parameters,
        "mainSteps": [
            {
                "action": "aws:runShellScript",
                "name": "run",
                "inputs": {"runCommand": list(commands)},
            }
        ],
    }
    return (
        "\n".join(_yaml(document)) if planted.format == "YAML" else json.dumps(document, indent=2)
    )


def _yaml(value: Any, indent: str = "") -> list[str]:
    """A document's text in YAML, with each text quoted as JSON quotes it."""
    lines = []
    entries = value.items() if isinstance(value, dict) else ((None, one) for one in value)
    for key, part in entries:
        head = f"{indent}- " if key is None else f"{indent}{key}:"
        if isinstance(part, dict | list) and part:
            inner = _yaml(part, indent + "  ")
            if key is None:
                lines += [head + inner[0].lstrip(), *inner[1:]]
            else:
                lines += [head, *inner]
        else:
            lines.append(f"{head}{'' if key is None else ' '}{json.dumps(part)}")
    return lines
