"""What a function is to be in another region, from what it is in the source region. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from steps.lambda_arns import moved, service_of
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
    def subnets(self) -> tuple[str, ...]: ...
    @property
    def kms_key(self) -> str: ...
    @property
    def code_bucket(self) -> str: ...
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
        self.subnets = sorted(step.subnets)
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

    def permissions(self) -> dict[str, dict[str, Json]]:
        """Who may invoke it, those left out whose events cannot come here."""
        return {
            key: moved(one, self.source, self.region)
            for key, one in self.there["permissions"].items()
            if service_of(str(one.get("SourceArn", ""))) != "s3"
        }

    def mappings(self) -> dict[str, dict[str, Json]]:
        """Event source mappings whose source is in this region."""
        return {
            home: moved(one, self.source, self.region)
            for arn, one in self.there["mappings"].items()
            if (home := self.at_home(arn)) is not None
        }

    def invoke(self) -> dict[str, Json]:
        """Asynchronous invocation, destinations that are not here left out."""
        found = dict(self.there["invoke"])
        destinations = {
            on: {"Destination": home}
            for on, one in (found.pop("DestinationConfig", None) or {}).items()
            if (home := self.at_home(one.get("Destination"))) is not None
        }
        return {**found, **({"DestinationConfig": destinations} if destinations else {})}

    def aliases(self) -> list[str]:
        """Aliases that can be made here: of the latest code, or of a version that equals it."""
        sha = self.there["code"]["sha256"]
        return [
            name
            for name, one in self.there["aliases"].items()
            if one["version"] == "$LATEST" or one["sha256"] == sha
        ]

    def rules(self) -> dict[str, Any]:
        """EventBridge rules that are not managed by AWS."""
        return dict(self.there["rules"])

    def notes(self) -> Iterator[str]:
        """What is not copied, or is to be known, in the operator's words."""
        there = self.there
        if there["DeadLetterConfig"] and not self.at_home(there["DeadLetterConfig"]):
            yield f"no dead-letter queue: {there['DeadLetterConfig']} is not in {self.region}"
        for arn in there["mappings"]:
            if self.at_home(arn) is None:
                yield f"no event source mapping: {arn} has no counterpart in {self.region}"
        for one in there["permissions"].values():
            kind = service_of(str(one.get("SourceArn", "")))
            if kind == "s3":
                yield f"{one['SourceArn']} cannot invoke a function of another region"
            elif kind == "sns":
                yield f"{one['SourceArn']} is not subscribed to it: subscribe a topic yourself"
        for on, one in ((there["invoke"] or {}).get("DestinationConfig") or {}).items():
            if one.get("Destination") and self.at_home(one["Destination"]) is None:
                yield f"no destination {on}: {one['Destination']} is not in {self.region}"
        for name, one in there["aliases"].items():
            if name not in self.aliases():
                yield f"alias {name} is of an older version, whose code is not copied"
            elif one["weighted"]:
                yield f"alias {name} points to one version here, without weights"
        if there["runtime_updates"] == "Manual":
            yield "its runtime is updated by AWS here: a pinned version belongs to its region"
        if there["provisioned"]:
            yield "no provisioned concurrency, which costs while nothing calls it"
        if there["code_signing"]:
            yield f"no code signing: {there['code_signing']} belongs to {self.source}"
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
