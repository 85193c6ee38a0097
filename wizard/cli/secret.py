"""`st-wizard secret set NAME`: asks without showing, and keeps it in a secure keyring alone."""

import getpass
import re
import sys
from collections.abc import Callable

import click

from wizard.cli.printed import print_json
from wizard.cli.settings import Settings
from wizard.errors import RefusedError, UsageError
from wizard.gateway.secrets import Secrets, variable

_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")


def set_secret(
    settings: Settings,
    name: str,
    *,
    secrets: Secrets | None = None,
    read: Callable[[str], str] | None = None,
) -> int:
    """Keep the secret `name`; 0 when it is kept.

    It is typed unseen, or read as one line from standard input when that is no terminal; it is
    never an argument, which other users of the machine could see. `RefusedError` (exit 4) when no
    keyring is secure: its text says how else the secret can be given.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            "This is not the name of a secret.",
            where="secret set",
            todo="Names have lower-case letters, digits and hyphens, such as scale-api-password.",
        )
    value = (read if read is not None else read_unseen)(f"Value of {name} (not shown): ")
    if not value:
        raise UsageError(
            "Nothing was given.", where=f"secret {name}", todo="Type it, or pipe it in as one line."
        )
    try:
        kept = (secrets if secrets is not None else Secrets()).keep(name, value)
    except RefusedError:
        raise
    except Exception as error:  # noqa: BLE001  each keyring backend has errors of its own
        # Its text is not repeated and it is not chained: a backend may quote what it was given.
        raise RefusedError(
            f"The keyring did not take it ({type(error).__name__}).",
            where=f"secret {name}",
            todo=f"Unlock the keyring, or set the environment variable {variable(name)}.",
        ) from None
    if settings.as_json:
        print_json({"secret": name, "kept_in": kept})
    else:
        click.echo(f"✓ {name} is kept in {kept}.")
    return 0


def read_unseen(prompt: str) -> str:
    """One line, typed without being shown, or from standard input when that is no terminal."""
    if sys.stdin.isatty():
        try:
            return getpass.getpass(prompt)
        except EOFError:
            return ""
    return sys.stdin.readline().rstrip("\r\n")
