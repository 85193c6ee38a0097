"""The calls that hang onto a function what hangs on it in the source region.

What sets it off is made disabled: a job that runs in two regions runs twice.
"""

from typing import Any

from steps.lambda_arns import moved
from steps.lambda_around import Around
from steps.lambda_clocks import copy_rule, copy_schedule
from wizard.effects import Facts, Json, Write
from wizard.step import Writes


def attach(around: Around, here: Facts, fields: set[str]) -> Writes:
    """What is missing, in the order in which one needs the other."""
    name, there = around.name, around.there
    if "concurrency" in fields:
        yield Write(
            "lambda",
            "PutFunctionConcurrency",
            {"FunctionName": name, "ReservedConcurrentExecutions": there["concurrency"]},
            title=f"Reserve {there['concurrency']} concurrent executions for {name}",
        )
    if "invoke" in fields:
        yield Write(
            "lambda",
            "PutFunctionEventInvokeConfig",
            {"FunctionName": name, **around.invoke()},
            title=f"Set how {name} is invoked asynchronously",
        )
    if "runtime_updates" in fields:
        yield Write(
            "lambda",
            "PutRuntimeManagementConfig",
            {"FunctionName": name, "UpdateRuntimeOn": there["runtime_updates"]},
            title=f"Set when the runtime of {name} is updated",
        )
    if "aliases" in fields:
        yield from _aliases(around, here)
    if "urls" in fields:
        yield from _urls(around, here)
    if "permissions" in fields:
        yield from _permissions(around, here)
    if "mappings" in fields:
        yield from _mappings(around, here)
    yield from _clocks(around, here, fields)


def _have(here: Facts, part: str) -> dict[str, Any]:
    return {key: one for key, one in (here.get(part) or {}).items() if one is not None}


def _aliases(around: Around, here: Facts) -> Writes:
    name = around.name
    missing = [alias for alias in around.aliases() if alias not in _have(here, "aliases")]
    version: Json = None
    for alias in missing:
        one = around.there["aliases"][alias]
        if one["version"] != "$LATEST" and version is None:
            # PublishVersion makes no new one while nothing has changed since the last.
            made = yield Write(
                "lambda",
                "PublishVersion",
                {"FunctionName": name, "CodeSha256": around.there["sha256"]},
                title=f"Publish a version of {name}",
            )
            version = made["Version"]
        yield Write(
            "lambda",
            "CreateAlias",
            {
                "FunctionName": name,
                "Name": alias,
                "FunctionVersion": "$LATEST" if one["version"] == "$LATEST" else version,
                "Description": one["description"],
            },
            title=f"Create alias {alias} of {name}",
        )


def _urls(around: Around, here: Facts) -> Writes:
    name = around.name
    for qualifier, url in around.there["urls"].items():
        if qualifier in _have(here, "urls") or qualifier not in around.urls():
            continue
        asked = {"FunctionName": name, "Qualifier": qualifier, **url}
        yield Write(
            "lambda",
            "CreateFunctionUrlConfig",
            {key: value for key, value in asked.items() if value},
            title=f"Give {name} a URL, authentication {url['AuthType']}",
        )


def _permissions(around: Around, here: Facts) -> Writes:
    name = around.name
    for key, one in around.permissions().items():
        if key in _have(here, "permissions"):
            continue
        asked = {
            "FunctionName": name,
            "StatementId": one["Sid"],
            **{field: value for field, value in one.items() if field != "Sid"},
        }
        yield Write(
            "lambda",
            "AddPermission",
            {field: value for field, value in asked.items() if value},
            title=f"Let {one['Principal']} invoke {name}",
        )


def _mappings(around: Around, here: Facts) -> Writes:
    name = around.name
    for arn, one in around.mappings().items():
        if arn in _have(here, "mappings"):
            continue
        qualifier = one["qualifier"]
        copied = {key: value for key, value in one.items() if key not in {"state", "qualifier"}}
        yield Write(
            "lambda",
            "CreateEventSourceMapping",
            {
                "EventSourceArn": arn,
                "FunctionName": f"{name}:{qualifier}" if qualifier else name,
                "Enabled": False,
                **copied,
            },
            title=f"Map {arn} to {name}, disabled",
        )


def _clocks(around: Around, here: Facts, fields: set[str]) -> Writes:
    source, region = around.source, around.region
    if "rules" in fields:
        for name, rule in around.there["rules"].items():
            have = (here.get("rules") or {}).get(name)
            arn = moved(rule["arn"], source, region)
            if have is None or arn not in have["targets"].values():
                yield from copy_rule(name, rule, have, source, region)
    if "schedules" in fields:
        for key in around.there["schedules"]:
            if (here.get("schedules") or {}).get(key) is None:
                yield from copy_schedule(key, source, region)
