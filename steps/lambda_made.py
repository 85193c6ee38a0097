"""The calls that make a function, or change its code and settings.

Each begins by reading the source again: the address of the code is valid for ten minutes, and the
values of the environment are kept nowhere in between.
https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
"""

from collections.abc import Generator, Mapping
from typing import Any

from steps.lambda_facts import get
from steps.lambda_layers import download, layer_at, layer_name, same_layer
from steps.lambda_wanted import Target
from steps.s3 import owned
from wizard.effects import UNKNOWN, Effect, Json, Write
from wizard.errors import StepError
from wizard.step import Reads, Writes

ZIP_LIMIT = 50 * 1024 * 1024
"""Bytes of a package that a call can carry.
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""


_TAKEN_AWAY: Mapping[str, Json] = {
    "Layers": [],
    "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []},
    "DeadLetterConfig": {"TargetArn": ""},
    "KMSKeyArn": "",
    "SnapStart": {"ApplyOn": "None"},
}
"""What takes a setting away: left out, it stays.
https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html"""


def create(target: Target) -> Writes:
    """CreateFunction, with code, settings, tags and environment."""
    step, there = target.step, target.there
    settings = yield from _settings(target)
    yield from _no_foreigner(target)
    asked = {
        "FunctionName": step.name,
        **settings,
        "PackageType": there["PackageType"],
        "Architectures": there["Architectures"],
        "Code": (yield from _code(target)),
        "Tags": {k: v for k, v in there["tags"].items() if not k.startswith("aws:")},
        "Environment": (yield from _environment(target)),
    }
    yield Write(
        "lambda",
        "CreateFunction",
        {key: value for key, value in asked.items() if value},
        title=f"Import function {step.name} from {step.source}",
    )


def update(target: Target, fields: set[str]) -> Writes:
    """What differs of a function that is there and may be overwritten: code, then settings."""
    name = target.step.name
    if fields & {"code", "Architectures"}:
        code = yield from _code(target)
        made = yield Write(
            "lambda",
            "UpdateFunctionCode",
            {"FunctionName": name, **code, "Architectures": target.there["Architectures"]},
            title=f"Overwrite the code of function {name}",
        )
        if made.get("LastUpdateStatus") == "InProgress":
            # Settings are refused until AWS is done, which mostly is at once.
            now = yield get("GetFunctionConfiguration", name, None)
            if now is None or now.get("LastUpdateStatus") == "InProgress":
                return  # they are for the next look
    if fields - {"code", "Architectures"}:
        settings = yield from _settings(target)
        taken = {key: value for key, value in _TAKEN_AWAY.items() if key in fields}
        asked = {"FunctionName": name, **taken, **settings}
        asked["Environment"] = yield from _environment(target)
        yield Write(
            "lambda",
            "UpdateFunctionConfiguration",
            {key: value for key, value in asked.items() if value is not None},
            title=f"Change the settings of function {name}",
        )


def _no_foreigner(target: Target) -> Reads[None]:
    """Looks once more whether the name is free: nothing would tell the two apart afterwards."""
    if (yield get("GetFunctionConfiguration", target.step.name, None)) is not None:
        raise StepError(
            f"A function {target.step.name} has appeared in {target.region} meanwhile.",
            where=target.step.name,
            todo="Retry: it is compared with the one to be imported.",
        )


def _settings(target: Target) -> Reads[dict[str, Json]]:
    """Configuration in the words of CreateFunction."""
    wanted = target.settings()
    vpc = wanted["VpcConfig"]
    dead = wanted["DeadLetterConfig"]
    snap = wanted["SnapStart"]
    shaped: dict[str, Json] = {
        key: wanted[key]
        for key in ("Runtime", "Handler", "Role", "Description", "Timeout", "MemorySize")
    }
    shaped |= {
        "KMSKeyArn": wanted["KMSKeyArn"],
        "TracingConfig": {"Mode": wanted["TracingConfig"]},
        "EphemeralStorage": {"Size": wanted["EphemeralStorage"]},
        "SnapStart": {"ApplyOn": snap} if snap != "None" else None,
        "ImageConfig": wanted["ImageConfig"],
        "LoggingConfig": wanted["LoggingConfig"],
        "DeadLetterConfig": {"TargetArn": dead} if dead else None,
        "VpcConfig": vpc if vpc["SubnetIds"] else None,
        "Layers": (yield from _layers(target)) or None,
    }
    return {key: value for key, value in shaped.items() if value is not None}


def _layers(target: Target) -> Reads[list[str]]:
    """The layers here; one that is still to be published is known only after apply."""
    found: list[str] = []
    for arn in target.there["Layers"]:
        here = target.maps["layers"][arn]
        if here is None:
            layer = yield from layer_at(arn, target.source)
            if layer is not None:
                here = yield from same_layer(layer_name(arn), layer["Content"]["CodeSha256"])
        found.append(UNKNOWN if here is None else here)
    return found


def _environment(target: Target) -> Reads[Json]:
    step = target.step
    _, values = yield from function_values(step.name, step.source)
    _, have = yield from function_values(step.name, None)
    merged = {**have, **step.environment(values)}
    return {"Variables": merged} if merged else None


def function_values(
    name: str, region: str | None
) -> Reads[tuple[Mapping[str, Any], dict[str, str]]]:
    """The answer of GetFunction and the values of the environment in it; empty when absent."""
    answer = yield get("GetFunction", name, region)
    if answer is None:
        return {}, {}
    environment = answer["Configuration"].get("Environment") or {}
    return answer, dict(environment.get("Variables") or {})


def _code(target: Target) -> Generator[Effect, Any, dict[str, Json]]:
    """The code in the words of CreateFunction and UpdateFunctionCode."""
    step = target.step
    if target.image():
        return {"ImageUri": target.image()}
    answer, _ = yield from function_values(step.name, step.source)
    if not answer:
        raise StepError(
            f"Function {step.name} is gone from {step.source}.", where=step.name, todo="Skip it."
        )
    conf = answer["Configuration"]
    blob = yield from download(
        answer["Code"]["Location"], conf["CodeSha256"], conf["CodeSize"], f"function {step.name}"
    )
    if blob.size <= ZIP_LIMIT:
        return {"ZipFile": blob}
    key = f"lambda-import/{step.name}/{blob.sha256}.zip"
    yield Write(
        "s3",
        "PutObject",
        {**owned(str(step.code_bucket), step.account_id), "Key": key, "Body": blob},
        title=f"Put the code of {step.name} into {step.code_bucket}",
    )
    return {"S3Bucket": step.code_bucket, "S3Key": key}
