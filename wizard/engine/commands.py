"""What an operator, or a front end on their behalf, can tell a running engine."""

from collections.abc import Mapping

import msgspec

from wizard.effects import Json


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Answers an input, before the run, at its pause, or again after a failure."""

    input: str
    value: Json
    source: str = "operator"
    label: str = ""
    reason: str = ""
    """Why it departs from the letter, when it does; empty: the advice's own reason."""


class Approve(msgspec.Struct, frozen=True, kw_only=True):
    """Lets the writes of these items happen; with none named, of all items, later ones too."""

    items: tuple[str, ...] = ()


class Attest(msgspec.Struct, frozen=True, kw_only=True):
    """A person says that it is so."""

    item: str
    note: str
    evidence: tuple[Mapping[str, str], ...] = ()


class Skip(msgspec.Struct, frozen=True, kw_only=True):
    item: str
    reason: str


class MarkDone(msgspec.Struct, frozen=True, kw_only=True):
    """Done by hand; nothing is verified."""

    item: str
    note: str


class Retry(msgspec.Struct, frozen=True, kw_only=True):
    """Tries a failed, skipped or waiting item again, from its observation; or looks at once.

    A member (`item[key]`) is tried alone; an item that fanned out tries all that failed, and once
    done looks at its list anew."""

    item: str


class Settle(msgspec.Struct, frozen=True, kw_only=True):
    """A person's word on a call whose answer was lost and that cannot be looked up."""

    op: str
    happened: bool
    note: str


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """Has the wizard do one of the deeds that a pause offers."""

    item: str
    deed: str
    text: str = ""
    """What was typed or pasted; never written down where the deed says that it is secret."""

    def __repr__(self) -> str:
        return f"Act(item={self.item!r}, deed={self.deed!r})"


class AcceptDifference(msgspec.Struct, frozen=True, kw_only=True):
    """Lets a field differ from the reference region, with a reason."""

    item: str
    field: str
    reason: str


class Pause(msgspec.Struct, frozen=True, kw_only=True):
    """No new call starts; those in flight are finished."""

    reason: str = "by the operator"


class Continue(msgspec.Struct, frozen=True, kw_only=True):
    """Ends a pause; after expired credentials, the identity is compared with the pin first."""


class Abort(msgspec.Struct, frozen=True, kw_only=True):
    """Ends the session for good, with its reason."""

    reason: str


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """The process is to leave: finish calls in flight, write `suspended`, end the thread."""

    reason: str = "the wizard was closed"


Command = (
    Answer
    | Approve
    | Attest
    | Skip
    | MarkDone
    | Retry
    | Settle
    | Act
    | AcceptDifference
    | Pause
    | Continue
    | Abort
    | Stop
)
