"""OpenSSH's programs: found, run with a list of arguments and a time limit, never by a shell."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence

import msgspec

from wizard.errors import WizardError

ALONE = 60.0
"""Seconds for a program that asks nobody: an agent's key may want to be touched."""

WITH_A_PERSON = 300.0
"""Seconds for one that asks for a passphrase on the terminal."""


class Ran(msgspec.Struct, frozen=True, kw_only=True):
    """How a program ended."""

    code: int
    out: bytes
    said: str
    """Its standard error; empty when it wrote to the terminal itself."""


class Programs:
    """Runs `ssh-keygen` and `ssh-add`."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._environ = environ

    @property
    def home(self) -> str:
        """The directory that holds `.ssh`."""
        return self._environ.get("HOME", "")

    def has(self, name: str) -> bool:
        """Whether the program is there."""
        return self._path(name) is not None

    def run(
        self,
        name: str,
        arguments: Sequence[str],
        *,
        given: bytes = b"",
        terminal: bool = False,
        longest: float = 0.0,
    ) -> Ran:
        """Run it with `given` as its input; `WizardError` when it is not there or does not end.

        With `terminal` it may ask there for a passphrase, which we never see. Without, it has no
        terminal to ask on: what would be asked for is as if it were wrong.
        """
        path = self._path(name)
        if path is None:
            raise WizardError(
                f"There is no {name} on this machine.",
                where=name,
                todo="Install OpenSSH 8.2 or newer (openssh-client), then try again.",
            )
        environ = dict(self._environ)
        if not terminal:
            environ["SSH_ASKPASS_REQUIRE"] = "never"
        try:
            done = subprocess.run(  # noqa: S603  a list of arguments, no shell
                [path, *arguments],
                input=given,
                stdout=subprocess.PIPE,
                stderr=None if terminal else subprocess.PIPE,
                env=environ,
                start_new_session=not terminal,
                timeout=longest or (WITH_A_PERSON if terminal else ALONE),
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise WizardError(
                f"{name} did not end within {error.timeout:.0f} seconds.",
                where=name,
                todo="See whether the key's agent, or its device, waits for you; then try again.",
            ) from None
        except OSError as error:
            raise WizardError(
                f"{name} could not be run: {error.strerror}.", where=path, todo="Mend it."
            ) from error
        said = (done.stderr or b"").decode("utf-8", "replace")
        return Ran(code=done.returncode, out=done.stdout, said=said)

    def _path(self, name: str) -> str | None:
        return shutil.which(name, path=self._environ.get("PATH", os.defpath))
