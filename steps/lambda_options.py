"""Dropdowns of the Lambda import: functions, their layers and roles, and where they go."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from steps.ec2 import in_vpc
from steps.fleet import tag
from steps.lambda_arns import moved, name_in
from steps.lambda_facts import settings
from steps.lambda_layers import account_of, layer_name
from steps.lambda_runtimes import why_blocked
from steps.lambda_wanted import repository
from steps.subnets import leads_out
from wizard.effects import Facts, Json, Read
from wizard.step import Option, Options, Reads, options

_NO_IMAGE = ("RepositoryNotFoundException", "ImageNotFoundException")


def _functions(source: str) -> Read:
    return Read("lambda", "ListFunctions", pages="Functions", region=source, keeps=60.0)


@options("lambda.functions")
def functions(source: str, region: str) -> Options:
    """All functions of the source region, ticked; those that cannot be imported say why."""
    listed = yield _functions(source)
    triggers = yield from _triggers(source)
    lines = []
    for conf in sorted(listed, key=lambda one: str(one["FunctionName"])):
        name = str(conf["FunctionName"])
        missing = ""
        if conf.get("PackageType") == "Image":
            missing = yield from _missing_image(name, source, region)
        lines.append(
            Option(
                name,
                name,
                detail="; ".join(
                    part for part in (_columns(conf, triggers[name]), missing) if part
                ),
                suggested=not missing and not why_blocked(conf.get("Runtime")),
                disabled=why_blocked(conf.get("Runtime")),
            )
        )
    return lines


def _columns(conf: Facts, triggers: list[str]) -> str:
    known = settings(conf)
    runtime = conf.get("Runtime") or "image"
    words = [f"{runtime} {'/'.join(known['Architectures'])}", f"{conf.get('CodeSize', 0)} bytes"]
    if known["VpcConfig"]["SubnetIds"]:
        words.append("in a VPC")
    if known["Layers"]:
        words.append(f"layers {', '.join(layer_name(arn) for arn in known['Layers'])}")
    if triggers:
        words.append(f"triggers {', '.join(triggers)}")
    keys = sorted((conf.get("Environment") or {}).get("Variables") or {})
    if keys:
        words.append(f"environment {', '.join(keys)}")
    return ", ".join(words)


def _triggers(source: str) -> Reads[Mapping[str, list[str]]]:
    """What sets each function off, by its name."""
    found: dict[str, list[str]] = defaultdict(list)
    mappings = yield Read(
        "lambda", "ListEventSourceMappings", pages="EventSourceMappings", region=source
    )
    for one in mappings:
        found[_function(one["FunctionArn"])].append(name_in(str(one.get("EventSourceArn", ""))))
    rules = yield Read("events", "ListRules", pages="Rules[].Name", region=source)
    for rule in rules:
        targets = yield Read(
            "events", "ListTargetsByRule", {"Rule": rule}, pages="Targets[].Arn", region=source
        )
        for arn in targets:
            found[_function(arn)].append(f"rule {rule}")
    schedules = yield Read(
        "scheduler",
        "ListSchedules",
        pages="Schedules[].{Name: Name, Arn: Target.Arn}",
        region=source,
    )
    for one in schedules:
        found[_function(one["Arn"])].append(f"schedule {one['Name']}")
    return found


def _function(arn: str) -> str:
    return arn.partition(":function:")[2].partition(":")[0]


def _missing_image(name: str, source: str, region: str) -> Reads[str]:
    answer = yield Read("lambda", "GetFunction", {"FunctionName": name}, region=source)
    address = str(moved((answer.get("Code") or {}).get("ImageUri", ""), source, region))
    repo, tagged = repository(address)
    found = yield Read(
        "ecr",
        "DescribeImages",
        {"repositoryName": repo, "imageIds": [tagged]},
        absent=_NO_IMAGE,
        region=region,
    )
    return "" if found is not None else f"push or replicate {address} first, then tick it"


def _chosen(source: str, names: Iterable[str]) -> Reads[list[dict[str, Any]]]:
    listed = yield _functions(source)
    wanted = set(names)
    return [one for one in listed if one["FunctionName"] in wanted]


@options("lambda.layers")
def layers(source: str, account_id: str, names: list[str]) -> Options:
    """The account's own layer versions that the functions use; each is published once."""
    chosen = yield from _chosen(source, names)
    used: dict[str, list[str]] = defaultdict(list)
    for conf in chosen:
        for arn in settings(conf)["Layers"]:
            if account_of(arn) == account_id:
                used[arn].append(str(conf["FunctionName"]))
    return [
        Option(arn, arn.partition(":layer:")[2], f"used by {len(used[arn])} functions", True)  # noqa: FBT003
        for arn in sorted(used)
    ]


@options("lambda.roles")
def roles(source: str, names: list[str]) -> Options:
    """The roles that the functions run with, by name."""
    chosen = yield from _chosen(source, names)
    used: dict[str, int] = defaultdict(int)
    for conf in chosen:
        used[str(conf["Role"]).rpartition("/")[2]] += 1
    return [
        Option(role, role, f"of {count} functions", True)  # noqa: FBT003
        for role, count in sorted(used.items())
    ]


@options("lambda.subnets")
def subnets(vpc_id: str) -> Options:
    """The VPC's subnets. Without an internet gateway's route first: a function in a public subnet
    has no way out. https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html
    """
    found = yield Read("ec2", "DescribeSubnets", in_vpc(vpc_id), pages="Subnets")
    tables = yield Read("ec2", "DescribeRouteTables", in_vpc(vpc_id), pages="RouteTables")
    public = {
        str(one["SubnetId"]) for one in found if leads_out(str(one["SubnetId"]), vpc_id, tables)
    }
    private = len(public) < len(found)
    return [
        Option(
            one["SubnetId"],
            f"{one['AvailabilityZone']}  {tag(one, 'Name') or 'unnamed'} "
            f"({one['SubnetId']}, {one['CidrBlock']})",
            detail="public: functions in it reach nothing on the internet"
            if one["SubnetId"] in public
            else "private",
            suggested=not private or one["SubnetId"] not in public,
        )
        for one in sorted(
            found,
            key=lambda one: (one["SubnetId"] in public, one["AvailabilityZone"], one["SubnetId"]),
        )
    ]


@options("lambda.kms_keys")
def kms_keys() -> Options:
    """The region's keys by alias; AWS's own is suggested."""
    aliases = yield Read("kms", "ListAliases", pages="Aliases")
    own: list[Json] = [
        one for one in aliases if one.get("TargetKeyId") and "/aws/" not in one["AliasName"]
    ]
    return [
        Option("", "AWS's own key", "environments are encrypted at rest with it", True),  # noqa: FBT003
        *(
            Option(
                one["AliasArn"].partition(":alias/")[0] + f":key/{one['TargetKeyId']}",
                str(one["AliasName"]),
                str(one["TargetKeyId"]),
            )
            for one in own
        ),
    ]
