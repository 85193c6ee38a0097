"""`policy`: the IAM policies that a checklist needs, made from what its steps declare."""

import json
import sys
from collections.abc import Mapping
from typing import Any

import click

import steps
from wizard.checklist.declared import declared
from wizard.checklist.load import load_bundled
from wizard.checklist.model import Checklist
from wizard.cli.printed import print_json
from wizard.cli.settings import Settings
from wizard.errors import UsageError
from wizard.gateway import profiles
from wizard.gateway.least_privilege import LIMIT, OWN, Allowed, policies, size
from wizard.gateway.redact import input_shape
from wizard.step import Registry


def needed(
    checklist: Checklist, *, read_only: bool = False, corroborate: bool = False, region: str = ""
) -> list[Mapping[str, Any]]:
    """The documents; `read_only` is enough for `plan`, `compare`, `recheck` and the dropdowns,
    and with `corroborate` for that too."""
    calls = declared(checklist, Registry.of(steps), _is_operation, reads_only=read_only)
    own = [Allowed(service, operation, writes=False) for service, operation in OWN]
    if corroborate:
        own.append(Allowed("cloudtrail", "LookupEvents", writes=False, elsewhere=True))
    listed = (Allowed(one.service, one.operation, one.writes, one.elsewhere) for one in calls)
    return policies([*own, *listed], region)


def print_policies(
    settings: Settings, *, checklist: str, read_only: bool, corroborate: bool
) -> int:
    """Print them, one document after the other; nothing is called."""
    region = settings.region
    if region and region not in {name for name, _ in profiles.regions()}:
        raise UsageError(
            f"There is no region called {region}.",
            where="--region",
            todo="Regions are named like eu-central-2.",
        )
    documents = needed(
        load_bundled(checklist).checklist,
        read_only=read_only,
        corroborate=corroborate,
        region=region,
    )
    if settings.as_json:
        print_json(documents)
        return 0
    for document in documents:
        click.echo(json.dumps(document, indent=2))
    sizes = ", ".join(f"{size(document):,}" for document in documents)
    if len(documents) > 1:
        sys.stderr.write(
            f"One managed policy holds {LIMIT:,} characters, and this is more: attach all "
            f"{len(documents)} ({sizes} characters), or take them one by one with --json.\n"
        )
    else:
        sys.stderr.write(f"{sizes} of the {LIMIT:,} characters of a managed policy.\n")
    if not read_only:
        sys.stderr.write(
            "Resources stay * because their names are answers that are not given yet.\n"
        )
    return 0


def _is_operation(service: str, operation: str) -> bool:
    return input_shape(service, operation) is not None
