"""What every event shares: who acts, on which account, and how a call reads."""

from typing import Any

import msgspec

from wizard.effects import Facts


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


def encodable(value: Any) -> Any:
    """For msgspec: answers not known yet are written as the text that stands for them."""
    if isinstance(value, str):
        return str.__str__(value)
    raise TypeError(f"an event cannot hold a {type(value).__name__}")
