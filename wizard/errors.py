"""The error tree. Every error says where, what, and what to do next.

WizardError
├── UsageError            the command line or an answer is wrong          exit 2
├── RefusedError          safety: another account, a held session, ...    exit 4
│   ├── HeldError         somebody else writes to the session
│   ├── FencedError       somebody else took the session over
│   └── LockedKeyError    a key wants its passphrase, and nobody can be asked
├── StorageError          the store does not take what must be written down
├── ChecklistError        a checklist file is wrong: file, line, reason   exit 2
├── StepError             a step cannot go on and says why
└── CallError             a call to the outside failed
    ├── CredentialsError  expired or missing credentials: log in, go on
    ├── DeniedError       the caller lacks a permission
    ├── ThrottledError    the service asked to slow down
    ├── UnreachableError  nothing left this machine, or nothing is there
    └── UnknownOutcomeError  a mutating call left and its answer was lost
"""

import traceback
from pathlib import Path


class WizardError(Exception):
    """Something the operator is to know: where, what, and what to do next."""

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.todo = todo

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        after = f" {self.todo}" if self.todo else ""
        return f"{place}{self.what}{after}"


def broke(error: BaseException) -> str:
    """What kind of error it is and where it arose, for errors that are not the wizard's own.

    Their texts are left out: they repeat the values at hand, and so perhaps a secret.
    """
    place = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        code = frame.f_code
        place = f" in {code.co_name}, {Path(code.co_filename).name}, line {line}"
    return f"{type(error).__name__}{place}"


class UsageError(WizardError):
    """The command line or an answer cannot be used as given."""


class RefusedError(WizardError):
    """Refused for safety; nothing was changed."""


class HeldError(RefusedError):
    """Somebody else writes to the session: `holder` says who, where and since when."""

    def __init__(self, what: str, *, holder: str, where: str = "", todo: str = "") -> None:
        super().__init__(what, where=where, todo=todo)
        self.holder = holder


class FencedError(RefusedError):
    """Somebody else has taken the session over: this writer's lines do not count any more."""


class LockedKeyError(RefusedError):
    """A key wants its passphrase, and there is no terminal to ask for it on."""


class StorageError(WizardError):
    """The store does not take what must be written down: a full disk, a lost server."""


class ChecklistError(WizardError):
    """A checklist file is wrong; `where` holds file and line."""


class StepError(WizardError):
    """A step cannot go on: raised by steps, in the operator's words."""


class CallError(WizardError):
    """A call to the outside failed.

    `code` is the service's own error code (`AccessDenied`, `HTTP 503`, ...),
    `request_id` the service's id of the request, empty when none came back.
    """

    def __init__(
        self,
        what: str,
        *,
        code: str,
        where: str = "",
        todo: str = "",
        request_id: str = "",
    ) -> None:
        super().__init__(what, where=where, todo=todo)
        self.code = code
        self.request_id = request_id


class CredentialsError(CallError):
    """Credentials are expired or missing: the session pauses until there are good ones."""


class DeniedError(CallError):
    """The caller lacks a permission; `action` and `policy` say which and how to grant it."""

    def __init__(
        self,
        what: str,
        *,
        code: str,
        action: str,
        policy: str,
        where: str = "",
        todo: str = "",
        request_id: str = "",
    ) -> None:
        super().__init__(what, code=code, where=where, todo=todo, request_id=request_id)
        self.action = action
        self.policy = policy


class ThrottledError(CallError):
    """The service asked to slow down; the call did not happen."""


class UnreachableError(CallError):
    """The call never reached a service: no network, no endpoint, connection refused."""


class UnknownOutcomeError(CallError):
    """A mutating call may or may not have happened: settle it by looking."""
