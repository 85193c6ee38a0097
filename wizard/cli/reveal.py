"""`st-wizard reveal`: what opens one value of a session, and nothing else of it."""

import sys
from collections.abc import Callable

import click
import msgspec

from wizard.cli.printed import print_json
from wizard.cli.secret import read_unseen
from wizard.cli.settings import Settings
from wizard.clock import SystemClock
from wizard.errors import UsageError
from wizard.evidence.reveal import Opened, asked_for, opened
from wizard.gateway.secrets import Secrets, variable
from wizard.safe import safe_line
from wizard.session.journal import Journal
from wizard.session.stores import open_store

_FORMS = {
    "text": "Give the value, and compare what it prints with the commit.",
    "lines": "Put the value into value.txt, with no newline added at its end, and compare what it "
    "prints with the commit.",
    "JSON": "Give the value as JSON in one line, without spaces, its keys sorted, and compare what "
    "it prints with the commit.",
}


def reveal_value(
    settings: Settings,
    session: str,
    called: str,
    *,
    from_secret: str = "",
    secrets: Secrets | None = None,
    read: Callable[[str], str] | None = None,
) -> int:
    """Print what opens the value that a session commits to under the name or commit `called`.

    The value is typed unseen, read from standard input when that is no terminal, or taken from
    the secret `from_secret`. `RefusedError` (exit 4) when it is another than was used.
    """
    journal = Journal(open_store(settings.home, settings.store), SystemClock())
    stored = journal.find(session)
    found = asked_for(journal.entries(stored.session), called)
    if from_secret:
        value = (secrets if secrets is not None else Secrets()).get(from_secret) or ""
        todo = f"Set {variable(from_secret)}, or leave --from-secret out and type it."
    else:
        value = (read if read is not None else _read)(f"Value of {found[0][1].name} (not shown): ")
        todo = "Type it, or pipe it in."
    if not value:
        raise UsageError("There is no value to compare.", where="reveal", todo=todo)
    told = opened(found, value, journal.seal(stored.session))
    if settings.as_json:
        built = {**msgspec.to_builtins(told), "check": told.check}
        print_json(built)
    else:
        for line in _lines(told):
            click.echo(safe_line(line, limit=400))
    return 0


def _lines(told: Opened) -> list[str]:
    return [
        f"✓ It is the value of {told.name}. It was not stored or printed.",
        "",
        f"commit  {told.commit}",
        f"salt    {told.salt}",
        *(f"line {one.line:<6} {one.event} {one.item}: {one.path}" for one in told.places),
        "",
        "Whoever has this salt can check this one value, and no other:",
        "",
        f"  {told.check}",
        "",
        _FORMS[told.form],
    ]


def _read(prompt: str) -> str:
    """As a secret is read, but all lines of standard input: a private key has many."""
    if sys.stdin.isatty():
        return read_unseen(prompt)
    text = sys.stdin.read()
    return text.removesuffix("\n").removesuffix("\r")
