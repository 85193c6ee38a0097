"""What a function is to be in another region, from what it is in the source region. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from steps.lambda_arns import moved
from steps.lambda_facts import DEFAULTS
from wizard.effects import Facts, Json

SETTINGS = (
    *DEFAULTS,
    "TracingConfig",
    "EphemeralStorage",
    "SnapStart",
    "ImageConfig",
    "LoggingConfig",
    "Layers",
    "DeadLetterConfig",
    "VpcConfig",
)
"""What CreateFunction sets, and UpdateFunctionConfiguration and UpdateFunctionCode change."""


class Import(Protocol):
    """What `lambda.function` is told."""

    @property
    def name(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def account_id(self) -> str: ...
    @property
    def vpc_id(self) -> str: ...
    @property
    def subnets(self) -> tuple[str, ...] | None: ...
    @property
    def kms_key(self) -> str | None: ...
    @property
    def code_bucket(self) -> str | None: ...
    def environment(self, values: dict[str, str]) -> dict[str, str]:
        """The values as they are to be."""
        ...


class Target:
    """Where a function is to go, and what its parts are called there."""

    def __init__(self, step: Import, found: Facts) -> None:
        """`found` is what `lambda.function` observes."""
        self.step = step
        self.there: Mapping[str, Any] = found["source"]
        self.maps: Mapping[str, Any] = found["there"]
        self.source = step.source
        self.region = step.region
        self.subnets = sorted(step.subnets or ())
        self.kms_key = step.kms_key or None

    def settings(self) -> dict[str, Json]:
        """Its configuration, in the words of `lambda_facts.settings`."""
        there = self.there
        return {
            **{name: there[name] for name in SETTINGS},
            "KMSKeyArn": self.kms_key if there["KMSKeyArn"] else None,
            "Layers": [self.maps["layers"][arn] for arn in there["Layers"]],
            "DeadLetterConfig": self.at_home(there["DeadLetterConfig"]),
            "VpcConfig": {
                "SubnetIds": self.subnets if there["VpcConfig"]["SubnetIds"] else [],
                "SecurityGroupIds": sorted(
                    str(self.maps["groups"][one]["id"])
                    for one in there["VpcConfig"]["SecurityGroupIds"]
                ),
            },
        }

    def code(self) -> str:
        """Its SHA-256, or for an image the address in this region."""
        return self.image() or str(self.there["code"]["sha256"])

    def image(self) -> str:
        """Of an image package, its address in this region."""
        return str(moved(self.there["code"]["image"], self.source, self.region))

    def at_home(self, arn: str | None) -> str | None:
        """The ARN in this region, if what it names is here."""
        here = moved(arn, self.source, self.region)
        return here if here in self.maps["existing"] else None

    def notes(self) -> Iterator[str]:
        """What is not copied, or is to be known, in the operator's words."""
        there = self.there
        if there["DeadLetterConfig"] and not self.at_home(there["DeadLetterConfig"]):
            yield f"no dead-letter queue: {there['DeadLetterConfig']} is not in {self.region}"
        for key, regions in there["names_regions"].items():
            yield f"{key} names {', '.join(regions)}"


def too_large(values: Mapping[str, str]) -> bool:
    """Whether an environment is over Lambda's 4 KB, names and values as JSON."""
    return sum(len(key.encode()) + len(value.encode()) + 6 for key, value in values.items()) > 4096


def repository(image: str) -> tuple[str, dict[str, str]]:
    """Name and image id, as ECR takes them, of an image's address."""
    path = re.sub(r"^[^/]*/", "", image)
    name, found, digest = path.partition("@")
    if found:
        return name.partition(":")[0], {"imageDigest": digest}
    name, _, tag = path.partition(":")
    return name, {"imageTag": tag or "latest"}
