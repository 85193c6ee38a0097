"""Layers of Lambda functions: found again in another region by their content, and published."""

import base64
from collections.abc import Mapping
from typing import Any, ClassVar

from wizard.effects import UNKNOWN, Blob, Facts, Fetch, Json, Read, Write
from wizard.errors import StepError
from wizard.step import Action, Difference, Differences, Reads, Writes, step

_GONE = ("ResourceNotFoundException",)
KEPT = ("Description", "CompatibleArchitectures", "CompatibleRuntimes", "LicenseInfo")


def layer_name(arn: str) -> str:
    """The name in a layer version's ARN."""
    return arn.partition(":layer:")[2].partition(":")[0]


def account_of(arn: str) -> str:
    """The account that owns what the ARN names."""
    return arn.split(":")[4]


def layer_at(arn: str, region: str) -> Reads[dict[str, Any] | None]:
    """What a layer version of a region is; with a presigned URL, so not to be written down."""
    answer: dict[str, Any] | None = yield Read(
        "lambda", "GetLayerVersionByArn", {"Arn": arn}, absent=_GONE, region=region
    )
    return answer


def same_layer(name: str, sha256: str) -> Reads[str | None]:
    """The ARN of the newest version in the session's region that has this content."""
    versions = yield Read(
        "lambda",
        "ListLayerVersions",
        {"LayerName": name},
        pages="LayerVersions[].Version",
        absent=_GONE,
    )
    for version in sorted(versions, reverse=True):
        found = yield Read(
            "lambda", "GetLayerVersion", {"LayerName": name, "VersionNumber": version}, absent=_GONE
        )
        if found is not None and found["Content"]["CodeSha256"] == sha256:
            return str(found["LayerVersionArn"])
    return None


def blob_of(sha256: str, size: int) -> Blob:
    """The blob that a download must be: Lambda writes hashes in base64."""
    return Blob(sha256=base64.b64decode(sha256).hex(), size=size)


def download(url: Json, sha256: str, size: int, what: str) -> Reads[Blob]:
    """Fetches code; it must be what AWS says it is."""
    expected = blob_of(sha256, size)
    got = yield Fetch(url)
    if got is not UNKNOWN and got != expected:
        raise StepError(
            f"What was downloaded is not {what}: its SHA-256 is not the one that AWS gives.",
            where=what,
            todo="Retry. If it stays so, something between here and AWS changes downloads.",
        )
    return expected


@step("lambda.layer")
class Layer(Action, frozen=True, kw_only=True):
    """A layer version of the source region, published in this one with the same content.

    https://docs.aws.amazon.com/lambda/latest/api/API_PublishLayerVersion.html
    """

    volatile: ClassVar[tuple[str, ...]] = ("source",)
    """The reference region's layer."""

    arn: str
    """Of the version in the source region."""
    source: str
    """The source region."""

    def lock(self) -> str | None:
        return f"lambda layer {layer_name(self.arn)}"

    def observe(self) -> Reads[Facts | None]:
        layer = yield from layer_at(self.arn, self.source)
        if layer is None:
            return None
        content: Mapping[str, Any] = layer["Content"]
        here = yield from same_layer(layer_name(self.arn), content["CodeSha256"])
        return {
            "source": {
                "arn": self.arn,
                "sha256": content["CodeSha256"],
                "size": content["CodeSize"],
                **{key: layer[key] for key in KEPT if layer.get(key)},
            },
            "arn": here,
        }

    def differences(self, found: Facts | None) -> Differences:
        if found is None:
            reason = f"{self.arn} is gone, or its owner does not let it be read."
            return (Difference("source", None, self.arn, reason=reason, fixable=False),)
        if found["arn"] is None:
            return (Difference("layer", None, layer_name(self.arn)),)
        return ()

    def converge(self, found: Facts | None, differences: Differences) -> Writes:
        layer = yield from layer_at(self.arn, self.source)
        if layer is None:
            raise StepError(f"{self.arn} is gone.", where=self.arn, todo="Retry: look again.")
        content, name = layer["Content"], layer_name(self.arn)
        blob = yield from download(
            content["Location"], content["CodeSha256"], content["CodeSize"], f"layer {name}"
        )
        yield Write(
            "lambda",
            "PublishLayerVersion",
            {
                "LayerName": name,
                "Content": {"ZipFile": blob},
                **{key: layer[key] for key in KEPT if layer.get(key)},
            },
            title=f"Publish layer {name}",
        )
