"""The common options, and how commands get them."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from wizard.cli.settings import Settings, default_home

_COMMON = (
    click.option("--profile", metavar="NAME", help="AWS profile to use."),
    click.option("--region", metavar="REGION", help="AWS region to work in."),
    click.option(
        "--endpoint-url", metavar="URL", help="Send every AWS call there: a simulated account."
    ),
    click.option(
        "--home",
        type=click.Path(path_type=Path, file_okay=False),
        help="Where sessions are kept [ST_WIZARD_HOME].",
    ),
    click.option(
        "--store",
        metavar="URL",
        envvar="ST_WIZARD_STORE",
        help="Keep sessions on a PostgreSQL server [ST_WIZARD_STORE].",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print JSON."),
)
_NAMES = ("profile", "region", "endpoint_url", "home", "store", "as_json")


def common(function: Callable[..., int]) -> Callable[..., int]:
    """Adds the common options; the command gets them as `settings`.

    They may stand before or after the command's name; after it they win.
    """

    @click.pass_context
    @functools.wraps(function)
    def command(context: click.Context, /, **given: Any) -> int:
        root = context.find_root()
        own = {name: given.pop(name) for name in _NAMES}
        outer = root.params if root is not context else {}
        said = {name: own[name] or outer.get(name) for name in _NAMES}
        settings = Settings(
            home=(said["home"] or default_home()).expanduser().absolute(),
            profile=said["profile"] or "",
            region=said["region"] or "",
            endpoint_url=(said["endpoint_url"] or "").rstrip("/"),
            store=said["store"] or "",
            as_json=bool(said["as_json"]),
        )
        return function(settings=settings, **given)

    result: Callable[..., int] = command
    for option in reversed(_COMMON):
        result = option(result)
    return result
