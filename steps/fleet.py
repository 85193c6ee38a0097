"""The company's instances: which app an instance serves, and how it reads in a list."""

import re
from collections.abc import Iterable
from typing import Any

from wizard.effects import Facts, Read

INSTANCES = Read(
    "ec2",
    "DescribeInstances",
    {
        "Filters": [
            {
                "Name": "instance-state-name",
                "Values": ["pending", "running", "stopping", "stopped"],
            }
        ]
    },
    pages="Reservations[].Instances[]",
)
"""All instances of the region that are not gone. One read for all who ask: it is shared."""

_CORE_NAME = re.compile(r"core-(?P<app>.+)-(?P<kind>prod|dev)-\d+")
_KINDS = {"prod": "production", "dev": "development"}
# What the deployment tool has started and what will serve: a stopped instance counts for nobody.
_UP = frozenset({"pending", "running"})


def tag(thing: Facts, key: str) -> str:
    """The value of a tag of an EC2 thing; empty when it has none."""
    for one in thing.get("Tags") or ():
        if one.get("Key") == key:
            return str(one.get("Value", ""))
    return ""


def app_of(instance: Facts) -> str:
    """The app that an instance runs a core of: tag `app`, else from its Name; empty if none."""
    named = tag(instance, "app")
    if named:
        return named
    match = _CORE_NAME.fullmatch(tag(instance, "Name"))
    return match["app"] if match else ""


def deployment_of(instance: Facts) -> str:
    """The deployment an instance belongs to: tag `deployment`, else from its Name."""
    named = tag(instance, "deployment")
    if named:
        return named
    match = _CORE_NAME.fullmatch(tag(instance, "Name"))
    return _KINDS[match["kind"]] if match else ""


def state(instance: Facts) -> str:
    """EC2's name of the instance's state, such as `running`."""
    return str((instance.get("State") or {}).get("Name", ""))


def zone(instance: Facts) -> str:
    """The Availability Zone the instance is in."""
    return str((instance.get("Placement") or {}).get("AvailabilityZone", ""))


def cores(instances: Iterable[Any], app_id: str, deployment: str = "") -> list[Any]:
    """The app's instances that are up or coming up, by id; of one deployment when it is named.

    An instance that does not say its deployment counts for each.
    """
    found = [
        one
        for one in instances
        if app_of(one) == app_id
        and state(one) in _UP
        and (not deployment or deployment_of(one) in {"", deployment})
    ]
    return sorted(found, key=lambda one: str(one.get("InstanceId")))


def zones(instances: Iterable[Any]) -> list[str]:
    """The zones they are in, each once, in order."""
    return sorted({zone(one) for one in instances})
