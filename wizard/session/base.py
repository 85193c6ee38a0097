"""What every event shares: who acts, on which account, and how a call reads."""

from collections.abc import Mapping
from typing import Any

import msgspec

from wizard.effects import Facts, Json


class Pin(msgspec.Struct, frozen=True, kw_only=True):
    """The account a session acts on: confirmed at its start, compared before every resume."""

    account_id: str
    partition: str
    caller_arn: str
    alias: str = ""
    endpoint_url: str = ""
    region: str
    profile: str = ""
    speed: float = 1.0
    """Account seconds in a real second: 1 except on a simulated account."""


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who did it: the AWS caller, and the person's machine and user name."""

    caller_arn: str
    host: str
    user: str


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="event"):
    """The base of all events."""


class PlannedCall(msgspec.Struct, frozen=True, kw_only=True):
    """A mutating call as it will be made, with `(known after apply)` where needed."""

    title: str
    service: str
    operation: str
    params: Facts
    region: str = ""
    cli: str = ""
    """The AWS CLI command that it equals."""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One of those that an item fans out over: a function, a log group, an instance."""

    key: str
    """Its name, stable from run to run."""
    each: Json
    """What the checklist's `each` stands for: the key itself, or an object that has it."""

    @property
    def after(self) -> str:
        """The key of the member that must be made before it, as an object's `after` says: a
        cluster's first instance is its writer. Their step has a lock, so that one follows the
        other; empty where there is none."""
        return str(self.each.get("after") or "") if isinstance(self.each, Mapping) else ""


class ComparedField(msgspec.Struct, frozen=True, kw_only=True):
    """One field in three columns: the letter, the reference region, and here."""

    field: str
    letter: str = ""
    """What the runbook says of it; empty where it says nothing."""
    reference: Json
    """What the reference region has, normalised."""
    here: Json
    """What is here, or will be once the item is done, normalised."""
    mark: str
    """`same`; `expected` (equal but for region, account and names, or the checklist says why);
    `accepted` (with a reason); `differs` (to be fixed or accepted)."""
    reason: str = ""
    planned: bool = False
    """True when `here` is not so yet and this item would make it so."""


def member_id(item: str, key: str) -> str:
    """Under which id a member's events and calls stand."""
    return f"{item}[{key}]"


def split_member(item: str) -> tuple[str, str]:
    """The item and the member's key; the key is empty for an item itself. Ids hold no bracket."""
    parent, bracket, key = item.partition("[")
    return (parent, key[:-1]) if bracket else (item, "")


def encodable(value: Any) -> Any:
    """For msgspec: answers not known yet are written as the text that stands for them."""
    if isinstance(value, str):
        return str.__str__(value)
    raise TypeError(f"an event cannot hold a {type(value).__name__}")
