"""What a Lambda function is in one region: its settings and everything that hangs on it.

https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
"""

import json
from collections.abc import Mapping
from typing import Any

from steps.lambda_arns import regions_in
from wizard.effects import Facts, Json, Read
from wizard.step import Reads

NONE = ("ResourceNotFoundException",)
DEFAULTS: Mapping[str, Json] = {
    "Handler": None,
    "Runtime": None,
    "Description": "",
    "Timeout": 3,
    "MemorySize": 128,
    "PackageType": "Zip",
    "Architectures": ["x86_64"],
    "KMSKeyArn": None,
    "Role": None,
}
"""Settings that are taken over as they are, with what AWS takes when they are left out."""


def get(
    operation: str,
    name: str,
    region: str | None,
    *,
    absent: tuple[str, ...] = NONE,
    pages: str | None = None,
    **more: Json,
) -> Read:
    """A read of one function."""
    asked = {"FunctionName": name, **more}
    return Read("lambda", operation, asked, pages=pages, absent=absent, region=region)


def function_in(name: str, region: str | None) -> Reads[tuple[Facts | None, dict[str, str]]]:
    """The function there, and the values of its environment, which are nobody's to write down."""
    answer = yield get("GetFunction", name, region)
    if answer is None:
        return None, {}
    conf = answer["Configuration"]
    environment = conf.get("Environment") or {}
    values: dict[str, str] = dict(environment.get("Variables") or {})
    facts: dict[str, Json] = {
        **settings(conf),
        "arn": conf["FunctionArn"],
        "state": conf.get("State", "Active"),
        "state_reason": conf.get("StateReason", ""),
        "last_update": conf.get("LastUpdateStatus", "Successful"),
        "code": {
            "sha256": conf.get("CodeSha256", ""),
            "size": conf.get("CodeSize", 0),
            "image": (answer.get("Code") or {}).get("ImageUri", ""),
        },
        "environment": sorted(values),
        "environment_error": (environment.get("Error") or {}).get("ErrorCode", ""),
        "names_regions": {
            key: found for key in sorted(values) if (found := regions_in(values[key]))
        },
        "tags": dict(answer.get("Tags") or {}),
    }
    return facts, values


def settings(conf: Mapping[str, Any]) -> dict[str, Json]:
    """A function's configuration as facts, what AWS leaves out filled in."""
    vpc = conf.get("VpcConfig") or {}
    logging = conf.get("LoggingConfig") or {}
    own = f"/aws/lambda/{conf['FunctionName']}"
    image = (conf.get("ImageConfigResponse") or {}).get("ImageConfig") or {}
    return {
        **{
            name: default if conf.get(name) is None else conf[name]
            for name, default in DEFAULTS.items()
        },
        "TracingConfig": (conf.get("TracingConfig") or {}).get("Mode", "PassThrough"),
        "EphemeralStorage": (conf.get("EphemeralStorage") or {}).get("Size", 512),
        "SnapStart": (conf.get("SnapStart") or {}).get("ApplyOn", "None"),
        "ImageConfig": {key: part for key, part in image.items() if part} or None,
        "LoggingConfig": {
            "LogFormat": logging.get("LogFormat", "Text"),
            "LogGroup": logging.get("LogGroup") or own,
            **{
                key: logging[key]
                for key in ("ApplicationLogLevel", "SystemLogLevel")
                if logging.get(key)
            },
        },
        "Layers": [layer["Arn"] for layer in conf.get("Layers") or ()],
        "DeadLetterConfig": (conf.get("DeadLetterConfig") or {}).get("TargetArn"),
        "FileSystemConfigs": [one["Arn"] for one in conf.get("FileSystemConfigs") or ()],
        "VpcConfig": {
            "SubnetIds": sorted(vpc.get("SubnetIds") or ()),
            "SecurityGroupIds": sorted(vpc.get("SecurityGroupIds") or ()),
        },
    }


