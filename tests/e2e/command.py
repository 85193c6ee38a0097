"""Runs `st-wizard` as a script does, in an environment that knows no real account."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMMAND = str(Path(sys.executable).with_name("st-wizard"))
CHECKLIST = "add-load-balancer"
KEPT = ("PATH", "LANG", "TMPDIR", "PYTHONPATH")
PASSWORD = "demo-scale-password"
ITEMS = 38
ATTESTED = {"lb.cover.slack", "lb.cover.rps", "lb.cover.elastic", "lb.cover.million"}
"""What only a person can say once all the rest is done on the default answers."""
LONGEST = 60.0
"""Real seconds after which a command is taken to hang."""


def environment(**more: str) -> dict[str, str]:
    """A clean one: no profile, no colour codes, credentials that open nothing."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {
        **kept,
        "HOME": os.devnull,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ACCESS_KEY_ID": "AKIAOPERATORSIMULATE",
        "AWS_SECRET_ACCESS_KEY": "opens-nothing",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        **more,
    }


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    def line(self) -> dict[str, Any]:
        """The one JSON object that is all of standard output."""
        assert self.out.count("\n") == 1, self.out
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


def st_wizard(
    *arguments: str | Path,
    home: Path | None = None,
    env: Mapping[str, str] | None = None,
    longest: float = LONGEST,
) -> Ended:
    """Run it to its end, without a terminal."""
    at = {"ST_WIZARD_HOME": str(home)} if home is not None else {}
    done = subprocess.run(
        [COMMAND, *map(str, arguments)],
        env={**environment(), **at, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=longest,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def hear_signals() -> None:
    """Where the tests run in the background, or under nohup, a shell has had them ignore some."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def start(arguments: Sequence[str | Path], **env: str) -> subprocess.Popen[str]:
    """Start it, with pipes for what it writes."""
    return subprocess.Popen(
        [COMMAND, *map(str, arguments)],
        env=environment(**env),
        preexec_fn=hear_signals,  # noqa: PLW1509
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def states(items: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """State by item, of a plan."""
    return {item["id"]: item["state"] for item in items}
