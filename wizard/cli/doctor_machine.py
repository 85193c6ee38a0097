"""The doctor's checks of this machine: nothing leaves it."""

import importlib.util
import os
import platform
import re
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from importlib import metadata
from pathlib import Path
from typing import TextIO

from wizard import __version__
from wizard.cli.checkup import Finding, note, ok, wrong
from wizard.clock import SystemClock
from wizard.errors import WizardError
from wizard.gateway.keyrings import secure_keyring
from wizard.gateway.secrets import PREFIX
from wizard.session.journal import Journal
from wizard.session.stores import FileStore, ServerStore
from wizard.session.tables import SCHEMA

_PINNED = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^\s;]+)(?P<rest>.*)")
OLDEST_PYTHON = (3, 11)


def python() -> Finding:
    """The interpreter."""
    found = f"{platform.python_version()}, {platform.platform(terse=True)}"
    if sys.version_info < OLDEST_PYTHON:
        return wrong("Python", found, "Install Python 3.11 or newer.")
    return ok("Python", found)


def packages(required: Iterable[str] | None = None) -> Finding:
    """The installed packages against the versions that st-wizard was tested with."""
    if required is None:
        try:
            required = metadata.requires("st-wizard") or ()
        except metadata.PackageNotFoundError:
            return note("Packages", f"st-wizard {__version__}, run without being installed")
    missing, other, right = [], [], 0
    for line in required:
        pinned = _PINNED.match(line)
        if pinned is None or "extra" in pinned["rest"]:
            continue
        try:
            have = metadata.version(pinned["name"])
        except metadata.PackageNotFoundError:
            missing.append(pinned["name"])
            continue
        if have == pinned["version"]:
            right += 1
        else:
            other.append(f"{pinned['name']} {have}, not {pinned['version']}")
    found = f"st-wizard {__version__}, {right} packages of the tested versions"
    if missing:
        return wrong("Packages", f"missing: {', '.join(missing)}", "Install st-wizard again.")
    if other:
        return note("Packages", f"{found}; {'; '.join(other)}", "Install st-wizard again.")
    return ok("Packages", found)


def home(folder: Path) -> Finding:
    """Where sessions are kept: there, ours, writable, and closed to others."""
    if not folder.exists():
        above = next(part for part in folder.absolute().parents if part.exists())
        if not os.access(above, os.W_OK):
            return wrong("Home", f"{folder} cannot be made", f"Name another with --home: {above} "
                         "may not be written to.")  # fmt: skip
        return ok("Home", f"{folder} is made when the first session begins")
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        return wrong("Home", f"{folder} cannot be written to", "Name another with --home.")
    about = folder.stat()
    if about.st_uid != os.getuid():
        return wrong("Home", f"{folder} belongs to another user", "Name your own with --home.")
    mode = stat.S_IMODE(about.st_mode)
    if mode & 0o077:
        return note("Home", f"{folder} is open to others ({mode:04o})", f"chmod 700 '{folder}'")
    return ok("Home", f"{folder} ({mode:04o})")


def journal(folder: Path) -> Finding:
    """The journal: readable, of a known format, every chain whole."""
    path = folder / "journal.db"
    if not path.exists():
        return ok("Journal", "none yet")
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            health = database.execute("PRAGMA quick_check").fetchone()[0]
            row = database.execute("SELECT schema FROM meta").fetchone()
    except sqlite3.Error as error:
        return wrong("Journal", f"{path}: {error}", "Bring back a copy, or name another --home.")
    if health != "ok":
        return wrong("Journal", f"{path}: {health}", "Bring back a copy, or name another --home.")
    if row is None or row[0] > SCHEMA:
        found = f"{path} has format {row[0] if row else 'unknown'}, this st-wizard reads {SCHEMA}"
        return wrong("Journal", found, "Update st-wizard.")
    try:
        kept = Journal(FileStore(folder), SystemClock())
        sessions = kept.sessions()
        for session in sessions:
            kept.entries(session.session)
    except WizardError as error:
        return wrong("Journal", str(error), "Bring back a copy, or name another --home.")
    number = f"{len(sessions)} session{'' if len(sessions) == 1 else 's'}"
    return ok("Journal", f"{number}, every chain whole, format {row[0]}")


def store(folder: Path, url: str) -> Finding:
    """The store on a server: reached, of a known format, every chain whole."""
    try:
        # An older one is brought forward, as opening it for a session would.
        kept = Journal(ServerStore(folder, url), SystemClock())
        sessions = kept.sessions()
        for session in sessions:
            kept.entries(session.session)
    except WizardError as error:
        return wrong("Journal", str(error), error.todo or "Name another --store.")
    number = f"{len(sessions)} session{'' if len(sessions) == 1 else 's'}"
    return ok("Journal", f"{kept.where}: {number}, every chain whole, format {SCHEMA}")


def sqlite() -> Finding:
    """The library that the journal stands on."""
    return ok("SQLite", sqlite3.sqlite_version)


def keyring(look: Callable[[], str] = secure_keyring) -> Finding:
    """Whether secrets can be kept, or how else they are given."""
    name = look()
    if name:
        return ok("Keyring", name)
    return note(
        "Keyring",
        "none on this machine that is known to be secure",
        f"Set {PREFIX}… in the environment, or be asked each time.",
    )


def terminal(
    out: TextIO | None = None,
    environ: Mapping[str, str] = os.environ,
    size: os.terminal_size | None = None,
) -> Finding:
    """Size, colours and letters of the terminal."""
    out = out if out is not None else sys.stdout
    if not out.isatty():
        return note("Terminal", "standard output is none", "Use `st-wizard run` without one.")
    width, height = size or shutil.get_terminal_size()
    encoding = (out.encoding or "ascii").lower().replace("_", "-")
    found = [f"{width}×{height}", encoding, _colours(environ)]
    todo = []
    if environ.get("TERM", "dumb") == "dumb":
        todo.append("TERM is dumb: use --plain.")
    if width < 80 or height < 24:
        todo.append("Make it at least 80×24, or use --plain.")
    if encoding.replace("-", "") != "utf8":
        todo.append("Set a UTF-8 locale, such as LC_ALL=C.UTF-8, or use --plain.")
    shown = ", ".join(found)
    return note("Terminal", shown, " ".join(todo)) if todo else ok("Terminal", shown)


def _colours(environ: Mapping[str, str]) -> str:
    if environ.get("NO_COLOR"):
        return "no colours (NO_COLOR)"
    if environ.get("COLORTERM") in ("truecolor", "24bit"):
        return "16 million colours"
    return "256 colours" if "256" in environ.get("TERM", "") else "16 colours"


def ssh_keygen(which: Callable[[str], str | None] = shutil.which) -> Finding:
    """What signs and checks evidence."""
    found = which("ssh-keygen")
    if found is None:
        return note("ssh-keygen", "not found", "Install OpenSSH to sign and verify evidence.")
    return ok("ssh-keygen", found)


def demo() -> Finding:
    """What the simulated account needs."""
    missing = [name for name in ("moto", "flask") if importlib.util.find_spec(name) is None]
    if missing:
        return note(
            "Demo account",
            f"not installed ({', '.join(missing)} missing)",
            "pip install 'st-wizard[demo]', if you want it.",
        )
    return ok("Demo account", f"installed, moto {metadata.version('moto')}")