def attached_in(name: str, region: str | None) -> Reads[Facts | None]:
    """What stands around the function there: aliases, policies, URLs, event source mappings,
    concurrency, asynchronous invocation, runtime updates."""
    answer = yield get("GetFunction", name, region)
    if answer is None:
        return None
    aliases = yield get("ListAliases", name, region, pages="Aliases")
    urls = yield get("ListFunctionUrlConfigs", name, region, pages="FunctionUrlConfigs")
    provisioned = yield get(
        "ListProvisionedConcurrencyConfigs",
        name,
        region,
        pages="ProvisionedConcurrencyConfigs[].FunctionArn",
    )
    invoke = yield get("GetFunctionEventInvokeConfig", name, region)
    updates = yield get("GetRuntimeManagementConfig", name, region)
    signing = yield get("GetFunctionCodeSigningConfig", name, region)
    statements = yield from _statements(name, region, "")
    versions: dict[str, Json] = {}
    for alias in aliases:
        statements += yield from _statements(name, region, str(alias["Name"]))
        versions[alias["Name"]] = yield from _alias(name, region, alias)
    return {
        "arn": answer["Configuration"]["FunctionArn"],
        "state": answer["Configuration"].get("State", "Active"),
        "sha256": answer["Configuration"].get("CodeSha256", ""),
        "concurrency": (answer.get("Concurrency") or {}).get("ReservedConcurrentExecutions"),
        "mappings": (yield from _mappings(name, region)),
        "aliases": versions,
        "permissions": {f"{s['Qualifier']}:{s['Sid']}": s for s in statements},
        "urls": {
            qualifier_of(str(url["FunctionArn"])): {
                "AuthType": url["AuthType"],
                "Cors": url.get("Cors"),
                "InvokeMode": url.get("InvokeMode") or "BUFFERED",
            }
            for url in urls
        },
        "invoke": {
            key: invoke[key]
            for key in ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")
            if invoke and invoke.get(key) is not None
        },
        "runtime_updates": (updates or {}).get("UpdateRuntimeOn") or "Auto",
        "provisioned": list(provisioned),
        "code_signing": (signing or {}).get("CodeSigningConfigArn") or "",
    }


def _alias(name: str, region: str | None, alias: Mapping[str, Any]) -> Reads[Json]:
    version = str(alias["FunctionVersion"])
    sha = ""
    if version != "$LATEST":
        found = yield get("GetFunctionConfiguration", name, region, Qualifier=version)
        sha = (found or {}).get("CodeSha256", "")
    return {
        "version": "$LATEST" if version == "$LATEST" else "published",
        "sha256": sha,
        "description": alias.get("Description") or "",
        "weighted": bool((alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights")),
    }


def _statements(name: str, region: str | None, qualifier: str) -> Reads[list[Json]]:
    read = get("GetPolicy", name, region, Qualifier=qualifier)
    answer = yield read if qualifier else get("GetPolicy", name, region)
    if answer is None:
        return []
    policy = answer["Policy"]
    document = policy if isinstance(policy, Mapping) else json.loads(policy)
    return [statement(one, qualifier) for one in document["Statement"]]


def statement(one: Mapping[str, Any], qualifier: str) -> dict[str, Json]:
    """A statement of a function's policy in the words of AddPermission."""
    principal = one["Principal"]
    if isinstance(principal, Mapping):
        principal = next(iter(principal.values()))
    found = {
        "Qualifier": qualifier,
        "Sid": one["Sid"],
        "Action": one["Action"],
        "Principal": principal,
    }
    names = {
        "aws:sourcearn": "SourceArn",
        "aws:sourceaccount": "SourceAccount",
        "aws:principalorgid": "PrincipalOrgID",
        "lambda:functionurlauthtype": "FunctionUrlAuthType",
        "lambda:invokedviafunctionurl": "InvokedViaFunctionUrl",
    }
    for conditions in (one.get("Condition") or {}).values():
        for key, value in conditions.items():
            name = names.get(key.lower(), key)
            found[name] = value == "true" if name == "InvokedViaFunctionUrl" else value
    return found


COPIED = (
    "BatchSize",
    "FilterCriteria",
    "MaximumBatchingWindowInSeconds",
    "ParallelizationFactor",
    "StartingPosition",
    "MaximumRecordAgeInSeconds",
    "BisectBatchOnFunctionError",
    "MaximumRetryAttempts",
    "TumblingWindowInSeconds",
    "FunctionResponseTypes",
    "ScalingConfig",
    "DestinationConfig",
)


def _mappings(name: str, region: str | None) -> Reads[dict[str, Json]]:
    """Event source mappings by source."""
    listed = yield get("ListEventSourceMappings", name, region, pages="EventSourceMappings")
    return {
        str(one.get("EventSourceArn") or one["UUID"]): {
            "state": one["State"],
            "qualifier": qualifier_of(str(one["FunctionArn"])),
            **{key: one[key] for key in COPIED if one.get(key) not in (None, [], {})},
        }
        for one in listed
        if one["State"] != "Deleting"
    }


def qualifier_of(arn: str) -> str:
    """The alias or version at the end of a function's ARN; empty when there is none."""
    return arn.partition(":function:")[2].partition(":")[2]
