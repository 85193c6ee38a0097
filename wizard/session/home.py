"""The directory that sessions live in: the operator's alone."""

import os
from pathlib import Path

from wizard.errors import RefusedError, WizardError


def prepare(home: Path) -> Path:
    """The journal's file in `home`, both made if they are not there: 0700 and 0600.

    A directory that was there before keeps its mode, since it may hold other things; one that
    others can write to is refused, since they could put another journal there.
    """
    file = home / "journal.db"
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        shared = home.stat().st_mode & 0o022
        if not shared:
            os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise WizardError(
            f"Sessions cannot be kept here: {error.strerror or error}.",
            where=str(home),
            todo="Choose a directory of your own with --home or ST_WIZARD_HOME.",
        ) from error
    if shared:
        raise RefusedError(
            "Others can write to this directory.",
            where=str(home),
            todo=f"Choose another with --home, or run: chmod go-w {home}",
        )
    return file
