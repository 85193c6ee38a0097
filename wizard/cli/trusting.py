"""The options by which an auditor says whom they trust; no bundle says that itself."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_OPTIONS = (
    click.option(
        "--allowed-signers",
        type=_FILE,
        help="Whose keys may sign, as ssh-keygen(1) has it: from elsewhere, not of the bundle.",
    ),
    click.option(
        "--tsa-certificate", type=_FILE, help="Root certificate of the timestamp's authority, PEM."
    ),
)


def trusting(function: Callable[..., int]) -> Callable[..., int]:
    """Adds these options; the command gets them as `trusted`."""

    @functools.wraps(function)
    def command(**given: Any) -> int:
        said = {name: given.pop(name) for name in ("allowed_signers", "tsa_certificate")}
        from wizard.evidence.verify.vouched import Trusted  # noqa: PLC0415  when it is called

        return function(trusted=Trusted(**said), **given)

    result: Callable[..., int] = command
    for option in reversed(_OPTIONS):
        result = option(result)
    return result
